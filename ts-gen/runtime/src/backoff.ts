/**
 * How long to wait before the next attempt. Pure: the random number comes from outside.
 */

/** Bounds of the wait between two attempts. */
export interface Backoff {
  /** Upper bound of the first wait, in milliseconds. */
  readonly base: number;
  /** Upper bound of every wait, in milliseconds. */
  readonly max: number;
}

/**
 * Half a second, doubled up to half a minute: a blip is over before anybody notices, and a server
 * that is down for an hour hears from each client about four times a minute.
 */
export const DEFAULT_BACKOFF: Backoff = { base: 500, max: 30_000 };

/**
 * Exponential backoff with full jitter: a uniform choice between zero and the exponential bound,
 * which spreads clients that lost the same server best. Source:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt failures since the connection was last stable, counted from 0
 * @param random at least 0, less than 1
 */
export function backoffDelay(attempt: number, backoff: Backoff, random: number): number {
  return Math.round(random * Math.min(backoff.max, backoff.base * 2 ** attempt));
}
