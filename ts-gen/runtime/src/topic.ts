/**
 * The topics of a channel: what is subscribed on the wire, and who gets which push.
 *
 * In: what users want, the state of the connection, pushes. Out: subscribe and unsubscribe requests, and
 * payloads to subscriptions. One topic on the wire serves any number of subscriptions.
 *
 * ```text
 *            the pacer lets it through        the server consents
 *   wanted ─────────────────────────► asked ─────────────────────► active
 *     ▲                                 │ no reply: in line again     │
 *     └─────────────────────────────────┴─────── the connection goes ─┘
 * ```
 *
 * A topic that nobody wants any more, or that the server refuses, is forgotten; nothing of it is replayed.
 */

import type { Incoming, TopicFamily } from "./contract.js";
import { ContractError } from "./error.js";
import type { Pacer } from "./pace.js";
import type { Outcome, Requests } from "./request.js";
import type { Gap } from "./stream.js";
import {
  type SubscribeOptions,
  Subscriber,
  type Subscription,
  type SubscriptionHost,
} from "./subscription.js";

/** One family of topics, for users: `client.bars`. */
export interface Topic<Params, Payload, Reply = undefined> {
  /** Subscribes. The server is asked as soon as there is a connection, and again after each. */
  subscribe(params: Params, options?: SubscribeOptions): Subscription<Payload, Reply>;
  /** The name of the topic with these parameters. */
  nameOf(params: Params): string;
  /** The parameters in a topic's name; undefined for a name of another family. */
  paramsOf(name: string): Params | undefined;
}

/** How often a server that is there is asked before a subscription is given up. */
const TRIES = 3;

/** What topics need of their client. */
export interface TopicHost extends SubscriptionHost {
  readonly requests: Requests;
  readonly pacer: Pacer<WireTopic>;
  readonly topics: Topics;
  isOpen(): boolean;
  /** Why nothing can be subscribed any more. */
  ended(): ContractError | undefined;
  report(error: ContractError): void;
}

/** What the channel sees of a topic, whatever its types. */
export interface WireTopic {
  readonly name: string;
  /** Whether asking for it again would be answered, and change nothing else. */
  readonly isProbe: boolean;
  answersTo(name: string | undefined): boolean;
  ask(): void;
  suspend(): void;
  interrupt(gap: Gap): void;
  fail(error: ContractError | undefined): void;
}

/** One family, as the router of pushes sees it. */
interface Route {
  deliver(push: Incoming): Delivered;
}

/** What became of a push. `ambiguous`: it names no topic and could be for several subscriptions. */
type Delivered = "delivered" | "unknown" | "ambiguous";

/** All topics of one client. */
export class Topics {
  readonly #routes = new Map<string, Route[]>();
  /** In the order in which they were first wanted, which is the order in which they are asked for again. */
  readonly #wanted = new Set<WireTopic>();

  /** All topics that somebody wants. */
  get all(): readonly WireTopic[] {
    return [...this.#wanted];
  }

  addRoute(messages: readonly string[], route: Route): void {
    for (const message of messages) {
      const routes = this.#routes.get(message);
      if (routes === undefined) this.#routes.set(message, [route]);
      else routes.push(route);
    }
  }

  add(topic: WireTopic): void {
    this.#wanted.add(topic);
  }

  delete(topic: WireTopic): void {
    this.#wanted.delete(topic);
  }

  /** Hands a push to the subscriptions that it is for. */
  deliver(push: Incoming): Delivered {
    const routes = push.message === undefined ? undefined : this.#routes.get(push.message);
    let result: "unknown" | "ambiguous" = "unknown";
    for (const route of routes ?? []) {
      const outcome = route.deliver(push);
      if (outcome === "delivered") return outcome;
      if (outcome === "ambiguous") result = outcome;
    }
    return result;
  }
}

/** The inside of a {@link Topic}: one family with its live topics. */
export class TopicClient<Params, Payload, Reply> implements Topic<Params, Payload, Reply>, Route {
  readonly #family: TopicFamily<Params, Payload, Reply>;
  readonly #host: TopicHost;
  /** By the name that the parameters give. */
  readonly #topics = new Map<string, LiveTopic<Params, Payload, Reply>>();
  /** By the name that pushes carry, which the server may have chosen. */
  readonly #byWireName = new Map<string, Set<LiveTopic<Params, Payload, Reply>>>();

  constructor(family: TopicFamily<Params, Payload, Reply>, host: TopicHost) {
    this.#family = family;
    this.#host = host;
    host.topics.addRoute(family.messages, this);
  }

  nameOf(params: Params): string {
    return this.#family.toName(params);
  }

  paramsOf(name: string): Params | undefined {
    return this.#family.fromName(name);
  }

  subscribe(params: Params, options: SubscribeOptions = {}): Subscription<Payload, Reply> {
    return this.#host.turn(() => {
      const name = this.#family.toName(params);
      const subscriber = new Subscriber<Payload, Reply>(name, options, this.#host, (leaver) =>
        this.#topics.get(name)?.leave(leaver),
      );
      const ended =
        options.signal?.aborted === true
          ? new ContractError("aborted", `the subscription to ${name} was given up`, {
              cause: options.signal.reason,
            })
          : this.#host.ended();
      if (ended === undefined) this.#join(name, params, subscriber);
      else subscriber.end(ended);
      return subscriber;
    });
  }

  deliver(push: Incoming): Delivered {
    const name = this.#family.topicOf?.(push) ?? push.topic;
    if (name !== undefined) return this.#push(push, [...(this.#byWireName.get(name) ?? [])]);
    // A subscription's confirmation comes before its first push, so only these can be meant.
    const active = [...this.#topics.values()].filter((topic) => topic.isActive);
    const { matches } = this.#family;
    if (matches === undefined && active.length > 1) return "ambiguous";
    return this.#push(push, active, matches);
  }

  #push(
    push: Incoming,
    topics: readonly LiveTopic<Params, Payload, Reply>[],
    matches: (params: Params, payload: Payload) => boolean = () => true,
  ): Delivered {
    if (topics.length === 0) return "unknown";
    let payload: Payload;
    try {
      payload = this.#family.read(push);
    } catch (thrown) {
      this.#host.report(ContractError.from(thrown, "invalid", `a push of ${this.#family.name}`));
      return "delivered";
    }
    const meant = topics.filter((topic) => matches(topic.params, payload));
    for (const topic of meant) topic.push(payload);
    return meant.length > 0 ? "delivered" : "unknown";
  }

  #join(name: string, params: Params, subscriber: Subscriber<Payload, Reply>): void {
    const existing = this.#topics.get(name);
    if (existing !== undefined) {
      existing.join(subscriber);
      return;
    }
    const topic = new LiveTopic(name, params, this.#family, this.#host, this);
    this.#topics.set(name, topic);
    this.listen(topic, name);
    topic.join(subscriber);
    this.#host.topics.add(topic);
    if (this.#host.isOpen()) this.#host.pacer.add(topic);
  }

  /** From now on pushes of that name are for this topic. */
  listen(topic: LiveTopic<Params, Payload, Reply>, wireName: string): void {
    const topics = this.#byWireName.get(wireName) ?? new Set();
    this.#byWireName.set(wireName, topics.add(topic));
    topic.wireNames.add(wireName);
  }

  /** Forgets a topic, and says whether another one needs what it has on the wire. */
  forget(topic: LiveTopic<Params, Payload, Reply>): "shared" | "unused" {
    this.#topics.delete(topic.name);
    this.#host.topics.delete(topic);
    this.#host.pacer.delete(topic);
    let use: "shared" | "unused" = "unused";
    for (const wireName of topic.wireNames) {
      const topics = this.#byWireName.get(wireName);
      topics?.delete(topic);
      if (topics?.size === 0) this.#byWireName.delete(wireName);
      else use = "shared";
    }
    return use;
  }
}

/** One topic on the wire, with the subscriptions that share it. */
class LiveTopic<Params, Payload, Reply> implements WireTopic {
  readonly name: string;
  readonly params: Params;
  /** The names under which pushes come. */
  readonly wireNames: Set<string> = new Set();
  readonly #family: TopicFamily<Params, Payload, Reply>;
  readonly #host: TopicHost;
  readonly #owner: TopicClient<Params, Payload, Reply>;
  readonly #subscribers = new Set<Subscriber<Payload, Reply>>();
  #stage: "wanted" | "asked" | "active" = "wanted";
  /** Of the last request; the outcome of an earlier one is late. */
  #number = 0;
  #tries = 0;
  /** The server's last confirmation. */
  #reply: { readonly value: Reply } | undefined;
  #last: { readonly value: Payload } | undefined;
  /** When it stopped being active; undefined if it never was. */
  #suspendedAt: number | undefined;

  constructor(
    name: string,
    params: Params,
    family: TopicFamily<Params, Payload, Reply>,
    host: TopicHost,
    owner: TopicClient<Params, Payload, Reply>,
  ) {
    this.name = name;
    this.params = params;
    this.#family = family;
    this.#host = host;
    this.#owner = owner;
  }

  get isActive(): boolean {
    return this.#stage === "active";
  }

  get isProbe(): boolean {
    return this.isActive && this.#family.subscribe?.reply !== undefined;
  }

  answersTo(name: string | undefined): boolean {
    return name === undefined || this.wireNames.has(name);
  }

  join(subscriber: Subscriber<Payload, Reply>): void {
    this.#subscribers.add(subscriber);
    if (this.#stage !== "active" || this.#reply === undefined) return;
    subscriber.confirm(this.#reply.value, undefined);
    if (this.#last !== undefined) subscriber.push(this.#last.value);
  }

  leave(subscriber: Subscriber<Payload, Reply>): void {
    if (!this.#subscribers.delete(subscriber) || this.#subscribers.size > 0) return;
    this.#number += 1;
    const use = this.#owner.forget(this);
    const { unsubscribe } = this.#family;
    const onWire = this.#stage !== "wanted" && this.#host.isOpen();
    if (!onWire || use === "shared" || unsubscribe === undefined) return;
    // What comes of it concerns nobody: if the connection goes, the subscription goes with it.
    this.#host.requests.start(unsubscribe, this.params, {}, () => undefined);
  }

  /** Asks the server for the topic. An active one stays active meanwhile: that is how a connection is kept. */
  ask(): void {
    this.#number += 1;
    const number = this.#number;
    const { subscribe } = this.#family;
    if (subscribe === undefined) {
      // The server pushes on its own account, and its reply is `undefined` by type.
      this.#confirm(undefined as Reply);
      return;
    }
    if (this.#stage === "wanted") this.#stage = "asked";
    this.#host.requests.start(subscribe, this.params, {}, (outcome) => {
      if (number === this.#number) this.#answered(outcome);
    });
  }

  suspend(): void {
    if (this.#stage === "active") this.#suspendedAt ??= this.#host.clock.now();
    this.#stage = "wanted";
    this.#number += 1;
    this.#tries = 0;
    for (const subscriber of this.#subscribers) subscriber.suspend();
  }

  interrupt(gap: Gap): void {
    for (const subscriber of this.#subscribers) subscriber.interrupt(gap);
  }

  push(payload: Payload): void {
    if (this.#family.lastValue === true) this.#last = { value: payload };
    for (const subscriber of [...this.#subscribers]) subscriber.push(payload);
  }

  fail(error: ContractError | undefined): void {
    this.#owner.forget(this);
    this.#number += 1;
    for (const subscriber of this.#subscribers) subscriber.end(error);
    this.#subscribers.clear();
  }

  #answered(outcome: Outcome<Reply>): void {
    if (outcome.error !== undefined) {
      this.#unanswered(outcome.error);
      return;
    }
    const refusal = this.#family.subscribe?.reply?.refusal?.(outcome.reply);
    if (refusal === undefined) {
      this.#confirm(outcome.reply);
      return;
    }
    const error = new ContractError("refused", `${this.name}: ${refusal}`, {
      reply: outcome.reply,
    });
    this.#host.report(error);
    this.fail(error);
  }

  #unanswered(error: ContractError): void {
    // The rest is told to everybody by whoever lost or closed the connection.
    if (error.code === "connection-lost" || error.code === "closed" || this.#stage === "active")
      return;
    this.#tries += 1;
    this.#host.report(error);
    const again = error.code === "timeout" || error.code === "queue-full";
    if (again && this.#tries < TRIES) {
      this.#stage = "wanted";
      this.#host.pacer.add(this);
    } else {
      this.fail(error);
    }
  }

  #confirm(reply: Reply): void {
    this.#reply = { value: reply };
    this.#tries = 0;
    const wireName = this.#family.replyTopic?.(reply);
    if (wireName !== undefined) this.#owner.listen(this, wireName);
    if (this.#stage === "active") return;
    this.#stage = "active";
    const since = this.#suspendedAt;
    this.#suspendedAt = undefined;
    const gap: Gap | undefined = since === undefined ? undefined : { reason: "reconnect", since };
    for (const subscriber of this.#subscribers) subscriber.confirm(reply, gap);
  }
}
