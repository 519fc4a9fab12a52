import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteQueue } from "./queue.js";

test("items leave in the order in which they came", () => {
  const queue = new ByteQueue<string>(100);
  for (const item of ["a", "b", "c"]) assert.equal(queue.push(item, 10), true);
  assert.equal(queue.delete("b"), true);
  assert.equal(queue.delete("b"), false);
  assert.deepEqual([queue.shift(), queue.shift(), queue.shift()], ["a", "c", undefined]);
  assert.equal(queue.bytes, 0);
});

test("what does not fit is refused, and what fits later is taken", () => {
  const queue = new ByteQueue<string>(10);
  assert.equal(queue.push("a", 6), true);
  assert.equal(queue.push("b", 5), false);
  assert.equal(queue.push("c", 4), true);
  assert.equal(queue.bytes, 10);
  queue.shift();
  assert.equal(queue.push("b", 5), true);
  assert.equal(queue.push("huge", 11), false);
});
