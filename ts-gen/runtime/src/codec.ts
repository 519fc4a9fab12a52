/**
 * Frames to values and back.
 *
 * In: what a WebSocket message carries. Out: plain values. A codec knows neither messages nor
 * channels: which numbers must keep their digits it is told by a {@link NumberPlan}.
 */

/** What one WebSocket message carries: text, or bytes. */
export type Frame = string | Uint8Array;

/**
 * Where a value holds numbers that JavaScript's `number` would round: `int64` is a `bigint`,
 * `decimal` a {@link Decimal}. Everything else is as `JSON.parse` gives it. A function serves
 * recursive shapes, and unions (it is handed the value).
 */
export type NumberPlan =
  | "int64"
  | "decimal"
  | NumberPlaces
  | ((value: unknown) => NumberPlan | undefined);

/** The parts of a {@link NumberPlan}. */
export interface NumberPlaces {
  /** By property name. */
  readonly properties?: Readonly<Record<string, NumberPlan>>;
  /** Every property that is not named in `properties`. */
  readonly rest?: NumberPlan;
  /** By position in an array. */
  readonly tuple?: readonly (NumberPlan | undefined)[];
  /** Every array element after `tuple`. */
  readonly items?: NumberPlan;
}

/**
 * A decimal number as it is written: `0.1000` keeps its digits. On the wire it is a bare JSON
 * number. Make one with {@link decimal}; calculate with a library of your choice, or with
 * `Number(price)`.
 */
export type Decimal = string & { readonly [DECIMAL]: true };
declare const DECIMAL: unique symbol;

/** The grammar of a JSON number (RFC 8259 §6). */
export const JSON_NUMBER: RegExp = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Checks that `text` is a JSON number and marks it as a {@link Decimal}. Throws a `RangeError` if
 * not.
 */
export function decimal(text: string | number | bigint): Decimal {
  const digits = String(text);
  if (!JSON_NUMBER.test(digits))
    throw new RangeError(`${JSON.stringify(digits)} is not a decimal number`);
  return digits as Decimal;
}

/** A wire format. Stateless; may throw anything, which the caller makes a `ContractError`. */
export interface Codec {
  /** `json`, `msgpack`, …, for messages. */
  readonly name: string;
  encode(value: unknown, numbers: NumberPlan | undefined): Frame;
  decode(frame: Frame): unknown;
  /**
   * Makes a decoded value what it would be in JSON, where the codec writes some numbers otherwise:
   * what checks look at. Called before `settle`.
   */
  asJson?(value: unknown, numbers: NumberPlan | undefined): unknown;
  /**
   * Gives numbers the types of the plan. Called once per message when its kind, and with it the
   * plan, is known. Absent where `decode` has nothing left to settle.
   */
  settle?(value: unknown, numbers: NumberPlan | undefined): unknown;
}

/**
 * JSON in text frames, by the engine's own `JSON`. For contracts whose numbers all fit a `number`.
 */
export const jsonText: Codec = {
  name: "json",
  encode: (value) => JSON.stringify(value),
  decode: (frame) => JSON.parse(textOf(frame)),
};

/**
 * A wire on which some frames are bare words (`ping`, `pong`) beside those of `codec`. The value of
 * such a frame is the word itself.
 */
export function bareWords(codec: Codec, words: readonly string[]): Codec {
  const bare: ReadonlySet<unknown> = new Set(words);
  return {
    ...codec,
    encode: (value, numbers) =>
      typeof value === "string" && bare.has(value) ? value : codec.encode(value, numbers),
    decode: (frame) => (bare.has(frame) ? frame : codec.decode(frame)),
  };
}

/**
 * A wire on which any text may come bare beside the objects and arrays of `codec`. The value of such
 * a frame is the text itself; a value that is text is sent bare.
 */
export function bareText(codec: Codec): Codec {
  return {
    ...codec,
    encode: (value, numbers) => (typeof value === "string" ? value : codec.encode(value, numbers)),
    // What begins as an object or an array is one, and an error if it goes on otherwise.
    decode: (frame) =>
      typeof frame === "string" && !/^\s*[[{]/.test(frame) ? frame : codec.decode(frame),
  };
}

/** The frame as text, for codecs of text frames. */
export function textOf(frame: Frame): string {
  if (typeof frame === "string") return frame;
  throw new TypeError(`binary frame of ${frame.byteLength} bytes where the codec is text`);
}

/**
 * The size of a frame (of well-formed text) on the wire in bytes, without header and compression.
 */
export function byteLength(frame: Frame): number {
  if (typeof frame !== "string") return frame.byteLength;
  let bytes = frame.length;
  for (let index = 0; index < frame.length; index += 1) {
    const unit = frame.charCodeAt(index);
    if (unit > 0x7ff) {
      // Three bytes; a surrogate pair is two units and four bytes, so each half adds one.
      bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2;
    } else if (unit > 0x7f) {
      bytes += 1;
    }
  }
  return bytes;
}
