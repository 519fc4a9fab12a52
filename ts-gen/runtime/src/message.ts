/**
 * Messages that come without a subscription: `client.serviceStatus`.
 */

import type { Incoming } from "./contract.js";
import { call, type Off } from "./emitter.js";
import type { ContractError } from "./error.js";
import { type Delivery, Stream, type StreamOptions } from "./stream.js";

/** All messages of one kind. */
export interface Messages<Payload> extends AsyncIterable<Payload> {
  on(listener: (payload: Payload) => void): Off;
  /**
   * A loop's payloads, with how many of them its own buffer dropped. Each loop has a buffer of its
   * own.
   */
  deliveries(options?: StreamOptions): AsyncIterableIterator<Delivery<Payload>>;
}

/** What the channel sees of it, whatever its payload. */
export interface MessageSink {
  push(message: Incoming): void;
  end(error: ContractError | undefined): void;
}

/** The inside of {@link Messages}. */
export class MessageClient<Payload> implements Messages<Payload>, MessageSink {
  readonly #read: (push: Incoming) => Payload;
  readonly #listeners = new Set<(payload: Payload) => void>();
  readonly #loops = new Set<Stream<Payload>>();

  constructor(read: (push: Incoming) => Payload) {
    this.#read = read;
  }

  on(listener: (payload: Payload) => void): Off {
    const entry = (payload: Payload): void => listener(payload);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Payload> {
    return this.#loop({}, ({ payload }) => payload);
  }

  deliveries(options: StreamOptions = {}): AsyncIterableIterator<Delivery<Payload>> {
    return this.#loop(options, (delivery) => delivery);
  }

  /** Reads the message once for all who want it. Throws if it breaks the contract. */
  push(message: Incoming): void {
    if (this.#listeners.size + this.#loops.size === 0) return;
    const payload = this.#read(message);
    for (const loop of this.#loops) loop.push(payload, undefined);
    for (const listener of [...this.#listeners]) call(() => listener(payload));
  }

  /** The client is closed: loops end. Listeners stay, in case that it is opened again. */
  end(error: ContractError | undefined): void {
    for (const loop of this.#loops) loop.end(error);
    this.#loops.clear();
  }

  #loop<Item>(
    options: StreamOptions,
    pick: (delivery: Delivery<Payload>) => Item,
  ): AsyncIterableIterator<Item> {
    const loop = new Stream<Payload>(options);
    this.#loops.add(loop);
    return loop.iterate(pick, () => {
      this.#loops.delete(loop);
      loop.discard();
      loop.end(undefined);
    });
  }
}
