/**
 * What a user may say when connecting. Every option has a default that suits a page; durations are
 * in milliseconds.
 */

import type { Backoff } from "./backoff.js";
import type { Clock } from "./clock.js";
import type { Close, Then } from "./close.js";
import type { Pace } from "./pace.js";
import type { WebSocketConstructor } from "./socket.js";
import type { TokenSource } from "./token.js";
import type { WakeSource } from "./wake.js";

/** Options of `connect`. */
export interface ConnectOptions {
  /**
   * Where the server is: `wss://api.example.com`, to which the channel's address is added, or the
   * whole URL of the endpoint. Default: the server that the page came from.
   */
  readonly url?: string | undefined;
  /** Values of the address's parameters. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Query parameters of the handshake. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /**
   * Names of the subprotocols to offer, of those that the contract declares; default: all. `[]`
   * makes this a plain client. A server that knows none of what is offered cannot be reached with
   * an offer: browsers, and `ws`, then fail the handshake.
   */
  readonly subprotocols?: readonly string[] | undefined;
  /** A token, or what gets one before each attempt to connect. */
  readonly token?: TokenSource | undefined;
  /** The class of the socket; default: the global `WebSocket`, which Node has from version 22. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** How long a request waits for its reply, the wait for a connection included; default 10 000. */
  readonly requestTimeout?: number | undefined;
  /** How long a token and a handshake may take, each; default 10 000. */
  readonly connectTimeout?: number | undefined;
  /** Bounds of the wait between attempts; default: 500 doubled up to 30 000, fully jittered. */
  readonly backoff?: Partial<Backoff> | undefined;
  /** How long a connection must stand before earlier failures are forgotten; default 5 000. */
  readonly stableAfter?: number | undefined;
  /**
   * Bytes that may wait for the connection, and again in the socket; default 1 MiB. More is
   * refused.
   */
  readonly queueBytes?: number | undefined;
  /** How fast subscriptions are asked for; default: 100 each 100 ms. */
  readonly pace?: Partial<Pace> | undefined;
  /** The silence after which the server is asked for a sign of life; default 45 000. */
  readonly silence?: number | undefined;
  /** How long that sign may take before the connection is given up; default 10 000. */
  readonly patience?: number | undefined;
  /** Overrides what follows a close; `undefined` leaves it to the contract. */
  readonly onClose?: ((close: Close) => Then | undefined) | undefined;
  /** Time, for tests. */
  readonly clock?: Clock | undefined;
  /** Random numbers of at least 0 and less than 1, for tests. */
  readonly random?: (() => number) | undefined;
  /** What says that the page came back to life; default: visibility, thaw and network events. */
  readonly wake?: WakeSource | undefined;
}
