import assert from "node:assert/strict";
import { test } from "node:test";
import { losslessJson } from "../lossless.js";
import {
  additionalItems,
  additionalProperties,
  allOf,
  among,
  anyOf,
  anything,
  type Check,
  type Checked,
  closed,
  contains,
  dependentRequired,
  dependentSchema,
  equals,
  exact,
  exclusiveMaximum,
  exclusiveMinimum,
  fits,
  follow,
  format,
  ifThenElse,
  is,
  items,
  maxItems,
  maximum,
  maxLength,
  maxProperties,
  minItems,
  minimum,
  minLength,
  minProperties,
  multipleOf,
  noAdditionalItems,
  not,
  nothing,
  oneOf,
  openUnion,
  pattern,
  patternProperty,
  property,
  propertyNames,
  REGEX,
  required,
  tuple,
  uniqueItems,
} from "./index.js";

const read = (text: string): unknown => losslessJson.decode(text);
const said = (checked: Checked): string => (checked === undefined ? "ok" : String(checked));

/** What a check says of JSON texts. */
function says(check: Check, expected: Readonly<Record<string, string>>): void {
  for (const [text, what] of Object.entries(expected)) {
    assert.equal(said(check(read(text))), what, text);
  }
}

const isString: Check = (value) => is(value, "string");

test("a type is one of those that are allowed, and 1.0 is an integer", () => {
  says((value) => is(value, "integer", "null"), {
    "1.0": "ok",
    null: "ok",
    "1.5": "type: expected integer or null, got 1.5",
    "[]": "type: expected integer or null, got array",
  });
});

test("bounds are exact and say themselves", () => {
  says((value) => minimum(value, "9007199254740993"), {
    "9007199254740992": "minimum: expected at least 9007199254740993, got 9007199254740992",
    "9007199254740993.0": "ok",
    '"9"': "ok",
  });
  says((value) => exclusiveMinimum(value, 1) ?? exclusiveMaximum(value, 2), {
    "1.0": "exclusiveMinimum: expected more than 1, got 1.0",
    "1.5": "ok",
    "2": "exclusiveMaximum: expected less than 2, got 2",
  });
  says((value) => maximum(value, 0.1), {
    "0.1000": "ok",
    "0.10000000000000000001": "maximum: expected at most 0.1, got 0.10000000000000000001",
  });
  says((value) => multipleOf(value, 0.01), {
    "19.99": "ok",
    "0.0075": "multipleOf: expected a multiple of 0.01, got 0.0075",
  });
});

test("lengths count code points", () => {
  says((value) => minLength(value, 3) ?? maxLength(value, 3), {
    '"👍🏽é"': "ok",
    '"👍🏽"': "minLength: expected at least 3 characters, got 2",
    '"👍🏽éa"': "maxLength: expected at most 3 characters, got 4",
    "5": "ok",
  });
});

test("a pattern matches somewhere, with the rules of the flag u", () => {
  says((value) => pattern(value, "^bars:[^:]+$"), {
    '"bars:AAPL"': "ok",
    '"bar"': 'pattern: expected a match of ^bars:[^:]+$, got "bar"',
  });
  says((value) => pattern(value, "^\\_\\@$"), { '"_@"': "ok" });
  assert.match(said(pattern("a", "(")), /is no regular expression of ECMA-262/);
  assert.match(said(pattern("a".repeat(2000), "(?=a)a*$")), /bytes exceed the 1024/);
  // No reason for `not` to pass.
  assert.notEqual(
    not("a", (value) => pattern(value, "(")),
    undefined,
  );
  assert.ok(format("(", REGEX) !== undefined && format("a|b", REGEX) === undefined);
});

test("constants are equal by value", () => {
  says((value) => equals(value, { a: [1, exact("2.50")], b: null }), {
    '{"b":null,"a":[1.0,2.5]}': "ok",
    '{"a":[1,2.5]}': 'const: expected {"a":[1,2.50],"b":null}, got an object of 1',
  });
  says((value) => among(value, ["buy", "sell"]), {
    '"hold"': 'enum: expected one of "buy", "sell", got "hold"',
    '"buy"': "ok",
  });
});

test("an array has its items", () => {
  says((value) => items(value, isString) ?? minItems(value, 1) ?? maxItems(value, 2), {
    "[]": "minItems: expected at least 1 item, got 0",
    '["a",1]': "/1: type: expected string, got number",
    '["a","b","c"]': "maxItems: expected at most 2 items, got 3",
    "{}": "ok",
  });
  says((value) => tuple(value, [isString, anything]) ?? additionalItems(value, 2, isString), {
    '["a"]': "ok",
    '["a",1,2]': "/2: type: expected string, got number",
  });
  says((value) => noAdditionalItems(value, 1), {
    "[1,2]": "additionalItems: expected at most 1 item, got 2",
  });
  says((value) => contains(value, isString), {
    "[1]": "contains: none of 1 item is what there has to be one of",
    '[1,"a"]': "ok",
  });
  says(uniqueItems, {
    '[{"a":1,"b":2},{"b":2.0,"a":1}]':
      "uniqueItems: expected every item once, but items 0 and 1 are equal",
    '[1,"1",true,null]': "ok",
  });
});

test("an object has its members, and the prototype's are not its own", () => {
  says((value) => required(value, ["a"]) ?? property(value, "a", isString), {
    "{}": 'required: expected a property "a"',
    '{"a":1}': "/a: type: expected string, got number",
  });
  says((value) => required(value, ["__proto__", "constructor"]), {
    "{}": 'required: expected a property "__proto__"',
    '{"__proto__":1,"constructor":2}': "ok",
  });
  says((value) => property(value, "toString", nothing), { "{}": "ok" });
  says((value) => closed(value, ["a"], ["^x-"]), {
    '{"a":1,"x-b":2}': "ok",
    '{"__proto__":1}':
      "/__proto__: additionalProperties: expected no property of this name: there are a",
    '{"a/b~c":1}': "/a~1b~0c: additionalProperties: expected no property of this name: there are a",
  });
  says((value) => additionalProperties(value, ["a"], [], isString), {
    '{"a":1,"b":2}': "/b: type: expected string, got number",
  });
  says((value) => patternProperty(value, "^x", isString), {
    '{"x":1,"y":2}': "/x: type: expected string, got number",
  });
  says((value) => propertyNames(value, (name) => maxLength(name, 1)), {
    '{"ab":1}': "/ab: maxLength: expected at most 1 character, got 2",
  });
  says((value) => minProperties(value, 1) ?? maxProperties(value, 1), {
    "{}": "minProperties: expected at least 1 property, got 0",
    '{"a":1,"b":2}': "maxProperties: expected at most 1 property, got 2",
  });
  says((value) => dependentRequired(value, "a", ["b"]), {
    '{"a":1}': 'dependencies: expected a property "b" beside "a"',
    '{"b":1}': "ok",
  });
  says((value) => dependentSchema(value, "a", nothing), {
    '{"a":1}': "false: expected nothing, got an object of 1",
    "{}": "ok",
  });
});

const circle: Check = (value) =>
  is(value, "object") ??
  required(value, ["kind", "radius"]) ??
  property(value, "kind", (kind) => equals(kind, "circle")) ??
  property(value, "radius", (radius) => is(radius, "number"));

const square: Check = (value) =>
  is(value, "object") ??
  required(value, ["kind", "side"]) ??
  property(value, "kind", (kind) => equals(kind, "square")) ??
  property(
    value,
    "side",
    (side) => is(side, "object") ?? property(side, "length", (length) => is(length, "number")),
  );

/** One whose `const` comes after what fails. */
const label: Check = (value) =>
  property(value, "side", (side) => property(side, "length", (length) => is(length, "null"))) ??
  property(value, "kind", (kind) => equals(kind, "label"));

test("the violation of a union is that of the branch which was meant", () => {
  says((value) => anyOf(value, [nothing, label, circle, square]), {
    '{"kind":"circle","radius":"x","side":{"length":1}}':
      "/radius: type: expected number, got string (the closest of 4 anyOf branches)",
    '{"kind":"square","side":{"length":"x"}}':
      "/side/length: type: expected number, got string (the closest of 4 anyOf branches)",
    '{"kind":"square","side":{"length":1}}': "ok",
    '{"kind":"circle"}': 'required: expected a property "radius" (the closest of 4 anyOf branches)',
  });
  says((value) => anyOf(value, [(it) => is(it, "null"), isString]), {
    true: "anyOf: none of 2 branches takes a boolean",
  });
});

test("exactly one means one", () => {
  const even: Check = (value) => multipleOf(value, 2);
  const triple: Check = (value) => multipleOf(value, 3);
  says((value) => oneOf(value, [nothing, even, triple]), {
    "6": "oneOf: expected exactly 1 of 3 branches to match, 2 and 3 do",
    "4": "ok",
  });
  says((value) => oneOf(value, [even, triple]), {
    "5": "multipleOf: expected a multiple of 2, got 5 (the closest of 2 oneOf branches)",
  });
  says((value) => allOf(value, [even, triple]), {
    "6": "ok",
    "4": "multipleOf: expected a multiple of 3, got 4",
  });
  says((value) => not(value, even), { "6": "not: 6 is what it must not be", "5": "ok" });
  says((value) => ifThenElse(value, even, triple, anything), {
    "5": "ok",
    "6": "ok",
    "4": "multipleOf: expected a multiple of 3, got 4",
  });
});

test("a union that a client gets may have alternatives that are new", () => {
  const check: Check = (value) =>
    openUnion(value, "kind", [
      [["circle"], circle],
      [["square"], square],
    ]);
  says(check, {
    '{"kind":"circle","radius":1}': "ok",
    '{"kind":"hexagon"}': "ok",
    '{"kind":"circle"}': 'required: expected a property "radius"',
    '{"radius":1}': 'required: expected a property "kind" (the closest of 2 oneOf branches)',
  });
});

test("a schema that refers to itself ends in an error, which is no reason for anything to pass", () => {
  const endless: Check = (value) => follow(value, endless);
  assert.equal(said(endless(null)), "depth: checks nested more than 512 deep");
  assert.notEqual(not(null, endless), undefined);
  assert.notEqual(anyOf(null, [endless, anything]), undefined);
  assert.notEqual(ifThenElse(null, endless, anything, anything), undefined);
  assert.equal(fits(endless, null), false);
  assert.equal(follow(null, anything), undefined, "nothing is left over");
});

test("branches inside of branches end in an error before they take for ever", () => {
  const doubling: Check = (value) =>
    anyOf(value, [
      (it) => items(it, doubling) ?? maxItems(it, 0),
      (it) => items(it, doubling) ?? minItems(it, 9),
    ]);
  const nested = read("[".repeat(100) + "]".repeat(100));
  assert.match(said(doubling(nested)), /effort: more than 4194304 checks/);
});

test("a message shows what nobody would see, and not all of what is long", () => {
  assert.equal(
    said(isString(read('"\\u202e"')) ?? equals("\u202e\u0000\n", "a")),
    'const: expected "a", got "\\u{202e}\\0\\n"',
  );
  assert.match(said(equals("é".repeat(50), "a")), /got "é{40}"…$/);
  assert.match(said(minimum(read(`-${"9".repeat(60)}`), 0)), /got -9{39}…$/);
});
