/**
 * A broken rule, and where: the first one that a check finds.
 *
 * The texts are those of the Rust checks (`json/src/check`), so that both ends of a connection say
 * the same about the same frame.
 */

import type { Violation } from "../error.js";
import { digitsOf, isNumeric } from "../number.js";

/** What a check says: nothing, or the first violation found. */
export type Checked = BrokenRule | undefined;

/** The check of one schema. */
export type Check = (value: unknown) => Checked;

/** The first rule found broken. */
export class BrokenRule implements Violation {
  readonly rule: string;
  /** Whether it ends the whole check: a limit was met, so nobody knows what the value is. */
  readonly isFatal: boolean;
  #detail: string;
  /** From the innermost outwards. */
  readonly #places: (string | number)[] = [];
  /** Whether it says already how many branches it was chosen from. */
  #chosen = false;

  constructor(rule: string, detail: string, isFatal = false) {
    this.rule = rule;
    this.#detail = detail;
    this.isFatal = isFatal;
  }

  get detail(): string {
    return this.#detail;
  }

  get pointer(): string {
    const steps = this.#places.map(
      (place) => `/${String(place).replaceAll("~", "~0").replaceAll("/", "~1")}`,
    );
    return steps.reverse().join("");
  }

  /** How far below the checked value the broken rule is. */
  get depth(): number {
    return this.#places.length;
  }

  /** The same violation, seen from what holds the value. */
  within(place: string | number): this {
    if (this !== UNREAD) this.#places.push(place);
    return this;
  }

  /** Says that this is what the closest of `count` branches of `rule` failed with. */
  ofBranches(rule: string, count: number): this {
    if (!this.#chosen && count > 1) {
      this.#chosen = true;
      this.#detail += ` (the closest of ${count} ${rule} branches)`;
    }
    return this;
  }

  toString(): string {
    return `${this.depth > 0 ? `${this.pointer}: ` : ""}${this.rule}: ${this.detail}`;
  }
}

/** A violation of which somebody only wants to know whether there is one. */
export const UNREAD: BrokenRule = /*@__PURE__*/ new BrokenRule("", "");

/** How many characters of a value a message repeats. */
const SHOWN = 40;

/** A value as a message shows it: short, whatever the peer sent. */
export function shown(value: unknown): string {
  if (typeof value === "string") return shownText(value);
  if (isNumeric(value)) {
    const digits = digitsOf(value);
    return digits.length <= SHOWN ? digits : `${digits.slice(0, SHOWN)}…`;
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  return `an object of ${Object.keys(value).length}`;
}

/** A text as a message shows it. */
function shownText(text: string): string {
  const start: string[] = [];
  for (const character of text) {
    if (start.length === SHOWN) return `${quoted(start.join(""))}…`;
    start.push(character);
  }
  return quoted(text);
}

/** What a text in quotes spells out, besides controls and what cannot be seen. */
const ESCAPES = new Map([
  ["\0", "\\0"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** A text in quotes, with everything spelled out that a reader would not see. */
export function quoted(text: string): string {
  const hidden = /["\\]|(?! )[\p{C}\p{Z}\p{Grapheme_Extend}]/gu;
  const inside = text.replace(
    hidden,
    (character) => ESCAPES.get(character) ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return `"${inside}"`;
}

/** `1 item`, `2 items`. */
export function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
