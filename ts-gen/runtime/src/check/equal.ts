/**
 * When two values are the same, as JSON Schema core §4.2.2 says: numbers by value, strings by code
 * points, arrays in order, objects in any order.
 */

import { canonicalNumber, compare, digitsOf, isNumeric } from "../number.js";
import { MAX_NESTING } from "./guard.js";
import { objectOf } from "./kind.js";

/** Whether a value is a constant of a contract. Goes as deep as the constant does. */
export function isSame(value: unknown, constant: unknown): boolean {
  if (isNumeric(constant)) return isNumeric(value) && compare(value, constant) === 0;
  if (Array.isArray(constant)) {
    return (
      Array.isArray(value) &&
      value.length === constant.length &&
      constant.every((item, at) => isSame(value[at], item))
    );
  }
  const members = objectOf(constant);
  if (typeof constant !== "object" || members === undefined) return value === constant;
  const object = objectOf(value);
  const names = Object.keys(members);
  return (
    object !== undefined &&
    Object.keys(object).length === names.length &&
    names.every((name) => Object.hasOwn(object, name) && isSame(object[name], members[name]))
  );
}

/** The same text for equal values, and only for them; undefined for one that is nested too deep. */
export function canonical(value: unknown, depth = 0): string | undefined {
  if (isNumeric(value)) return canonicalNumber(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth > MAX_NESTING) return undefined;
  const parts: string[] = [];
  const object = value as Readonly<Record<string, unknown>>;
  // Positions of an array come in order by themselves, and need no sorting.
  const names = Array.isArray(value) ? undefined : Object.keys(object).sort();
  for (const name of names ?? Object.keys(object)) {
    const part = canonical(object[name], depth + 1);
    if (part === undefined) return undefined;
    parts.push(names === undefined ? part : `${JSON.stringify(name)}:${part}`);
  }
  return names === undefined ? `[${parts.join()}]` : `{${parts.join()}}`;
}

/** A constant of a contract as a message shows it. */
export function printed(constant: unknown): string {
  if (isNumeric(constant)) return digitsOf(constant);
  if (Array.isArray(constant)) return `[${constant.map(printed).join()}]`;
  const members = typeof constant === "object" ? objectOf(constant) : undefined;
  if (members === undefined) return JSON.stringify(constant);
  const each = Object.entries(members).map(
    ([name, value]) => `${JSON.stringify(name)}:${printed(value)}`,
  );
  return `{${each.join()}}`;
}
