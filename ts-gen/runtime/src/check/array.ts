/** What holds for arrays and their items. */

import { canonical } from "./equal.js";
import { descend, fail, failAtLimit, MAX_NESTING, passes } from "./guard.js";
import { itemsOf } from "./kind.js";
import { type Check, type Checked, count } from "./violation.js";

/** `minItems` (validation §6.4.4). */
export function minItems(value: unknown, least: number): Checked {
  if (!Array.isArray(value) || value.length >= least) return undefined;
  return fail(
    "minItems",
    () => `expected at least ${count(least, "item", "items")}, got ${value.length}`,
  );
}

/** `maxItems` (validation §6.4.3). */
export function maxItems(value: unknown, most: number): Checked {
  if (!Array.isArray(value) || value.length <= most) return undefined;
  return fail(
    "maxItems",
    () => `expected at most ${count(most, "item", "items")}, got ${value.length}`,
  );
}

/** `items` with one schema: every item passes it (validation §6.4.1). */
export function items(value: unknown, check: Check): Checked {
  return additionalItems(value, 0, check);
}

/** `items` with a list of schemas: each of the first items passes the check at its place. */
export function tuple(value: unknown, checks: readonly Check[]): Checked {
  const all = itemsOf(value);
  for (const [at, check] of checks.entries()) {
    if (at >= all.length) return undefined;
    const violation = descend(check, all[at], at);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** `additionalItems` with a schema: every item from position `from` on passes it (§6.4.2). */
export function additionalItems(value: unknown, from: number, check: Check): Checked {
  const all = itemsOf(value);
  for (let at = from; at < all.length; at += 1) {
    const violation = descend(check, all[at], at);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** `additionalItems: false`: there are no items from position `from` on. */
export function noAdditionalItems(value: unknown, from: number): Checked {
  if (!Array.isArray(value) || value.length <= from) return undefined;
  return fail(
    "additionalItems",
    () => `expected at most ${count(from, "item", "items")}, got ${value.length}`,
  );
}

/** `contains`: at least one item passes (validation §6.4.6). */
export function contains(value: unknown, check: Check): Checked {
  if (!Array.isArray(value)) return undefined;
  for (const item of value) {
    const outcome = passes(check, item);
    if (outcome === true) return undefined;
    if (outcome !== false) return outcome;
  }
  const all = value.length;
  return fail(
    "contains",
    () => `none of ${count(all, "item", "items")} is what there has to be one of`,
  );
}

/** `uniqueItems`: no two items are equal (validation §6.4.5). Takes time in proportion to their size. */
export function uniqueItems(value: unknown): Checked {
  const seen = new Map<string, number>();
  for (const [second, item] of itemsOf(value).entries()) {
    const text = canonical(item);
    if (text === undefined) {
      return failAtLimit("depth", `checks nested more than ${MAX_NESTING} deep`);
    }
    const first = seen.get(text);
    if (first !== undefined) {
      return fail(
        "uniqueItems",
        () => `expected every item once, but items ${first} and ${second} are equal`,
      );
    }
    seen.set(text, second);
  }
  return undefined;
}
