import assert from "node:assert/strict";
import { test } from "node:test";
import { format, UUID } from "./check/index.js";
import { numberOf, uuidOf } from "./uuid.js";

test("a number goes into a UUID and comes out of it, however it is spelled", () => {
  for (const id of [1, 255, 2 ** 47]) {
    const uuid = uuidOf(id);
    assert.equal(format(uuid, UUID), undefined, uuid);
    assert.match(uuid, /^.{14}4.{4}8/);
    assert.equal(numberOf(uuid), id);
    assert.equal(numberOf(uuid.toUpperCase()), id);
  }
  assert.notEqual(uuidOf(1), uuidOf(2));
});

test("other texts hold no number", () => {
  const uuid = uuidOf(1);
  const others = [
    "",
    "1",
    `${uuid} `,
    uuid.slice(1),
    `0${uuid.slice(1)}x`,
    `${uuid.slice(0, -1)}g`,
  ];
  for (const other of others) assert.equal(numberOf(other), undefined, other);
  assert.equal(numberOf("00000000-0000-4000-8000-000000000001"), undefined);
});
