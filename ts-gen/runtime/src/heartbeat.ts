/**
 * Keeps an open connection alive, and finds out when it is dead.
 *
 * Two duties. A server may close a client from which it gets no message for a while (the plain
 * wire): then something harmless is sent in time. And a network may die without a word: after a
 * silence the server is asked for a sign of life, and only if none comes is the connection given
 * up, so that a quiet market is not taken for a dead one. Any frame is a sign of life. A page
 * cannot see WebSocket pings, nor send them.
 *
 * In: what was sent and received, time. Out: `probe` and `dead`. Knows no message.
 */

import { type Clock, Timer } from "./clock.js";

/** What the heartbeat needs. Durations are in milliseconds. */
export interface HeartbeatSettings {
  readonly clock: Clock;
  /** The silence after which the server is asked for a sign of life. */
  readonly silence: number;
  /** How long the sign may take. */
  readonly patience: number;
  /** Sends something that the server answers; says whether there was anything to send. */
  readonly probe: () => boolean;
  /** The connection is dead. */
  readonly dead: (why: string) => void;
}

export class Heartbeat {
  readonly #settings: HeartbeatSettings;
  readonly #beat: Timer;
  readonly #watch: Timer;
  #lastSent = 0;
  #lastReceived = 0;
  /** Frames since the beginning. */
  #heard = 0;
  #running = false;

  constructor(settings: HeartbeatSettings) {
    this.#settings = settings;
    this.#beat = new Timer(settings.clock, "heartbeat");
    this.#watch = new Timer(settings.clock, "silence");
  }

  /**
   * A connection is open. `demanded`: the server wants a message at least this often; undefined:
   * never.
   */
  start(demanded: number | undefined): void {
    this.#running = true;
    this.#lastSent = this.#lastReceived = this.#settings.clock.now();
    if (demanded !== undefined) this.#armBeat(beatInterval(demanded));
    this.#armWatch(this.#settings.silence);
  }

  stop(): void {
    this.#running = false;
    this.#beat.clear();
    this.#watch.clear();
  }

  sent(): void {
    this.#lastSent = this.#settings.clock.now();
  }

  received(): void {
    this.#lastReceived = this.#settings.clock.now();
    this.#heard += 1;
  }

  /** The page was hidden or frozen, or the network changed: don't wait for the silence to grow. */
  check(): void {
    if (this.#running) this.#ask();
  }

  #armBeat(interval: number): void {
    this.#beat.set(interval - this.#since(this.#lastSent), () => {
      // Whatever else was sent in the meantime did the same service.
      if (this.#since(this.#lastSent) >= interval && !this.#settings.probe())
        this.#lastSent = this.#settings.clock.now();
      this.#armBeat(interval);
    });
  }

  #armWatch(delay: number): void {
    this.#watch.set(delay, () => {
      const quiet = this.#since(this.#lastReceived);
      if (quiet < this.#settings.silence) this.#armWatch(this.#settings.silence - quiet);
      else this.#ask();
    });
  }

  /** Never negative: a clock that is set back must not lengthen a wait. */
  #since(time: number): number {
    return Math.max(0, this.#settings.clock.now() - time);
  }

  #ask(): void {
    const { patience, probe, dead, silence } = this.#settings;
    const heardBefore = this.#heard;
    if (!probe()) {
      this.#armWatch(silence);
      return;
    }
    this.#watch.set(patience, () => {
      if (this.#heard > heardBefore) this.#armWatch(silence);
      else dead(`no sign of life within ${patience} ms of asking for one`);
    });
  }
}

/**
 * A sixth before the deadline, at most 5 s: for the reference's 30 s this is the 25 s that it
 * advises.
 */
function beatInterval(demanded: number): number {
  return demanded - Math.min(5000, demanded / 6);
}
