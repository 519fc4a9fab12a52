/**
 * JSON that keeps every digit.
 *
 * `JSON.parse` rounds 9007199254740993 and turns 0.1000 into 0.1, and the engines that must be
 * served offer no access to the source text. So this is a reader and a printer of our own (RFC
 * 8259): the reader keeps the text of each number that a `number` would not give back unchanged,
 * `settle` then makes the type that the message's plan asks for. Only contracts with `int64` or
 * `decimal` numbers pull it in.
 */

import {
  type Codec,
  type Decimal,
  type Frame,
  JSON_NUMBER,
  type NumberPlan,
  textOf,
} from "./codec.js";
import { NumberText } from "./number.js";

/** JSON in text frames with exact numbers. */
export const losslessJson: Codec = {
  name: "json",
  encode: print,
  decode: (frame: Frame) => new Reader(textOf(frame)).read(),
  settle,
};

/**
 * Nesting that the reader and the printer accept, so that a hostile frame cannot exhaust the stack.
 */
const MAX_DEPTH = 500;

/**
 * Number tokens, and runs of string characters that need no unescaping. Sticky: they match at
 * `lastIndex`.
 */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in strings
const STRING = /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError(`JSON nested deeper than ${MAX_DEPTH}`);
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at += 1;
    this.#space();
    if (this.#skip("}")) return object;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const key = this.#string();
      this.#space();
      if (!this.#skip(":")) throw this.#unexpected();
      setOwn(object, key, this.#value(depth + 1));
      this.#space();
    } while (this.#skip(","));
    if (!this.#skip("}")) throw this.#unexpected();
    return object;
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    this.#space();
    if (this.#skip("]")) return array;
    do {
      array.push(this.#value(depth + 1));
      this.#space();
    } while (this.#skip(","));
    if (!this.#skip("]")) throw this.#unexpected();
    return array;
  }

  #string(): string {
    const token = this.#token(STRING);
    // Escapes are rare, and the engine knows them all.
    return token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
  }

  #number(): number | NumberText {
    const token = this.#token(NUMBER);
    const number = Number(token);
    return String(number) === token ? number : new NumberText(token);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected();
    this.#at += word.length;
    return value;
  }

  #token(pattern: RegExp): string {
    const start = this.#at;
    pattern.lastIndex = start;
    if (!pattern.test(this.#text)) throw this.#unexpected();
    this.#at = pattern.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  #space(): void {
    // Hardly a server sends any, and the pattern costs more than the look.
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(): SyntaxError {
    const found = this.#text[this.#at];
    const what = found === undefined ? "end of the text" : JSON.stringify(found);
    return new SyntaxError(`unexpected ${what} at position ${this.#at} of the JSON text`);
  }
}

/**
 * Sets an own property, also where the key is `__proto__`, which an assignment would take for the
 * prototype.
 */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") {
    object[key] = value;
    return;
  }
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Replaces, in place, what the reader kept as text by the types of the plan. */
function settle(value: unknown, numbers: NumberPlan | undefined): unknown {
  // A plan knows JSON values; what number it is does not matter to one that asks for the type.
  const seen = value instanceof NumberText ? Number(value.text) : value;
  const plan = planOf(numbers, seen);
  if (value instanceof NumberText || typeof value === "number") return settleNumber(value, plan);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      value[index] = settle(item, planOfItem(plan, index));
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const before = object[key];
    const after = settle(before, planOfProperty(plan, key));
    if (after !== before) setOwn(object, key, after);
  }
  return object;
}

function settleNumber(
  value: number | NumberText,
  plan: NumberPlan | undefined,
): number | bigint | Decimal {
  const text = value instanceof NumberText ? value.text : String(value);
  if (plan === "decimal") return text as Decimal;
  const integer = plan === "int64" ? integerOf(text) : undefined;
  return integer ?? Number(text);
}

/** The integer that a JSON number denotes (`1.0` and `1e2` are integers), or undefined. */
function integerOf(text: string): bigint | undefined {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const [, sign, whole, fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const shift = Number(exponent);
  // An int64 has 19 digits; a larger exponent is no int64, whatever the plan says.
  if (Math.abs(shift) > 40) return undefined;
  const digits = whole + fraction.padEnd(Math.max(shift, 0), "0");
  const point = whole.length + shift;
  const rest = point < 0 ? digits : digits.slice(point);
  if (!/^0*$/.test(rest)) return undefined;
  return BigInt(`${sign}${point <= 0 ? "0" : digits.slice(0, point)}`);
}

/**
 * JSON text of a value, with the rules of `JSON.stringify` (what is undefined is left out, `toJSON`
 * is asked) except that numbers are exact, and that what JSON cannot say is an error instead of
 * `null`.
 */
function print(value: unknown, numbers: NumberPlan | undefined): string {
  const text = printValue(value, numbers, 0);
  if (text === undefined) throw new TypeError(`${typeof value} is no JSON value`);
  return text;
}

function printValue(
  original: unknown,
  numbers: NumberPlan | undefined,
  depth: number,
): string | undefined {
  if (depth > MAX_DEPTH) throw new RangeError(`value nested deeper than ${MAX_DEPTH}`);
  const value = asJson(original);
  const plan = planOf(numbers, value);
  switch (typeof value) {
    case "string":
      return plan === "decimal" ? numberToken(value) : JSON.stringify(value);
    case "number":
      return numberToken(String(value));
    case "bigint":
      return String(value);
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) {
        const items = value.map(
          (item, index) => printValue(item, planOfItem(plan, index), depth + 1) ?? "null",
        );
        return `[${items.join(",")}]`;
      }
      return printObject(value as Record<string, unknown>, plan, depth);
    default:
      return undefined;
  }
}

function printObject(
  object: Record<string, unknown>,
  plan: NumberPlan | undefined,
  depth: number,
): string {
  const members: string[] = [];
  for (const key of Object.keys(object)) {
    const text = printValue(object[key], planOfProperty(plan, key), depth + 1);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

/** NaN and the infinities end here: they have no JSON number. */
function numberToken(text: string): string {
  if (!JSON_NUMBER.test(text)) throw new RangeError(`${JSON.stringify(text)} is not a JSON number`);
  return text;
}

function asJson(value: unknown): unknown {
  const toJson = (value as { toJSON?: unknown } | null | undefined)?.toJSON;
  return typeof toJson === "function" ? toJson.call(value) : value;
}

/** The plan of a property. */
export function planOfProperty(plan: NumberPlan | undefined, key: string): NumberPlan | undefined {
  if (typeof plan !== "object") return undefined;
  const { properties } = plan;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : plan.rest;
}

/** The plan of an item. */
export function planOfItem(plan: NumberPlan | undefined, index: number): NumberPlan | undefined {
  return typeof plan === "object" ? (plan.tuple?.[index] ?? plan.items) : undefined;
}

/** The plan for a value, which some plans depend on. */
export function planOf(
  numbers: NumberPlan | undefined,
  value: unknown,
): Exclude<NumberPlan, (value: unknown) => unknown> | undefined {
  let plan = numbers;
  while (typeof plan === "function") plan = plan(value);
  return plan;
}
