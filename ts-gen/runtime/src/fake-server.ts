/**
 * A scripted server in the process: it sees every socket that a client makes, and says what the
 * test says.
 */

import type { Frame } from "./codec.js";
import { settled } from "./fake-clock.js";
import type { WebSocketConstructor, WebSocketLike } from "./socket.js";

type EventName = "open" | "message" | "close" | "error";

/** A frame of the envelope wire, as tests look at it. */
export interface Envelope {
  readonly type: string;
  readonly id?: number;
  readonly payload?: {
    readonly symbol?: string;
    readonly params?: { readonly resolution?: string };
  };
}

/** The socket of one attempt, both ends of it. */
export class FakeSocket implements WebSocketLike {
  readonly url: string;
  readonly offered: readonly string[] | undefined;
  /** Whatever the client sent, in order. */
  readonly sent: Frame[] = [];
  /** Whether the client closed it. */
  closed = false;
  binaryType = "blob";
  readyState = 0;
  bufferedAmount = 0;
  protocol = "";
  readonly #listeners: { type: EventName; listener: (event: unknown) => void }[] = [];
  readonly #heard: (socket: FakeSocket, frame: Frame) => void;

  constructor(
    url: string,
    offered: readonly string[] | undefined,
    heard: (socket: FakeSocket, frame: Frame) => void,
  ) {
    this.url = url;
    this.offered = offered;
    this.#heard = heard;
  }

  addEventListener(type: EventName, listener: (event: unknown) => void): void {
    this.#listeners.push({ type, listener });
  }

  send(data: Frame): void {
    if (this.readyState !== 1) throw new Error("the socket is not open");
    this.sent.push(data);
    this.#heard(this, data);
  }

  close(): void {
    this.closed = true;
    this.readyState = 2;
  }

  /** Tells the client. */
  event(type: EventName, event: object = {}): void {
    for (const entry of this.#listeners) if (entry.type === type) entry.listener(event);
  }
}

export class FakeServer {
  /** The sockets of all attempts, oldest first. */
  readonly sockets: FakeSocket[] = [];
  /** Answers subscribe and unsubscribe requests as the trading server does. */
  answering = true;
  /** Symbols that are refused. */
  readonly refusing: Set<string> = new Set();
  /** Whether replies carry the id of their request, and pushes their topic. */
  echoing = true;
  readonly #topics = new Map<FakeSocket, Set<string>>();

  /** The class to hand to a client. */
  get WebSocket(): WebSocketConstructor {
    const server = this;
    return class extends FakeSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols, (socket, frame) => server.#heard(socket, frame));
        server.sockets.push(this);
      }
    };
  }

  /** The socket of the last attempt. */
  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("no client has come");
    return last;
  }

  /** Accepts the last attempt, with the first subprotocol offered unless another is named. */
  async accept(protocol?: string): Promise<void> {
    await settled();
    this.socket.protocol = protocol ?? this.socket.offered?.[0] ?? "";
    this.socket.readyState = 1;
    this.#topics.set(this.socket, new Set());
    this.socket.event("open");
    await settled();
  }

  /** Fails the handshake, or cuts the line: a page hears no more than this. */
  async drop(): Promise<void> {
    await this.close(1006, "");
  }

  /** Closes the last socket. */
  async close(code: number, reason = ""): Promise<void> {
    this.socket.readyState = 3;
    if (code === 1006) this.socket.event("error");
    this.socket.event("close", { code, reason });
    await settled();
  }

  /** Sends a frame as it is. */
  async frame(data: string | ArrayBuffer): Promise<void> {
    this.socket.event("message", { data });
    await settled();
  }

  /** Sends a value as JSON. */
  async say(value: unknown): Promise<void> {
    await this.frame(JSON.stringify(value));
  }

  /** Pushes a bar whose closing price is `close`. */
  async bar(topic: string, close: number): Promise<void> {
    const payload = { time: 0, open: 1, high: 1, low: 1, close, volume: 1 };
    await this.say({ type: "bars.update", ...(this.echoing ? { topic } : {}), payload });
  }

  /** What the client sent on the last socket. */
  received(): Envelope[] {
    return this.socket.sent.map((frame) => JSON.parse(String(frame)));
  }

  /** What is subscribed on the last socket. */
  topics(): string[] {
    return [...(this.#topics.get(this.socket) ?? [])];
  }

  #heard(socket: FakeSocket, frame: Frame): void {
    if (!this.answering || typeof frame !== "string") return;
    const { type, id, payload }: Envelope = JSON.parse(frame);
    if (type !== "bars.subscribe" && type !== "bars.unsubscribe") return;
    const symbol = payload?.symbol ?? "";
    const topic = `bars:${symbol}:${payload?.params?.resolution ?? "1"}`;
    const refused = this.refusing.has(symbol);
    if (!refused && type === "bars.subscribe") this.#topics.get(socket)?.add(topic);
    if (type === "bars.unsubscribe") this.#topics.get(socket)?.delete(topic);
    const did = type === "bars.subscribe" ? "Subscribed to" : "Unsubscribed from";
    const reply = {
      type: `${type}.response`,
      ...(this.echoing ? { id } : {}),
      payload: {
        status: refused ? "error" : "ok",
        symbol,
        message: refused ? `no such symbol: ${symbol}` : `${did} ${symbol}`,
        topic,
      },
    };
    // Never in the midst of a `send`, as on a real socket.
    queueMicrotask(() => {
      if (socket.readyState === 1) socket.event("message", { data: JSON.stringify(reply) });
    });
  }
}
