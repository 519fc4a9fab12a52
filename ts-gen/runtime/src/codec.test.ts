import assert from "node:assert/strict";
import { test } from "node:test";
import { bareText, bareWords, byteLength, decimal, jsonText } from "./codec.js";

test("the size of a frame is its size in UTF-8", () => {
  for (const text of [
    "",
    "abc",
    "é",
    "€",
    "日本",
    "😀",
    "a\u{10ffff}z",

    "x".repeat(1000),
  ]) {
    assert.equal(byteLength(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
  assert.equal(byteLength(new Uint8Array(7)), 7);
});

test("bare words pass beside JSON, both ways", () => {
  const codec = bareWords(jsonText, ["ping", "pong"]);
  assert.equal(codec.encode("ping", undefined), "ping");
  assert.equal(codec.encode("other", undefined), '"other"');
  assert.equal(codec.decode("pong"), "pong");
  assert.deepEqual(codec.decode('{"a":1}'), { a: 1 });
});

test("any text passes bare beside objects and arrays, both ways", () => {
  const codec = bareText(jsonText);
  assert.equal(codec.encode("login abc", undefined), "login abc");
  assert.equal(codec.encode({ a: 1 }, undefined), '{"a":1}');
  for (const text of ["welcome", "", "1", '"quoted"']) assert.equal(codec.decode(text), text);
  assert.deepEqual(codec.decode(' {"a":1}'), { a: 1 });
  assert.throws(() => codec.decode("[1,"), SyntaxError);
});

test("a binary frame is no JSON text", () => {
  assert.throws(() => jsonText.decode(new Uint8Array(3)), /binary frame of 3 bytes/);
});

test("a decimal keeps the digits that it is given, and must be a number", () => {
  assert.equal(decimal("0.1000"), "0.1000");
  assert.equal(decimal(10n), "10");
  for (const text of ["", "1,5", "NaN", "0x10", "01", "1.", ".5", " 1", Number.NaN]) {
    assert.throws(() => decimal(text), RangeError, String(text));
  }
});
