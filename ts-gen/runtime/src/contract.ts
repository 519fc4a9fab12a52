/**
 * What generated code says about a contract: the boundary between the generator and this runtime.
 *
 * Descriptors are data and small pure functions, so that a bundler drops what is not used. They
 * hold no state; one descriptor serves any number of clients. The runtime knows every contract only
 * through them.
 */

import type { CloseRule } from "./close.js";
import type { Codec, NumberPlan } from "./codec.js";
import type { Violation } from "./error.js";

/**
 * An alternative of a union that the contract does not list: what a newer server may send. `Tag` is
 * the property that tells the alternatives apart. Its value is the server's, and never `"%other"`:
 * that stands here so that a compiler can narrow the alternatives that are known. Compare with
 * those, and leave the rest to `default`.
 */
export type Unlisted<Tag extends string> = { [Name in Tag]: "%other" } & {
  [name: string]: unknown;
};

/** One channel: one WebSocket endpoint. */
export interface ChannelContract {
  /** The channel's key in the contract, for messages. */
  readonly name: string;
  /** The path of the endpoint; `{parameter}` stands for a value of `ConnectOptions.parameters`. */
  readonly address: string;
  /** The wire format where no subprotocol was selected. */
  readonly codec: Codec;
  /** `x-subprotocols`, in the order of preference in which they are offered. */
  readonly subprotocols: readonly Subprotocol[];
  /**
   * `x-close-codes`, what it leaves out filled from `DEFAULT_CLOSES`. Holds for subprotocols with
   * declared closes.
   */
  readonly closes: readonly CloseRule[];
  /** How an incoming frame is told apart. */
  readonly frames: FrameContract;
  /** Where the token travels, if the contract has a security scheme that a client can serve. */
  readonly token?: TokenPlace;
  /**
   * Without a subprotocol: the server closes when it gets no message for this long, in
   * milliseconds. Subprotocols with declared closes need nothing, because there the server pings.
   */
  readonly heartbeat?: number;
  /**
   * A harmless message that the server answers (`ping`), sent to keep the connection or to see
   * whether it lives. Where the contract has none, an existing subscription is asked for again.
   */
  readonly keepAlive?: () => unknown;
  /** `x-notices`: what the server says about subscriptions on its own account. */
  readonly notices?: Notices;
}

/** One entry of `x-subprotocols`. */
export interface Subprotocol {
  readonly name: string;
  readonly codec: Codec;
  /** Whether the server closes by the contract's table, or as it does for plain clients. */
  readonly closes: "declared" | "plain";
}

/** Where the handshake carries the token. A page can set no header, so these are the choices. */
export type TokenPlace =
  | { readonly in: "query"; readonly name: string }
  /** Offered as one more subprotocol, `prefix` + token. */
  | { readonly in: "subprotocol"; readonly prefix: string };

/**
 * The way to a part of a value: property names and array positions. A negative position counts from
 * the end. The empty path is the value itself.
 */
export type Path = readonly (string | number)[];

/**
 * Names the message that a value is, by its key in the contract; undefined for one that it does not
 * know.
 */
export type Tell = (value: unknown) => string | undefined;

/**
 * Checks a whole frame, as a codec reads it, against the contract: the first rule that it breaks,
 * if it breaks one.
 */
export type FrameCheck = (frame: unknown) => Violation | undefined;

/** How incoming frames are told apart, and where they keep what the runtime needs. */
export interface FrameContract {
  readonly tell: Tell;
  /** Where the payload is; default: the frame is the payload. */
  readonly payload?: Path;
  /** Where a reply carries the id of its request. */
  readonly id?: Path;
  /** Where a push carries the name of its topic. */
  readonly topic?: Path;
  /** Whether a frame may be an array of messages instead of one. */
  readonly batched?: boolean;
  /** Messages that differ from the above, by key. */
  readonly messages?: Readonly<Record<string, MessagePlaces>>;
}

/** Where one message keeps its parts, as far as it differs from its siblings. */
export interface MessagePlaces {
  readonly payload?: Path;
  readonly id?: Path;
  readonly topic?: Path;
  /** Exact numbers of the whole frame. */
  readonly numbers?: NumberPlan;
  /** A frame that breaks it is not delivered as this message. */
  readonly check?: FrameCheck;
}

/**
 * One message that came in. Generated code gives the union of those that the contract knows, so
 * that `switch (frame.message)` knows the payload's type.
 */
export interface Incoming<
  Message extends string | undefined = string | undefined,
  Payload = unknown,
> {
  /**
   * The message's key in the contract; undefined for a kind that this contract does not know, and
   * for a frame that breaks its schema, if there is a validator.
   */
  readonly message: Message;
  readonly payload: Payload;
  /** The topic's name as the frame carries it. */
  readonly topic: string | undefined;
  /** The request's id that the frame carries. */
  readonly id: string | number | undefined;
  /** The whole frame as a value, fields that the contract does not know included. */
  readonly raw: unknown;
}

/** A message that the client sends, with the reply that it gets, if any. */
export interface Operation<Request, Reply = undefined> {
  /** The operation's name on the wire, for messages. */
  readonly name: string;
  /**
   * The whole frame. `id` is new for each call; a correlated operation puts it where the contract's
   * correlation id is. May throw if the request breaks the contract.
   */
  readonly encode: (request: Request, id: number) => unknown;
  /** Exact numbers of the whole frame. */
  readonly numbers?: NumberPlan;
  /** A frame that breaks it is not sent. */
  readonly check?: FrameCheck;
  /** Absent for a message that is not answered. */
  readonly reply?: ReplyContract<Reply>;
}

/** How the reply to a request is found and read. */
export interface ReplyContract<Reply> {
  /**
   * Keys of the messages that can be the reply. With an id in the frame, that decides; without, a
   * reply belongs to the oldest open request that can have it.
   */
  readonly messages: readonly string[];
  /**
   * Names the reply where the frame alone does not (JSON-RPC): the request is known first, then the
   * message.
   */
  readonly tell?: Tell;
  /** May throw if the reply breaks the contract. */
  readonly read: (reply: Incoming) => Reply;
  /**
   * What a refusing reply says; undefined for a consenting one. Subscriptions ask; requests hand
   * out the reply.
   */
  refusal?(reply: Reply): string | undefined;
}

/** One family of topics: an entry of `x-topics`. */
export interface TopicFamily<Params, Payload, Reply = undefined> {
  /** The family's key in the contract, for messages. */
  readonly name: string;
  /** The topic's name. Two subscriptions to one name are one on the wire. */
  readonly toName: (params: Params) => string;
  readonly fromName: (name: string) => Params | undefined;
  /** Keys of the messages that are pushed on the topic. */
  readonly messages: readonly string[];
  /** May throw if the push breaks the contract. */
  readonly read: (push: Incoming) => Payload;
  /** Absent where the server subscribes on its own account. */
  readonly subscribe?: TopicOperation<Params, Reply>;
  readonly unsubscribe?: TopicOperation<Params, unknown>;
  /**
   * The topic's name as the server's reply states it, where it may differ from `toName` (private
   * topics).
   */
  readonly replyTopic?: (reply: Reply) => string | undefined;
  /** For pushes that don't carry their topic, but whose content names it. */
  readonly topicOf?: (push: Incoming) => string | undefined;
  /**
   * For pushes that name no topic: whether this one belongs to the subscription with these
   * parameters.
   */
  readonly matches?: (params: Params, payload: Payload) => boolean;
  /**
   * Whether the server hands a new subscriber the last value; a second local subscriber then gets
   * it too.
   */
  readonly lastValue?: boolean;
}

/** An operation whose request is made from topic parameters. See {@link fromTopic}. */
export type TopicOperation<Params, Reply> = Operation<Params, Reply>;

/** The operation with its request built from the parameters of a topic. */
export function fromTopic<Params, Request, Reply>(
  operation: Operation<Request, Reply>,
  request: (params: Params) => Request,
): TopicOperation<Params, Reply> {
  return { ...operation, encode: (params, id) => operation.encode(request(params), id) };
}

/** A message that is pushed without a subscription. */
export interface MessageContract<Payload> {
  /** The message's key in the contract. */
  readonly message: string;
  readonly read: (push: Incoming) => Payload;
}

/** Which declared message says that something happened to a subscription. */
export interface Notices {
  /** Messages were left out, because this client reads too slowly. */
  readonly dropped?: Notice;
  /** A subscription was withdrawn. */
  readonly revoked?: Notice;
}

/** One entry of `x-notices`. */
export interface Notice {
  /** The message's key in the contract. */
  readonly message: string;
  /** The topic that it is about; undefined: every topic of the connection. */
  readonly topic: (notice: Incoming) => string | undefined;
}
