/**
 * Random users, servers and networks, with listeners that do as they please. What must hold
 * whatever happens: one socket at a time, no timer twice, every promise settled, and in the end the
 * server has exactly the topics that somebody wants.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake-clock.js";
import type { Subscription } from "./index.js";
import { setup } from "./setup.fixture.js";
import type { Bar } from "./trading.fixture.js";

const RUNS = 1000;
const STEPS = 60;
const CODES = [1000, 1001, 1003, 1006, 1006, 1012, 4000, 4001, 4100, 4101, 4200, 4201, 4500, 4999];
const SYMBOLS = ["AAPL", "MSFT", "NOPE"];

/** Lehmer's generator: the seed names the run, so that a failure can be repeated. */
function randomness(seed: number): (below: number) => number {
  let state = (seed * 48_271 + 11) % 2_147_483_647;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

async function run(seed: number): Promise<void> {
  const random = randomness(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const { server, clock, client, wake } = setup({
    token: ({ refresh }) => (random(4) === 0 ? Promise.resolve(`${refresh}`) : "token"),
    subprotocols: pick([[], ["trading.v1"]]),
    pace: { chunk: 2, interval: 50 },
    queueBytes: 300,
  });
  server.refusing.add("NOPE");
  const subscriptions = new Set<Subscription<Bar>>();
  const open = new Set<number>();
  let requests = 0;

  const user: readonly (() => void)[] = [
    () => {
      const subscription = client.bars.subscribe({ symbol: pick(SYMBOLS) });
      subscriptions.add(subscription);
      subscription.on("end", () => subscriptions.delete(subscription));
      if (random(2) === 0) {
        subscription.on(() => {
          if (random(5) === 0) act();
        });
      }
      if (random(4) === 0) subscription.on("gap", () => act());
    },
    () => {
      if (subscriptions.size > 0) pick([...subscriptions]).close();
    },
    () => {
      requests += 1;
      const number = requests;
      open.add(number);
      client.barsSubscribe({ symbol: "RAW" }, { timeout: 1 + random(20_000) }).then(
        () => open.delete(number),
        () => open.delete(number),
      );
    },
    () => {
      if (random(3) === 0) client.close();
    },
    () => client.reconnect({ refresh: random(2) === 0 }),
    wake,
  ];
  /** Bounded, or listeners would call each other for ever. */
  let depth = 0;
  const act = (): void => {
    if (depth > 3) return;
    depth += 1;
    pick(user)();
    depth -= 1;
  };
  client.on("state", () => {
    if (random(6) === 0) act();
  });

  const world: readonly (() => void | Promise<void>)[] = [
    act,
    act,
    async () => {
      if (server.sockets.at(-1)?.readyState === 0) await server.accept();
    },
    async () => {
      if (server.sockets.at(-1)?.readyState === 0) await server.accept();
    },
    async () => {
      if (server.sockets.length > 0)
        await server.close(pick(CODES), pick(["", "; retry-after=70"]));
    },
    async () => {
      // A socket of long ago speaks up.
      const old = server.sockets[random(server.sockets.length + 1)];
      if (old === undefined || old === server.sockets.at(-1)) return;
      old.event(pick(["open", "close", "message", "error"] as const), { code: 4500, reason: "" });
      await settled();
    },
    async () => {
      if (server.sockets.at(-1)?.readyState === 1) {
        await server.bar(`bars:${pick(SYMBOLS)}:1`, random(100));
      }
    },
    async () => {
      if (server.sockets.at(-1)?.readyState === 1) await server.frame(pick(["{", "7", "[]", "{}"]));
    },
    () => {
      server.answering = random(4) > 0;
    },
    () => clock.advance(random(30_000)),
    () => clock.sleep(random(100_000)),
    () => clock.runTo("reconnect").catch(() => undefined),
  ];

  const check = (): void => {
    const alive = server.sockets.filter(({ closed, readyState }) => !closed && readyState < 2);
    assert.ok(alive.length <= 1, "two sockets at once");
    const ours = clock.purposes().filter((purpose) => purpose !== "request");
    assert.deepEqual(ours, [...new Set(ours)], "a timer twice");
    if (client.state === "open") assert.equal(server.socket.closed, false);
    if (client.state === "closed") {
      assert.deepEqual(clock.purposes(), [], "a timer of a closed client");
      assert.equal(subscriptions.size, 0, "a subscription of a closed client");
    }
  };

  for (let step = 0; step < STEPS; step += 1) {
    await pick(world)();
    await settled();
    check();
  }

  // Whatever happened: a connection that stands, and listeners that keep quiet, bring everything in
  // order.
  depth = 100;
  server.answering = true;
  client.reconnect();
  for (let round = 0; round < 10 && client.state !== "open"; round += 1) {
    if (server.sockets.at(-1)?.readyState === 0) await server.accept();
    await clock.advance(1000);
  }
  await clock.advance(40_000);
  check();
  assert.equal(client.state, "open");
  const wanted = [...new Set([...subscriptions].map(({ topic }) => topic))].sort();
  const raw = server.topics().includes("bars:RAW:1") ? ["bars:RAW:1"] : [];
  assert.deepEqual(server.topics().sort(), [...wanted, ...raw].sort());
  for (const { state } of subscriptions) assert.equal(state, "active");

  client.close();
  await settled();
  assert.deepEqual([...open], [], "a request without an outcome");
  assert.deepEqual(clock.purposes(), []);
}

test(`${RUNS} random runs keep the promises`, async () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    try {
      await run(seed);
    } catch (thrown) {
      throw new Error(`seed ${seed}: ${thrown instanceof Error ? thrown.stack : thrown}`);
    }
  }
});
