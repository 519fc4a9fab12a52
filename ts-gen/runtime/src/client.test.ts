import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake-clock.js";
import { ContractError } from "./index.js";
import { record, setup } from "./setup.fixture.js";
import { connect } from "./trading.fixture.js";

test("a server restart costs one resubscribe and no lost state", async () => {
  const { server, clock, client } = setup();
  const states = record(client, "state");
  client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  await server.close(1001, "shutting down");
  await clock.runTo("reconnect");
  await server.accept();
  assert.deepEqual(server.topics(), ["bars:AAPL:1"]);
  assert.deepEqual(states, ["connecting", "open", "waiting", "connecting", "open"]);
});

test("listeners put on after connect hear of the first attempt", async () => {
  const { client } = setup();
  const states = record(client, "state");
  assert.equal(client.state, "connecting");
  assert.deepEqual(states, []);
  await settled();
  assert.deepEqual(states, ["connecting"]);
});

test("a place without WebSocket is a clear error at once", () => {
  const global = globalThis as { WebSocket?: unknown };
  const before = global.WebSocket;
  delete global.WebSocket;
  try {
    assert.throws(
      () => connect({ url: "ws://test" }),
      (error) =>
        error instanceof ContractError &&
        error.code === "unsupported" &&
        error.message.includes("`WebSocket`"),
    );
  } finally {
    if (before !== undefined) global.WebSocket = before;
  }
});

test("a URL that can never work is an error at once, not a reason to retry", () => {
  assert.throws(() => setup({ url: "ftp://test" }), { code: "invalid" });
  assert.throws(() => connect({}), { code: "invalid" });
});

test("closing twice, and from within a listener, is harmless", async () => {
  const { server, client } = setup();
  const states = record(client, "state");
  client.on("state", (state) => {
    if (state === "open") client.close();
  });
  await server.accept();
  client.close();
  assert.equal(client.state, "closed");
  assert.equal(server.socket.closed, true);
  assert.deepEqual(states, ["connecting", "open", "closed"]);
});

test("a listener sees the finished transition, and what it causes is told after it", async () => {
  const { server, client } = setup();
  const told: string[] = [];
  client.on("state", (state) => {
    told.push(`first ${state} while ${client.state}`);
    if (state === "open") client.close();
  });
  client.on("state", (state) => told.push(`second ${state}`));
  await server.accept();
  assert.deepEqual(told, [
    "first connecting while connecting",
    "second connecting",
    "first open while open",
    "second open",
    "first closed while closed",
    "second closed",
  ]);
});

test("a listener that throws breaks neither the client nor other listeners", async () => {
  const { server, client } = setup();
  const reported: unknown[] = [];
  const page = globalThis as { reportError?: (error: unknown) => void };
  page.reportError = (error) => reported.push(error);
  try {
    const mine = new Error("mine");
    client.on("state", () => {
      throw mine;
    });
    const states = record(client, "state");
    await server.accept();
    assert.deepEqual(states, ["connecting", "open"]);
    assert.equal(client.state, "open");
    assert.deepEqual(reported, [mine, mine]);
  } finally {
    delete page.reportError;
  }
});

test("a closed client refuses new work with a settled promise, and comes back on request", async () => {
  const { server, client } = setup();
  await server.accept();
  client.close();
  await assert.rejects(client.barsSubscribe({ symbol: "AAPL" }), { code: "closed" });
  await assert.rejects(client.bars.subscribe({ symbol: "AAPL" }).ready, { code: "closed" });
  client.reconnect();
  await server.accept();
  assert.equal(server.sockets.length, 2);
  const reply = await client.barsSubscribe({ symbol: "AAPL" });
  assert.equal(reply.status, "ok");
});

test("messages of a kind that the contract does not know are delivered raw", async () => {
  const { server, client } = setup();
  const frames = record(client, "frame");
  await server.accept();
  await server.say({ type: "bars.halted", payload: { symbol: "AAPL" }, extra: 1 });
  assert.equal(frames.length, 1);
  assert.equal(frames[0]?.message, undefined);
  assert.deepEqual(frames[0]?.raw, {
    type: "bars.halted",
    payload: { symbol: "AAPL" },
    extra: 1,
  });
});

test("a frame that can't be read is told and dropped, and the connection stays", async () => {
  const { server, client } = setup();
  const errors = record(client, "error");
  await server.accept();
  await server.frame("not json");
  await server.frame(new Uint8Array([1, 2]).buffer);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["undecodable", "undecodable"],
  );
  assert.equal(client.state, "open");
});

test("subprotocols are offered as declared, and an empty list makes a plain client", () => {
  assert.deepEqual(setup().server.socket.offered, ["trading.v1"]);
  assert.equal(setup({ subprotocols: [] }).server.socket.offered, undefined);
});

test("a subprotocol that the contract does not declare is an error, not a plain client", () => {
  assert.throws(() => setup({ subprotocols: ["trading.v2"] }), {
    message: "[invalid] the contract declares trading.v1, not the subprotocol trading.v2",
  });
});

test("an owner whose word on a close throws leaves it to the contract", async () => {
  const page = globalThis as { reportError?: (error: unknown) => void };
  const reported: unknown[] = [];
  page.reportError = (error) => reported.push(error);
  try {
    const { server, client } = setup({
      onClose: () => {
        throw new Error("mine");
      },
    });
    await server.accept();
    await server.close(4500);
    assert.equal(client.state, "closed");
    assert.equal(reported.length, 1);
  } finally {
    delete page.reportError;
  }
});

test("a token travels in the handshake only", () => {
  const { server } = setup({ token: "secret/1" });
  assert.equal(server.socket.url, "ws://test/api/v1/ws?token=secret%2F1");
});
