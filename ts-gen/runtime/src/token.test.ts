import assert from "node:assert/strict";
import { test } from "node:test";
import { record, setup } from "./setup.fixture.js";
import { placeToken } from "./token.js";

test("a token travels where the contract says, or not at all", () => {
  assert.deepEqual(placeToken("t", { in: "query", name: "ticket" }), {
    query: { ticket: "t" },
    protocol: undefined,
  });
  assert.deepEqual(placeToken("t", { in: "subprotocol", prefix: "bearer." }), {
    query: {},
    protocol: "bearer.t",
  });
  assert.deepEqual(placeToken(undefined, { in: "query", name: "t" }), {
    query: {},
    protocol: undefined,
  });
});

test("each attempt asks the provider, and is told when the last token was no good", async () => {
  const asked: boolean[] = [];
  const { server, clock } = setup({
    token: ({ refresh }) => {
      asked.push(refresh);
      return Promise.resolve(`t${asked.length}`);
    },
  });
  await server.accept();
  await clock.advance(60_000);
  await server.close(4200, "token expired");
  await clock.runTo("reconnect");
  assert.deepEqual(asked, [false, true]);
  assert.match(server.socket.url, /token=t2$/);
});

test("a new token that is refused as well stops the client, and the error says why", async () => {
  const { server, clock, client } = setup({ token: () => "same" });
  const changes: (string | undefined)[] = [];
  client.on("state", (_state, change) => changes.push(change.error?.message));
  const subscription = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  await server.close(4201, "token not accepted");
  await clock.runTo("reconnect");
  await server.accept();
  await server.close(4201, "token not accepted");
  assert.equal(client.state, "closed");
  assert.match(changes.at(-1) ?? "", /refuses the new token too: 4201 \(token-bad\)/);
  await assert.rejects(subscription[Symbol.asyncIterator]().next(), { code: "token" });
});

test("a refresh that races with close loses", async () => {
  let give = (_token: string): void => undefined;
  const { server, client } = setup({
    token: () =>
      new Promise((resolve) => {
        give = resolve;
      }),
  });
  const states = record(client, "state");
  client.close();
  give("late");
  await Promise.resolve();
  assert.equal(server.sockets.length, 0);
  assert.deepEqual(states, ["connecting", "closed"]);
});

test("a logout leaves public topics subscribed, on a connection without a token", async () => {
  let token: string | undefined = "mine";
  const { server, clock, client } = setup({ token: () => token });
  client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  token = undefined;
  client.reconnect({ refresh: true });
  await clock.runTo("reconnect");
  await server.accept();
  assert.equal(server.socket.url, "ws://test/api/v1/ws");
  assert.deepEqual(server.topics(), ["bars:AAPL:1"]);
});
