import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal, type NumberPlan } from "./codec.js";
import { losslessJson } from "./lossless.js";

function read(text: string, numbers?: NumberPlan): unknown {
  return losslessJson.settle?.(losslessJson.decode(text), numbers);
}

function write(value: unknown, numbers?: NumberPlan): string {
  return String(losslessJson.encode(value, numbers));
}

const order: NumberPlan = { properties: { id: "int64", price: "decimal" } };

test("64-bit integers and decimals pass through unchanged", () => {
  const text = '{"id":9007199254740993,"price":0.1000,"quantity":10.50}';
  const value = read(text, order);
  assert.deepEqual(value, { id: 9007199254740993n, price: decimal("0.1000"), quantity: 10.5 });
  assert.equal(write(value, order), '{"id":9007199254740993,"price":0.1000,"quantity":10.5}');
});

test("the type of a marked number does not depend on its value", () => {
  assert.deepEqual(read('{"id":1,"price":1}', order), { id: 1n, price: "1" });
  assert.deepEqual(read('{"id":1.0,"price":-0}', order), { id: 1n, price: "-0" });
  assert.deepEqual(read('{"id":12e2,"price":1e400}', order), { id: 1200n, price: "1e400" });
  assert.deepEqual(read('{"id":1200e-2,"price":null}', order), { id: 12n, price: null });
});

test("a marked number that is no integer is given as it is, not bent", () => {
  assert.deepEqual(read('{"id":1.5}', order), { id: 1.5 });
  assert.deepEqual(read('{"id":"7"}', order), { id: "7" });
  assert.deepEqual(read('{"id":1e999999999}', order), { id: Number.POSITIVE_INFINITY });
});

test("plans reach into arrays, tuples, maps, and shapes that hold themselves", () => {
  const tree: NumberPlan = { properties: { id: "int64", children: { items: () => tree } } };
  assert.deepEqual(read('{"id":1,"children":[{"id":2,"children":[{"id":3}]}]}', tree), {
    id: 1n,
    children: [{ id: 2n, children: [{ id: 3n }] }],
  });
  assert.deepEqual(
    read("[1,2,[3]]", { tuple: ["int64", undefined], items: { items: "decimal" } }),
    [1n, 2, ["3"]],
  );
  assert.deepEqual(read('{"AAPL":1.10,"__proto__":2.20}', { rest: "decimal" }), {
    AAPL: "1.10",
    ["__proto__"]: "2.20",
  });
});

test("a plan may depend on the value", () => {
  const event: NumberPlan = (value) =>
    (value as { kind?: string }).kind === "fill" ? { properties: { x: "int64" } } : undefined;
  assert.deepEqual(read('[{"kind":"fill","x":1},{"kind":"note","x":1}]', { items: event }), [
    { kind: "fill", x: 1n },
    { kind: "note", x: 1 },
  ]);
});

test("hostile keys stay ordinary properties", () => {
  const value = read('{"__proto__":{"admin":true},"constructor":1,"toString":2}') as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor", "toString"]);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
  assert.equal(write(value), '{"__proto__":{"admin":true},"constructor":1,"toString":2}');
});

test("a plan that asks what a value is sees numbers, whatever their digits", () => {
  const plan: NumberPlan = (value) =>
    typeof value === "number" ? "int64" : { properties: { price: "decimal" } };
  assert.equal(read("9007199254740993", plan), 9007199254740993n);
  assert.deepEqual(read('{"price":0.10}', plan), { price: "0.10" });
});

test("what is marked in a prototype is not marked", () => {
  assert.deepEqual(read('{"toString":1.50}', { properties: {} }), { toString: 1.5 });
});

test("numbers that JSON can't say are an error, not null", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, [Number.NaN], { a: -Infinity }]) {
    assert.throws(() => write(value), RangeError);
  }
  assert.throws(() => write({ price: "1,5" }, order), RangeError);
  assert.throws(() => write({ price: "" }, order), RangeError);
  assert.throws(() => write(undefined), TypeError);
});

test("everything else is written as JSON.stringify writes it", () => {
  const values: readonly unknown[] = [
    null,
    'a"\\\u2028\ud800é😀\u0000',
    [undefined, () => 1, 1],
    { a: undefined, b: [[]], c: {}, d: new Date(0), e: -0, f: 1e21, g: 1e-7, 1: true },
    { toJSON: () => ({ x: 1 }) },
  ];
  for (const value of values) assert.equal(write(value), JSON.stringify(value));
});

test("reading agrees with JSON.parse on every well-formed text", () => {
  const texts = [
    " [ ] ",
    '\t{"a" : [1, -2.5e-3, 1E5, 0, "x\\n\\u00e9\\ud83d\\ude00"], "b":{}, "a":null}\r\n',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    "[true,false,null]",
    "123456789012345678901234567890",
    "-0.0",
    `"${"x".repeat(1_000_000)}\\n"`,
  ];
  for (const text of texts) assert.deepEqual(read(text), JSON.parse(text));
});

test("reading refuses what JSON.parse refuses", () => {
  const texts = [
    "",
    " ",
    "[1,]",
    "[1 2]",
    "[,1]",
    "{a:1}",
    '{"a"}',
    '{"a":1,}',
    '{"a":1]',
    "01",
    "1.",
    ".1",
    "+1",
    "-",
    "1e",
    "0x1",
    "NaN",
    "Infinity",
    "tru",
    "truer",
    "nul",
    "'a'",
    '"a',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '"\t"',
    "1 1",
    "[1]]",
    "\ufeff1",
    "\u00a01",
    "/*c*/1",
  ];
  for (const text of texts) {
    assert.throws(() => JSON.parse(text), SyntaxError, `JSON.parse: ${text}`);
    assert.throws(() => losslessJson.decode(text), SyntaxError, text);
  }
});

test("nesting is bounded, and the stack is never exhausted", () => {
  for (const text of ["[".repeat(100_000), '{"a":'.repeat(100_000)]) {
    assert.throws(() => losslessJson.decode(text), /nested deeper than 500/);
  }
  const loop: unknown[] = [];
  loop.push(loop);
  assert.throws(() => write(loop), /nested deeper than 500/);
});

test("random values survive the way there and back", () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 4 ? 5 : 7));
    if (kind === 0) return null;
    if (kind === 1) return random() < 0.5;
    if (kind === 2) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    if (kind === 3) return Math.floor(random() * 1e15);
    if (kind === 4) {
      return String.fromCharCode(...Array.from({ length: 8 }, () => Math.floor(random() * 65_536)));
    }
    const items = Array.from({ length: Math.floor(random() * 5) }, () => value(depth + 1));
    return kind === 5 ? items : Object.fromEntries(items.map((item, index) => [`k${index}`, item]));
  };
  for (let round = 0; round < 2000; round += 1) {
    const original = value(0);
    const text = write(original);
    assert.equal(text, JSON.stringify(original));
    assert.deepEqual(read(text), original);
  }
});
