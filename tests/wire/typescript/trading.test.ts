// What a user of the trading client sees, against the real service.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import {
  type Bar,
  type BarsSubscriptionRequest,
  type Close,
  type ConnectOptions,
  ContractError,
  connect,
  type Subscription,
  type TradingClient,
  type TradingIncoming,
} from "./api/index.js";
import { connect as connectPacked } from "./packed/index.js";
import { QUICK, type Service, serve } from "./service.js";
import { connect as connectValidated } from "./validated/index.js";

/** A test that hangs ends as a failure. */
const PATIENCE = { timeout: 60_000 };

function connected(t: TestContext, service: Service, options: ConnectOptions = {}): TradingClient {
  const client = connect({ url: service.url, WebSocket, ...options });
  t.after(() => client.close());
  return client;
}

/** The next bars of a subscription, which stays. */
async function take(subscription: Subscription<Bar>, count: number): Promise<Bar[]> {
  const bars: Bar[] = [];
  const all = subscription[Symbol.asyncIterator]();
  while (bars.length < count) {
    const { value, done } = await all.next();
    if (done === true) throw new Error("the subscription ended");
    bars.push(value);
  }
  return bars;
}

/** Every frame, and a promise of the first for which something holds. */
function frames(client: TradingClient): {
  readonly all: TradingIncoming[];
  until(holds: (frame: TradingIncoming) => boolean): Promise<TradingIncoming>;
} {
  const all: TradingIncoming[] = [];
  client.on("frame", (frame) => all.push(frame));
  const until = (holds: (frame: TradingIncoming) => boolean): Promise<TradingIncoming> =>
    new Promise((resolve) => {
      const off = client.on("frame", (frame) => {
        if (!holds(frame)) return;
        off();
        resolve(frame);
      });
    });
  return { all, until };
}

/** How the server ends the connection of a client that does not come back. */
function closed(client: TradingClient): Promise<Close | undefined> {
  return new Promise((resolve) => {
    client.on("state", (state, { close }) => {
      if (state === "closed") resolve(close);
    });
  });
}

/** What no compiler lets through. */
const wrong = { symbol: "AAPL", params: { resolution: "2" } } as unknown as BarsSubscriptionRequest;

test("bars of the default resolution come after the confirmation, and carry their topic", PATIENCE, async (t) => {
  const client = connected(t, await serve(t));
  const { all } = frames(client);
  const subscription = client.bars.subscribe({ symbol: "AAPL" });
  const reply = await subscription.ready;
  assert.deepEqual(
    [reply.status, reply.symbol, reply.message, reply.topic],
    ["ok", "AAPL", "Subscribed to AAPL", "bars:AAPL:1"],
  );
  const bars = await take(subscription, 3);
  for (const bar of bars) {
    assert.deepEqual(Object.keys(bar).sort(), ["close", "high", "low", "open", "time", "volume"]);
    assert.ok(bar.low <= Math.min(bar.open, bar.close) && bar.high >= Math.max(bar.open, bar.close));
    assert.equal(bar.time % 60_000, 0);
  }
  const kinds = all.map((frame) => [frame.message, frame.topic]);
  assert.deepEqual(kinds[0], ["barsSubscribeResponse", undefined]);
  for (const kind of kinds.slice(1)) assert.deepEqual(kind, ["barsUpdate", "bars:AAPL:1"]);
});

test("several symbols and resolutions each get their own", PATIENCE, async (t) => {
  const client = connected(t, await serve(t));
  const { until } = frames(client);
  const wanted = [
    { symbol: "AAPL" },
    { symbol: "AAPL", resolution: "5" },
    { symbol: "GOOGL", resolution: "1" },
    { symbol: "MSFT", resolution: "5" },
  ] as const;
  const topics = wanted.map((topic) => client.bars.nameOf(topic));
  assert.deepEqual(topics, ["bars:AAPL:1", "bars:AAPL:5", "bars:GOOGL:1", "bars:MSFT:5"]);
  const seen = Promise.all(
    topics.map((topic) => until((frame) => frame.message === "barsUpdate" && frame.topic === topic)),
  );
  const subscriptions = wanted.map((topic) => client.bars.subscribe(topic));
  for (const [at, subscription] of subscriptions.entries()) {
    assert.equal((await subscription.ready).topic, topics[at]);
    const [bar] = await take(subscription, 1);
    const minutes = topics[at]?.endsWith(":5") ? 5 : 1;
    assert.equal((bar?.time ?? 1) % (minutes * 60_000), 0);
  }
  for (const [at, frame] of (await seen).entries()) assert.equal(frame.topic, topics[at]);
});

test("no bar comes after the reply to an unsubscribe", PATIENCE, async (t) => {
  const client = connected(t, await serve(t));
  const { all, until } = frames(client);
  const left = client.bars.subscribe({ symbol: "AAPL" });
  await take(left, 2);
  const gone = until(({ message }) => message === "barsUnsubscribeResponse");
  left.close();
  const { payload } = await gone;
  assert.equal((payload as { message: string }).message, "Unsubscribed from AAPL");
  const from = all.length;
  // By the time that three bars of another symbol are here, one of this symbol would be.
  await take(client.bars.subscribe({ symbol: "MSFT" }), 3);
  const topics = all.slice(from).map((frame) => frame.topic);
  assert.ok(topics.includes("bars:MSFT:1"));
  assert.ok(!topics.includes("bars:AAPL:1"), String(topics));
});

test("a refusal is the server's words, and the connection stays", PATIENCE, async (t) => {
  const client = connected(t, await serve(t, { ...QUICK, MAX_SUBSCRIPTIONS: "1" }));
  const first = client.bars.subscribe({ symbol: "AAPL" });
  await first.ready;
  const second = client.bars.subscribe({ symbol: "MSFT" });
  await assert.rejects(second.ready, (error) => {
    assert.ok(error instanceof ContractError);
    assert.equal(error.code, "refused");
    assert.match(error.message, /1/);
    return true;
  });
  assert.equal((await take(first, 2)).length, 2);
  assert.equal(client.state, "open");
});

test("a request that breaks the contract ends the connection, and says what was wrong", PATIENCE, async (t) => {
  const service = await serve(t);
  const declared = connected(t, service);
  const end = closed(declared);
  await assert.rejects(declared.barsSubscribe(wrong), ContractError);
  const close = await end;
  assert.equal(close?.code, 4501);
  assert.equal(close?.situation, "invalid");
  assert.match(close?.reason ?? "", /\/payload\/params\/resolution/);
  assert.match(close?.reason ?? "", /enum/);

  // Whoever offers no subprotocol gets what clients of the service before this one know.
  const plain = connected(t, service, { subprotocols: [] });
  const plainEnd = closed(plain);
  await assert.rejects(plain.barsSubscribe(wrong), ContractError);
  const plainClose = await plainEnd;
  assert.deepEqual([plainClose?.code, plainClose?.reason], [1003, "Could not validate payload"]);
});

test("with a validator such a request is not sent, and everything else goes on", PATIENCE, async (t) => {
  const service = await serve(t);
  const client = connectValidated({ url: service.url, WebSocket });
  t.after(() => client.close());
  const subscription = client.bars.subscribe({ symbol: "AAPL" });
  await subscription.ready;
  await assert.rejects(client.barsSubscribe(wrong), (error) => {
    assert.equal((error as { code: string }).code, "invalid");
    assert.match(String(error), /\/payload\/params\/resolution: enum: expected one of "1", "5"/);
    return true;
  });
  let count = 0;
  for await (const bar of subscription) {
    assert.equal(typeof bar.close, "number");
    count += 1;
    if (count === 2) break;
  }
  assert.equal(client.state, "open");
});

test("all of it goes in MessagePack for a client that asks for it", PATIENCE, async (t) => {
  const service = await serve(t);
  const kinds: string[] = [];
  class Watched extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      this.on("message", (_, isBinary) => kinds.push(isBinary ? "binary" : "text"));
    }
  }
  const options = { url: service.url, subprotocols: ["trading.v1.msgpack"], WebSocket: Watched };
  const client = connectPacked(options);
  t.after(() => client.close());
  const subscription = client.bars.subscribe({ symbol: "GOOGL", resolution: "5" });
  assert.equal((await subscription.ready).message, "Subscribed to GOOGL");
  let count = 0;
  for await (const bar of subscription) {
    assert.ok(bar.low <= bar.high && Number.isInteger(bar.volume));
    assert.equal(bar.time % 300_000, 0);
    count += 1;
    if (count === 3) break;
  }
  const reply = await client.barsUnsubscribe({ symbol: "Ünïcode 👍" });
  assert.deepEqual([reply.status, reply.symbol], ["ok", "Ünïcode 👍"]);
  await assert.rejects(client.barsSubscribe(wrong), /\/payload\/params\/resolution: enum/);
  assert.equal(client.state, "open");
  assert.deepEqual([...new Set(kinds)], ["binary"]);
});

for (const [how, signal] of [["restarts", "SIGTERM"], ["dies and is started again", "SIGKILL"]] as const) {
  test(`a client comes back and is subscribed when the service ${how}`, PATIENCE, async (t) => {
    const service = await serve(t);
    const client = connected(t, service, { backoff: { base: 50, max: 200 } });
    const states: string[] = [];
    client.on("state", (state) => states.push(state));
    const subscription = client.bars.subscribe({ symbol: "AAPL", resolution: "5" });
    const gaps: number[] = [];
    subscription.on("gap", ({ since }) => gaps.push(since));
    const deliveries = subscription.deliveries()[Symbol.asyncIterator]();
    const first = await deliveries.next();
    assert.equal(first.value?.gap, undefined);

    await service.stop(signal);
    await service.start();

    let delivery = await deliveries.next();
    while (delivery.value?.gap === undefined) {
      assert.notEqual(delivery.done, true);
      delivery = await deliveries.next();
    }
    assert.equal(gaps.length, 1);
    assert.equal(client.state, "open");
    assert.ok(states.includes("waiting"), String(states));
  });
}
