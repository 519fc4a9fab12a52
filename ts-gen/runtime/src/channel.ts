/**
 * One channel, put together: what generated clients stand on.
 *
 * In: a contract and options. Out: requests, topics, messages and events. This file connects the
 * parts, and decides nothing that one of them could decide.
 */

import { DEFAULT_BACKOFF } from "./backoff.js";
import { type Clock, systemClock } from "./clock.js";
import type { Close, Then } from "./close.js";
import type { Codec, Frame } from "./codec.js";
import {
  Connection,
  type ConnectionHost,
  type ConnectionState,
  type StateChange,
  type Target,
} from "./connection.js";
import type {
  ChannelContract,
  Incoming,
  MessageContract,
  Operation,
  Subprotocol,
  TopicFamily,
} from "./contract.js";
import { call, Emitter, type Off } from "./emitter.js";
import { endpointUrl } from "./endpoint.js";
import { ContractError, type Violation } from "./error.js";
import { Heartbeat } from "./heartbeat.js";
import type { TopicHost, WireTopic } from "./live-topic.js";
import { MessageClient, type MessageSink, type Messages } from "./message.js";
import type { ConnectOptions } from "./options.js";
import { Outbox, type Wire } from "./outbox.js";
import { DEFAULT_PACE, Pacer } from "./pace.js";
import { type RequestOptions, Requests } from "./request.js";
import { findWebSocket } from "./socket.js";
import { type Received, received } from "./tell.js";
import { canRefresh, isPromise, placeToken, readToken } from "./token.js";
import { type Topic, TopicClient, Topics } from "./topic.js";
import { pageWake } from "./wake.js";

/** What a client tells on its own account: event → arguments of its listeners. */
export type ClientEvents<Message extends Incoming = Incoming> = {
  /** The state of the connection changed. */
  readonly state: readonly [state: ConnectionState, change: StateChange];
  /** Any message that came in, of kinds that the contract doesn't know too. */
  readonly frame: readonly [message: Message];
  /**
   * A failure that no promise stands for: a frame that can't be read, a subscription that was
   * refused.
   */
  readonly error: readonly [error: ContractError];
};

/** How to reconnect. */
export interface ReconnectOptions {
  /** Ask the token provider for a new token: after a login or a logout. */
  readonly refresh?: boolean | undefined;
}

export class Channel<Message extends Incoming = Incoming> {
  readonly #contract: ChannelContract;
  readonly #options: ConnectOptions;
  readonly #events = new Emitter<ClientEvents<Message>>();
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #requests: Requests;
  readonly #topics = new Topics();
  readonly #topicHost: TopicHost;
  readonly #pacer: Pacer<WireTopic>;
  readonly #heartbeat: Heartbeat;
  readonly #messages = new Map<string, MessageSink[]>();
  /** What the open connection selected. */
  #subprotocol: Subprotocol | undefined;
  #ended: ContractError | undefined;
  #stopWaking: (() => void) | undefined;
  #toldAmbiguous = false;

  /** Connects at once. Throws where that can never work: no WebSocket, no usable URL. */
  constructor(contract: ChannelContract, options: ConnectOptions) {
    this.#contract = contract;
    this.#options = options;
    const clock = this.#turningClock(options.clock ?? systemClock);
    const offered = offer(contract.subprotocols, options.subprotocols);
    // What is wrong with the URL now would be wrong with each attempt.
    this.#target(undefined);

    this.#connection = new Connection(
      {
        clock,
        random: options.random ?? Math.random,
        webSocket: findWebSocket(options.WebSocket),
        subprotocols: offered,
        closes: contract.closes,
        backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
        connectTimeout: options.connectTimeout ?? 10_000,
        stableAfter: options.stableAfter ?? 5_000,
        authorize: (refresh) => this.#authorize(refresh),
        canRefresh: canRefresh(options.token),
        decide: (close) => this.#decide(close),
      },
      this.#host(),
    );
    this.#outbox = new Outbox(options.queueBytes ?? 1_048_576, this.#wire(offered[0]?.codec));
    this.#requests = new Requests(this.#outbox, clock, options.requestTimeout ?? 10_000);
    this.#pacer = new Pacer<WireTopic>({ ...DEFAULT_PACE, ...options.pace }, clock, (topic) => {
      if (this.#connection.isWritable) topic.ask();
    });
    this.#heartbeat = new Heartbeat({
      clock,
      silence: options.silence ?? 45_000,
      patience: options.patience ?? 10_000,
      probe: () => this.#probe(),
      dead: (why) => this.#connection.giveUp(why),
    });
    this.#topicHost = {
      clock,
      turn: (run) => this.#events.turn(run),
      later: (run) => this.#events.later(run),
      requests: this.#requests,
      pacer: this.#pacer,
      isWritable: () => this.#connection.isWritable,
      ended: () => this.#ended,
      report: (error) => this.#report(error),
    };

    this.#connection.start();
    // Told in a turn of its own, so that listeners who are put on after `connect` hear of it.
    void Promise.resolve().then(() => this.#events.turn(() => undefined));
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  on<Event extends keyof ClientEvents<Message>>(
    event: Event,
    listener: (...args: ClientEvents<Message>[Event]) => void,
  ): Off {
    return this.#events.on(event, listener);
  }

  /** Sends a request and promises its reply. */
  request<Request, Reply>(
    operation: Operation<Request, Reply>,
    request: Request,
    options: RequestOptions = {},
  ): Promise<Reply> {
    return this.#events.turn(() => this.#requests.call(operation, request, options));
  }

  /**
   * Sends a message that is not answered, and promises that the socket has it. Who ignores the
   * promise gets no unhandled rejection.
   */
  send<Payload>(
    operation: Operation<Payload>,
    payload: Payload,
    options: RequestOptions = {},
  ): Promise<void> {
    const sent: Promise<void> = this.request(operation, payload, options);
    sent.catch(() => undefined);
    return sent;
  }

  topic<Params, Payload, Reply>(
    family: TopicFamily<Params, Payload, Reply>,
  ): Topic<Params, Payload, Reply> {
    return new TopicClient(family, this.#topicHost, this.#topics);
  }

  messages<Payload>({ message, read }: MessageContract<Payload>): Messages<Payload> {
    const client = new MessageClient(read);
    this.#messages.set(message, [...(this.#messages.get(message) ?? []), client]);
    return client;
  }

  reconnect({ refresh = false }: ReconnectOptions = {}): void {
    this.#events.turn(() => {
      this.#ended = undefined;
      this.#connection.restart(refresh);
    });
  }

  close(): void {
    this.#events.turn(() => this.#connection.stop());
  }

  get #isOpen(): boolean {
    return this.#connection.stage === "open";
  }

  #host(): ConnectionHost {
    return {
      turn: (run) => this.#events.turn(run),
      changed: (change) => this.#changed(change),
      opened: (subprotocol) => this.#opened(subprotocol),
      frame: (frame) => this.#frame(frame),
      lost: () => this.#lost(),
      finished: (error) => this.#finished(error),
    };
  }

  #wire(expected: Codec | undefined): Wire {
    const channel = this;
    return {
      get codec() {
        return channel.#isOpen ? channel.#codec : (expected ?? channel.#contract.codec);
      },
      get isWritable() {
        return channel.#connection.isWritable;
      },
      get bufferedAmount() {
        return channel.#connection.bufferedAmount;
      },
      get ended() {
        return channel.#ended;
      },
      write(frame) {
        channel.#connection.send(frame);
        channel.#heartbeat.sent();
      },
    };
  }

  get #codec(): Codec {
    return (this.#subprotocol ?? this.#contract).codec;
  }

  #changed(change: StateChange): void {
    if (change.previous === "closed") {
      this.#stopWaking = (this.#options.wake ?? pageWake)(() =>
        this.#events.turn(() => {
          this.#connection.wake();
          this.#heartbeat.check();
        }),
      );
    }
    this.#events.emit("state", change.state, change);
  }

  #opened(subprotocol: Subprotocol | undefined): void {
    this.#subprotocol = subprotocol;
    this.#toldAmbiguous = false;
    const serverPings = subprotocol?.closes === "declared";
    this.#heartbeat.start(serverPings ? undefined : this.#contract.heartbeat);
    for (const topic of this.#topics.all) this.#pacer.add(topic);
    this.#outbox.flush();
  }

  #lost(): void {
    this.#heartbeat.stop();
    this.#pacer.clear();
    for (const topic of this.#topics.all) topic.suspend();
    this.#requests.lost();
  }

  #finished(error: ContractError | undefined): void {
    const why = error ?? new ContractError("closed", "the client was closed");
    this.#ended = why;
    this.#stopWaking?.();
    this.#heartbeat.stop();
    this.#pacer.stop();
    for (const topic of this.#topics.all) topic.fail(error);
    this.#requests.end(why);
    for (const clients of this.#messages.values()) for (const client of clients) client.end(error);
  }

  #frame(frame: Frame): void {
    this.#heartbeat.received();
    let messages: readonly Received[];
    try {
      const codec = this.#codec;
      messages = received(codec.decode(frame), this.#contract.frames, codec, (value, id) =>
        this.#requests.tell(value, id),
      );
    } catch (thrown) {
      this.#report(ContractError.from(thrown, "undecodable", "a frame was dropped"));
      return;
    }
    for (const { incoming, broken } of messages) {
      // A listener may have ended the connection in the middle of a batch.
      if (!this.#isOpen) return;
      // The generated type names the messages that `tell` can name; the rest is
      // `Incoming<undefined>`.
      if (this.#events.has("frame")) this.#events.emit("frame", incoming as Message);
      if (broken === undefined) this.#dispatch(incoming);
      else this.#refuse({ ...incoming, message: broken.message }, broken.violation);
    }
  }

  /** A frame breaks its schema: whoever waits for it is told, or else everybody. */
  #refuse(message: Incoming<string>, violation: Violation): void {
    const error = ContractError.broken(violation, message.message);
    if (!this.#requests.refuse(message, error)) this.#report(error);
  }

  #dispatch(message: Incoming): void {
    try {
      if (this.#requests.accept(message) || this.#requests.acceptUnknown(message)) return;
      this.#notice(message);
      if (this.#topics.deliver(message) === "ambiguous") this.#tellAmbiguous(message);
      const sinks = message.message === undefined ? [] : this.#messages.get(message.message);
      for (const sink of sinks ?? []) sink.push(message);
    } catch (thrown) {
      // Generated code reads what a server may have got wrong. Listeners are not meant: see `call`.
      this.#report(ContractError.from(thrown, "invalid", message.message ?? "a message"));
    }
  }

  #notice(message: Incoming): void {
    const { dropped, revoked } = this.#contract.notices ?? {};
    const notice = [dropped, revoked].find((entry) => entry?.message === message.message);
    if (notice === undefined) return;
    const name = notice.topic(message);
    for (const topic of this.#topics.all.filter((one) => one.answersTo(name))) {
      if (notice === dropped) {
        topic.interrupt({ reason: "dropped", since: this.#topicHost.clock.now() });
      } else {
        const error = new ContractError("revoked", `the server withdrew ${topic.name}`, {
          reply: message.payload,
        });
        this.#report(error);
        topic.fail(error);
      }
    }
  }

  /** Once per connection: it would be the same for each push. */
  #tellAmbiguous(message: Incoming): void {
    if (this.#toldAmbiguous) return;
    this.#toldAmbiguous = true;
    this.#report(
      new ContractError(
        "unroutable",
        `${message.message} names no topic and several are subscribed: the server is older than this contract; use one client per topic`,
      ),
    );
  }

  /** Sends something that is answered and changes nothing, and says whether there was anything. */
  #probe(): boolean {
    const { keepAlive } = this.#contract;
    // A socket that is closing answers nothing: let its time run out.
    if (!this.#connection.isWritable) return true;
    if (keepAlive === undefined) {
      const topic = this.#topics.all.find((candidate) => candidate.isProbe);
      topic?.ask();
      return topic !== undefined;
    }
    this.#outbox.send({
      name: "keep-alive",
      value: keepAlive(),
      numbers: undefined,
      check: undefined,
      sent: () => undefined,
      failed: () => undefined,
    });
    return true;
  }

  #authorize(refresh: boolean): Target | PromiseLike<Target> {
    const token = readToken(this.#options.token, refresh);
    return isPromise(token) ? token.then((ready) => this.#target(ready)) : this.#target(token);
  }

  #decide(close: Close): Then | undefined {
    let then: Then | undefined;
    call(() => {
      then = this.#options.onClose?.(close);
    });
    return then;
  }

  #target(token: string | undefined): Target {
    const { url, parameters = {}, query } = this.#options;
    const placed = placeToken(token, this.#contract.token);
    const endpoint = {
      url,
      address: this.#contract.address,
      parameters,
      query: { ...query, ...placed.query },
    };
    return { url: endpointUrl(endpoint), tokenProtocol: placed.protocol };
  }

  #report(error: ContractError): void {
    this.#events.emit("error", error);
  }

  #turningClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (purpose, milliseconds, run) =>
        clock.after(purpose, milliseconds, () => this.#events.turn(run)),
    };
  }
}

/**
 * The declared subprotocols that the user wants; an unknown name would silently make this a plain
 * client.
 */
function offer(
  declared: readonly Subprotocol[],
  wanted: readonly string[] | undefined,
): readonly Subprotocol[] {
  const names = declared.map(({ name }) => name);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? "none" : names.join(", ");
    throw new ContractError(
      "invalid",
      `the contract declares ${known}, not the subprotocol ${unknown}`,
    );
  }
  return declared.filter(({ name }) => wanted?.includes(name) ?? true);
}
