/**
 * Bounds on what one check may cost, and whether anybody wants to read its violations.
 *
 * A check is a plain function of a value, so what it needs to know about its callers stands beside
 * it: how deep it is, how many checks ran since the outermost began, and whether a caller only asks
 * "does it pass". All of it goes back to where it was when a call ends.
 */

import { BrokenRule, type Check, type Checked, UNREAD } from "./violation.js";

/** How deep checks may be nested, the steps from one schema to the next included. */
export const MAX_NESTING = 512;

/**
 * How many checks of values inside it one value may cost. Out of reach for anything but branches
 * inside of branches, where the number doubles with each level.
 */
export const MAX_STEPS: number = 2 ** 22;

interface Scope {
  /** Checks that have begun and not ended. */
  nesting: number;
  /** Checks that have begun since the outermost did. */
  steps: number;
  /** How far below the outermost value the current one is. */
  level: number;
  /** How many callers only ask whether a value passes. */
  probing: number;
  /** The level of the outermost `const` that matched since somebody last asked. */
  matched: number;
}

const scope: Scope = {
  nesting: 0,
  steps: 0,
  level: 0,
  probing: 0,
  matched: Number.POSITIVE_INFINITY,
};

/** Fails with a violation of the keyword `rule`; `detail` is only made if somebody reads it. */
export function fail(rule: string, detail: () => string): BrokenRule {
  return scope.probing > 0 ? UNREAD : new BrokenRule(rule, detail());
}

/** Fails because a limit was met. */
export function failAtLimit(rule: string, detail: string): BrokenRule {
  return new BrokenRule(rule, detail, true);
}

/** Runs `check` on a value at the same place as the caller's. */
export function enter(check: Check, value: unknown): Checked {
  return run(check, value, 0);
}

/** Runs `check` on a value inside the caller's. */
export function descend(check: Check, value: unknown, place: string | number): Checked {
  return run(check, value, 1)?.within(place);
}

function run(check: Check, value: unknown, down: number): Checked {
  const { nesting, level } = scope;
  if (nesting >= MAX_NESTING) {
    return failAtLimit("depth", `checks nested more than ${MAX_NESTING} deep`);
  }
  scope.steps = nesting === 0 ? 1 : scope.steps + 1;
  if (scope.steps > MAX_STEPS) {
    return failAtLimit("effort", `more than ${MAX_STEPS} checks for one value`);
  }
  scope.nesting = nesting + 1;
  scope.level = level + down;
  try {
    return check(value);
  } finally {
    scope.nesting = nesting;
    scope.level = level;
  }
}

/** Whether the value passes; a limit that was met comes back as the violation that it is. */
export function passes(check: Check, value: unknown): boolean | BrokenRule {
  scope.probing += 1;
  let outcome: Checked;
  try {
    outcome = enter(check, value);
  } finally {
    scope.probing -= 1;
  }
  return outcome?.isFatal === true ? outcome : outcome === undefined;
}

/** Whether a value keeps the rules of a check: for whoever needs no reason. */
export function fits(check: Check, value: unknown): boolean {
  return passes(check, value) === true;
}

/** Whether a violation will be thrown away unread. */
export function isProbing(): boolean {
  return scope.probing > 0;
}

/** Notes that a `const` matched the current value. */
export function noteMatch(): void {
  scope.matched = Math.min(scope.matched, scope.level);
}

/**
 * Runs a check that is known to fail, and says whether a `const` of the value or of one of its
 * members matched before it did.
 */
export function withMatch(check: Check, value: unknown): readonly [Checked, boolean] {
  const before = scope.matched;
  scope.matched = Number.POSITIVE_INFINITY;
  const outcome = enter(check, value);
  const { matched } = scope;
  scope.matched = Math.min(matched, before);
  return [outcome, matched <= scope.level + 1];
}
