/**
 * The client runtime. The first block is for users; the second is for generated code, which is the
 * only code that needs it.
 */

// biome-ignore-all assist/source/organizeImports: two blocks, for two readers

export type { Backoff } from "./backoff.js";
export type { ClientEvents, ReconnectOptions } from "./channel.js";
export type { Clock } from "./clock.js";
export type { Close, Then } from "./close.js";
export { type Decimal, decimal } from "./codec.js";
export type { ConnectionState, StateChange } from "./connection.js";
export type { Incoming, Unlisted } from "./contract.js";
export type { Off } from "./emitter.js";
export { ContractError, type ErrorCode, type Violation } from "./error.js";
export type { Messages } from "./message.js";
export type { ConnectOptions } from "./options.js";
export type { Pace } from "./pace.js";
export type { RequestOptions } from "./request.js";
export type { WebSocketConstructor, WebSocketLike } from "./socket.js";
export type { Delivery, Gap, StreamOptions } from "./stream.js";
export type { SubscribeOptions, Subscription } from "./subscription.js";
export type { TokenRequest, TokenSource } from "./token.js";
export type { Topic } from "./topic.js";
export type { WakeSource } from "./wake.js";

// For generated code.
export { Client } from "./client.js";
export { type CloseRule, DEFAULT_CLOSES } from "./close.js";
export {
  bareText,
  bareWords,
  type Codec,
  type Frame,
  jsonText,
  type NumberPlan,
} from "./codec.js";
export {
  type ChannelContract,
  type FrameCheck,
  type FrameContract,
  fromTopic,
  type MessageContract,
  type Notices,
  type Operation,
  type Path,
  type Subprotocol,
  type Tell,
  type TopicFamily,
} from "./contract.js";
export { losslessJson } from "./lossless.js";
export { at, byShape, byTag, firstOf, has } from "./tell.js";
export { uuidOf } from "./uuid.js";
