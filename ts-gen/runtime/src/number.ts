/**
 * Numbers whose digits matter: their text, exact comparison, exact division.
 *
 * In: a number as a codec reads it. Out: what holds for its value. Nothing is rounded, and time is
 * linear in the text, whatever its exponent says.
 */

/**
 * A number that a `number` would not give back as it was written: `1.0`, 9007199254740993. The
 * lossless reader makes them; `settle` gives them the type that the contract asks for.
 */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A number as codecs read it. */
export type Numeric = number | bigint | NumberText;

/** A number that a contract writes down: its text where a `number` would not give that back. */
export type Bound = number | string;

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === "number" || typeof value === "bigint" || value instanceof NumberText;
}

/** The digits as they were written, where they are known. */
export function digitsOf(value: Numeric | Bound): string {
  return value instanceof NumberText ? value.text : String(value);
}

/** Whether the value has no fraction; `1.0` and `1e2` have none. */
export function isInteger(value: Numeric): boolean {
  if (typeof value === "number") return Number.isInteger(value);
  return typeof value === "bigint" || magnitude(value.text).scale >= 0;
}

/** Numeric order: below zero, zero, or above. */
export function compare(a: Numeric | Bound, b: Numeric | Bound): number {
  // Of two doubles the order is that of their shortest decimal texts, which is how they were meant.
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : Number(a > b);
  return compareMagnitudes(magnitude(digitsOf(a)), magnitude(digitsOf(b)));
}

/** Whether a value is an integer times `divisor`, exactly. Of zero only zero is a multiple. */
export function isMultipleOf(value: Numeric, divisor: Bound): boolean {
  if (
    typeof value === "number" &&
    typeof divisor === "number" &&
    Number.isSafeInteger(value) &&
    Number.isSafeInteger(divisor)
  ) {
    return divisor === 0 ? value === 0 : value % divisor === 0;
  }
  const dividend = magnitude(digitsOf(value));
  const by = magnitude(digitsOf(divisor));
  if (dividend.digits === "") return true;
  if (by.digits === "") return false;
  // A negative power of ten cannot divide evenly: the digits do not end in a zero. Of a positive one
  // only as many matter as the divisor has twos and fives, fewer than four a digit.
  const zeros = dividend.scale - by.scale;
  if (zeros < 0) return false;
  const digits = dividend.digits + "0".repeat(Math.min(zeros, 4 * by.digits.length));
  const modulus = BigInt(by.digits);
  let rest = 0n;
  for (let at = 0; at < digits.length; at += PIECE) {
    const piece = digits.slice(at, at + PIECE);
    rest = (rest * 10n ** BigInt(piece.length) + BigInt(piece)) % modulus;
  }
  return rest === 0n;
}

/** So many digits are divided at once. */
const PIECE = 15;

/** The same text for equal numbers, and only for them. */
export function canonicalNumber(value: Numeric): string {
  const { negative, digits, scale } = magnitude(digitsOf(value));
  return `${negative ? "-" : ""}${digits}e${scale}`;
}

/** A number as sign × digits × 10^scale. The digits have zeros at neither end; zero has none. */
interface Magnitude {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: number;
}

/** Exponents stop here, where sums with lengths are still exact. */
const MAX_EXPONENT = 1e15;

/** Reads the text of a JSON number. */
function magnitude(text: string): Magnitude {
  const negative = text.startsWith("-");
  // What `JSON.parse` makes of a number that no double reaches.
  if (text.endsWith("Infinity")) return { negative, digits: "1", scale: MAX_EXPONENT };
  const [mantissa = "", exponent = "0"] = text.slice(negative ? 1 : 0).split(/[eE]/);
  const point = mantissa.indexOf(".");
  const fraction = point < 0 ? "" : mantissa.slice(point + 1);
  const all = (point < 0 ? mantissa : mantissa.slice(0, point)) + fraction;
  let start = 0;
  while (all[start] === "0") start += 1;
  let end = all.length;
  while (end > start && all[end - 1] === "0") end -= 1;
  if (start === end) return { negative: false, digits: "", scale: 0 };
  const shift = Math.max(-MAX_EXPONENT, Math.min(Number(exponent), MAX_EXPONENT));
  const scale = shift - fraction.length + (all.length - end);
  return { negative, digits: all.slice(start, end), scale };
}

function compareMagnitudes(a: Magnitude, b: Magnitude): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = compareSizes(a, b);
  return a.negative ? -size : size;
}

function compareSizes(a: Magnitude, b: Magnitude): number {
  if (a.digits === "" || b.digits === "") return Number(b.digits === "") - Number(a.digits === "");
  // The place of the first digit decides, then the digits: without zeros at their ends their order
  // as texts is their order as numbers.
  const place = a.scale + a.digits.length - (b.scale + b.digits.length);
  if (place !== 0) return place;
  return a.digits < b.digits ? -1 : Number(a.digits > b.digits);
}
