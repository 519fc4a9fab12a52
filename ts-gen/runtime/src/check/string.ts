/** `minLength`, `maxLength`, `pattern` and `format`. */

import { isNumeric, type Numeric } from "../number.js";
import { fail, failAtLimit } from "./guard.js";
import { matches } from "./pattern.js";
import { type Checked, count, shown } from "./violation.js";

/** A format: its name, and what has it. It says nothing about values of other types. */
export interface Format {
  readonly name: string;
  readonly text?: (text: string) => boolean;
  readonly number?: (number: Numeric) => boolean;
}

/** How many characters a text has, which are code points. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 1; at < text.length; at += 1) {
    const isPair = isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1));
    if (isPair) length -= 1;
  }
  return length;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** `minLength`: a string has at least so many characters (validation §6.3.2). */
export function minLength(value: unknown, least: number): Checked {
  // A character takes one or two units, so most texts need no counting.
  if (typeof value !== "string" || value.length >= least * 2) return undefined;
  const length = lengthOf(value);
  if (length >= least) return undefined;
  return fail(
    "minLength",
    () => `expected at least ${count(least, "character", "characters")}, got ${length}`,
  );
}

/** `maxLength`: a string has at most so many characters (validation §6.3.1). */
export function maxLength(value: unknown, most: number): Checked {
  if (typeof value !== "string" || value.length <= most) return undefined;
  const length = lengthOf(value);
  if (length <= most) return undefined;
  return fail(
    "maxLength",
    () => `expected at most ${count(most, "character", "characters")}, got ${length}`,
  );
}

/** `pattern`: the regular expression matches somewhere in a string (validation §6.3.3). */
export function pattern(value: unknown, source: string): Checked {
  if (typeof value !== "string") return undefined;
  const found = matches(source, value);
  if (found === true) return undefined;
  if (typeof found === "string") return failAtLimit("pattern", found);
  return fail("pattern", () => `expected a match of ${source}, got ${shown(value)}`);
}

/** `format`, as an assertion (validation §7). */
export function format(value: unknown, { name, text, number }: Format): Checked {
  const hasIt =
    typeof value === "string"
      ? (text?.(value) ?? true)
      : !isNumeric(value) || (number?.(value) ?? true);
  return hasIt ? undefined : fail("format", () => `expected ${name}, got ${shown(value)}`);
}
