/** `minimum`, `maximum`, their exclusive sisters, and `multipleOf`: exact, on the digits. */

import { type Bound, compare, isMultipleOf, isNumeric } from "../number.js";
import { fail } from "./guard.js";
import { type Checked, shown } from "./violation.js";

/** `minimum`: a number is at least this (validation §6.2.4). */
export function minimum(value: unknown, bound: Bound): Checked {
  if (!isNumeric(value) || compare(value, bound) >= 0) return undefined;
  return fail("minimum", () => `expected at least ${bound}, got ${shown(value)}`);
}

/** `maximum`: a number is at most this (validation §6.2.2). */
export function maximum(value: unknown, bound: Bound): Checked {
  if (!isNumeric(value) || compare(value, bound) <= 0) return undefined;
  return fail("maximum", () => `expected at most ${bound}, got ${shown(value)}`);
}

/** `exclusiveMinimum`: a number is more than this (validation §6.2.5). */
export function exclusiveMinimum(value: unknown, bound: Bound): Checked {
  if (!isNumeric(value) || compare(value, bound) > 0) return undefined;
  return fail("exclusiveMinimum", () => `expected more than ${bound}, got ${shown(value)}`);
}

/** `exclusiveMaximum`: a number is less than this (validation §6.2.3). */
export function exclusiveMaximum(value: unknown, bound: Bound): Checked {
  if (!isNumeric(value) || compare(value, bound) < 0) return undefined;
  return fail("exclusiveMaximum", () => `expected less than ${bound}, got ${shown(value)}`);
}

/** `multipleOf`: a number is an integer times this, exactly (validation §6.2.1). */
export function multipleOf(value: unknown, divisor: Bound): Checked {
  if (!isNumeric(value) || isMultipleOf(value, divisor)) return undefined;
  return fail("multipleOf", () => `expected a multiple of ${divisor}, got ${shown(value)}`);
}
