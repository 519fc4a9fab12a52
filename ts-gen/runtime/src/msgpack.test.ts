import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal, type NumberPlan } from "./codec.js";
import { msgpack } from "./msgpack.js";
import { NumberText } from "./number.js";

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("hex");
const bytes = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.replace(/ /g, ""), "hex"));

/** There and back, with the types that a user has. */
function carried(value: unknown, numbers?: NumberPlan): unknown {
  const decoded = msgpack.decode(msgpack.encode(value, numbers));
  const json = msgpack.asJson?.(decoded, numbers);
  return msgpack.settle?.(json, numbers);
}

test("values are written as the specification says", () => {
  const written: [unknown, string][] = [
    [null, "c0"],
    [true, "c3"],
    [false, "c2"],
    [0, "00"],
    [127, "7f"],
    [-1, "ff"],
    [-32, "e0"],
    [128, "ce00000080"],
    [-33, "d2ffffffdf"],
    [4294967296, "cf0000000100000000"],
    [-2147483649, "d3ffffffff7fffffff"],
    [1.5, "cb3ff8000000000000"],
    [-0, "cb8000000000000000"],
    [18446744073709551615n, "cfffffffffffffffff"],
    ["é", "a2c3a9"],
    ["a".repeat(32), `d920${"61".repeat(32)}`],
    [[1, "a"], "9201a161"],
    [{ a: 1, b: undefined }, "81a16101"],
    [[undefined], "91c0"],
    [new Date(0), "b8313937302d30312d30315430303a30303a30302e3030305a"],
  ];
  for (const [value, text] of written) assert.equal(hex(msgpack.encode(value, undefined)), text);
});

test("whatever form a value has, it is read", () => {
  const read: [string, unknown][] = [
    ["cc ff", 255],
    ["cd 0100", 256],
    ["d0 80", -128],
    ["d1 8000", -32768],
    ["ca 3fc00000", 1.5],
    ["cf 001fffffffffffff", 9007199254740991],
    ["da 0001 61", "a"],
    ["db 00000001 61", "a"],
    ["dc 0001 c0", [null]],
    ["dd 00000001 c0", [null]],
    ["de 0001 a161 01", { a: 1 }],
    ["df 00000001 a161 01", { a: 1 }],
  ];
  for (const [text, value] of read) assert.deepEqual(msgpack.decode(bytes(text)), value, text);
  assert.deepEqual(
    msgpack.decode(bytes("cf 0020000000000001")),
    new NumberText("9007199254740993"),
  );
});

test("what is long, deep or strange comes back as it was", () => {
  const values = [
    "a".repeat(255),
    "é".repeat(40_000),
    "👍🏽 \u0000 \u{10ffff}",
    Array.from({ length: 70_000 }, (_, at) => at),
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key ${at}`, { at }])),
    JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
    [1.1, -1.1e300, 5e-324, 2 ** 40, -(2 ** 40)],
  ];
  for (const value of values) assert.deepEqual(carried(value), value);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal(carried("\ud800"), "\ufffd");
});

test("numbers keep their digits where the plan says so", () => {
  const plan: NumberPlan = {
    properties: { id: "int64", price: "decimal" },
    rest: (value) => (Array.isArray(value) ? { items: "decimal" } : undefined),
  };
  const order = {
    id: 9007199254740993n,
    price: decimal("0.1000"),
    all: [decimal("1.0")],
    note: "1.0",
  };
  assert.deepEqual(carried(order, plan), order);
  assert.deepEqual(msgpack.asJson?.({ price: "0.1000", note: "1" }, plan), {
    price: new NumberText("0.1000"),
    note: "1",
  });
  assert.throws(() => msgpack.encode({ price: "1,0" }, plan), /is not a JSON number/);
});

test("what has no JSON value is an error, in both directions", () => {
  const wrong = {
    "": /ends in the middle/,
    c1: /no JSON value/,
    "c4 01 00": /no JSON value/,
    "d4 00 00": /no JSON value/,
    "cb 7ff8000000000000": /NaN has no JSON value/,
    "81 01 01": /is no text/,
    "a1 ff": /no UTF-8/,
    "a2 c080": /no UTF-8/,
    "a3 eda080": /no UTF-8/,
    "a2 e282": /no UTF-8/,
    "a4 f4908080": /no UTF-8/,
    "01 01": /1 bytes behind/,
    "dd ffffffff 01": /ends in the middle/,
    "db ffffffff 61": /ends in the middle/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    assert.throws(() => msgpack.decode(bytes(text)), message, text);
  }
  assert.throws(() => msgpack.decode(new Uint8Array(100_000).fill(0x91)), /nested deeper than 500/);
  assert.throws(() => msgpack.decode("{}"), /text frame of 2 characters/);
  for (const value of [Number.NaN, 2n ** 64n, -(2n ** 63n) - 1n, Symbol("a"), () => 1]) {
    assert.throws(() => msgpack.encode(value, undefined));
  }
  const endless: unknown[] = [];
  endless.push(endless);
  assert.throws(() => msgpack.encode(endless, undefined), /nested deeper than 500/);
});

test("no bytes make the reader do anything but read or throw", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let run = 0; run < 20_000; run += 1) {
    const frame = Uint8Array.from({ length: random(40) }, () => random(256));
    let value: unknown;
    try {
      value = msgpack.decode(frame);
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
      continue;
    }
    const again = msgpack.settle?.(value, undefined);
    assert.deepEqual(carried(again), again);
  }
});
