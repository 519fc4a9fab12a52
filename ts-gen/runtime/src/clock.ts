/**
 * Where time comes from.
 *
 * In: nothing. Out: the present and timers, so that tests can own both. Knows no connection.
 */

/** A source of time. The runtime asks nothing else for the time of day or for a delay. */
export interface Clock {
  /**
   * Milliseconds since the Unix epoch. Time asleep counts, which is how a suspended laptop shows.
   */
  now(): number;
  /**
   * Runs `run` once after `milliseconds`; the answer cancels it. `purpose` says what the timer is
   * for (`reconnect`, `heartbeat`, …), for tests and for people who debug.
   */
  after(purpose: string, milliseconds: number, run: () => void): () => void;
}

/**
 * The longest delay that JavaScript's timers take (2^31 − 1 ms); a longer one would fire at once.
 */
const LONGEST_DELAY = 2_147_483_647;

// Named here, so that the runtime compiles without the types of a browser or of Node.
interface TimerHost {
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(_purpose, milliseconds, run) {
    const host = globalThis as unknown as TimerHost;
    const timer = host.setTimeout(run, Math.min(Math.max(milliseconds, 0), LONGEST_DELAY));
    return () => host.clearTimeout(timer);
  },
};

/** One timer of one purpose: setting it again replaces what was set before. */
export class Timer {
  readonly #clock: Clock;
  readonly #purpose: string;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, purpose: string) {
    this.#clock = clock;
    this.#purpose = purpose;
  }

  set(milliseconds: number, run: () => void): void {
    this.clear();
    this.#cancel = this.#clock.after(this.#purpose, milliseconds, () => {
      this.#cancel = undefined;
      run();
    });
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
