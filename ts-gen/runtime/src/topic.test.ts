import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "./channel.js";
import { jsonText } from "./codec.js";
import type { ChannelContract, Operation, TopicFamily } from "./contract.js";
import { fromTopic } from "./contract.js";
import { FakeClock } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";
import { record, setup } from "./setup.fixture.js";
import { byTag } from "./tell.js";

test("topic names lead to parameters and back", () => {
  const { client } = setup();
  const params = { symbol: "BINANCE:BTC", resolution: "D" } as const;
  assert.equal(client.bars.nameOf(params), "bars:BINANCE:BTC:D");
  assert.deepEqual(client.bars.paramsOf("bars:BINANCE:BTC:D"), params);
  assert.equal(client.bars.paramsOf("quotes:AAPL"), undefined);
});

test("a server that names no topic serves one subscription, and does not mix up two", async () => {
  const { server, client } = setup({ subprotocols: [] });
  server.echoing = false;
  const errors = record(client, "error");
  const apple = client.bars.subscribe({ symbol: "AAPL" });
  const heard: number[] = [];
  apple.on((bar) => heard.push(bar.close));
  await server.accept("");
  await apple.ready;
  await server.bar("", 1);
  await client.bars.subscribe({ symbol: "GOOGL" }).ready;
  await server.bar("", 2);
  await server.bar("", 3);
  assert.deepEqual(heard, [1]);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["unroutable"],
  );
});

test("a push of a topic that nobody wants any more is dropped", async () => {
  const { server, client } = setup();
  const errors = record(client, "error");
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  bars.on(() => assert.fail("closed"));
  await server.accept();
  bars.close();
  await server.bar("bars:AAPL:1", 1);
  assert.deepEqual(errors, []);
});

/** A channel with topics of other kinds than those of bars. */
const contract: ChannelContract = {
  name: "other",
  address: "/",
  codec: jsonText,
  subprotocols: [],
  closes: [],
  frames: {
    tell: byTag(["type"], {
      order: "order",
      trade: "trade",
      ok: "ok",
      dropped: "dropped",
      revoked: "revoked",
    }),
    payload: ["payload"],
    topic: ["topic"],
  },
  notices: {
    dropped: { message: "dropped", topic: ({ topic }) => topic },
    revoked: { message: "revoked", topic: ({ topic }) => topic },
  },
};

interface Trade {
  readonly symbol: string;
  readonly price: number;
}

const subscribe: Operation<{ readonly symbol?: string }, { readonly topic: string }> = {
  name: "subscribe",
  encode: (payload) => ({ type: "subscribe", payload }),
  reply: { messages: ["ok"], read: ({ payload }) => payload as { topic: string } },
};

const trades: TopicFamily<{ readonly symbol: string }, Trade, { readonly topic: string }> = {
  name: "trades",
  toName: ({ symbol }) => `trades:${symbol}`,
  fromName: () => undefined,
  messages: ["trade"],
  read: ({ payload }) => {
    if (typeof payload !== "object") throw new TypeError("no trade");
    return payload as Trade;
  },
  subscribe,
};

function channel() {
  const server = new FakeServer();
  const clock = new FakeClock();
  const open = new Channel(contract, { url: "ws://test", WebSocket: server.WebSocket, clock });
  const errors: string[] = [];
  open.on("error", ({ code }) => errors.push(code));
  return { server, clock, open, errors };
}

test("pushes may name their topic by their content", async () => {
  const { server, open } = channel();
  const topic = open.topic({
    ...trades,
    topicOf: ({ payload }) => `trades:${(payload as Trade).symbol}`,
  });
  const heard: string[] = [];
  for (const symbol of ["AAPL", "MSFT"]) {
    topic.subscribe({ symbol }).on(({ price }) => heard.push(`${symbol} ${price}`));
  }
  await server.accept();
  await server.say({ type: "trade", payload: { symbol: "MSFT", price: 2 } });
  await server.say({ type: "trade", payload: { symbol: "AAPL", price: 1 } });
  assert.deepEqual(heard, ["MSFT 2", "AAPL 1"]);
});

test("pushes may be matched with the parameters of each subscription", async () => {
  const { server, open } = channel();
  const topic = open.topic({
    ...trades,
    matches: (params, trade) => params.symbol === trade.symbol,
  });
  const heard: string[] = [];
  for (const symbol of ["AAPL", "MSFT"]) {
    topic.subscribe({ symbol }).on(({ price }) => heard.push(`${symbol} ${price}`));
  }
  await server.accept();
  await server.say({ type: "ok", payload: { topic: "t1" } });
  await server.say({ type: "ok", payload: { topic: "t2" } });
  await server.say({ type: "trade", payload: { symbol: "MSFT", price: 2 } });
  await server.say({ type: "trade", payload: { symbol: "GOOGL", price: 3 } });
  assert.deepEqual(heard, ["MSFT 2"]);
});

test("a private topic has the name that the server gives it", async () => {
  const { server, open } = channel();
  const orders = open.topic<void, unknown, { readonly topic: string }>({
    name: "orders",
    toName: () => "orders",
    fromName: () => undefined,
    messages: ["order"],
    read: ({ payload }) => payload,
    subscribe: fromTopic(subscribe, () => ({})),
    replyTopic: ({ topic }) => topic,
  });
  const heard: unknown[] = [];
  orders.subscribe().on((order) => heard.push(order));
  await server.accept();
  await server.say({ type: "ok", payload: { topic: "orders:user-7" } });
  await server.say({ type: "order", topic: "orders:user-7", payload: 1 });
  await server.say({ type: "order", topic: "orders:user-8", payload: 2 });
  assert.deepEqual(heard, [1]);
});

test("a topic that the server pushes on its own account is active with the connection", async () => {
  const { server, open } = channel();
  const { subscribe: _, ...pushed } = trades;
  const subscription = open.topic(pushed).subscribe({ symbol: "AAPL" });
  await server.accept();
  assert.equal(subscription.state, "active");
  assert.deepEqual(server.socket.sent, []);
});

test("where the server gives a new subscriber the last value, a second local one gets it too", async () => {
  const { server, open } = channel();
  const topic = open.topic({ ...trades, lastValue: true });
  topic.subscribe({ symbol: "AAPL" });
  await server.accept();
  await server.say({ type: "ok", payload: { topic: "trades:AAPL" } });
  await server.say({ type: "trade", topic: "trades:AAPL", payload: { symbol: "AAPL", price: 1 } });
  const second = topic.subscribe({ symbol: "AAPL" });
  const { value } = await second[Symbol.asyncIterator]().next();
  assert.equal(value?.price, 1);
});

test("a push that breaks the contract is told and dropped", async () => {
  const { server, open, errors } = channel();
  const heard: Trade[] = [];
  open
    .topic(trades)
    .subscribe({ symbol: "AAPL" })
    .on((trade) => heard.push(trade));
  await server.accept();
  await server.say({ type: "trade", topic: "trades:AAPL", payload: "what" });
  assert.deepEqual(errors, ["invalid"]);
  assert.deepEqual(heard, []);
});

test("a notice of what was dropped is a gap, and a withdrawn subscription ends", async () => {
  const { server, open, errors } = channel();
  const topic = open.topic(trades);
  const told: string[] = [];
  for (const symbol of ["AAPL", "MSFT"]) {
    const subscription = topic.subscribe({ symbol });
    subscription.on("gap", ({ reason }) => told.push(`${symbol} gap ${reason}`));
    subscription.on("end", (error) => told.push(`${symbol} end ${error?.code}`));
  }
  await server.accept();
  await server.say({ type: "dropped", topic: "trades:AAPL" });
  await server.say({ type: "revoked", topic: "trades:MSFT" });
  await server.say({ type: "dropped" });
  assert.deepEqual(told, ["AAPL gap dropped", "MSFT end revoked", "AAPL gap dropped"]);
  assert.deepEqual(errors, ["revoked"]);
});

test("two topics that the server takes for one are unsubscribed when both are closed", async () => {
  const { server, open } = channel();
  const unsubscribe: Operation<{ readonly symbol: string }> = {
    name: "unsubscribe",
    encode: (payload) => ({ type: "unsubscribe", payload }),
  };
  const topic = open.topic({ ...trades, unsubscribe, replyTopic: (reply) => reply.topic });
  const upper = topic.subscribe({ symbol: "AAPL" });
  const lower = topic.subscribe({ symbol: "aapl" });
  await server.accept();
  await server.say({ type: "ok", payload: { topic: "trades:AAPL" } });
  await server.say({ type: "ok", payload: { topic: "trades:AAPL" } });
  const heard: string[] = [];
  upper.on(() => heard.push("upper"));
  lower.on(() => heard.push("lower"));
  await server.say({ type: "trade", topic: "trades:AAPL", payload: { symbol: "AAPL", price: 1 } });
  assert.deepEqual(heard, ["upper", "lower"]);
  lower.close();
  assert.equal(server.socket.sent.length, 2);
  upper.close();
  assert.equal(server.socket.sent.length, 3);
});

test("a frame may hold several messages, and a listener may end it in the middle", async () => {
  const server = new FakeServer();
  const open = new Channel(
    { ...contract, frames: { ...contract.frames, batched: true } },
    { url: "ws://test", WebSocket: server.WebSocket, clock: new FakeClock() },
  );
  const prices: number[] = [];
  open
    .topic(trades)
    .subscribe({ symbol: "AAPL" })
    .on(({ price }) => {
      prices.push(price);
      if (price === 2) open.close();
    });
  await server.accept();
  await server.say(
    [1, 2, 3].map((price) => ({ type: "trade", topic: "trades:AAPL", payload: { price } })),
  );
  assert.deepEqual(prices, [1, 2]);
});
