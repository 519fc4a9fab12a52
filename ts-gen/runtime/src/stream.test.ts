import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "./error.js";
import { settled } from "./fake-clock.js";
import { type Delivery, Stream } from "./stream.js";

async function drain<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function deliveries<Payload>(stream: Stream<Payload>): AsyncIterableIterator<Delivery<Payload>> {
  return stream.iterate(
    (delivery) => delivery,
    () => undefined,
  );
}

function payloads<Payload>(stream: Stream<Payload>): AsyncIterableIterator<Payload> {
  return stream.iterate(
    ({ payload }) => payload,
    () => undefined,
  );
}

test("an iterator gets what came before it, and what waits when the stream ends", async () => {
  const stream = new Stream<number>();
  for (const item of [1, 2]) stream.push(item, undefined);
  const all = drain(payloads(stream));
  await settled();
  stream.push(3, undefined);
  stream.end(undefined);
  stream.push(4, undefined);
  assert.deepEqual(await all, [1, 2, 3]);
});

test("an error comes after what was delivered, and once", async () => {
  const stream = new Stream<number>();
  stream.push(1, undefined);
  const error = new ContractError("revoked", "gone");
  stream.end(error);
  const iterator = payloads(stream);
  assert.deepEqual(await iterator.next(), { done: false, value: 1 });
  await assert.rejects(iterator.next(), error);
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("a full buffer drops the oldest, and says how many", async () => {
  const stream = new Stream<number>({ buffer: 2 });
  for (const item of [1, 2, 3, 4, 5]) stream.push(item, undefined);
  stream.end(undefined);
  assert.deepEqual(await drain(deliveries(stream)), [
    { payload: 4, gap: undefined, dropped: 3 },
    { payload: 5, gap: undefined, dropped: 0 },
  ]);
});

test("a conflating buffer that overflows goes on with the newest", async () => {
  const stream = new Stream<number>({ buffer: 3, overflow: "conflate" });
  for (const item of [1, 2, 3, 4, 5]) stream.push(item, undefined);
  stream.end(undefined);
  assert.deepEqual(
    (await drain(deliveries(stream))).map(({ payload, dropped }) => [payload, dropped]),
    [
      [4, 3],
      [5, 0],
    ],
  );
});

test("a gap is told even if the payload that carried it was dropped", async () => {
  const stream = new Stream<number>({ buffer: 1 });
  const gap = { reason: "reconnect", since: 5 } as const;
  stream.push(1, gap);
  stream.push(2, undefined);
  stream.end(undefined);
  assert.deepEqual(await drain(deliveries(stream)), [{ payload: 2, gap, dropped: 1 }]);
});

test("the first listener gets what came before it, in order, after it was put on", async () => {
  const stream = new Stream<number>();
  stream.push(1, undefined);
  const heard: number[] = [];
  stream.on((payload) => heard.push(payload));
  assert.deepEqual(heard, []);
  stream.push(2, undefined);
  await settled();
  stream.push(3, undefined);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("a listener alone leaves no buffer behind", async () => {
  const stream = new Stream<number>();
  stream.on(() => undefined);
  for (let item = 0; item < 10; item += 1) stream.push(item, undefined);
  stream.end(undefined);
  assert.deepEqual(await drain(payloads(stream)), []);
});

test("listeners and an iterator both get everything", async () => {
  const stream = new Stream<number>();
  const heard: number[] = [];
  stream.on((payload) => heard.push(payload));
  const all = drain(payloads(stream));
  for (const item of [1, 2, 3]) stream.push(item, undefined);
  stream.end(undefined);
  assert.deepEqual(await all, [1, 2, 3]);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("a listener may take itself off while it is called", () => {
  const stream = new Stream<number>();
  const heard: string[] = [];
  const off = stream.on(() => {
    heard.push("first");
    off();
  });
  stream.on(() => heard.push("second"));
  stream.push(1, undefined);
  stream.push(2, undefined);
  assert.deepEqual(heard, ["first", "second", "second"]);
});

test("two reads at once are served in order", async () => {
  const stream = new Stream<number>();
  const iterator = payloads(stream);
  const reads = [iterator.next(), iterator.next(), iterator.next()];
  await settled();
  stream.push(1, undefined);
  stream.push(2, undefined);
  stream.end(undefined);
  assert.deepEqual(
    (await Promise.all(reads)).map(({ value }) => value),
    [1, 2, undefined],
  );
});
