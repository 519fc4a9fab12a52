/**
 * The one error of the runtime. Its message begins with the code, because that is the part that a
 * developer console always shows.
 */

import type { Close } from "./close.js";

/**
 * What went wrong, by what one can do about it:
 *
 * - `aborted`: the caller's `AbortSignal` fired; its reason is the `cause`.
 * - `closed`: the owner closed the client or the subscription.
 * - `connection-lost`: the message was sent and the connection went before the reply came. Whether
 *   the server acted on it is not known, so it is not sent again.
 * - `invalid`: a value breaks the contract and was not sent, or was received and not delivered.
 * - `queue-full`: more bytes wait for the connection than `queueBytes` allows.
 * - `refused`: the server answered that it won't; the answer is in `reply`.
 * - `revoked`: the server withdrew a subscription.
 * - `stopped`: the server closed the connection in a way that forbids coming back; see `close`.
 * - `timeout`: no reply in time. Whether the server acted on the message is not known.
 * - `token`: there is no token that the server takes, or the token provider failed.
 * - `undecodable`: a frame could not be read; it is dropped and the connection stays.
 * - `unknown-reply`: the server answered with a message that the contract does not have; the frame is
 *   in `reply`.
 * - `unroutable`: a push carries no topic and could belong to several subscriptions.
 * - `unsupported`: this place has no WebSocket, or its WebSocket does not accept the URL.
 */
export type ErrorCode =
  | "aborted"
  | "closed"
  | "connection-lost"
  | "invalid"
  | "queue-full"
  | "refused"
  | "revoked"
  | "stopped"
  | "timeout"
  | "token"
  | "undecodable"
  | "unknown-reply"
  | "unroutable"
  | "unsupported";

/** A rule of the contract that a frame breaks. */
export interface Violation {
  /** Where: a JSON pointer (RFC 6901) into the frame. */
  readonly pointer: string;
  /** Which: the keyword of the schema, such as `minLength`. */
  readonly rule: string;
  /** What was expected, and what is there instead. */
  readonly detail: string;
}

/** What a {@link ContractError} may carry besides its code and sentence. */
export interface ErrorDetails {
  readonly cause?: unknown;
  readonly close?: Close | undefined;
  readonly reply?: unknown;
  readonly violation?: Violation | undefined;
}

/**
 * Every failure that this runtime reports, whether it rejects a promise or is told by
 * `on("error")`.
 */
export class ContractError extends Error {
  override readonly name: string = "ContractError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** How the server closed the connection, where that is the reason. */
  readonly close: Close | undefined;
  /** The server's answer, where that is the reason. */
  readonly reply: unknown;
  /** The rule that a frame breaks, where that is the reason; needs a generated validator. */
  readonly violation: Violation | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(`[${code}] ${message}`, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.close = details.close;
    this.reply = details.reply;
    this.violation = details.violation;
  }

  /** A frame breaks the contract: not sent, or not delivered as the message that it would be. */
  static broken(violation: Violation, message: string): ContractError {
    const { pointer, rule, detail } = violation;
    const place = pointer === "" ? "" : `${pointer}: `;
    return new ContractError("invalid", `${message}: ${place}${rule}: ${detail}`, { violation });
  }

  /**
   * Keeps a `ContractError` as it is, and makes anything else that was thrown the cause of a new
   * one.
   */
  static from(thrown: unknown, code: ErrorCode, doing: string): ContractError {
    if (thrown instanceof ContractError) return thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return new ContractError(code, `${doing}: ${why}`, { cause: thrown });
  }
}
