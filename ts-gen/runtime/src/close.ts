/**
 * What a close means, and what a client does next.
 *
 * In: code and reason of a close, and the rules that hold on this connection. Out: a {@link Close}.
 * The server's twin is `runtime/src/close.rs`; a test compares the two tables. Knows no socket.
 */

/**
 * What a client does after a close:
 *
 * - `retry`: come back at once (or after the wait that the reason states).
 * - `refresh`: get a new token, come back at once; if that does not help, stop.
 * - `back-off`: come back after a growing, random delay (on top of the wait that the reason
 *   states).
 * - `stop`: don't come back.
 */
export type Then = "retry" | "refresh" | "back-off" | "stop";

/** One line of the contract's `x-close-codes`. */
export interface CloseRule {
  /** The situation's name, such as `heartbeat` or `token-expired`. */
  readonly situation: string;
  readonly code: number;
  /** How the reason begins. Tells apart situations that share a code. */
  readonly reason: string;
  readonly then: Then;
}

/** How a connection ended, and what that means. */
export interface Close {
  /** RFC 6455 §7.4; 1006 where the connection went without a close frame. */
  readonly code: number;
  /** The reason as the server wrote it, without the wait. */
  readonly reason: string;
  /** The contract's name for it; undefined for a code that the contract doesn't list. */
  readonly situation: string | undefined;
  readonly then: Then;
  /** The wait that the server asks for, in milliseconds (`; retry-after=<ms>` in the reason). */
  readonly retryAfter: number | undefined;
}

/**
 * Where a contract declares a subprotocol and says nothing else: the situations of `x-close-codes`
 * and their defaults.
 */
export const DEFAULT_CLOSES: readonly CloseRule[] = [
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
];

/**
 * What a server says to a client without a subprotocol: codes shared by several situations, told
 * apart by the reason. The first line that fits holds. The texts of 1003 are those of FastWS 0.1.7;
 * a 1008 that says nothing we know is most often about the token.
 */
export const PLAIN_CLOSES: readonly CloseRule[] = [
  { situation: "undecodable", code: 1003, reason: "Could not decode message", then: "stop" },
  { situation: "invalid", code: 1003, reason: "Could not validate payload", then: "stop" },
  { situation: "unknown-type", code: 1003, reason: "No matching type", then: "stop" },
  { situation: "heartbeat", code: 1003, reason: "Connection timed out.", then: "retry" },
  { situation: "origin", code: 1008, reason: "origin not allowed", then: "stop" },
  { situation: "overloaded", code: 1008, reason: "overloaded", then: "back-off" },
  { situation: "rate", code: 1008, reason: "rate limit exceeded", then: "back-off" },
  { situation: "slow", code: 1008, reason: "slow consumer", then: "back-off" },
  { situation: "token-bad", code: 1008, reason: "token not accepted", then: "refresh" },
  { situation: "token-expired", code: 1008, reason: "", then: "refresh" },
  { situation: "too-large", code: 1009, reason: "", then: "stop" },
  { situation: "shutdown", code: 1001, reason: "", then: "back-off" },
];

/**
 * The longest wait that a reason may ask for: an hour. A peer that asks for more is mistaken or
 * lies.
 */
const LONGEST_WAIT = 3_600_000;

const WAIT = /;\s*retry-after=(\d{1,15})\s*$/;

/** Says what a close means by `rules`, and by the range of its code where no rule names it. */
export function readClose(code: number, text: string, rules: readonly CloseRule[]): Close {
  const wait = WAIT.exec(text);
  const reason = wait === null ? text : text.slice(0, wait.index);
  const retryAfter = wait === null ? undefined : Math.min(Number(wait[1]), LONGEST_WAIT);
  const named = rules.filter((rule) => rule.code === code);
  const rule =
    named.find((candidate) => reason.startsWith(candidate.reason)) ??
    // A server may word a reason anew; where the code has one meaning only, the code is enough.
    (named.length === 1 ? named[0] : undefined);
  const then = rule?.then ?? byRange(code);
  return { code, reason, situation: rule?.situation, then, retryAfter };
}

/**
 * Codes that no rule names. 4000–4499 mean "come back", 4500–4999 "don't". Of the codes of RFC 6455
 * those stop that say that this client's frames are wrong: sending them again would not help. The
 * rest is the server's or the network's affair (1000 and 1001 too: the server went, not the user),
 * so come back later.
 */
function byRange(code: number): Then {
  if (code >= 4500 && code <= 4999) return "stop";
  return WRONG_FRAMES.has(code) ? "stop" : "back-off";
}

/** Protocol error, unsupported data, not UTF-8, policy violation, too big, extension missing. */
const WRONG_FRAMES: ReadonlySet<number> = /*@__PURE__*/ new Set([
  1002, 1003, 1007, 1008, 1009, 1010,
]);

/** A close in one phrase, for messages: `4500 (undecodable): not JSON`. */
export function describeClose(close: Close): string {
  const situation = close.situation === undefined ? "" : ` (${close.situation})`;
  return `${close.code}${situation}${close.reason === "" ? "" : `: ${close.reason}`}`;
}
