/**
 * The WebSocket that the runtime is given, seen through the little that it uses.
 *
 * The runtime brings none: browsers, workers, Deno, Bun and Node from version 22 have a global one,
 * for Node 20 pass the `WebSocket` class of the `ws` package.
 */

import { ContractError } from "./error.js";

/**
 * The part of a WebSocket that the runtime uses
 * (https://websockets.spec.whatwg.org/#the-websocket-interface).
 */
export interface WebSocketLike {
  binaryType: string;
  /** 1 while it takes messages. */
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** The selected subprotocol, or the empty text. */
  readonly protocol: string;
  /**
   * Takes text or a `Uint8Array`. Compilers from 5.7 on tell array buffers apart and older ones
   * can't, so that no narrower type fits the DOM's in both.
   */
  send(data: unknown): void;
  close(code?: number, reason?: string): void;
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: unknown) => void,
  ): void;
}

/** The class of a WebSocket. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** The class given, or the global one; a clear error where there is neither. */
export function findWebSocket(given: WebSocketConstructor | undefined): WebSocketConstructor {
  const found = given ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (found === undefined) {
    throw new ContractError(
      "unsupported",
      "there is no global WebSocket here (Node has one from version 22): pass one as the option `WebSocket`, such as that of the package `ws`",
    );
  }
  return found;
}
