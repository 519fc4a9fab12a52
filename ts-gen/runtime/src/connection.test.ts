import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Connection,
  type ConnectionSettings,
  type Move,
  type Stage,
  type StateChange,
  type Target,
  TRANSITIONS,
} from "./connection.js";
import { FakeClock, settled } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";

const TARGET: Target = { url: "ws://test/", tokenProtocol: undefined };

/** A connection whose token comes when the test says so. */
function setup(settings: Partial<ConnectionSettings> = {}) {
  const server = new FakeServer();
  const clock = new FakeClock();
  const changes: StateChange[] = [];
  const refreshes: boolean[] = [];
  let token: { give: () => void; fail: (why: string) => void } | undefined;
  const connection = new Connection(
    {
      clock,
      random: () => 0.5,
      webSocket: server.WebSocket,
      subprotocols: [],
      closes: [],
      backoff: { base: 1000, max: 30_000 },
      connectTimeout: 10_000,
      stableAfter: 5_000,
      canRefresh: true,
      decide: ({ code, reason }) =>
        code === 1006 && reason.includes("for good") ? "stop" : undefined,
      authorize: (refresh) => {
        refreshes.push(refresh);
        return new Promise((resolve, reject) => {
          token = {
            give: () => resolve(TARGET),
            fail: (why) => reject(new Error(why)),
          };
        });
      },
      ...settings,
    },
    {
      turn: (run) => run(),
      changed: (change) => changes.push(change),
      opened: () => undefined,
      frame: () => undefined,
      lost: () => undefined,
      finished: () => undefined,
    },
  );
  /** Does whatever makes the event happen, if anything in this stage can. */
  const make: Record<Move, () => void | Promise<void>> = {
    start: () => connection.start(),
    stop: () => connection.stop(),
    ready: () => token?.give(),
    opened: async () => {
      if (server.sockets.length > 0) await server.accept();
    },
    lost: async () => {
      if (connection.stage === "authorizing") token?.fail("not now");
      else if (server.sockets.length > 0) await server.drop();
    },
    refused: async () => {
      if (connection.stage === "authorizing") token?.fail("for good");
      else if (server.sockets.length > 0) await server.close(4500);
    },
    due: () => connection.wake(),
  };
  const reach: Record<Stage, readonly Move[]> = {
    closed: [],
    authorizing: ["start"],
    handshaking: ["start", "ready"],
    open: ["start", "ready", "opened"],
    waiting: ["start", "ready", "opened", "lost"],
  };
  const apply = async (move: Move): Promise<void> => {
    await make[move]();
    await settled();
  };
  const reached = async (stage: Stage): Promise<void> => {
    for (const move of reach[stage]) await apply(move);
    assert.equal(connection.stage, stage);
  };
  return { server, clock, connection, changes, refreshes, apply, reached };
}

const STAGES: readonly Stage[] = ["closed", "authorizing", "handshaking", "open", "waiting"];
const MOVES: readonly Move[] = ["start", "ready", "opened", "lost", "refused", "due", "stop"];

for (const stage of STAGES) {
  for (const move of MOVES) {
    const next = TRANSITIONS[stage][move];
    test(`${stage}: ${move} ${next === undefined ? "changes nothing" : `leads to ${next}`}`, async () => {
      const { connection, apply, reached } = setup();
      await reached(stage);
      await apply(move);
      assert.equal(connection.stage, next ?? stage);
    });
  }
}

test("each stage has at most its own timer", async () => {
  for (const [stage, timers] of [
    ["closed", []],
    ["authorizing", ["token"]],
    ["handshaking", ["handshake"]],
    ["open", ["stable"]],
    ["waiting", ["reconnect"]],
  ] as const) {
    const { clock, reached } = setup();
    await reached(stage);
    assert.deepEqual(clock.purposes(), timers, stage);
  }
});

test("what an old socket still says is dropped", async () => {
  const { server, clock, connection, apply, reached } = setup();
  await reached("waiting");
  await clock.runTo("reconnect");
  await apply("ready");
  await apply("opened");
  assert.equal(server.sockets.length, 2);
  const [old] = server.sockets;
  old?.event("close", { code: 4500, reason: "late" });
  old?.event("message", { data: "late" });
  old?.event("open");
  assert.equal(connection.stage, "open");
});

test("what an old socket says while the next attempt waits is no further failure", async () => {
  const { server, clock, changes, apply, reached } = setup();
  await reached("waiting");
  const told = changes.length;
  server.sockets[0]?.event("close", { code: 4100, reason: "; retry-after=9000" });
  assert.equal(changes.length, told);
  await clock.runTo("reconnect");
  await apply("ready");
  await server.drop();
  assert.equal(changes.at(-1)?.attempt, 2);
});

test("a token that comes after its attempt was given up is not used", async () => {
  const { server, connection, apply, reached } = setup();
  await reached("authorizing");
  connection.stop();
  await apply("ready");
  assert.equal(connection.stage, "closed");
  assert.equal(server.sockets.length, 0);
});

test("an attempt that gets no answer in time is given up", async () => {
  const { server, clock, connection, reached } = setup();
  await reached("handshaking");
  await clock.advance(9_999);
  assert.equal(connection.stage, "handshaking");
  await clock.advance(1);
  assert.equal(connection.stage, "waiting");
  assert.equal(server.socket.closed, true);
});

test("a token provider that never answers does not hold the connection for ever", async () => {
  const { clock, connection, changes, reached } = setup();
  await reached("authorizing");
  await clock.advance(10_000);
  assert.equal(connection.stage, "waiting");
  assert.match(changes.at(-1)?.close?.reason ?? "", /no token within 10000 ms/);
});

test("a token provider that fails is asked again later, and the reason is told", async () => {
  const { clock, connection, changes, apply, reached } = setup();
  await reached("authorizing");
  await apply("lost");
  assert.equal(connection.stage, "waiting");
  assert.equal(changes.at(-1)?.error?.code, "token");
  assert.match(changes.at(-1)?.error?.message ?? "", /not now/);
  await clock.runTo("reconnect");
  assert.equal(connection.stage, "authorizing");
});

test("a URL that the WebSocket refuses stops the connection", async () => {
  const { connection, changes, apply, reached } = setup({
    webSocket: class {
      constructor() {
        throw new SyntaxError("bad subprotocol");
      }
    } as unknown as ConnectionSettings["webSocket"],
  });
  await reached("authorizing");
  await apply("ready");
  assert.equal(connection.stage, "closed");
  assert.equal(changes.at(-1)?.error?.code, "unsupported");
});

test("the wait grows with each failure, and only a stable connection resets it", async () => {
  const { server, clock, changes, apply, reached } = setup();
  await reached("waiting");
  const waits = [changes.at(-1)?.retryIn];
  for (let round = 0; round < 6; round += 1) {
    await clock.runTo("reconnect");
    await apply("ready");
    await apply("opened");
    await clock.advance(4_999);
    await server.drop();
    waits.push(changes.at(-1)?.retryIn);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  await clock.runTo("reconnect");
  await apply("ready");
  await apply("opened");
  await clock.advance(5_000);
  await server.drop();
  assert.equal(changes.at(-1)?.retryIn, 500);
});

test("waking cuts a wait short, unless the server named it", async () => {
  const { server, clock, connection, apply, reached } = setup();
  await reached("waiting");
  connection.wake();
  assert.equal(connection.stage, "authorizing");
  await apply("ready");
  await apply("opened");
  await server.close(1012, "service restart; retry-after=3000");
  connection.wake();
  assert.equal(connection.stage, "waiting");
  assert.ok((clock.untilNext("reconnect") ?? 0) >= 3000);
});

test("the owner may override what follows a close", async () => {
  const { server, connection, reached } = setup({
    decide: ({ code }) => (code === 4503 ? "back-off" : undefined),
  });
  await reached("open");
  await server.close(4503, "not from here");
  assert.equal(connection.stage, "waiting");
});

test("restarting asks for a new token only when told to", async () => {
  const { connection, clock, refreshes, apply, reached } = setup();
  await reached("open");
  connection.restart(false);
  await clock.runTo("reconnect");
  connection.restart(true);
  await clock.runTo("reconnect");
  await apply("ready");
  assert.deepEqual(refreshes, [false, false, true]);
  assert.equal(connection.stage, "handshaking");
});
