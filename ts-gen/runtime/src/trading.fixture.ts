// What ts-gen makes of the trading contract, written by hand: the model for the generator, and the
// client of these tests. Imports and header apart, it is meant to be reproduced to the letter.

import {
  byTag,
  type ChannelContract,
  Client,
  type ConnectOptions,
  fromTopic,
  type Incoming,
  jsonText,
  type Operation,
  type RequestOptions,
  type Topic,
  type TopicFamily,
} from "./index.js";

/** Width of a bar: minutes, or `D` (day), `W` (week), `M` (month). */
export type Resolution = "1" | "5" | "15" | "30" | "60" | "D" | "W" | "M";

/** Parameters of a subscription to bars. */
export interface SubscriptionParams {
  /** @defaultValue `"1"` */
  resolution?: Resolution;
}

/** Asks for the bars of a symbol. */
export interface BarsSubscriptionRequest {
  /** Ticker of the symbol, such as `AAPL`. */
  symbol: string;
  params?: SubscriptionParams;
}

/** The answer to a subscribe or unsubscribe request. */
export interface SubscriptionResponse {
  /** Whether the request was granted. */
  status: "ok" | "error" | (string & {});
  /** The symbol of the request. */
  symbol: string;
  /** What happened, for people. */
  message: string;
  /** Name of the topic. */
  topic: string;
}

/** One bar of a symbol and resolution. */
export interface Bar {
  /** Start of the bar in milliseconds since the Unix epoch. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Parameters of a topic `bars:{symbol}:{resolution}`. */
export interface BarsTopic {
  /** Ticker of the symbol, such as `AAPL`. */
  symbol: string;
  /** @defaultValue `"1"` */
  resolution?: Resolution;
}

/** The name of a topic: `bars:AAPL:1`. */
export function barsTopicName({ symbol, resolution = "1" }: BarsTopic): string {
  return `bars:${symbol}:${resolution}`;
}

/** The parameters in the name of a topic; undefined if it is not one of `bars`. */
export function parseBarsTopic(name: string): BarsTopic | undefined {
  const match = /^bars:(.+):([^:]+)$/s.exec(name);
  return match === null
    ? undefined
    : { symbol: match[1] as string, resolution: match[2] as Resolution };
}

/** What you get from the server. */
export type TradingIncoming =
  | Incoming<"barsUpdate", Bar>
  | Incoming<"barsSubscribeResponse", SubscriptionResponse>
  | Incoming<"barsUnsubscribeResponse", SubscriptionResponse>
  | Incoming<undefined>;

const trading: ChannelContract = {
  name: "trading",
  address: "/api/v1/ws",
  codec: jsonText,
  subprotocols: [{ name: "trading.v1", codec: jsonText, closes: "declared" }],
  closes: [
    { situation: "undecodable", code: 4500, reason: "could not decode message", then: "stop" },
    { situation: "invalid", code: 4501, reason: "could not validate payload", then: "stop" },
    { situation: "unknown-type", code: 4502, reason: "no matching type", then: "stop" },
    { situation: "heartbeat", code: 4000, reason: "heartbeat missed", then: "retry" },
    { situation: "lifespan", code: 4001, reason: "connection lifespan reached", then: "retry" },
    { situation: "token-expired", code: 4200, reason: "token expired", then: "refresh" },
    { situation: "token-bad", code: 4201, reason: "token not accepted", then: "refresh" },
    { situation: "origin", code: 4503, reason: "origin not allowed", then: "stop" },
    { situation: "overloaded", code: 4101, reason: "overloaded", then: "back-off" },
    { situation: "rate", code: 4102, reason: "rate limit exceeded", then: "back-off" },
    { situation: "too-large", code: 1009, reason: "message too large", then: "stop" },
    { situation: "shutdown", code: 1012, reason: "service restart", then: "retry" },
    { situation: "slow", code: 4100, reason: "slow consumer", then: "back-off" },
  ],
  frames: {
    tell: /*@__PURE__*/ byTag(["type"], {
      "bars.update": "barsUpdate",
      "bars.subscribe.response": "barsSubscribeResponse",
      "bars.unsubscribe.response": "barsUnsubscribeResponse",
    }),
    payload: ["payload"],
    id: ["id"],
    topic: ["topic"],
  },
  heartbeat: 30_000,
  token: { in: "query", name: "token" },
};

const barsSubscribe: Operation<BarsSubscriptionRequest, SubscriptionResponse> = {
  name: "bars.subscribe",
  encode: (payload, id) => ({ type: "bars.subscribe", id, payload }),
  reply: {
    messages: ["barsSubscribeResponse"],
    read: ({ payload }) => payload as SubscriptionResponse,
    refusal: (reply) => (reply.status === "error" ? reply.message : undefined),
  },
};

const barsUnsubscribe: Operation<BarsSubscriptionRequest, SubscriptionResponse> = {
  name: "bars.unsubscribe",
  encode: (payload, id) => ({ type: "bars.unsubscribe", id, payload }),
  reply: {
    messages: ["barsUnsubscribeResponse"],
    read: ({ payload }) => payload as SubscriptionResponse,
    refusal: (reply) => (reply.status === "error" ? reply.message : undefined),
  },
};

const barsRequest = ({ symbol, resolution }: BarsTopic): BarsSubscriptionRequest => ({
  symbol,
  params: resolution === undefined ? {} : { resolution },
});

const bars: TopicFamily<BarsTopic, Bar, SubscriptionResponse> = {
  name: "bars",
  toName: barsTopicName,
  fromName: parseBarsTopic,
  messages: ["barsUpdate"],
  read: ({ payload }) => payload as Bar,
  subscribe: /*@__PURE__*/ fromTopic(barsSubscribe, barsRequest),
  unsubscribe: /*@__PURE__*/ fromTopic(barsUnsubscribe, barsRequest),
  replyTopic: (reply) => reply.topic,
};

/** A connection to `/api/v1/ws`. */
export class TradingClient extends Client<TradingIncoming> {
  /** Bars of a symbol and resolution: you get a {@link Bar} for each `bars.update`. */
  readonly bars: Topic<BarsTopic, Bar, SubscriptionResponse> = this.channel.topic(bars);

  constructor(options: ConnectOptions) {
    super(trading, options);
  }

  /** You send `bars.subscribe`, you get `bars.subscribe.response`. */
  barsSubscribe(
    request: BarsSubscriptionRequest,
    options?: RequestOptions,
  ): Promise<SubscriptionResponse> {
    return this.channel.request(barsSubscribe, request, options);
  }

  /** You send `bars.unsubscribe`, you get `bars.unsubscribe.response`. */
  barsUnsubscribe(
    request: BarsSubscriptionRequest,
    options?: RequestOptions,
  ): Promise<SubscriptionResponse> {
    return this.channel.request(barsUnsubscribe, request, options);
  }
}

/** Connects to the trading API at once, and again whenever the connection is lost. */
export function connect(options: ConnectOptions = {}): TradingClient {
  return new TradingClient(options);
}
