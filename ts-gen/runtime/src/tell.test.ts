import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonText } from "./codec.js";
import type { FrameContract, Incoming } from "./contract.js";
import { losslessJson } from "./lossless.js";
import { at, byShape, byTag, firstOf, has, received } from "./tell.js";

const none = (): undefined => undefined;

function incoming(...frame: Parameters<typeof received>): Incoming[] {
  return received(...frame).map((message) => message.incoming);
}

test("a path leads to a part, from the front or from the end, and never into a prototype", () => {
  const value = { a: [{ b: 1 }, 2, 3], "": { x: 4 } };
  assert.equal(at(value, ["a", 0, "b"]), 1);
  assert.equal(at(value, ["a", -1]), 3);
  assert.equal(at(value, ["", "x"]), 4);
  assert.equal(at(value, []), value);
  for (const path of [
    ["toString"],
    ["a", "length", "x"],
    ["a", 9],
    ["__proto__"],
    ["a", 0, "b", "c"],
  ]) {
    assert.equal(at(value, path), undefined);
  }
  assert.equal(at({ a: 1 }, [0]), undefined);
});

test("a tag names the message, whatever a hostile frame has in its place", () => {
  const tell = byTag(["type"], { "bars.update": "barsUpdate", "7": "seven", true: "yes" });
  assert.equal(tell({ type: "bars.update" }), "barsUpdate");
  assert.equal(tell({ type: 7 }), "seven");
  assert.equal(tell({ type: true }), "yes");
  for (const type of ["constructor", "__proto__", null, {}, [], undefined, 8]) {
    assert.equal(tell({ type }), undefined);
  }
  for (const frame of [null, 1, "bars.update", [], {}]) assert.equal(tell(frame), undefined);
});

test("a message without a tag is known by its shape", () => {
  const tell = firstOf(
    byTag(["event"], { info: "info" }),
    byShape([
      ["trade", has("price", "size")],
      ["book", Array.isArray],
    ]),
  );
  assert.equal(tell({ event: "info", price: 1, size: 1 }), "info");
  assert.equal(tell({ price: 1, size: 1 }), "trade");
  assert.equal(tell([1]), "book");
  assert.equal(tell({ price: 1 }), undefined);
  assert.equal(tell(null), undefined);
});

test("a frame without an envelope is its own payload", () => {
  const frames: FrameContract = { tell: byShape([["trade", has("price")]]) };
  assert.deepEqual(incoming({ price: 1 }, frames, jsonText, none), [
    { message: "trade", payload: { price: 1 }, topic: undefined, id: undefined, raw: { price: 1 } },
  ]);
});

test("an array may be a batch of messages, or one message", () => {
  const frames: FrameContract = { tell: byTag(["T"], { t: "trade", q: "quote" }), batched: true };
  const batch = incoming([{ T: "t" }, { T: "q" }, { T: "?" }], frames, jsonText, none);
  assert.deepEqual(
    batch.map(({ message }) => message),
    ["trade", "quote", undefined],
  );
  // Kraken v1: [channel, data, name, pair]
  const tuple: FrameContract = {
    tell: byTag([-2], { "ohlc-5": "bars" }),
    payload: [1],
    topic: [-1],
  };
  const [bar] = incoming([42, { close: 1 }, "ohlc-5", "XBT/USD"], tuple, jsonText, none);
  assert.equal(bar?.message, "bars");
  assert.equal(bar?.topic, "XBT/USD");
  assert.deepEqual(bar?.payload, { close: 1 });
});

test("a message may keep its parts elsewhere than its siblings", () => {
  const frames: FrameContract = {
    tell: byTag(["type"], { a: "a", b: "b" }),
    payload: ["payload"],
    messages: { b: { payload: ["data"], topic: ["subject"] } },
  };
  const [b] = incoming({ type: "b", data: 1, subject: "s" }, frames, jsonText, none);
  assert.equal(b?.payload, 1);
  assert.equal(b?.topic, "s");
});

test("ids and topics of another type than they should be are none", () => {
  const frames: FrameContract = { tell: none, id: ["id"], topic: ["topic"] };
  const [odd] = incoming({ id: {}, topic: 5 }, frames, jsonText, none);
  assert.equal(odd?.id, undefined);
  assert.equal(odd?.topic, undefined);
});

test("exact numbers are those of the message, also where only the request tells which that is", () => {
  const frames: FrameContract = {
    tell: none,
    id: ["id"],
    payload: ["result"],
    messages: { order: { numbers: { properties: { result: { properties: { id: "int64" } } } } } },
  };
  const text = '{"id":7,"result":{"id":9007199254740993}}';
  const [reply] = incoming(losslessJson.decode(text), frames, losslessJson, (_value, id) =>
    id === 7 ? "order" : undefined,
  );
  assert.deepEqual(reply?.payload, { id: 9007199254740993n });
});
