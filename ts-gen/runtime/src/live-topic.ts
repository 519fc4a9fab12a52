/**
 * One topic on the wire.
 *
 * In: the subscriptions that share it, the state of the connection, replies and pushes. Out:
 * subscribe and unsubscribe requests, and payloads to the subscriptions.
 *
 * ```text
 *            the pacer lets it through        the server consents
 *   wanted ─────────────────────────► asked ─────────────────────► active
 *     ▲                                 │ no reply: in line again     │
 *     └─────────────────────────────────┴─────── the connection goes ─┘
 * ```
 *
 * A topic that nobody wants any more, or that the server refuses, is forgotten; nothing of it is
 * replayed.
 */

import type { TopicFamily } from "./contract.js";
import { ContractError } from "./error.js";
import type { Pacer } from "./pace.js";
import type { Outcome, Requests } from "./request.js";
import type { Gap } from "./stream.js";
import type { Subscriber, SubscriptionHost } from "./subscription.js";

/** How often a server that is there is asked before a subscription is given up. */
const TRIES = 3;

/** What topics need of their client. */
export interface TopicHost extends SubscriptionHost {
  readonly requests: Requests;
  readonly pacer: Pacer<WireTopic>;
  /**
   * Whether a request would leave now. One for a topic never waits: after a reconnect it would be
   * stale.
   */
  isWritable(): boolean;
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

/** The family that a topic belongs to, which knows it by its names. */
export interface TopicOwner<Topic> {
  /** From now on pushes of that name are for this topic. */
  listen(topic: Topic, wireName: string): void;
  /** Forgets a topic, and says whether another one needs what it has on the wire. */
  forget(topic: Topic): "shared" | "unused";
}

/** One topic on the wire, with the subscriptions that share it. */
export class LiveTopic<Params, Payload, Reply> implements WireTopic {
  readonly name: string;
  readonly params: Params;
  /** The names under which pushes come. */
  readonly wireNames: Set<string> = new Set();
  readonly #family: TopicFamily<Params, Payload, Reply>;
  readonly #host: TopicHost;
  readonly #owner: TopicOwner<LiveTopic<Params, Payload, Reply>>;
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
    owner: TopicOwner<LiveTopic<Params, Payload, Reply>>,
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
    this.#takeOff(this.#owner.forget(this));
  }

  /**
   * Asks the server for the topic. An active one stays active meanwhile: that is how a connection
   * is kept.
   */
  ask(): void {
    this.#number += 1;
    const number = this.#number;
    const { subscribe } = this.#family;
    if (subscribe === undefined) {
      // The server pushes on its own account, and its reply is `undefined` by type.
      this.#confirm(undefined as Reply, undefined);
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
    this.#last = undefined;
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
    const { reply } = outcome;
    let refusal: string | undefined;
    try {
      refusal = this.#family.subscribe?.reply?.refusal?.(reply);
      if (refusal === undefined) this.#confirm(reply, this.#family.replyTopic?.(reply));
    } catch (thrown) {
      this.#unanswered(ContractError.from(thrown, "invalid", `the reply for ${this.name}`));
    }
    if (refusal === undefined) return;
    const error = new ContractError("refused", `${this.name}: ${refusal}`, { reply });
    this.#host.report(error);
    this.fail(error);
  }

  #unanswered(error: ContractError): void {
    // The rest is told to everybody by whoever lost or closed the connection.
    const told = error.code === "connection-lost" || error.code === "closed";
    if (told || this.#stage === "active") return;
    this.#tries += 1;
    this.#host.report(error);
    const again = error.code === "timeout" || error.code === "queue-full";
    if (again && this.#tries < TRIES) {
      this.#stage = "wanted";
      this.#host.pacer.add(this);
    } else {
      // The server may have it all the same.
      this.#takeOff(this.#owner.forget(this));
      this.fail(error);
    }
  }

  #takeOff(use: "shared" | "unused"): void {
    const { unsubscribe } = this.#family;
    const onWire = this.#stage !== "wanted" && this.#host.isWritable();
    if (!onWire || use === "shared" || unsubscribe === undefined) return;
    // What comes of it concerns nobody: if the connection goes, the subscription goes with it.
    this.#host.requests.start(unsubscribe, this.params, {}, () => undefined);
  }

  #confirm(reply: Reply, wireName: string | undefined): void {
    this.#reply = { value: reply };
    this.#tries = 0;
    if (wireName !== undefined) this.#owner.listen(this, wireName);
    if (this.#stage === "active") return;
    this.#stage = "active";
    const since = this.#suspendedAt;
    this.#suspendedAt = undefined;
    const gap: Gap | undefined = since === undefined ? undefined : { reason: "reconnect", since };
    for (const subscriber of this.#subscribers) subscriber.confirm(reply, gap);
  }
}
