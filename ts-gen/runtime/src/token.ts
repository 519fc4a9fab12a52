/**
 * Tokens: where they come from, and how the handshake carries them.
 *
 * A token never appears in a message of this runtime.
 */

import type { TokenPlace } from "./contract.js";

/** What a provider is told. */
export interface TokenRequest {
  /** The server did not take the last token, or it expired: a cached one will not do. */
  readonly refresh: boolean;
}

/**
 * A token, or what gets one before each attempt to connect. A provider answers `undefined` to
 * connect without (after a logout, say, when public topics go on). What it throws counts as a
 * failed attempt.
 */
export type TokenSource =
  | string
  | ((request: TokenRequest) => string | undefined | PromiseLike<string | undefined>);

/** Whether the source may give another token than last time. */
export function canRefresh(source: TokenSource | undefined): boolean {
  return typeof source === "function";
}

/** Asks the source. */
export function readToken(
  source: TokenSource | undefined,
  refresh: boolean,
): string | undefined | PromiseLike<string | undefined> {
  return typeof source === "function" ? source({ refresh }) : source;
}

/** Whether the value is yet to come. Not `instanceof`: some pages replace the global `Promise`. */
export function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value;
}

/** The query parameters and the subprotocol that carry a token. */
export function placeToken(
  token: string | undefined,
  place: TokenPlace | undefined,
): { readonly query: Readonly<Record<string, string>>; readonly protocol: string | undefined } {
  if (token === undefined || place === undefined) return { query: {}, protocol: undefined };
  return place.in === "query"
    ? { query: { [place.name]: token }, protocol: undefined }
    : { query: {}, protocol: place.prefix + token };
}
