// A client of version N and a server of version N+1: new values, new properties, new alternatives, new
// kinds of message, a new kind of reply. What is new is there for who looks; everything else arrives as
// ever. With and without a validator.

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { type Changed, connect, type Order, type Unlisted } from "./api/index.js";
import { connect as connectValidated } from "./validated/index.js";

const order = '{"number":9007199254740993,"side":"short","state":"expired","venue":"XNAS"}';

/** What version N+1 answers. */
const ANSWERS: Readonly<Record<string, (id: number) => string>> = {
  new: (id) => `{"type":"queued","id":${id},"position":7}`,
  bad: (id) => `{"type":"rejected","id":${id},"why":"no such symbol","hint":"NEW"}`,
  AAPL: (id) => `{"type":"placed","id":${id},"order":${order},"cost":1}`,
};

/** What it pushes to everybody who comes. */
const PUSHES = [
  `{"type":"changed","order":${order},"event":{"kind":"fill","price":126.5500,"venue":"X"}}`,
  `{"type":"changed","order":${order},"event":{"kind":"amend","price":1.10}}`,
  '{"type":"halted","until":9007199254740993}',
  `{"type":"changed","order":${order},"event":{"kind":"cancel","by":"me"},"sequence":3}`,
];

/** What a user writes about alternatives, with room for those that are new. */
function seen(change: Changed | undefined): string {
  if (change === undefined) return "nothing";
  const { event } = change;
  switch (event.kind) {
    case "fill":
      return `fill at ${event.price}`;
    case "cancel":
      return `cancel by ${event.by}`;
    default: {
      const unlisted: Unlisted<"kind"> = event;
      return `unlisted ${unlisted.kind}`;
    }
  }
}

async function serve(t: TestContext): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { id, symbol } = JSON.parse(String(data)) as { id: number; symbol: string };
      socket.send(ANSWERS[symbol]?.(id) ?? "");
      for (const push of PUSHES) socket.send(push);
    });
  });
  await once(server, "listening");
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clients = { "types only": connect, "a validator": connectValidated } as const;

for (const [how, connectTo] of Object.entries(clients)) {
  test(`a client with ${how} takes everything that it knows from a newer server`, { timeout: 60_000 }, async (t) => {
    // The type of one serves for both: they differ in what they check.
    const client = (connectTo as typeof connect)({ url: await serve(t), WebSocket });
    t.after(() => client.close());
    const errors: unknown[] = [];
    client.on("error", (error) => errors.push(error));
    const changes: Changed[] = [];
    const unknown: unknown[] = [];
    const told = new Promise<void>((resolve) => {
      client.changed.on((change) => {
        changes.push(change);
        if (changes.length === 3) resolve();
      });
    });
    client.on("frame", (frame) => {
      if (frame.message === undefined) unknown.push(frame.raw);
    });

    const placed = await client.place({ symbol: "AAPL", side: "buy" });
    if (placed.message !== "placed") assert.fail(placed.message);
    const { number, side, state }: Order = placed.payload;
    assert.deepEqual([number, side, state], [9007199254740993n, "short", "expired"]);
    await told;

    // The kinds that there were are told apart, digits and all; what is new comes as it is.
    const [fill, amend, cancel] = changes;
    if (fill?.event.kind !== "fill") assert.fail("a fill");
    assert.equal(fill.event.price, "126.5500");
    assert.equal(seen(amend), "unlisted amend");
    assert.deepEqual([seen(fill), seen(cancel)], ["fill at 126.5500", "cancel by me"]);
    if (cancel?.event.kind !== "cancel") assert.fail("a cancel");
    assert.equal(cancel.event.by, "me");
    assert.equal((cancel as unknown as { sequence: number }).sequence, 3);
    assert.equal(unknown.length, 1);
    assert.equal((unknown[0] as { type: string }).type, "halted");

    // An alternative that there was, and one that is new.
    const rejected = await client.place({ symbol: "bad", side: "sell" });
    if (rejected.message !== "rejected") assert.fail(rejected.message);
    assert.equal(rejected.payload.why, "no such symbol");
    await assert.rejects(client.place({ symbol: "new", side: "sell" }), (error) => {
      const { code, reply } = error as { code: string; reply: { type: string; position: number } };
      assert.equal(code, "unknown-reply");
      assert.deepEqual([reply.type, reply.position], ["queued", 7]);
      return true;
    });
    assert.equal(client.state, "open");
    assert.deepEqual(errors, []);
  });
}
