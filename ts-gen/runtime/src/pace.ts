/**
 * Many things to do, so many at a time.
 *
 * A client with hundreds of subscriptions must not send them all in one burst after each reconnect,
 * or the server's rate limit ends the connection, and the next, and the next.
 */

import { type Clock, Timer } from "./clock.js";

/** How fast subscriptions are asked for. */
export interface Pace {
  /** How many at once. */
  readonly chunk: number;
  /** Milliseconds from one chunk to the next. */
  readonly interval: number;
}

/** A thousand a second: quick for a page, and far from what hurts a server. */
export const DEFAULT_PACE: Pace = { chunk: 100, interval: 100 };

/** A line of items that are let through at a pace. */
export class Pacer<Item> {
  readonly #pace: Pace;
  readonly #timer: Timer;
  readonly #letThrough: (item: Item) => void;
  readonly #line = new Set<Item>();
  /** How many may still pass before the timer rings. */
  #left: number;
  #ticking = false;

  constructor(pace: Pace, clock: Clock, letThrough: (item: Item) => void) {
    this.#pace = { ...pace, chunk: Math.max(1, pace.chunk) };
    this.#timer = new Timer(clock, "pace");
    this.#letThrough = letThrough;
    this.#left = this.#pace.chunk;
  }

  /** Lets the item through now, or when its turn comes. An item stands in line once. */
  add(item: Item): void {
    this.#line.add(item);
    this.#run();
  }

  delete(item: Item): void {
    this.#line.delete(item);
  }

  /**
   * Sends everybody home. The pace is kept: a connection that comes and goes is no reason to hurry.
   */
  clear(): void {
    this.#line.clear();
  }

  /** Ends the timer as well. */
  stop(): void {
    this.clear();
    this.#timer.clear();
    this.#ticking = false;
    this.#left = this.#pace.chunk;
  }

  #run(): void {
    for (const item of this.#line) {
      if (this.#left === 0) break;
      this.#line.delete(item);
      this.#left -= 1;
      this.#letThrough(item);
    }
    if (this.#left < this.#pace.chunk && !this.#ticking) {
      this.#ticking = true;
      this.#timer.set(this.#pace.interval, () => {
        this.#ticking = false;
        this.#left = this.#pace.chunk;
        this.#run();
      });
    }
  }
}
