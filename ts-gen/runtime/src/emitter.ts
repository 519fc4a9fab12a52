/**
 * Tells listeners, once the state is settled.
 *
 * Whatever changes the state queues what there is to tell, and the outermost call tells it at its
 * end. So a listener always sees a finished transition and may call anything, and what its calls
 * cause is told after it, in order.
 */

/** Takes a listener off again. Calling it twice is harmless. */
export type Off = () => void;

/** The events of an emitter: name → arguments of its listeners. */
type EventMap = Record<string, readonly unknown[]>;

/** Listeners by event, and the queue of what they have yet to be told. */
export class Emitter<Events extends EventMap> {
  readonly #listeners = new Map<keyof Events, Set<(...args: never) => void>>();
  readonly #queue: (() => void)[] = [];
  #depth = 0;

  on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): Off {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // An own function per call, so that one listener put on twice is taken off twice.
    const entry = (...args: Events[Event]): void => listener(...args);
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
    };
  }

  /** Whether telling would reach anybody. */
  has(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  /** Queues an event for the listeners that there are when its turn comes. */
  emit<Event extends keyof Events>(event: Event, ...args: Events[Event]): void {
    this.later(() => {
      for (const listener of [...(this.#listeners.get(event) ?? [])]) {
        call(() => (listener as (...args: Events[Event]) => void)(...args));
      }
    });
  }

  /** Queues a call into code that isn't ours. */
  later(run: () => void): void {
    this.#queue.push(run);
  }

  /**
   * Runs code that changes the state, then tells what it queued, unless a call further out will.
   */
  turn<Result>(run: () => Result): Result {
    this.#depth += 1;
    try {
      return run();
    } finally {
      if (this.#depth === 1) this.#tell();
      this.#depth -= 1;
    }
  }

  #tell(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
  }
}

/**
 * Calls a listener. What it throws is not ours to handle and must not break us: it surfaces where
 * the page or the process reports its own uncaught errors.
 */
export function call(listener: () => void): void {
  try {
    listener();
  } catch (thrown) {
    const { reportError } = globalThis as { reportError?: (error: unknown) => void };
    // Node has no `reportError`; there a rejection that nobody handles is the way.
    if (reportError === undefined) void Promise.reject(thrown);
    else reportError(thrown);
  }
}
