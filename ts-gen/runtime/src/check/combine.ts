/**
 * `allOf`, `anyOf`, `oneOf`, `not`, `if`, the boolean schemas, and a reference to another schema.
 *
 * When no branch of a union passes, the violation reported is that of the branch which the value was
 * most probably meant for: one whose `const` matched, before one that failed somewhere inside,
 * before one whose own `const` or `enum` did not match, before one for another type of value; among
 * equals the one that got deepest, among those the first.
 */

import { enter, fail, isProbing, passes, withMatch } from "./guard.js";
import { kindOf, objectOf } from "./kind.js";
import { type BrokenRule, type Check, type Checked, shown, UNREAD } from "./violation.js";

/** The schema `true`: passes everything. */
export function anything(_: unknown): Checked {
  return undefined;
}

/** The schema `false`: passes nothing. */
export function nothing(value: unknown): Checked {
  return fail("false", () => `expected nothing, got ${shown(value)}`);
}

/** The check of another schema (`$ref`), with the nesting counted. */
export function follow(value: unknown, check: Check): Checked {
  return enter(check, value);
}

/** `allOf`: every branch passes (validation §6.7.1). */
export function allOf(value: unknown, branches: readonly Check[]): Checked {
  for (const branch of branches) {
    const violation = enter(branch, value);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** `anyOf`: at least one branch passes (validation §6.7.2). */
export function anyOf(value: unknown, branches: readonly Check[]): Checked {
  for (const branch of branches) {
    const outcome = passes(branch, value);
    if (outcome === true) return undefined;
    if (outcome !== false) return outcome;
  }
  return closest("anyOf", value, branches);
}

/** `oneOf`: exactly one branch passes (validation §6.7.3). */
export function oneOf(value: unknown, branches: readonly Check[]): Checked {
  let first: number | undefined;
  for (const [at, branch] of branches.entries()) {
    const outcome = passes(branch, value);
    if (outcome === false) continue;
    if (outcome !== true) return outcome;
    if (first !== undefined) {
      const which = `${first + 1} and ${at + 1} do`;
      return fail(
        "oneOf",
        () => `expected exactly 1 of ${branches.length} branches to match, ${which}`,
      );
    }
    first = at;
  }
  return first === undefined ? closest("oneOf", value, branches) : undefined;
}

/**
 * A `oneOf` or `anyOf` in which a property tells the branches apart, seen by a client: a branch that
 * this contract does not know is none of its business.
 */
export function openUnion(
  value: unknown,
  tag: string,
  branches: readonly (readonly [texts: readonly string[], check: Check])[],
): Checked {
  const object = objectOf(value);
  const text = object !== undefined && Object.hasOwn(object, tag) ? object[tag] : undefined;
  if (typeof text !== "string") {
    return closest(
      "oneOf",
      value,
      branches.map(([, check]) => check),
    );
  }
  const meant = branches.find(([texts]) => texts.includes(text));
  return meant === undefined ? undefined : enter(meant[1], value);
}

/** `not`: the schema does not pass (validation §6.7.4). */
export function not(value: unknown, check: Check): Checked {
  const outcome = passes(check, value);
  if (outcome === false) return undefined;
  if (outcome !== true) return outcome;
  return fail("not", () => `${shown(value)} is what it must not be`);
}

/** `if`, `then`, `else` (validation §6.6): {@link anything} stands for one that is absent. */
export function ifThenElse(
  value: unknown,
  condition: Check,
  then: Check,
  otherwise: Check,
): Checked {
  const outcome = passes(condition, value);
  if (typeof outcome !== "boolean") return outcome;
  return enter(outcome ? then : otherwise, value);
}

/** The violation of the branch that the value was most probably meant for, none of which passes. */
function closest(rule: string, value: unknown, branches: readonly Check[]): BrokenRule {
  if (isProbing()) return UNREAD;
  let best: { readonly kin: number; readonly violation: BrokenRule } | undefined;
  for (const branch of branches) {
    const [violation, matched] = withMatch(branch, value);
    if (violation === undefined) continue;
    if (violation.isFatal) return violation;
    const kin = kinship(violation, matched);
    if (best === undefined || kin > best.kin || (kin === best.kin && isDeeper(violation, best))) {
      best = { kin, violation };
    }
  }
  if (best !== undefined && best.kin > OTHER_TYPE) {
    return best.violation.ofBranches(rule, branches.length);
  }
  const kind = kindOf(value);
  const article = /^[ao]/.test(kind) ? "an" : "a";
  return fail(rule, () => `none of ${branches.length} branches takes ${article} ${kind}`);
}

function isDeeper(violation: BrokenRule, best: { readonly violation: BrokenRule }): boolean {
  return violation.depth > best.violation.depth;
}

/** The branch is for another type of value. */
const OTHER_TYPE = 0;
/** A constant of the value, or of one of its members, is another. */
const OTHER_CONSTANT = 1;
/** Something else inside is wrong. */
const LIKELY = 2;
/** The same, and a constant matched. */
const MATCHED = 3;

function kinship({ rule, depth }: BrokenRule, matched: boolean): number {
  if (matched) return MATCHED;
  if ((rule === "type" || rule === "false") && depth === 0) return OTHER_TYPE;
  return (rule === "const" || rule === "enum") && depth <= 1 ? OTHER_CONSTANT : LIKELY;
}
