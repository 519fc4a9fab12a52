/** What holds for objects and their members, which are own properties only. */

import { descend, enter, fail, failAtLimit } from "./guard.js";
import { objectOf } from "./kind.js";
import { matches } from "./pattern.js";
import { type Check, type Checked, count, quoted } from "./violation.js";

/** `required`: all these members are there (validation §6.5.3). */
export function required(value: unknown, names: readonly string[]): Checked {
  const object = objectOf(value);
  const missing = object && names.find((name) => !Object.hasOwn(object, name));
  if (missing === undefined) return undefined;
  return fail("required", () => `expected a property ${quoted(missing)}`);
}

/** One entry of `properties`: the member, if it is there, passes (validation §6.5.4). */
export function property(value: unknown, name: string, check: Check): Checked {
  const object = objectOf(value);
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  return descend(check, object[name], name);
}

/** One entry of `patternProperties`: every member whose name matches passes (validation §6.5.5). */
export function patternProperty(value: unknown, pattern: string, check: Check): Checked {
  return membersWhere(value, (name) => matches(pattern, name), check);
}

/**
 * `additionalProperties` with a schema: every member that is neither named in `properties` nor
 * matched by `patternProperties` passes (validation §6.5.6).
 */
export function additionalProperties(
  value: unknown,
  names: readonly string[],
  patterns: readonly string[],
  check: Check,
): Checked {
  return membersWhere(value, (name) => isAdditional(name, names, patterns), check);
}

/** `additionalProperties: false`: there is no such member. */
export function closed(
  value: unknown,
  names: readonly string[],
  patterns: readonly string[],
): Checked {
  return membersWhere(
    value,
    (name) => isAdditional(name, names, patterns),
    () =>
      fail("additionalProperties", () => {
        const few = names.length > 0 && names.length <= 8;
        const known = few ? `: there are ${names.join(", ")}` : "";
        return `expected no property of this name${known}`;
      }),
  );
}

/** `propertyNames`: the name of every member, as a string, passes (validation §6.5.8). */
export function propertyNames(value: unknown, check: Check): Checked {
  for (const name of Object.keys(objectOf(value) ?? {})) {
    const violation = descend(check, name, name);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** `minProperties` (validation §6.5.2). */
export function minProperties(value: unknown, least: number): Checked {
  const size = sizeOf(value);
  if (size === undefined || size >= least) return undefined;
  return fail(
    "minProperties",
    () => `expected at least ${count(least, "property", "properties")}, got ${size}`,
  );
}

/** `maxProperties` (validation §6.5.1). */
export function maxProperties(value: unknown, most: number): Checked {
  const size = sizeOf(value);
  if (size === undefined || size <= most) return undefined;
  return fail(
    "maxProperties",
    () => `expected at most ${count(most, "property", "properties")}, got ${size}`,
  );
}

/** One entry of `dependencies` with names: where `name` is, these are too (validation §6.5.7). */
export function dependentRequired(
  value: unknown,
  name: string,
  others: readonly string[],
): Checked {
  const object = objectOf(value);
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  const missing = others.find((other) => !Object.hasOwn(object, other));
  if (missing === undefined) return undefined;
  return fail(
    "dependencies",
    () => `expected a property ${quoted(missing)} beside ${quoted(name)}`,
  );
}

/** One entry of `dependencies` with a schema: where the member `name` is, the object passes. */
export function dependentSchema(value: unknown, name: string, check: Check): Checked {
  const object = objectOf(value);
  return object !== undefined && Object.hasOwn(object, name) ? enter(check, value) : undefined;
}

function sizeOf(value: unknown): number | undefined {
  const object = objectOf(value);
  return object && Object.keys(object).length;
}

function membersWhere(
  value: unknown,
  concerned: (name: string) => boolean | string,
  check: Check,
): Checked {
  const object = objectOf(value) ?? {};
  for (const name of Object.keys(object)) {
    const isConcerned = concerned(name);
    if (isConcerned === false) continue;
    const violation =
      isConcerned === true
        ? descend(check, object[name], name)
        : failAtLimit("patternProperties", isConcerned);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function isAdditional(
  name: string,
  names: readonly string[],
  patterns: readonly string[],
): boolean | string {
  if (names.includes(name)) return false;
  for (const pattern of patterns) {
    const found = matches(pattern, name);
    if (found !== false) return found === true ? false : found;
  }
  return true;
}
