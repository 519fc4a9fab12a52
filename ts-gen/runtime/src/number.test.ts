import assert from "node:assert/strict";
import { test } from "node:test";
import {
  canonicalNumber,
  compare,
  digitsOf,
  isInteger,
  isMultipleOf,
  isNumeric,
  NumberText,
} from "./number.js";

const exact = (text: string): NumberText => new NumberText(text);

test("numbers are ordered by their value, whatever their spelling", () => {
  const ascending = ["-1e400", "-2", "-1.5", "-0.1", "0", "1e-400", "0.10", "2", "10", "1e400"];
  for (const [low, a] of ascending.entries()) {
    for (const [high, b] of ascending.entries()) {
      assert.ok(Math.sign(compare(exact(a), b)) === Math.sign(low - high), `${a} and ${b}`);
    }
  }
  assert.equal(compare(exact("1.0"), 1), 0);
  assert.equal(compare(exact("-0"), 0), 0);
  assert.ok(compare(9007199254740993n, "9007199254740992") > 0);
});

test("1.0 and 1e2 are integers, 1.5 and 1e-2 are none", () => {
  for (const text of ["1.0", "1e2", "-0.0", "9007199254740993"]) {
    assert.ok(isInteger(exact(text)), text);
  }
  for (const text of ["1.5", "1e-2", "15e-1"]) assert.ok(!isInteger(exact(text)), text);
  assert.ok(isInteger(5) && isInteger(5n) && !isInteger(0.5));
});

test("division is exact", () => {
  assert.ok(isMultipleOf(exact("0.3"), 0.1));
  assert.ok(isMultipleOf(1e308, 0.5));
  assert.ok(isMultipleOf(exact("1e1000000000"), 3) === false);
  assert.ok(isMultipleOf(exact("3e1000000000"), 3));
  assert.ok(!isMultipleOf(0.0075, 0.01));
  assert.ok(isMultipleOf(0, 0) && !isMultipleOf(1, 0) && isMultipleOf(exact("0.0"), 7));
  assert.ok(isMultipleOf(9007199254740993n, 3) && !isMultipleOf(9007199254740993n, 2));
});

test("equal numbers have one canonical text", () => {
  assert.equal(canonicalNumber(exact("1.50e1")), canonicalNumber(15));
  assert.equal(canonicalNumber(exact("-0.0")), canonicalNumber(0));
  assert.notEqual(canonicalNumber(9007199254740993n), canonicalNumber(9007199254740992n));
});

test("digits are those that were written", () => {
  assert.equal(digitsOf(exact("0.1000")), "0.1000");
  assert.equal(digitsOf(5n), "5");
  assert.ok(isNumeric(exact("1")) && isNumeric(1) && isNumeric(1n) && !isNumeric("1"));
});
