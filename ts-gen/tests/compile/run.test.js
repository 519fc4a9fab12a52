// Generated clients against scripted servers on loopback. `tests/run.rs` generates and compiles the clients
// into the folder that CLIENTS names, and runs this.

import assert from "node:assert/strict";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";

const clients = pathToFileURL(`${process.env.CLIENTS}/`);

/** A server on loopback that answers each frame with what `answer` says, and its client. */
async function start(t, name, answer, options = {}) {
  const { connect } = await import(new URL(`${name}/index.js`, clients));
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const heard = [];
  const sockets = [];
  server.on("connection", (socket, request) => {
    sockets.push({ socket, request });
    socket.on("message", (data) => {
      const text = String(data);
      heard.push(text);
      for (const frame of answer(text, request)) socket.send(frame);
    });
  });
  const url = `ws://127.0.0.1:${server.address().port}`;
  const client = connect({ url, WebSocket, ...options });
  t.after(() => {
    client.close();
    for (const { socket } of sockets) socket.terminate();
    server.close();
  });
  const say = (frame) => {
    for (const { socket } of sockets) socket.send(frame);
  };
  return { client, heard, say, sockets };
}

/** The next so many items of a loop. */
async function take(loop, count) {
  const taken = [];
  for await (const item of loop) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

/** The next so many frames that a client gets. */
function frames(client, count) {
  return new Promise((resolve) => {
    const got = [];
    const off = client.on("frame", (frame) => {
      got.push(frame);
      if (got.length < count) return;
      off();
      resolve(got);
    });
  });
}

const bar = { time: 0, open: 1, high: 2, low: 1, close: 2, volume: 10 };

/** The trading service, as small as it gets. */
function trading(text) {
  const { type, id, payload } = JSON.parse(text);
  const topic = `bars:${payload.symbol}:${payload.params?.resolution ?? "1"}`;
  const status = payload.symbol === "NONE" ? "error" : "ok";
  const reply = {
    type: `${type}.response`,
    payload: { status, symbol: payload.symbol, message: "no such symbol", topic },
    id,
  };
  const push = { type: "bars.update", topic, payload: bar };
  const pushes = type === "bars.subscribe" && status === "ok" ? [push, push] : [];
  return [reply, ...pushes].map((frame) => JSON.stringify(frame));
}

test("the trading client subscribes, gets bars and unsubscribes", async (t) => {
  const { client, heard, say, sockets } = await start(t, "trading", trading);
  const subscription = client.bars.subscribe({ symbol: "AAPL", resolution: "5" });
  assert.equal((await subscription.ready).topic, "bars:AAPL:5");
  assert.deepEqual(await take(subscription, 2), [bar, bar]);
  assert.equal(subscription.state, "closed");

  const reply = await client.barsSubscribe({ symbol: "MSFT" });
  assert.equal(reply.status, "ok");
  assert.deepEqual(heard.map(JSON.parse), [
    {
      type: "bars.subscribe",
      payload: { symbol: "AAPL", params: { resolution: "5" } },
      id: 1,
    },
    {
      type: "bars.unsubscribe",
      payload: { symbol: "AAPL", params: { resolution: "5" } },
      id: 2,
    },
    { type: "bars.subscribe", payload: { symbol: "MSFT" }, id: 3 },
  ]);
  assert.equal(sockets[0].request.url, "/api/v1/ws");
  assert.equal(sockets[0].socket.protocol, "trading.v1");

  // A server that knows more than the contract says loses nothing.
  const [unknown] = await Promise.all([
    frames(client, 1),
    say('{"type":"bars.closed","payload":{"reason":"halt"}}'),
  ]);
  assert.equal(unknown[0].message, undefined);
  assert.deepEqual(unknown[0].raw, { type: "bars.closed", payload: { reason: "halt" } });
});

test("a refused subscription ends with the server's words", async (t) => {
  const { client } = await start(t, "trading", trading);
  const subscription = client.bars.subscribe({ symbol: "NONE" });
  await assert.rejects(subscription.ready, { code: "refused", message: /no such symbol/ });
});

test("every digit survives the way to the server and back", async (t) => {
  const { client, heard, say } = await start(t, "numbers", (text) => {
    assert.match(text, /"price":0\.1000\b/);
    return ['{"type":"ack","orderId":9007199254740993}'];
  });
  const { decimal } = await import(new URL("numbers/index.js", clients));
  const leg = { price: decimal("99999999999999999999.10"), size: 2 };
  const ack = await client.order({ price: decimal("0.1000"), size: 1, legs: [leg] });
  assert.equal(ack.orderId, 9007199254740993n);
  assert.equal(
    heard[0],
    '{"type":"order.place","payload":{"price":0.1000,"size":1,"legs":[{"price":99999999999999999999.10,"size":2}]}}',
  );
  const books = take(client.book, 1);
  say(
    '{"type":"book","payload":{"bids":[[1.50,2,18446744073709551615]],"totals":{"a":-9007199254740993},"amount":{"price":1.0,"size":3},"event":{"kind":"fee","fee":0.30},"last":2.50,"other":1.10}}',
  );
  const [book] = await books;
  assert.deepEqual(book, {
    bids: [["1.50", 2, 18446744073709551615n]],
    totals: { a: -9007199254740993n },
    amount: { price: "1.0", size: 3 },
    event: { kind: "fee", fee: "0.30" },
    last: "2.50",
    other: "1.10",
  });
});

test("what a server sent goes back to it digit by digit", async (t) => {
  for (const name of ["numbers", "numbers-validated"]) {
    const { client, heard, say } = await start(t, name, () => [
      '{"type":"ack","orderId":-9223372036854775808}',
    ]);
    await open(client);
    await new Promise((resolve) => setImmediate(resolve));
    const books = take(client.book, 1);
    say(
      '{"type":"book","payload":{"bids":[],"amount":9007199254740993,"last":0.1000,"totals":{"a":9223372036854775807}}}',
    );
    const [{ amount, last, totals }] = await books;
    assert.deepEqual([amount, last], [9007199254740993n, "0.1000"]);
    const leg = { price: "1E2", size: 1, parent: totals.a };
    const ack = await client.order({ price: last, size: 1, parent: amount, legs: [leg] });
    assert.equal(ack.orderId, -9223372036854775808n);
    assert.equal(
      heard[0],
      '{"type":"order.place","payload":{"price":0.1000,"size":1,"parent":9007199254740993,"legs":[{"price":1E2,"size":1,"parent":9223372036854775807}]}}',
    );
  }
});

test("frames without an envelope get their constants and ids", async (t) => {
  const { client, heard } = await start(t, "whole", (text) => {
    const { event, reqid, pair } = JSON.parse(text);
    if (event === "ping") return [JSON.stringify({ event: "pong", reqid })];
    // An id of the server's own, which the request did not have.
    if (event === "stamp") return ['{"event":"stamped","reqid":777}'];
    if (event !== "subscribe") return [];
    const [name] = pair;
    return name === "NONE"
      ? [JSON.stringify({ event: "failed", reqid, why: "unknown pair" })]
      : [JSON.stringify({ event: "subscribed", reqid, channel: name })];
  });
  await client.ping();
  const replies = await Promise.all([client.subscribe(["XBT/EUR"]), client.subscribe(["NONE"])]);
  assert.deepEqual(
    replies.map(({ message, payload }) => [message, payload.channel ?? payload.why]),
    [
      ["subscribed", "XBT/EUR"],
      ["failed", "unknown pair"],
    ],
  );
  assert.equal(await client.stamp(), undefined);
  await client.settings({ depth: 10 });
  await client.traced({ header: { from: "me" }, body: "x" });
  // What is not answered is there before an answer to what comes after it.
  await client.ping();
  const [, , , , settings, traced] = heard.map(JSON.parse);
  assert.deepEqual(settings, { event: "settings", depth: 10 });
  assert.deepEqual(traced, { event: "traced", header: { from: "me", id: "6" }, body: "x" });
});

test("a reply that only its request tells apart is what the request says", async (t) => {
  const { client, say } = await start(t, "json-rpc", (text) => {
    const { id, method, params } = JSON.parse(text);
    if (method === "getTime") return [JSON.stringify({ jsonrpc: "2.0", id, result: 42 })];
    assert.equal(params.user, "me");
    return [JSON.stringify({ jsonrpc: "2.0", id, result: "my name" })];
  });
  const [time, name] = await Promise.all([client.getTime(), client.getName({ user: "me" })]);
  assert.equal(time.message, "time");
  assert.equal(time.payload.result, 42);
  assert.equal(name.result, "my name");
  const ticks = take(client.ticked, 1);
  say('{"jsonrpc":"2.0","method":"ticked","params":{"price":1}}');
  assert.deepEqual(await ticks, [{ price: 1 }]);
});

test("bare words pass beside JSON", async (t) => {
  const { client, heard, say } = await start(t, "bare-words", (text) => [
    text === "ping" ? "pong" : "",
  ]);
  assert.equal(await client.ping(), "pong");
  assert.deepEqual(heard, ["ping"]);
  const trades = take(client.trade, 1);
  say('{"arg":"trade","price":"1"}');
  assert.deepEqual(await trades, [{ arg: "trade", price: "1" }]);
});

test("topics are subscribed in the words of their contract, and routed by their names", async (t) => {
  const { client, heard, say } = await start(t, "topics", (text) => {
    const { op } = JSON.parse(text);
    return op === "orders.subscribe" ? ['{"op":"orders.reply","data":{"topic":"orders:7"}}'] : [];
  });
  const quotes = client.quotes.subscribe({ symbol: "BINANCE:BTC", deep: true });
  const books = client.orderBook.subscribe({ symbol: "AAPL" });
  const orders = client.orders.subscribe();
  await Promise.all([quotes.ready, books.ready, orders.ready]);
  assert.deepEqual(heard.map(JSON.parse), [
    { op: "quotes.subscribe", symbols: ["BINANCE:BTC"], deep: true },
    {
      op: "book.subscribe",
      args: { symbol: "AAPL", depth: 10, mode: "full", kind: "book" },
    },
    { op: "orders.subscribe" },
  ]);
  const first = Promise.all([take(quotes, 1), take(books, 2), take(orders, 1)]);
  say('{"op":"quote","topic":"quotes:BINANCE:BTC:true","bid":1}');
  say('{"op":"quote","topic":"quotes:other:true","bid":2}');
  say('{"op":"snapshot","topic":"book/AAPL/10"}');
  say('{"op":"delta","topic":"book/AAPL/10"}');
  say('{"op":"order","topic":"orders:7"}');
  const [[quote], pushes] = await first;
  assert.equal(quote.bid, 1);
  assert.deepEqual(
    pushes.map(({ message }) => message),
    ["snapshot", "delta"],
  );
  assert.deepEqual(client.alarms.paramsOf("alarms/eu.west/1.5/end"), {
    regionCode: "eu.west",
    level: 1.5,
  });
  assert.equal(client.alarms.paramsOf("alarms/eu-west/1/end"), undefined);
});

test("frames are told apart by type, place and number", async (t) => {
  const { client, say } = await start(t, "dispatch", () => []);
  const got = frames(client, 8);
  await new Promise((resolve) => {
    if (client.state === "open") resolve();
    else client.on("state", (state) => state === "open" && resolve());
  });
  await new Promise((resolve) => setImmediate(resolve));
  for (const frame of [
    [1, {}, "ticker"],
    [1, [], "spread"],
    [1, [], "other"],
    { event: "order", state: "opened" },
    { event: "order", state: "cancelled" },
    { event: "book", data: { level: 2 } },
    { event: "book", data: { level: 3 } },
    7,
  ]) {
    say(JSON.stringify(frame));
  }
  assert.deepEqual(
    (await got).map(({ message }) => message),
    ["ticker", "spread", undefined, "opened", "closed", "level2", undefined, undefined],
  );
});

/** The next failure that no promise stands for. */
function failure(client) {
  return new Promise((resolve) => {
    const off = client.on("error", (error) => {
      off();
      resolve(error);
    });
  });
}

/** Resolves when the server has the client's connection. */
function open(client) {
  return new Promise((resolve) => {
    if (client.state === "open") resolve();
    else client.on("state", (state) => state === "open" && resolve());
  });
}

test("a validator keeps wrong frames from those who would believe them", async (t) => {
  const { client, heard, say } = await start(t, "trading-validated", trading);
  await open(client);
  const subscription = client.bars.subscribe({ symbol: "AAPL" });
  assert.deepEqual(await take(subscription, 1), [bar]);
  const told = failure(client);
  const raw = frames(client, 1);
  const wrong = { type: "bars.update", topic: "bars:AAPL:1", payload: { ...bar, volume: 1.5 } };
  say(JSON.stringify(wrong));
  const error = await told;
  assert.equal(error.code, "invalid");
  assert.equal(
    error.message,
    "[invalid] barsUpdate: /payload/volume: type: expected integer, got 1.5",
  );
  assert.equal(error.violation.pointer, "/payload/volume");
  const [frame] = await raw;
  assert.deepEqual([frame.message, frame.raw], [undefined, wrong]);

  const before = heard.length;
  await assert.rejects(client.barsSubscribe({ symbol: "AAPL", params: { resolution: "2" } }), {
    code: "invalid",
    message: /\/payload\/params\/resolution: enum: expected one of "1", "5"/,
  });
  assert.equal(heard.length, before);
});

test("what is newer than the contract passes the validator, what it forbids does not", async (t) => {
  const { client, say } = await start(t, "enums-validated", () => []);
  await open(client);
  await new Promise((resolve) => setImmediate(resolve));
  const placed = take(client.placed, 1);
  const newer = { side: "short", state: "expired", currency: "EUR", rank: 3, more: true };
  say(JSON.stringify(newer));
  assert.deepEqual(await placed, [newer]);
  const told = failure(client);
  say(JSON.stringify({ ...newer, rank: "3" }));
  assert.match((await told).message, /\/rank: type: expected integer, got string/);

  const drawings = await start(t, "unions-validated", () => []);
  await open(drawings.client);
  await new Promise((resolve) => setImmediate(resolve));
  const drawn = take(drawings.client.drawing, 1);
  const drawing = { kind: "drawing", shapes: [{ shape: "hexagon" }], label: null, size: "huge" };
  drawings.say(JSON.stringify(drawing));
  assert.deepEqual(await drawn, [drawing]);
});

test("a validator judges the digits that were sent", async (t) => {
  const { client, heard } = await start(t, "numbers-validated", () => [
    '{"type":"ack","orderId":9007199254740993}',
  ]);
  const { decimal } = await import(new URL("numbers-validated/index.js", clients));
  const ack = await client.order({ price: decimal("0.1000"), size: 1 });
  assert.equal(ack.orderId, 9007199254740993n);
  assert.match(heard[0], /"price":0\.1000\b/);
});

test("replies are found by ids that the plan made integers of 64 bits, in whatever order", async (t) => {
  const pending = [];
  const { client } = await start(t, "int64-ids", (text) => {
    pending.push(JSON.parse(text));
    if (pending.length < 3) return [];
    return pending.reverse().map(({ id, key }) => `{"type":"got","id":${id},"value":"${key}"}`);
  });
  const values = await Promise.all(["a", "b", "c"].map((key) => client.get({ key })));
  assert.deepEqual(
    values.map(({ value }) => value),
    ["a", "b", "c"],
  );
});

test("replies are found by ids that are UUIDs", async (t) => {
  const pending = [];
  const { client } = await start(t, "int64-ids", (text) => {
    pending.push(JSON.parse(text));
    if (pending.length < 2) return [];
    return pending
      .reverse()
      .map(({ token, key }) => `{"type":"found","token":"${token.toUpperCase()}","value":"${key}"}`);
  });
  const values = await Promise.all(["a", "b"].map((key) => client.find({ key })));
  assert.deepEqual(
    values.map(({ value }) => value),
    ["a", "b"],
  );
  assert.match(pending[0].token, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
});

test("several messages in one frame are so many messages", async (t) => {
  const { client, say } = await start(t, "batched", () => []);
  await open(client);
  await new Promise((resolve) => setImmediate(resolve));
  const all = frames(client, 4);
  const ticks = take(client.tick, 3);
  say('[{"type":"tick","price":1},{"type":"new"},{"type":"tick","price":2}]');
  say("[]");
  say('{"type":"tick","price":3}');
  assert.deepEqual(
    (await ticks).map(({ price }) => price),
    [1, 2, 3],
  );
  assert.deepEqual(
    (await all).map(({ message }) => message),
    ["tick", undefined, "tick", "tick"],
  );
});
