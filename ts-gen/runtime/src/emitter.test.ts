import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "./emitter.js";

type Events = { readonly said: readonly [word: string] };

test("nothing is told before the outermost turn ends", () => {
  const emitter = new Emitter<Events>();
  const told: string[] = [];
  emitter.on("said", (word) => told.push(word));
  emitter.turn(() => {
    emitter.turn(() => emitter.emit("said", "a"));
    assert.deepEqual(told, []);
    emitter.emit("said", "b");
  });
  assert.deepEqual(told, ["a", "b"]);
});

test("what a listener causes is told after what was there before", () => {
  const emitter = new Emitter<Events>();
  const told: string[] = [];
  emitter.on("said", (word) => {
    if (word === "a") emitter.turn(() => emitter.emit("said", "caused"));
  });
  emitter.on("said", (word) => told.push(word));
  emitter.turn(() => {
    emitter.emit("said", "a");
    emitter.emit("said", "b");
  });
  assert.deepEqual(told, ["a", "b", "caused"]);
});

test("a turn that throws still tells what it queued", () => {
  const emitter = new Emitter<Events>();
  const told: string[] = [];
  emitter.on("said", (word) => told.push(word));
  assert.throws(() =>
    emitter.turn(() => {
      emitter.emit("said", "a");
      throw new Error("oops");
    }),
  );
  assert.deepEqual(told, ["a"]);
});

test("one listener put on twice is told twice, and taken off one at a time", () => {
  const emitter = new Emitter<Events>();
  let told = 0;
  const listener = (): void => {
    told += 1;
  };
  const off = emitter.on("said", listener);
  emitter.on("said", listener);
  emitter.turn(() => emitter.emit("said", "a"));
  assert.equal(told, 2);
  off();
  off();
  emitter.turn(() => emitter.emit("said", "b"));
  assert.equal(told, 3);
  assert.equal(emitter.has("said"), true);
});
