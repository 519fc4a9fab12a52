/**
 * Labels of internationalised names: which there are (RFC 5891 §4.2, RFC 5892), their encoding (RFC
 * 3492), and the rule for those from right to left (RFC 5893).
 *
 * General categories, scripts and the stability under case folding come from the engine's property
 * escapes, and so are those of its version of Unicode. Normal form C (RFC 5891 §4.2.1) is checked
 * only as far as that every single character is stable.
 */

import { ARABIC_NUMBER, DUAL, LEFT, NEUTRAL, RIGHT, RIGHT_TO_LEFT, VIRAMA } from "./idna-tables.js";

/** LetterDigits without Unstable, IgnorableProperties and IgnorableBlocks (RFC 5892 §2). */
const LETTER_OR_DIGIT =
  /^(?!\p{CWKCF}|\p{DI}|\p{White_Space}|\p{NChar}|[\u{20d0}-\u{20ff}\u{1d100}-\u{1d24f}])[\p{L}\p{Nd}\p{Mn}\p{Mc}]$/u;
const MARK = /^\p{M}$/u;
const NONSPACING = /^\p{Mn}$/u;
const TRANSPARENT = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const GREEK = /^\p{Script=Greek}$/u;
const HEBREW = /^\p{Script=Hebrew}$/u;
const JAPANESE = /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$/u;

/** Whether a character is in a class; there is none before the first and behind the last. */
function isIn(ranges: string, character: string | undefined): boolean {
  return character !== undefined && new RegExp(`^[${ranges}]$`, "u").test(character);
}

/** Whether a label says that it is an encoded one. */
export function isEncoded(label: string): boolean {
  return /^xn--/i.test(label);
}

/** Whether a label is a U-label: not ASCII, made of the characters that there may be. */
export function isUnicodeLabel(label: string): boolean {
  const characters = [...label];
  const [first = "", , third, fourth] = characters;
  const badHyphens =
    label.startsWith("-") || label.endsWith("-") || (third === "-" && fourth === "-");
  return (
    /[\u0080-\uffff]/.test(label) &&
    !badHyphens &&
    !MARK.test(first) &&
    characters.every((_, at) => isPermitted(characters, at))
  );
}

/**
 * Whether a label that begins with `xn--` is an A-label: the encoding of a U-label, and the one
 * that encoding it again gives.
 */
export function isEncodedLabel(label: string): boolean {
  const encoded = label.slice(4);
  const decoded = decode(encoded);
  return (
    decoded !== undefined &&
    isUnicodeLabel(decoded) &&
    encode(decoded)?.toLowerCase() === encoded.toLowerCase()
  );
}

/**
 * Whether the character at `at` may be there: RFC 5892 §3, and its appendix A for those that depend
 * on their neighbours.
 */
function isPermitted(label: readonly string[], at: number): boolean {
  const character = label[at] ?? "";
  const before = label[at - 1];
  const after = label[at + 1];
  // Exceptions that are always, and never, permitted (§2.6), and conjoining Hangul (§2.9).
  if (/^[a-z\d\-\u{df}\u{3c2}\u{6fd}\u{6fe}\u{f0b}\u{3007}]$/u.test(character)) return true;
  if (/^[\u{640}\u{7fa}\u{302e}\u{302f}\u{3031}-\u{3035}\u{303b}]$/u.test(character)) return false;
  if (/^[\u{1100}-\u{11ff}\u{a960}-\u{a97f}\u{d7b0}-\u{d7ff}]$/u.test(character)) return false;
  switch (character) {
    // ZERO WIDTH NON-JOINER and JOINER (A.1, A.2).
    case "\u200c":
      return isIn(VIRAMA, before) || joins(label, at);
    case "\u200d":
      return isIn(VIRAMA, before);
    // MIDDLE DOT (A.3).
    case "\u00b7":
      return before === "l" && after === "l";
    // GREEK LOWER NUMERAL SIGN (A.4).
    case "\u0375":
      return GREEK.test(after ?? "");
    // HEBREW PUNCTUATION GERESH, GERSHAYIM (A.5, A.6).
    case "\u05f3":
    case "\u05f4":
      return HEBREW.test(before ?? "");
    // KATAKANA MIDDLE DOT (A.7).
    case "\u30fb":
      return label.some((other) => other !== "\u30fb" && JAPANESE.test(other));
  }
  // One sort of Arabic digits only (A.8, A.9).
  if (/^[\u{660}-\u{669}]$/u.test(character)) {
    return !label.some((other) => /^[\u{6f0}-\u{6f9}]$/u.test(other));
  }
  if (/^[\u{6f0}-\u{6f9}]$/u.test(character)) {
    return !label.some((other) => /^[\u{660}-\u{669}]$/u.test(other));
  }
  return LETTER_OR_DIGIT.test(character);
}

/** Whether what is before and behind would join: `(L|D) T* ZWNJ T* (R|D)` (A.1). */
function joins(label: readonly string[], at: number): boolean {
  const isOpaque = (character: string) => !TRANSPARENT.test(character);
  const before = label.slice(0, at).reverse().find(isOpaque);
  const after = label.slice(at + 1).find(isOpaque);
  return isIn(LEFT + DUAL, before) && isIn(RIGHT + DUAL, after);
}

/** The bidirectional class of a character (RFC 5893 §2), as far as the rule tells them apart. */
type Direction = "left" | "right" | "european" | "arabic" | "neutral" | "nonspacing";

function directionOf(character: string): Direction {
  if (/^[\d\u{6f0}-\u{6f9}]$/u.test(character)) return "european";
  if (character === "-") return "neutral";
  if (character < "\u0080") return "left";
  if (isIn(ARABIC_NUMBER, character)) return "arabic";
  if (NONSPACING.test(character)) return "nonspacing";
  if (isIn(RIGHT_TO_LEFT, character)) return "right";
  return isIn(NEUTRAL, character) ? "neutral" : "left";
}

/** Where one label runs from right to left, all of them keep the rule for such names (RFC 5893). */
export function keepDirection(labels: readonly string[]): boolean {
  if (labels.every((label) => !/[\u0080-\uffff]/.test(label) && !isEncoded(label))) return true;
  const directions = labels
    .map((label) => (isEncoded(label) ? (decode(label.slice(4)) ?? "") : label))
    .map((label) => Array.from(label, directionOf));
  const isMixed = directions.some((label) => label.includes("right") || label.includes("arabic"));
  return !isMixed || directions.every(keepsRule);
}

/** The six conditions of RFC 5893 §2. */
function keepsRule(directions: readonly Direction[]): boolean {
  const has = (direction: Direction) => directions.includes(direction);
  const spacing = directions.filter((direction) => direction !== "nonspacing");
  const last = spacing.at(-1) ?? "neutral";
  switch (directions[0]) {
    case "right":
      return (
        !has("left") &&
        ["right", "european", "arabic"].includes(last) &&
        !(has("european") && has("arabic"))
      );
    case "left":
      return !has("right") && !has("arabic") && ["left", "european"].includes(last);
    default:
      return false;
  }
}

// The parameters of RFC 3492 §5.
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;

/** No label is longer, encoded or not; more characters are refused before any work. */
const MAX_LABEL = 63;

/** RFC 3492 §6.4: more is no number of 32 bits. */
const MAX_NUMBER: number = 2 ** 32 - 1;

/** What a label says, from what follows `xn--` (RFC 3492 §6.2). */
function decode(encoded: string): string | undefined {
  if (encoded.length > MAX_LABEL) return undefined;
  const hyphen = encoded.lastIndexOf("-");
  const label = [...encoded.slice(0, Math.max(hyphen, 0))];
  const digits = encoded.slice(hyphen + 1).toLowerCase();
  let [n, i, bias, at] = [INITIAL_N, 0, INITIAL_BIAS, 0];
  while (at < digits.length) {
    const start = i;
    let weight = 1;
    for (let place = 1; ; place += 1) {
      const digit = DIGITS.indexOf(digits[at] ?? "?");
      if (digit < 0) return undefined;
      at += 1;
      i += digit * weight;
      const threshold = thresholdAt(place, bias);
      if (i > MAX_NUMBER) return undefined;
      if (digit < threshold) break;
      weight *= BASE - threshold;
      if (weight > MAX_NUMBER) return undefined;
    }
    const length = label.length + 1;
    bias = adapt(i - start, length, start === 0);
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff || (n >= 0xd800 && n < 0xe000)) return undefined;
    label.splice(i, 0, String.fromCodePoint(n));
    i += 1;
  }
  return label.join("");
}

/** What follows `xn--` for a label (RFC 3492 §6.3); undefined if it would be too long. */
export function encode(label: string): string | undefined {
  const characters = [...label];
  if (characters.length > MAX_LABEL) return undefined;
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const plain = characters.filter((character) => character < "\u0080").length;
  let encoded = characters.filter((character) => character < "\u0080").join("");
  if (plain > 0) encoded += "-";
  let [n, delta, bias, done] = [INITIAL_N, 0, INITIAL_BIAS, plain];
  while (done < codes.length) {
    const next = Math.min(...codes.filter((code) => code >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const code of codes) {
      if (code < n) delta += 1;
      if (code !== n) continue;
      encoded += numberText(delta, bias);
      bias = adapt(delta, done + 1, done === plain);
      delta = 0;
      done += 1;
    }
    delta += 1;
    n += 1;
  }
  return encoded;
}

const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

function numberText(number: number, bias: number): string {
  let text = "";
  let rest = number;
  for (let place = 1; ; place += 1) {
    const threshold = thresholdAt(place, bias);
    if (rest < threshold) return text + (DIGITS[rest] ?? "");
    text += DIGITS[threshold + ((rest - threshold) % (BASE - threshold))] ?? "";
    rest = Math.floor((rest - threshold) / (BASE - threshold));
  }
}

function thresholdAt(place: number, bias: number): number {
  return Math.min(Math.max(place * BASE - bias, T_MIN), T_MAX);
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / length);
  let places = 0;
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = Math.floor(rest / (BASE - T_MIN));
    places += BASE;
  }
  return places + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + 38));
}
