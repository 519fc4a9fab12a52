/**
 * A subscription as its owner holds it.
 *
 * It outlives connections: after each the topic is asked for again, and the owner is told where
 * messages may be missing. Several subscriptions to one topic share one on the wire; which that is,
 * and when it is asked for, is the business of `topic.ts`.
 */

import type { Clock } from "./clock.js";
import { call, type Off } from "./emitter.js";
import { ContractError } from "./error.js";
import type { AbortSignalLike } from "./request.js";
import {
  type Delivery,
  type DeliveryListener,
  type Gap,
  Stream,
  type StreamOptions,
} from "./stream.js";

/** Options of one subscription. */
export interface SubscribeOptions extends StreamOptions {
  /**
   * Ends the subscription if the server has not confirmed it by then, in milliseconds. Default: as
   * long as there is no connection it waits, and a server that is there is asked three times.
   */
  readonly timeout?: number | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * A subscription to one topic. Consume it in one of two ways:
 *
 * - `for await (const bar of subscription)`: at your own pace, through a bounded buffer. Leaving
 *   the loop closes the subscription. It throws when the server refuses or revokes it.
 * - `subscription.on((bar) => …)`: as messages come. The first listener also gets what came before
 *   it.
 */
export interface Subscription<Payload, Reply = unknown> extends AsyncIterable<Payload> {
  /** The topic's name. */
  readonly topic: string;
  /** `pending`: not yet, or not again, confirmed by the server. */
  readonly state: "pending" | "active" | "closed";
  /** The server's first confirmation. Rejects if there is none. */
  readonly ready: Promise<Reply>;
  on(listener: DeliveryListener<Payload>): Off;
  /** Messages may be missing from here on: told when the subscription stands again. */
  on(event: "gap", listener: (gap: Gap) => void): Off;
  /** The end, with the error unless the owner closed it. Told also to who asks after it. */
  on(event: "end", listener: (error: ContractError | undefined) => void): Off;
  /**
   * The payloads with what is known of gaps before them. Leaving the loop closes the subscription.
   */
  deliveries(): AsyncIterableIterator<Delivery<Payload>>;
  /** Ends it. The last subscription to a topic takes the topic off the server. */
  close(): void;
}

/** What a subscription needs of its client. */
export interface SubscriptionHost {
  readonly clock: Clock;
  turn<Result>(run: () => Result): Result;
  later(run: () => void): void;
}

/** The inside of a {@link Subscription}. */
export class Subscriber<Payload, Reply> implements Subscription<Payload, Reply> {
  readonly topic: string;
  readonly ready: Promise<Reply>;
  readonly #host: SubscriptionHost;
  readonly #leave: (subscriber: Subscriber<Payload, Reply>) => void;
  readonly #stream: Stream<Payload>;
  readonly #onGap = new Set<(gap: Gap) => void>();
  readonly #onEnd = new Set<(error: ContractError | undefined) => void>();
  readonly #stopWatching: () => void;
  #resolve!: (reply: Reply) => void;
  #reject!: (error: ContractError) => void;
  #state: "pending" | "active" | "closed" = "pending";
  #confirmed = false;
  /** Why it ended. */
  #error: ContractError | undefined;
  /** A gap that the next payload has yet to carry. */
  #gap: Gap | undefined;

  /** `leave` is told when this subscription ends by its owner's doing. */
  constructor(
    topic: string,
    options: SubscribeOptions,
    host: SubscriptionHost,
    leave: (subscriber: Subscriber<Payload, Reply>) => void,
  ) {
    this.topic = topic;
    this.#host = host;
    this.#leave = leave;
    this.#stream = new Stream(options);
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who does not ask for it must not get an unhandled rejection: the end is told in other ways
    // too.
    this.ready.catch(() => undefined);
    this.#stopWatching = this.#watch(options);
  }

  get state(): "pending" | "active" | "closed" {
    return this.#state;
  }

  on(listener: DeliveryListener<Payload>): Off;
  on(event: "gap", listener: (gap: Gap) => void): Off;
  on(event: "end", listener: (error: ContractError | undefined) => void): Off;
  on(
    ...args:
      | [DeliveryListener<Payload>]
      | ["gap", (gap: Gap) => void]
      | ["end", (error: ContractError | undefined) => void]
  ): Off {
    if (args[0] === "gap") return put(this.#onGap, args[1]);
    if (args[0] === "end") return this.#onceEnded(args[1]);
    return this.#stream.on(args[0]);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Payload> {
    return this.#stream.iterate(
      ({ payload }) => payload,
      () => this.close(),
    );
  }

  deliveries(): AsyncIterableIterator<Delivery<Payload>> {
    return this.#stream.iterate(
      (delivery) => delivery,
      () => this.close(),
    );
  }

  close(): void {
    this.#giveUp(undefined);
  }

  /** The server confirmed it, for the first time or again after `gap`. */
  confirm(reply: Reply, gap: Gap | undefined): void {
    if (this.#state === "closed") return;
    this.#state = "active";
    this.#resolve(reply);
    // Who came while the connection was away misses nothing that it ever had.
    if (gap !== undefined && this.#confirmed) this.interrupt(gap);
    this.#confirmed = true;
  }

  /** The connection went. */
  suspend(): void {
    if (this.#state === "active") this.#state = "pending";
  }

  /** Messages may be missing from here on. */
  interrupt(gap: Gap): void {
    this.#gap ??= gap;
    this.#tell(this.#onGap, gap);
  }

  push(payload: Payload): void {
    const gap = this.#gap;
    this.#gap = undefined;
    this.#stream.push(payload, gap);
  }

  /** Ends it, for everybody who waits on it. Has no effect on one that has ended. */
  end(error: ContractError | undefined): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#error = error;
    this.#stopWatching();
    this.#reject(
      error ?? new ContractError("closed", `the subscription to ${this.topic} was closed`),
    );
    this.#stream.end(error);
    this.#tell(this.#onEnd, error);
  }

  #onceEnded(listener: (error: ContractError | undefined) => void): Off {
    const off = put(this.#onEnd, listener);
    if (this.#state !== "closed") return off;
    off();
    let wanted = true;
    void Promise.resolve().then(() => {
      if (wanted) call(() => listener(this.#error));
    });
    return () => {
      wanted = false;
    };
  }

  #giveUp(error: ContractError | undefined): void {
    if (this.#state === "closed") return;
    this.#host.turn(() => {
      this.#stream.discard();
      this.end(error);
      this.#leave(this);
    });
  }

  #watch({ timeout, signal }: SubscribeOptions): () => void {
    const abort = (): void =>
      this.#giveUp(
        new ContractError("aborted", `the subscription to ${this.topic} was given up`, {
          cause: signal?.reason,
        }),
      );
    const late = (): void => {
      if (this.#state !== "pending") return;
      this.#giveUp(
        new ContractError("timeout", `${this.topic} was not confirmed within ${timeout} ms`),
      );
    };
    signal?.addEventListener("abort", abort);
    const cancel =
      timeout === undefined ? undefined : this.#host.clock.after("subscribe", timeout, late);
    void this.ready.then(cancel, () => undefined);
    return () => {
      signal?.removeEventListener("abort", abort);
      cancel?.();
    };
  }

  #tell<Argument>(listeners: Iterable<(argument: Argument) => void>, argument: Argument): void {
    this.#host.later(() => {
      for (const listener of [...listeners]) call(() => listener(argument));
    });
  }
}

/** Puts a listener on, each time as an own entry, and gives the way to take that one off. */
function put<Argument>(
  listeners: Set<(argument: Argument) => void>,
  listener: (argument: Argument) => void,
): Off {
  const entry = (argument: Argument): void => listener(argument);
  listeners.add(entry);
  return () => {
    listeners.delete(entry);
  };
}
