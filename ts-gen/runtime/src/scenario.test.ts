/**
 * Runs `scenarios.json`: the behaviour that every client of this project shares, as data.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { settled } from "./fake-clock.js";
import type { FakeSocket } from "./fake-server.js";
import type { ConnectionState, StateChange, Subscription } from "./index.js";
import { setup } from "./setup.fixture.js";
import { type Bar, parseBarsTopic } from "./trading.fixture.js";

/** One step: something that happens, what must be true then, or both. */
interface Step {
  // The client's user.
  readonly subscribe?: string;
  readonly unsubscribe?: string;
  /** A subscribe request of this name, sent by hand. */
  readonly request?: string;
  readonly symbol?: string;
  readonly unanswered?: boolean;
  readonly closeClient?: boolean;
  readonly reconnect?: boolean;
  /** The page is seen again. */
  readonly wake?: boolean;
  // The server.
  /** Accepts the handshake and selects a subprotocol. */
  readonly accept?: string;
  readonly refuse?: boolean;
  readonly close?: number;
  readonly reason?: string;
  readonly push?: string;
  readonly server?: string;
  // Time.
  readonly pass?: number;
  // Expectations.
  readonly state?: ConnectionState;
  /** The wait that was announced last. */
  readonly retryIn?: number;
  /** Sockets made so far. */
  readonly attempts?: number;
  /** Frames that the server got since it was asked last. */
  readonly receives?: readonly string[];
  /** Topics that were told of a gap, so far. */
  readonly gaps?: readonly string[];
  /** Topics that ended, with the error's code, so far. */
  readonly ended?: Readonly<Record<string, string>>;
  /** Requests that settled, with `ok` or the error's code, so far. */
  readonly settled?: Readonly<Record<string, string>>;
  /** Whether a new token was asked for, each time since asked last. */
  readonly tokens?: readonly boolean[];
}

interface Scenario {
  readonly name: string;
  readonly plain?: boolean;
  readonly token?: "provider";
  readonly steps: readonly Step[];
}

async function run(scenario: Scenario): Promise<void> {
  let asked: boolean[] = [];
  const { server, clock, client, wake } = setup({
    ...(scenario.plain === true ? { subprotocols: [] } : {}),
    ...(scenario.token === undefined
      ? {}
      : {
          token: ({ refresh }) => {
            asked.push(refresh);
            return `token${asked.length}`;
          },
        }),
  });
  const subscriptions = new Map<string, Subscription<Bar>>();
  const gaps: string[] = [];
  const ended: Record<string, string> = {};
  const outcomes: Record<string, string> = {};
  const read = new Map<FakeSocket, number>();
  let last: StateChange | undefined;
  client.on("state", (_state, change) => {
    last = change;
  });

  const act = async (step: Step): Promise<void> => {
    if (step.server === "silent") server.answering = false;
    if (step.server === "answering") server.answering = true;
    if (step.server?.startsWith("refusing ") === true) server.refusing.add(step.server.slice(9));
    if (step.subscribe !== undefined) {
      const topic = step.subscribe;
      const params = parseBarsTopic(topic);
      assert.ok(params, topic);
      const subscription = client.bars.subscribe(params);
      subscription.on("gap", () => gaps.push(topic));
      subscription.on("end", (error) => {
        ended[topic] = error?.code ?? "closed";
      });
      subscriptions.set(topic, subscription);
    }
    if (step.unsubscribe !== undefined) subscriptions.get(step.unsubscribe)?.close();
    if (step.request !== undefined) {
      const name = step.request;
      const answering = server.answering;
      if (step.unanswered === true) server.answering = false;
      client.barsSubscribe({ symbol: step.symbol ?? "" }).then(
        () => {
          outcomes[name] = "ok";
        },
        ({ code }: { code: string }) => {
          outcomes[name] = code;
        },
      );
      server.answering = answering;
    }
    if (step.closeClient === true) client.close();
    if (step.reconnect === true) client.reconnect();
    if (step.wake === true) wake();
    if (step.accept !== undefined) await server.accept(step.accept);
    if (step.refuse === true) await server.drop();
    if (step.close !== undefined) await server.close(step.close, step.reason);
    if (step.push !== undefined) await server.bar(step.push, 1);
    if (step.pass !== undefined) await clock.advance(step.pass);
    await settled();
  };

  const check = (step: Step, where: string): void => {
    if (step.state !== undefined) assert.equal(client.state, step.state, where);
    if (step.retryIn !== undefined) {
      assert.equal(last?.retryIn, step.retryIn, where);
      assert.equal(clock.untilNext("reconnect"), step.retryIn, where);
    }
    if (step.attempts !== undefined) assert.equal(server.sockets.length, step.attempts, where);
    if (step.receives !== undefined) {
      const frames = server.received().slice(read.get(server.socket) ?? 0);
      read.set(server.socket, server.received().length);
      assert.deepEqual(
        frames.map(
          ({ type, payload }) =>
            `${type.replace("bars.", "")} bars:${payload?.symbol}:${payload?.params?.resolution ?? "1"}`,
        ),
        step.receives,
        where,
      );
    }
    if (step.gaps !== undefined) assert.deepEqual(gaps, step.gaps, where);
    if (step.ended !== undefined) assert.deepEqual(ended, step.ended, where);
    if (step.settled !== undefined) assert.deepEqual(outcomes, step.settled, where);
    if (step.tokens !== undefined) {
      assert.deepEqual(asked, step.tokens, where);
      asked = [];
    }
  };

  for (const [index, step] of scenario.steps.entries()) {
    await act(step);
    check(step, `step ${index}: ${JSON.stringify(step)}`);
  }
}

// From `build/src`, where the compiled tests are.
const file = new URL("../../scenarios.json", import.meta.url);
const { scenarios }: { scenarios: readonly Scenario[] } = JSON.parse(await readFile(file, "utf8"));

for (const scenario of scenarios) test(`scenario: ${scenario.name}`, () => run(scenario));
