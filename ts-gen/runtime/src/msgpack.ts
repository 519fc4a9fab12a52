/**
 * MessagePack in binary frames (https://github.com/msgpack/msgpack/blob/master/spec.md): as much of
 * it as JSON can say. Emitted where a contract has a subprotocol with this codec and the user asked
 * for it.
 *
 * In: a frame, or a value with the plan of its numbers. Out: the same values as those of
 * `losslessJson`. An integer that no `number` holds keeps its digits until `settle` gives it its
 * type. A decimal travels as the text of its digits, as the Rust runtime writes it. Bytes and
 * extensions have no JSON value and are an error.
 */

import { type Codec, type Frame, JSON_NUMBER, type NumberPlan } from "./codec.js";
import { losslessJson, planOf, planOfItem, planOfProperty, setOwn } from "./lossless.js";
import { NumberText } from "./number.js";

/** Nesting that is read and written, as that of JSON. */
const MAX_DEPTH = 500;

/** MessagePack in binary frames. */
export const msgpack: Codec = {
  name: "msgpack",
  encode: (value, numbers) => new Writer().finish(value, numbers),
  decode: (frame) => new Reader(bytesOf(frame)).read(),
  asJson: withDecimals,
  settle: (value, numbers) => losslessJson.settle?.(value, numbers),
};

function bytesOf(frame: Frame): Uint8Array {
  if (typeof frame !== "string") return frame;
  throw new TypeError(`text frame of ${frame.length} characters where the codec is MessagePack`);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): unknown {
    const value = this.#value(0);
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new SyntaxError(`${left} bytes behind the MessagePack value`);
    return value;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError(`MessagePack nested deeper than ${MAX_DEPTH}`);
    const first = this.#unsigned(1);
    if (first < 0x80) return first;
    if (first < 0x90) return this.#map(first & 0x0f, depth);
    if (first < 0xa0) return this.#array(first & 0x0f, depth);
    if (first < 0xc0) return this.#text(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return finite(this.#view.getFloat32(this.#take(4)));
      case 0xcb:
        return finite(this.#view.getFloat64(this.#take(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (first - 0xcc));
      case 0xcf:
        return integer(this.#view.getBigUint64(this.#take(8)));
      case 0xd0:
        return this.#view.getInt8(this.#take(1));
      case 0xd1:
        return this.#view.getInt16(this.#take(2));
      case 0xd2:
        return this.#view.getInt32(this.#take(4));
      case 0xd3:
        return integer(this.#view.getBigInt64(this.#take(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (first - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 << (first - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 << (first - 0xde)), depth);
      default:
        throw new SyntaxError(`MessagePack byte 0x${first.toString(16)} has no JSON value`);
    }
  }

  #array(count: number, depth: number): unknown[] {
    const array: unknown[] = [];
    // Each item takes a byte at least, so a count that lies ends at the end of the frame.
    for (let left = count; left > 0; left -= 1) array.push(this.#value(depth + 1));
    return array;
  }

  #map(count: number, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let left = count; left > 0; left -= 1) {
      const key = this.#value(depth + 1);
      if (typeof key !== "string") throw new SyntaxError("a key of a MessagePack map is no text");
      setOwn(object, key, this.#value(depth + 1));
    }
    return object;
  }

  #unsigned(size: number): number {
    const at = this.#take(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** UTF-8 (RFC 3629): what is none is an error, as in a text frame. */
  #text(length: number): string {
    const end = this.#take(length) + length;
    const start = end - length;
    let text = "";
    let units: number[] = [];
    for (let at = start; at < end; ) {
      const lead = this.#bytes[at] as number;
      const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      let point = size === 1 ? lead : lead & (0xff >> (size + 1));
      for (let next = 1; next < size; next += 1) {
        const byte = at + next < end ? (this.#bytes[at + next] as number) : 0;
        if ((byte & 0xc0) !== 0x80) throw notUtf8(at);
        point = (point << 6) | (byte & 0x3f);
      }
      const isLead = lead < 0x80 || (lead >= 0xc2 && lead < 0xf5);
      const isShortest = size < 3 || point >= (size === 3 ? 0x800 : 0x10000);
      const isScalar = point < 0x110000 && (point < 0xd800 || point > 0xdfff);
      if (!isLead || !isShortest || !isScalar) throw notUtf8(at);
      if (point < 0x10000) units.push(point);
      else units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
      at += size;
      if (units.length >= PIECE) {
        text += String.fromCharCode(...units);
        units = [];
      }
    }
    return text + String.fromCharCode(...units);
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.#bytes.length - at) {
      throw new SyntaxError(`the MessagePack ends in the middle of a value, at byte ${at}`);
    }
    this.#at = at + size;
    return at;
  }
}

/** How many units of a text are made into one at a time. */
const PIECE = 4096;

function notUtf8(at: number): SyntaxError {
  return new SyntaxError(`a text of the MessagePack is no UTF-8 at byte ${at}`);
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new SyntaxError(`${value} has no JSON value`);
}

function integer(value: bigint): number | NumberText {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : new NumberText(String(value));
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  finish(value: unknown, numbers: NumberPlan | undefined): Uint8Array {
    this.#value(value, numbers, 0);
    return this.#bytes.slice(0, this.#length);
  }

  #value(original: unknown, numbers: NumberPlan | undefined, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError(`value nested deeper than ${MAX_DEPTH}`);
    const value = plain(original);
    const plan = planOf(numbers, value);
    switch (typeof value) {
      case "string":
        if (plan === "decimal" && !JSON_NUMBER.test(value))
          throw new RangeError(`${JSON.stringify(value)} is not a JSON number`);
        this.#text(value);
        return;
      case "number":
        if (plan === "decimal") this.#text(String(finite(value)));
        else this.#number(finite(value));
        return;
      case "bigint":
        if (plan === "decimal") this.#text(String(value));
        else this.#integer(value);
        return;
      case "boolean":
        this.#byte(value ? 0xc3 : 0xc2);
        return;
      case "object":
        if (value === null) this.#byte(0xc0);
        else if (Array.isArray(value)) this.#array(value, plan, depth);
        else this.#map(value as Record<string, unknown>, plan, depth);
        return;
      default:
        throw new TypeError(`${typeof value} is no JSON value`);
    }
  }

  #array(array: readonly unknown[], plan: NumberPlan | undefined, depth: number): void {
    this.#head(array.length, 0x90, 15, 0xdc);
    for (const [index, item] of array.entries()) {
      // As JSON.stringify does it.
      const isNothing = plain(item) === undefined;
      this.#value(isNothing ? null : item, planOfItem(plan, index), depth + 1);
    }
  }

  #map(object: Record<string, unknown>, plan: NumberPlan | undefined, depth: number): void {
    const keys = Object.keys(object).filter((key) => plain(object[key]) !== undefined);
    this.#head(keys.length, 0x80, 15, 0xde);
    for (const key of keys) {
      this.#text(key);
      this.#value(object[key], planOfProperty(plan, key), depth + 1);
    }
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#integer(BigInt(value));
      return;
    }
    this.#byte(0xcb);
    this.#put(8, (view, at) => view.setFloat64(at, value));
  }

  #integer(value: bigint): void {
    if (value >= 0n && value < 0x80n) this.#byte(Number(value));
    else if (value < 0n && value >= -0x20n) this.#byte(Number(value) & 0xff);
    else if (value >= 0n && value < 0x1_0000_0000n) {
      this.#byte(0xce);
      this.#put(4, (view, at) => view.setUint32(at, Number(value)));
    } else if (value < 0n && value >= -0x8000_0000n) {
      this.#byte(0xd2);
      this.#put(4, (view, at) => view.setInt32(at, Number(value)));
    } else if (value === BigInt.asUintN(64, value)) {
      this.#byte(0xcf);
      this.#put(8, (view, at) => view.setBigUint64(at, value));
    } else if (value === BigInt.asIntN(64, value)) {
      this.#byte(0xd3);
      this.#put(8, (view, at) => view.setBigInt64(at, value));
    } else {
      throw new RangeError(`${value} has more than 64 bits`);
    }
  }

  #text(text: string): void {
    const bytes = utf8(text);
    if (bytes.length >= 32 && bytes.length < 0x100) {
      this.#byte(0xd9);
      this.#byte(bytes.length);
    } else {
      this.#head(bytes.length, 0xa0, 31, 0xda);
    }
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** The beginning of a text, an array or a map: small ones have their length in one byte. */
  #head(length: number, small: number, most: number, large: number): void {
    if (length <= most) this.#byte(small | length);
    else if (length < 0x1_0000) {
      this.#byte(large);
      this.#put(2, (view, at) => view.setUint16(at, length));
    } else {
      this.#byte(large + 1);
      this.#put(4, (view, at) => view.setUint32(at, length));
    }
  }

  #byte(byte: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = byte;
  }

  /** Writes so many bytes; making room may make another view. */
  #put(size: number, write: (view: DataView, at: number) => void): void {
    const at = this.#grow(size);
    write(this.#view, at);
  }

  /** Makes room, and says where. */
  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

/** Half a surrogate pair becomes U+FFFD, as sockets do it with text. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) as number;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continued(point));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), continued(point >> 6), continued(point));
    else {
      bytes.push(0xf0 | (point >> 18), continued(point >> 12));
      bytes.push(continued(point >> 6), continued(point));
    }
  }
  return bytes;
}

function continued(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** What JSON would make of a value. */
function plain(value: unknown): unknown {
  const toJson = (value as { toJSON?: unknown } | null | undefined)?.toJSON;
  const made = typeof toJson === "function" ? toJson.call(value) : value;
  return typeof made === "function" || typeof made === "symbol" ? undefined : made;
}

/** Makes numbers, in place, of the texts that decimals travel as. */
function withDecimals(value: unknown, numbers: NumberPlan | undefined): unknown {
  const plan = planOf(numbers, value);
  if (plan === undefined) return value;
  if (typeof value === "string") {
    return plan === "decimal" && JSON_NUMBER.test(value) ? new NumberText(value) : value;
  }
  if (typeof value !== "object" || value === null || value instanceof NumberText) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      value[index] = withDecimals(item, planOfItem(plan, index));
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const before = object[key];
    const after = withDecimals(before, planOfProperty(plan, key));
    if (after !== before) setOwn(object, key, after);
  }
  return object;
}
