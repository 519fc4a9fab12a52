/**
 * The life of a connection: when a socket is opened, when it is given up, and when another follows.
 *
 * In: the owner's wishes, what the socket does, time. Out: what it tells its
 * {@link ConnectionHost}. Knows close codes and subprotocols, but no message.
 *
 * ```text
 *            start                ready                  opened
 *   closed ────────► authorizing ───────► handshaking ──────────► open
 *     ▲                 ▲    │ lost            │ lost               │ lost
 *     │ refused, stop   │    └───────┐         │         ┌──────────┘
 *     │ (from any)      │            ▼         ▼         ▼
 *     └─────────────────┼────────────────── waiting
 *                       └───────────────────────┘
 *                              due, start
 * ```
 *
 * Three rules keep it honest. A transition is finished before anybody is told. Each socket has a
 * number, and what an older one still says is dropped. Each state has at most one timer, and
 * leaving the state clears it.
 */

import { type Backoff, backoffDelay } from "./backoff.js";
import { type Clock, Timer } from "./clock.js";
import {
  type Close,
  type CloseRule,
  describeClose,
  PLAIN_CLOSES,
  readClose,
  type Then,
} from "./close.js";
import type { Frame } from "./codec.js";
import type { Subprotocol } from "./contract.js";
import { ContractError } from "./error.js";
import type { WebSocketConstructor, WebSocketLike } from "./socket.js";
import { isPromise } from "./token.js";

/** The states of the drawing above. */
export type Stage = "closed" | "authorizing" | "handshaking" | "open" | "waiting";

/**
 * What moves it: `start` and `stop` are the owner's, `refused` says that there is no coming back.
 */
export type Move = "start" | "ready" | "opened" | "lost" | "refused" | "due" | "stop";

/** State × event → state. An event without an entry changes nothing. */
export const TRANSITIONS: Readonly<Record<Stage, Readonly<Partial<Record<Move, Stage>>>>> = {
  closed: { start: "authorizing" },
  authorizing: { ready: "handshaking", lost: "waiting", refused: "closed", stop: "closed" },
  handshaking: { opened: "open", lost: "waiting", refused: "closed", stop: "closed" },
  open: { lost: "waiting", refused: "closed", stop: "closed" },
  waiting: { due: "authorizing", start: "authorizing", stop: "closed" },
};

/** What users see of the state. */
export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

/** What goes with a change of the state. */
export interface StateChange {
  readonly state: ConnectionState;
  readonly previous: ConnectionState;
  /** How the last connection ended, if the server or the network ended it. */
  readonly close: Close | undefined;
  /** What failed: why there is no coming back, or why there was no token. */
  readonly error: ContractError | undefined;
  /** When the next attempt begins, in milliseconds from now; set while waiting. */
  readonly retryIn: number | undefined;
  /** Failures in a row since the connection was last stable. */
  readonly attempt: number;
}

/** What the connection needs. Durations are in milliseconds. */
export interface ConnectionSettings {
  /** Runs each timer as a turn of the host. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly webSocket: WebSocketConstructor;
  readonly subprotocols: readonly Subprotocol[];
  readonly closes: readonly CloseRule[];
  readonly backoff: Backoff;
  /** How long a token and a handshake may take, each. */
  readonly connectTimeout: number;
  /** How long a connection must have been open to count as a success. */
  readonly stableAfter: number;
  /**
   * Gets the URL and what is offered besides the subprotocols, with a new token if there is a
   * provider.
   */
  readonly authorize: (refresh: boolean) => Target | PromiseLike<Target>;
  /** Whether a new token can be had. */
  readonly canRefresh: boolean;
  /** The owner's own word on a close; undefined leaves it to the contract. */
  readonly decide: ((close: Close) => Then | undefined) | undefined;
}

/** Where a handshake goes. */
export interface Target {
  readonly url: string;
  /** A subprotocol that carries the token. */
  readonly tokenProtocol: string | undefined;
}

/** Who is told. Called inside the owner's turn, after the transition is finished. */
export interface ConnectionHost {
  /** Runs what comes from a socket or a promise as one turn. */
  turn(run: () => void): void;
  changed(change: StateChange): void;
  opened(subprotocol: Subprotocol | undefined): void;
  frame(frame: Frame): void;
  /** The connection went; another will follow. */
  lost(): void;
  /** The connection is closed for good; without an error if the owner closed it. */
  finished(error: ContractError | undefined): void;
}

/** What is known about a transition. */
interface Facts {
  readonly wait?: number;
  readonly close?: Close;
  readonly error?: ContractError | undefined;
}

export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #host: ConnectionHost;
  readonly #timer: Record<Exclude<Stage, "closed">, Timer>;
  #stage: Stage = "closed";
  /** Of the attempt at hand. Whatever carries a lower one is late and ignored. */
  #number = 0;
  #socket: WebSocketLike | undefined;
  #subprotocol: Subprotocol | undefined;
  /** Failures since the connection was last stable. */
  #attempt = 0;
  /** The next token must be a new one. */
  #refresh = false;
  /**
   * A new token was asked for since the connection was last stable: asking again would not help.
   */
  #refreshed = false;
  /** While waiting: the server named the wait, so that a waking page must not cut it short. */
  #waitIsTheirs = false;

  constructor(settings: ConnectionSettings, host: ConnectionHost) {
    this.#settings = settings;
    this.#host = host;
    this.#timer = {
      authorizing: new Timer(settings.clock, "token"),
      handshaking: new Timer(settings.clock, "handshake"),
      open: new Timer(settings.clock, "stable"),
      waiting: new Timer(settings.clock, "reconnect"),
    };
  }

  get stage(): Stage {
    return this.#stage;
  }

  get state(): ConnectionState {
    return visible(this.#stage);
  }

  /**
   * Whether the socket takes messages: not so when it is closing, though the connection still
   * counts as open.
   */
  get isWritable(): boolean {
    return this.#stage === "open" && this.#socket?.readyState === 1;
  }

  /** Bytes that the socket has been given and not yet sent. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Connects, or cuts a wait short. Has no effect where that is under way or done. */
  start(): void {
    if (this.#stage === "closed") this.#forget();
    this.#move("start", {});
  }

  /** Ends for good. */
  stop(): void {
    this.#move("stop", {});
  }

  /**
   * Gives the connection up and makes a new one at once, on request of the owner with a new token.
   */
  restart(refresh: boolean): void {
    this.#refresh ||= refresh;
    if (this.#stage === "closed" || this.#stage === "waiting") this.start();
    else this.#move("lost", { wait: 0 });
  }

  /** The page came back to life: don't sit out a wait of our own making. */
  wake(): void {
    if (this.#stage === "waiting" && !this.#waitIsTheirs) this.#move("due", {});
  }

  /**
   * The connection is open but dead; the close code that the network owes is 1006 (RFC 6455
   * §7.1.5).
   */
  giveUp(why: string): void {
    if (this.#stage === "open") this.#closed({ code: 1006, reason: why });
  }

  /** Hands a frame to the socket. Call it while {@link isWritable}. */
  send(frame: Frame): void {
    this.#socket?.send(frame);
  }

  /** The one place where the state changes. */
  #move(event: Move, { wait, close, error }: Facts): void {
    const from = this.#stage;
    const to = TRANSITIONS[from][event];
    if (to === undefined) return;

    if (from !== "closed") this.#timer[from].clear();
    if (to !== "open" && to !== "handshaking") this.#dropSocket();
    this.#stage = to;

    if (visible(from) !== visible(to)) {
      this.#host.changed({
        state: visible(to),
        previous: visible(from),
        close,
        error,
        retryIn: to === "waiting" ? wait : undefined,
        attempt: this.#attempt,
      });
    }
    if (to === "authorizing") this.#authorize();
    if (to === "open") this.#opened();
    if (to === "waiting") {
      this.#timer.waiting.set(wait ?? 0, () => this.#move("due", {}));
      this.#host.lost();
    }
    if (to === "closed") this.#host.finished(error);
  }

  #authorize(): void {
    const number = ++this.#number;
    const refresh = this.#refresh;
    this.#refresh = false;
    const failed = (thrown: unknown): void => {
      if (number !== this.#number || this.#stage !== "authorizing") return;
      // A wish that was not granted stays a wish.
      this.#refresh ||= refresh;
      const error = ContractError.from(thrown, "token", "no token");
      this.#closed({ code: 1006, reason: error.message, error });
    };
    this.#deadline("authorizing", "no token");
    let target: Target | PromiseLike<Target>;
    try {
      target = this.#settings.authorize(refresh);
    } catch (thrown) {
      failed(thrown);
      return;
    }
    if (!isPromise(target)) {
      this.#handshake(target);
      return;
    }
    target.then(
      (ready) =>
        this.#turn(() => {
          if (number === this.#number && this.#stage === "authorizing") this.#handshake(ready);
        }),
      (thrown: unknown) => this.#turn(() => failed(thrown)),
    );
  }

  #handshake(target: Target): void {
    this.#move("ready", {});
    const { webSocket: WebSocket, subprotocols } = this.#settings;
    const offered = subprotocols.map(({ name }) => name);
    if (target.tokenProtocol !== undefined) offered.push(target.tokenProtocol);
    let socket: WebSocketLike;
    try {
      // Without an offer the argument is left out: a header that is empty is not the same as none.
      socket = offered.length > 0 ? new WebSocket(target.url, offered) : new WebSocket(target.url);
    } catch (thrown) {
      // A URL or a subprotocol that the WebSocket refuses today it refuses tomorrow.
      const error = ContractError.from(thrown, "unsupported", "the WebSocket was not made");
      this.#move("refused", { error });
      return;
    }
    this.#listen(socket, this.#number);
    this.#deadline("handshaking", "no answer to the handshake");
  }

  #listen(socket: WebSocketLike, number: number): void {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const whenCurrent = (run: (event: unknown) => void) => (event: unknown) => {
      if (number === this.#number) this.#turn(() => run(event));
    };
    let why = "";
    socket.addEventListener(
      "open",
      whenCurrent(() => this.#move("opened", {})),
    );
    socket.addEventListener(
      "message",
      whenCurrent((event) => {
        const { data } = event as { data: string | ArrayBuffer };
        this.#host.frame(typeof data === "string" ? data : new Uint8Array(data));
      }),
    );
    // A close follows each error. Browsers say nothing more, Node's `ws` names the cause.
    socket.addEventListener("error", (event) => {
      why = (event as { message?: string }).message ?? "";
    });
    socket.addEventListener(
      "close",
      whenCurrent((event) => {
        const { code, reason } = event as { code: number; reason: string };
        this.#closed({ code, reason: reason === "" && code === 1006 ? why : reason });
      }),
    );
  }

  #opened(): void {
    const selected = this.#socket?.protocol;
    this.#subprotocol = this.#settings.subprotocols.find(({ name }) => name === selected);
    this.#timer.open.set(this.#settings.stableAfter, () => this.#forget());
    this.#host.opened(this.#subprotocol);
  }

  /**
   * Earlier failures are over: not on connecting, or a server that accepts and closes would be
   * hammered.
   */
  #forget(): void {
    this.#attempt = 0;
    this.#refreshed = false;
  }

  #deadline(stage: "authorizing" | "handshaking", what: string): void {
    const { connectTimeout } = this.#settings;
    this.#timer[stage].set(connectTimeout, () =>
      this.#closed({ code: 1006, reason: `${what} within ${connectTimeout} ms` }),
    );
  }

  /** The connection ended without the owner's doing: what now? */
  #closed({ code, reason, error }: { code: number; reason: string; error?: ContractError }): void {
    const declared = this.#stage === "open" && this.#subprotocol?.closes === "declared";
    const read = readClose(code, reason, declared ? this.#settings.closes : PLAIN_CLOSES);
    const close: Close = { ...read, then: this.#settings.decide?.(read) ?? read.then };
    switch (close.then) {
      case "stop":
        this.#refuse("stopped", close);
        break;
      case "refresh":
        if (this.#refreshed) {
          this.#refuse("token", close);
          break;
        }
        this.#refreshed = true;
        this.#refresh = true;
        // A provider makes a difference at once; without one something outside must (a cookie).
        this.#retry(this.#settings.canRefresh ? 0 : this.#backoff(), close, error);
        break;
      case "retry":
        // At once, but a server that accepts and closes is not hammered.
        this.#retry(this.#attempt === 0 ? 0 : this.#backoff(), close, error);
        break;
      case "back-off":
        this.#retry(this.#backoff(), close, error);
        break;
    }
  }

  #retry(own: number, close: Close, error: ContractError | undefined): void {
    this.#attempt += 1;
    this.#waitIsTheirs = close.retryAfter !== undefined;
    this.#move("lost", { wait: own + (close.retryAfter ?? 0), close, error });
  }

  #refuse(code: "stopped" | "token", close: Close): void {
    const why = code === "token" ? "the server refuses the new token too" : "the server ended it";
    const error = new ContractError(code, `${why}: ${describeClose(close)}`, { close });
    this.#move("refused", { close, error });
  }

  #backoff(): number {
    return backoffDelay(this.#attempt, this.#settings.backoff, this.#settings.random());
  }

  /** Lets go of the socket: it is closed in its own time, and what it still says is late. */
  #dropSocket(): void {
    this.#number += 1;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#subprotocol = undefined;
    try {
      socket?.close(1000);
    } catch {
      // It is closing by itself.
    }
  }

  #turn(run: () => void): void {
    this.#host.turn(run);
  }
}

function visible(stage: Stage): ConnectionState {
  return stage === "authorizing" || stage === "handshaking" ? "connecting" : stage;
}
