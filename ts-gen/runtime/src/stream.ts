/**
 * Payloads on their way to the consumer: to listeners as they come, to an async iterator at its own
 * pace.
 *
 * Bounded: a consumer that lags loses the oldest and is told how many. Knows no connection.
 */

import { call, type Off } from "./emitter.js";
import type { ContractError } from "./error.js";

/** How much a lagging consumer may have waiting, and what then gives way. */
export interface StreamOptions {
  /** Messages that wait at most; default 1 000. */
  readonly buffer?: number | undefined;
  /**
   * What gives way when the buffer is full: `drop-oldest` (default) the oldest message; `conflate`
   * all that waits, so that a consumer which fell behind goes on with the newest.
   */
  readonly overflow?: "drop-oldest" | "conflate" | undefined;
}

/** Why messages may be missing. */
export interface Gap {
  /** `reconnect`: the connection was away. `dropped`: the server left messages out. */
  readonly reason: "reconnect" | "dropped";
  /** When the gap began, in milliseconds since the Unix epoch; for `dropped`, when it was told. */
  readonly since: number;
}

/** One payload with what is known of its neighbourhood. */
export interface Delivery<Payload> {
  readonly payload: Payload;
  /** Set on the first payload after a place where messages may be missing. */
  readonly gap: Gap | undefined;
  /** How many payloads this consumer's own buffer dropped right before this one. */
  readonly dropped: number;
}

/** What a listener is handed: the payload, and the same with its neighbourhood. */
export type DeliveryListener<Payload> = (payload: Payload, delivery: Delivery<Payload>) => void;

type Taker<Payload> = {
  readonly resolve: (result: IteratorResult<Delivery<Payload>, undefined>) => void;
  readonly reject: (error: ContractError) => void;
};

/** The buffer, the listeners and the iterators of one consumer. */
export class Stream<Payload> {
  readonly #limit: number;
  readonly #conflate: boolean;
  readonly #listeners = new Set<DeliveryListener<Payload>>();
  readonly #takers: Taker<Payload>[] = [];
  #buffer: Delivery<Payload>[] = [];
  /** What was dropped from the front of the buffer and not yet told. */
  #lost: { gap: Gap | undefined; dropped: number } = { gap: undefined, dropped: 0 };
  #iterated = false;
  #handingOver = false;
  #end: { error: ContractError | undefined } | undefined;

  constructor(options: StreamOptions = {}) {
    this.#limit = Math.max(1, options.buffer ?? 1000);
    this.#conflate = options.overflow === "conflate";
  }

  push(payload: Payload, gap: Gap | undefined): void {
    if (this.#end !== undefined) return;
    const delivery: Delivery<Payload> = { payload, gap, dropped: 0 };
    const listening = this.#listeners.size > 0;
    if (this.#iterated || !listening || this.#handingOver) this.#keep(delivery);
    if (listening && !this.#handingOver) this.#tell(delivery);
  }

  /**
   * The first listener gets what came before it, unless an iterator does; it comes in a microtask
   * of its own, after `on` has returned.
   */
  on(listener: DeliveryListener<Payload>): Off {
    const entry: DeliveryListener<Payload> = (payload, delivery) => listener(payload, delivery);
    this.#listeners.add(entry);
    if (!this.#iterated && this.#buffer.length > 0 && !this.#handingOver) {
      this.#handingOver = true;
      void Promise.resolve().then(() => this.#handOver());
    }
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /**
   * No more will come. What waits is still handed out, then iterators finish, or throw the error.
   */
  end(error: ContractError | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    for (const taker of this.#takers.splice(0)) this.#finish(taker);
  }

  /** Forgets what waits: nobody will take it. */
  discard(): void {
    this.#buffer = [];
  }

  /** Iterators of one stream share its buffer: each payload goes to one of them. */
  iterate<Item>(
    pick: (delivery: Delivery<Payload>) => Item,
    left: () => void,
  ): AsyncIterableIterator<Item> {
    this.#iterated = true;
    const done: IteratorResult<Item> = { done: true, value: undefined };
    const iterator: AsyncIterableIterator<Item> = {
      next: async () => {
        const result = await this.#take();
        return result.done === true ? done : { done: false, value: pick(result.value) };
      },
      return: () => {
        left();
        return Promise.resolve(done);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #keep(delivery: Delivery<Payload>): void {
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value: delivery });
      return;
    }
    if (this.#buffer.length >= this.#limit) {
      for (const dropped of this.#buffer.splice(0, this.#conflate ? this.#buffer.length : 1)) {
        this.#lost = { gap: this.#lost.gap ?? dropped.gap, dropped: this.#lost.dropped + 1 };
      }
    }
    this.#buffer.push(delivery);
  }

  #shift(): Delivery<Payload> | undefined {
    const next = this.#buffer.shift();
    if (next === undefined || this.#lost.dropped === 0) return next;
    const { gap, dropped } = this.#lost;
    this.#lost = { gap: undefined, dropped: 0 };
    return { payload: next.payload, gap: gap ?? next.gap, dropped };
  }

  #take(): Promise<IteratorResult<Delivery<Payload>, undefined>> {
    return new Promise((resolve, reject) => {
      const next = this.#shift();
      if (next !== undefined) resolve({ done: false, value: next });
      else if (this.#end !== undefined) this.#finish({ resolve, reject });
      else this.#takers.push({ resolve, reject });
    });
  }

  /** One iterator is told the error; whoever asks again finds the stream over. */
  #finish(taker: Taker<Payload>): void {
    const error = this.#end?.error;
    if (error === undefined) {
      taker.resolve({ done: true, value: undefined });
    } else {
      this.#end = { error: undefined };
      taker.reject(error);
    }
  }

  #handOver(): void {
    while (!this.#iterated) {
      const next = this.#shift();
      if (next === undefined) break;
      this.#tell(next);
    }
    this.#handingOver = false;
  }

  #tell(delivery: Delivery<Payload>): void {
    for (const listener of [...this.#listeners]) call(() => listener(delivery.payload, delivery));
  }
}
