/** `type`: which sorts of value are allowed. */

import { isInteger, isNumeric } from "../number.js";
import { fail } from "./guard.js";
import { type Checked, shown } from "./violation.js";

/** A type of JSON Schema. `number` includes `integer`. */
export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** The JSON type of a value. */
export function kindOf(value: unknown): Exclude<TypeName, "integer"> {
  if (value === null) return "null";
  if (isNumeric(value)) return "number";
  if (Array.isArray(value)) return "array";
  const kind = typeof value;
  return kind === "string" || kind === "boolean" ? kind : "object";
}

/** `type`: the value is of one of these types (validation §6.1.1). */
export function is(value: unknown, ...types: readonly TypeName[]): Checked {
  const kind = kindOf(value);
  if (types.includes(kind)) return undefined;
  if (kind === "number" && types.includes("integer")) {
    if (isNumeric(value) && isInteger(value)) return undefined;
    // That it is a number is no news where an integer was wanted.
    return fail("type", () => `expected ${types.join(" or ")}, got ${shown(value)}`);
  }
  return fail("type", () => `expected ${types.join(" or ")}, got ${kind}`);
}

/** An object of the value, if it is one. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return kindOf(value) === "object" ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** The items of the value; none if it is no array. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
