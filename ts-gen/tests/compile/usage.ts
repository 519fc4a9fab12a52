// What users write against generated clients, and what must not compile. Compiled beside the clients by
// `tests/compile.rs`, never run.

import { connectRoom } from "./channels/index.js";
import { connect as connectOrders, type Place, type Placed } from "./enums/index.js";
import { connect as connectTrades, decimal } from "./numbers/index.js";
import { connect as connectFeed } from "./topics/index.js";
import {
  type Bar,
  type BarsTopic,
  connect,
  type Incoming,
  parseBarsTopic,
  servers,
  type TradingClient,
} from "./trading/index.js";
import type { Pair, Trailing } from "./tuples/index.js";
import type { Drawing, Shape, Unlisted } from "./unions/index.js";
import { connect as connectExchange } from "./whole/index.js";

/** Compiles only if both types are the same. */
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : never;
function same<One, Other>(_: Same<One, Other>): void {}

export async function trading(): Promise<void> {
  const client: TradingClient = connect({ url: servers.local });
  const subscription = client.bars.subscribe({ symbol: "AAPL", resolution: "5" });
  for await (const bar of subscription) same<typeof bar, Bar>(true);
  const confirmed = await subscription.ready;
  same<typeof confirmed.topic, string>(true);
  const reply = await client.barsSubscribe({ symbol: "AAPL", params: {} }, { timeout: 100 });
  // A status that the contract does not list yet is a text.
  same<typeof reply.status, "ok" | "error" | (string & {})>(true);
  same<ReturnType<typeof parseBarsTopic>, BarsTopic | undefined>(true);
  client.on("frame", (frame) => {
    switch (frame.message) {
      case "barsUpdate":
        same<typeof frame.payload, Bar>(true);
        break;
      case undefined:
        same<typeof frame, Incoming<undefined>>(true);
        break;
      default:
        same<typeof frame.message, "barsSubscribeResponse" | "barsUnsubscribeResponse">(true);
    }
  });

  // @ts-expect-error a resolution that the contract does not have
  client.bars.subscribe({ symbol: "AAPL", resolution: "2" });
  // @ts-expect-error a symbol is required
  client.bars.subscribe({});
  // @ts-expect-error an optional property is absent, not undefined
  client.bars.subscribe({ symbol: "AAPL", resolution: undefined });
  // @ts-expect-error not a property of the request
  void client.barsSubscribe({ symbol: "AAPL", topic: "x" });
  // @ts-expect-error what makes operations is not for users
  void client.channel;
}

export async function exchange(): Promise<void> {
  const client = connectExchange({ url: "wss://exchange.example" });
  // What is always the same, and the id, are written by the client.
  await client.ping();
  await client.settings();
  await client.settings({ depth: 10 });
  await client.traced({ header: { from: "me" }, body: "" });
  await client.list(["a"]);
  const reply = await client.subscribe(["XBT/EUR"]);
  if (reply.message === "failed") same<typeof reply.payload.why, string>(true);
  else same<typeof reply.payload.channel, string>(true);
  client.heartbeat.on((nothing) => same<typeof nothing, undefined>(true));

  // @ts-expect-error the client writes it
  await client.settings({ event: "settings" });
  // @ts-expect-error the client makes the id
  await client.traced({ header: { id: "1", from: "me" }, body: "" });
  // @ts-expect-error `settings` has no reply
  const none: object = await client.settings();
  void none;
}

export function feed(): void {
  const client = connectFeed({ url: "ws://localhost" });
  client.status.subscribe();
  client.orders.subscribe();
  client.alarms.subscribe({ regionCode: "us", level: 1 });
  client.orderBook.subscribe({ symbol: "AAPL" }).on((push) => {
    same<typeof push.message, "snapshot" | "delta">(true);
  });
  // @ts-expect-error no such region
  client.alarms.subscribe({ regionCode: "eu.east", level: 1 });
  // A topic whose request needs more than its name says is asked for by hand.
  void client.newsSubscribe({ reader: "me", section: "world" });
  client.news.on((nothing) => same<typeof nothing, undefined>(true));
}

export async function numbers(): Promise<void> {
  const client = connectTrades({ url: "ws://localhost" });
  const { orderId } = await client.order({ price: decimal("0.1000"), size: 1 });
  same<typeof orderId, bigint>(true);
  // @ts-expect-error any text is not a decimal
  await client.order({ price: "0.1000", size: 1 });
}

export function channels(): void {
  connectRoom({
    url: "wss://api.example.com",
    parameters: { room: "lobby" },
    query: { limit: "10", quiet: "true", order: "newest" },
  });
  // @ts-expect-error the room is required
  connectRoom({ url: "wss://api.example.com" });
  // @ts-expect-error no such language
  connectRoom({ parameters: { room: "lobby", language: "fr" } });
  // @ts-expect-error not a number
  connectRoom({ parameters: { room: "lobby" }, query: { limit: "many" } });
}

export function shapes(drawing: Drawing, shape: Shape, place: Place, placed: Placed): number {
  // What is sent is what the contract lists; what is received may be more.
  same<Place["side"], "buy" | "sell">(true);
  same<Placed["side"], "buy" | "sell" | (string & {})>(true);
  connectOrders({ url: "ws://localhost" }).place(place);
  void placed;
  same<Drawing["label"], string | null>(true);
  const pair: Pair = ["a", 1];
  const trailing: Trailing = [1];
  void pair;
  void trailing;
  // @ts-expect-error only some shapes have it
  void shape.radius;
  // @ts-expect-error an item is missing
  const short: Pair = ["a"];
  void short;
  void drawing;
  switch (shape.shape) {
    case "circle":
      return shape.radius;
    case "triangle":
    case "square":
      return shape.points.length;
    default:
      // A newer server may know more shapes than the contract.
      same<typeof shape, Unlisted<"shape">>(true);
      same<(typeof shape)["radius"], unknown>(true);
      return 0;
  }
}
