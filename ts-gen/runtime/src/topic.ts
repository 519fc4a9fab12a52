/**
 * The topics of a channel: what is subscribed on the wire, and who gets which push.
 *
 * In: what users want, the state of the connection, pushes. Out: subscribe and unsubscribe
 * requests, and payloads to subscriptions. One topic on the wire serves any number of
 * subscriptions.
 */

import type { Incoming, TopicFamily } from "./contract.js";
import { ContractError } from "./error.js";
import { LiveTopic, type TopicHost, type TopicOwner, type WireTopic } from "./live-topic.js";
import { type SubscribeOptions, Subscriber, type Subscription } from "./subscription.js";

/** One family of topics, for users: `client.bars`. */
export interface Topic<Params, Payload, Reply = undefined> {
  /** Subscribes. The server is asked as soon as there is a connection, and again after each. */
  subscribe(params: Params, options?: SubscribeOptions): Subscription<Payload, Reply>;
  /** The name of the topic with these parameters. */
  nameOf(params: Params): string;
  /** The parameters in a topic's name; undefined for a name of another family. */
  paramsOf(name: string): Params | undefined;
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
  /**
   * In the order in which they were first wanted, which is the order in which they are asked for
   * again.
   */
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
export class TopicClient<Params, Payload, Reply>
  implements Topic<Params, Payload, Reply>, Route, TopicOwner<LiveTopic<Params, Payload, Reply>>
{
  readonly #family: TopicFamily<Params, Payload, Reply>;
  readonly #host: TopicHost;
  readonly #all: Topics;
  /** By the name that the parameters give. */
  readonly #topics = new Map<string, LiveTopic<Params, Payload, Reply>>();
  /** By the name that pushes carry, which the server may have chosen. */
  readonly #byWireName = new Map<string, Set<LiveTopic<Params, Payload, Reply>>>();

  constructor(family: TopicFamily<Params, Payload, Reply>, host: TopicHost, all: Topics) {
    this.#family = family;
    this.#host = host;
    this.#all = all;
    all.addRoute(family.messages, this);
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
    const payload = this.#family.read(push);
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
    this.#all.add(topic);
    if (this.#host.isWritable()) this.#host.pacer.add(topic);
  }

  listen(topic: LiveTopic<Params, Payload, Reply>, wireName: string): void {
    for (const old of topic.wireNames) {
      // What the server called it on an earlier connection.
      if (old !== topic.name && old !== wireName) this.#unlisten(topic, old);
    }
    const topics = this.#byWireName.get(wireName) ?? new Set();
    this.#byWireName.set(wireName, topics.add(topic));
    topic.wireNames.add(wireName);
  }

  forget(topic: LiveTopic<Params, Payload, Reply>): "shared" | "unused" {
    this.#topics.delete(topic.name);
    this.#all.delete(topic);
    this.#host.pacer.delete(topic);
    const shared = [...topic.wireNames].filter((wireName) => this.#unlisten(topic, wireName) > 0);
    return shared.length > 0 ? "shared" : "unused";
  }

  /** Pushes of that name are not for this topic any more; says how many others they are for. */
  #unlisten(topic: LiveTopic<Params, Payload, Reply>, wireName: string): number {
    topic.wireNames.delete(wireName);
    const topics = this.#byWireName.get(wireName);
    topics?.delete(topic);
    if (topics?.size === 0) this.#byWireName.delete(wireName);
    return topics?.size ?? 0;
  }
}
