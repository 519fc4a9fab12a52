/**
 * Time that stands still until a test moves it.
 */

import type { Clock } from "./clock.js";

interface FakeTimer {
  readonly purpose: string;
  readonly due: number;
  readonly run: () => void;
}

/** Lets pending promise callbacks run, however many follow each other. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<FakeTimer>();

  now(): number {
    return this.#now;
  }

  after(purpose: string, milliseconds: number, run: () => void): () => void {
    const timer: FakeTimer = { purpose, due: this.#now + Math.max(0, milliseconds), run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Milliseconds until the next timer of that purpose; undefined if there is none. */
  untilNext(purpose: string): number | undefined {
    const due = [...this.#timers].filter((timer) => timer.purpose === purpose);
    return due.length === 0 ? undefined : Math.min(...due.map((timer) => timer.due)) - this.#now;
  }

  /** The purposes of the timers that are set, in the order of their times. */
  purposes(): string[] {
    return this.#inOrder().map(({ purpose }) => purpose);
  }

  /** Moves time on, running each timer at its time. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      await settled();
    }
    this.#now = end;
  }

  /**
   * Moves time on without running anything: the machine slept. Timers that came due run afterwards.
   */
  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    await this.advance(0);
  }

  /** Moves time on until the next timer of that purpose has run. */
  async runTo(purpose: string): Promise<void> {
    const wait = this.untilNext(purpose);
    if (wait === undefined) {
      throw new Error(`no timer for ${purpose}; there are ${this.purposes().join(", ") || "none"}`);
    }
    await this.advance(wait);
  }

  #inOrder(): FakeTimer[] {
    return [...this.#timers].sort((one, other) => one.due - other.due);
  }

  #next(end: number): FakeTimer | undefined {
    return this.#inOrder().find((timer) => timer.due <= end);
  }
}
