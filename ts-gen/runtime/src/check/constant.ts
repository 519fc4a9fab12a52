/** `const` and `enum`: values that a contract writes down. */

import { NumberText } from "../number.js";
import { isSame, printed } from "./equal.js";
import { fail, noteMatch } from "./guard.js";
import { type Checked, shown } from "./violation.js";

/** How many values of an enumeration a message lists. */
const LISTED = 8;

/** A number of a contract that a `number` would not give back as it was written. */
export function exact(digits: string): NumberText {
  return new NumberText(digits);
}

/** `const`: the value is this one (validation §6.1.3). */
export function equals(value: unknown, constant: unknown): Checked {
  if (isSame(value, constant)) {
    noteMatch();
    return undefined;
  }
  return fail("const", () => `expected ${printed(constant)}, got ${shown(value)}`);
}

/** `enum`: the value is one of these (validation §6.1.2). */
export function among(value: unknown, constants: readonly unknown[]): Checked {
  if (constants.some((constant) => isSame(value, constant))) return undefined;
  return fail("enum", () => {
    const listed = constants.slice(0, LISTED).map(printed).join(", ");
    const more = constants.length - LISTED;
    const rest = more > 0 ? ` or ${more} more` : "";
    return `expected one of ${listed}${rest}, got ${shown(value)}`;
  });
}
