// Services that others run, in five kinds of wire, and the clients generated from their contracts.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import * as arrays from "./arrays/index.js";
import * as bareText from "./bare-text/index.js";
import * as batches from "./batches/index.js";
import * as jsonRpc from "./json-rpc/index.js";
import * as noEnvelope from "./no-envelope/index.js";
import { foreign } from "./service.js";

/** A test that hangs ends as a failure. */
const PATIENCE = { timeout: 60_000 };

/** Compiles only if both types are the same. */
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : never;
function same<One, Other>(_: Same<One, Other>): void {}

interface AnyClient {
  close(): void;
  on(event: "frame", listener: (frame: Frame) => void): () => void;
  on(event: "error", listener: (error: unknown) => void): () => void;
}

interface Frame {
  readonly message: string | undefined;
  readonly raw: unknown;
}

/** What the test of a wire needs of any client: it is closed, and has nothing to complain of. */
function watched<Client extends AnyClient>(t: TestContext, client: Client): Client {
  t.after(() => client.close());
  client.on("error", (error) => assert.fail(String(error)));
  return client;
}

/** The next item of a kind that comes without being asked for. */
async function next<Item>(items: AsyncIterable<Item>): Promise<Item> {
  for await (const item of items) return item;
  throw new Error("there are no more");
}

/** The first frame of a kind that the contract does not have. */
function unknown(client: AnyClient): Promise<unknown> {
  return new Promise((resolve) => {
    client.on("frame", ({ message, raw }) => {
      if (message === undefined) resolve(raw);
    });
  });
}

test("frames without an envelope", PATIENCE, async (t) => {
  const url = await foreign(t, "no-envelope");
  const client = watched(t, noEnvelope.connect({ url, WebSocket }));
  const levels = next(client.levels);
  const trade = next(client.trade);
  const newer = unknown(client);
  const beats: noEnvelope.Heartbeat[] = [];
  const twice = new Promise<void>((resolve) => {
    client.heartbeat.on((beat) => {
      if (beats.push(beat) === 2) resolve();
    });
  });
  await client.subscribe([{ name: "l2", symbols: ["BTCUSD"] }]);

  const { event_id, timestamp, price, quantity, side } = await trade;
  same<typeof event_id, bigint>(true);
  assert.equal(event_id, 9007199254740993n);
  assert.equal(timestamp, 1650000000000n);
  assert.deepEqual([price, quantity, side], ["9122.10", "0.10000000000000000001", "sell"]);
  const { changes } = await levels;
  same<(typeof changes)[number][0], "buy" | "sell" | (string & {})>(true);
  assert.deepEqual(changes, [
    ["buy", "9122.0400", "0.00121425"],
    ["sell", "9122.07", "0"],
  ]);
  assert.deepEqual(await newer, { type: "auction_open", symbol: "BTCUSD" });
  await twice;
  assert.equal(String((beats[1] as { sequence?: unknown }).sequence), "7");

  const failure = next(client.failure);
  await client.subscribe([{ name: "candles_1m", symbols: ["BTCUSD"] }]);
  assert.deepEqual(await failure, { result: "error", reason: "NotImplemented", message: "l2 only" });
  // @ts-expect-error no such feed
  void (() => client.subscribe([{ name: "l3", symbols: [] }]));
});

test("arrays that a place tells apart", PATIENCE, async (t) => {
  const url = await foreign(t, "arrays");
  const client = watched(t, arrays.connect({ url, WebSocket }));
  const status = await next(client.systemStatus);
  same<typeof status.connectionID, bigint | undefined>(true);
  assert.equal(status.connectionID, 8628615390848610222n);

  const trades = next(client.trades);
  const reply = await client.subscribe({ pair: ["XBT/USD"], subscription: { name: "trade" } });
  assert.deepEqual([reply.status, reply.pair], ["subscribed", "XBT/USD"]);
  const [channel, [first, second], kind, pair] = await trades;
  same<typeof channel, number>(true);
  same<typeof kind, "trade">(true);
  assert.deepEqual([channel, kind, pair], [0, "trade", "XBT/USD"]);
  assert.deepEqual(first, ["5541.20000", "0.15850568", "1534614057.321597", "s", "l", ""]);
  assert.equal(second?.[0], "6060.00000");

  const spreads = next(client.spread);
  const beat = next(client.heartbeat);
  await client.subscribe({ pair: ["XBT/USD"], subscription: { name: "spread" } });
  const [, [bid, ask, , ...volumes]] = await spreads;
  same<typeof volumes, string[]>(true);
  assert.deepEqual([bid, ask, ...volumes], ["5698.40000", "5700.00000", "1.01234567", "0.98765432"]);
  assert.equal(await beat, undefined);

  const refused = await client.subscribe({ pair: ["XBTUSD"], subscription: { name: "trade" } });
  assert.deepEqual(
    [refused.status, refused.errorMessage],
    ["error", "Currency pair not supported"],
  );
  assert.equal(await client.ping(), undefined);
  const left = await client.unsubscribe({ pair: ["XBT/USD"], subscription: { name: "trade" } });
  assert.equal(left.status, "unsubscribed");
});

test("several messages in one frame", PATIENCE, async (t) => {
  const url = await foreign(t, "batches");
  const client = watched(t, batches.connect({ url, WebSocket }));
  assert.equal((await next(client.success)).msg, "connected");
  const wrong = await client.auth({ key: "me", secret: "wrong" });
  if (wrong.message !== "failure") assert.fail(wrong.message);
  same<typeof wrong.payload.code, number>(true);
  assert.deepEqual([wrong.payload.code, wrong.payload.msg], [402, "auth failed"]);
  const right = await client.auth({ key: "me", secret: "right" });
  if (right.message !== "success") assert.fail(right.message);
  assert.equal(right.payload.msg, "authenticated");

  const newer = unknown(client);
  const trade = next(client.trade);
  const quote = next(client.quote);
  const reply = await client.subscribe({ trades: ["AAPL"], quotes: ["MSFT"] });
  if (reply.message !== "subscription") assert.fail(reply.message);
  assert.deepEqual([reply.payload.trades, reply.payload.quotes], [["AAPL"], ["MSFT"]]);
  const { S, i, p, c } = await trade;
  same<typeof p, batches.Decimal>(true);
  assert.deepEqual([S, i, p, c], ["AAPL", 96921n, "126.5500", ["@", "I"]]);
  const { bp, ap } = await quote;
  assert.deepEqual([bp, ap], ["126.1", "126.90"]);
  assert.deepEqual(await newer, { T: "l", S: "AAPL", reason: "new in the next version" });
});

test("bare words beside JSON, from a contract that a client wrote", PATIENCE, async (t) => {
  const url = await foreign(t, "bare-text");
  const client = watched(t, bareText.connect({ url, WebSocket }));
  const pong = await client.ping();
  same<typeof pong, "pong">(true);
  assert.equal(pong, "pong");

  const tickers = next(client.tickers);
  const reply = await client.subscribe([{ channel: "tickers", instId: "BTC-USDT" }]);
  if (reply.message !== "subscribed") assert.fail(reply.message);
  assert.equal(reply.payload.connId, "a4d3ae55");
  const { arg, data } = await tickers;
  assert.equal(arg.instId, "BTC-USDT");
  assert.deepEqual(data, [{ instId: "BTC-USDT", last: "9999.9900", ts: "1597026383085" }]);
  const failure = await client.subscribe([{ channel: "tickers", instId: "BTCUSDT" }]);
  if (failure.message !== "failure") assert.fail(failure.message);
  assert.deepEqual(
    [failure.payload.code, failure.payload.msg],
    ["60018", "instId:BTCUSDT doesn't exist"],
  );
});

test("replies that are known by their requests", PATIENCE, async (t) => {
  const url = await foreign(t, "json-rpc");
  const client = watched(t, jsonRpc.connect({ url, WebSocket }));
  // Both wait at the same time, and neither reply says what it is.
  const [time, instrument, missing] = await Promise.all([
    client.getTime(),
    client.getInstrument({ instrument_name: "BTC-PERPETUAL" }),
    client.getInstrument({ instrument_name: "NONE" }),
  ]);
  if (time.message !== "time") assert.fail(time.message);
  same<typeof time.payload.result, bigint>(true);
  assert.equal(time.payload.result, 1550147385946n);
  if (instrument.message !== "instrument") assert.fail(instrument.message);
  same<typeof instrument.payload.tick_size, jsonRpc.Decimal>(true);
  assert.equal(instrument.payload.tick_size, "0.50");
  if (missing.message !== "failure") assert.fail(missing.message);
  assert.deepEqual([missing.payload.code, missing.payload.message], [13020, "not_found"]);

  const push = next(client.notification);
  const reply = await client.subscribe({ channels: ["ticker.BTC-PERPETUAL"] });
  if (reply.message !== "subscribed") assert.fail(reply.message);
  assert.deepEqual(reply.payload, ["ticker.BTC-PERPETUAL"]);
  const { channel, data } = await push;
  assert.equal(channel, "ticker.BTC-PERPETUAL");
  assert.equal(data.last_price, "9007199254740993.25");
});
