import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "./channel.js";
import { jsonText } from "./codec.js";
import { FakeClock } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";
import { byTag } from "./tell.js";

interface Status {
  readonly text: string;
}

function setup() {
  const server = new FakeServer();
  const channel = new Channel(
    {
      name: "status",
      address: "/",
      codec: jsonText,
      subprotocols: [],
      closes: [],
      frames: { tell: byTag(["type"], { status: "status" }), payload: ["payload"] },
    },
    { url: "ws://test", WebSocket: server.WebSocket, clock: new FakeClock() },
  );
  const status = channel.messages<Status>({
    message: "status",
    read: ({ payload }) => {
      if (payload === undefined) throw new TypeError("no payload");
      return payload as Status;
    },
  });
  const say = (text: string): Promise<void> => server.say({ type: "status", payload: { text } });
  return { server, channel, status, say };
}

test("messages without a subscription come to listeners and loops", async () => {
  const { server, status, say } = setup();
  const heard: string[] = [];
  const off = status.on(({ text }) => heard.push(text));
  const loop = status[Symbol.asyncIterator]();
  await server.accept();
  await say("up");
  off();
  await say("down");
  assert.deepEqual(heard, ["up"]);
  assert.deepEqual(
    [(await loop.next()).value?.text, (await loop.next()).value?.text],
    ["up", "down"],
  );
});

test("a loop that is left takes nothing any more, and the others go on", async () => {
  const { server, status, say } = setup();
  const left = status[Symbol.asyncIterator]();
  const slow = status.deliveries({ buffer: 1 });
  await server.accept();
  await left.return?.();
  await say("one");
  await say("two");
  assert.equal((await left.next()).done, true);
  const { value } = await slow.next();
  assert.deepEqual([value?.payload.text, value?.dropped], ["two", 1]);
});

test("loops end with the client, listeners outlive it", async () => {
  const { server, channel, status, say } = setup();
  const heard: string[] = [];
  status.on(({ text }) => heard.push(text));
  const loop = status[Symbol.asyncIterator]();
  await server.accept();
  channel.close();
  assert.equal((await loop.next()).done, true);
  channel.reconnect();
  await server.accept();
  await say("again");
  assert.deepEqual(heard, ["again"]);
});

test("a message that breaks the contract is told and dropped", async () => {
  const { server, channel, status } = setup();
  const errors: string[] = [];
  channel.on("error", ({ code }) => errors.push(code));
  status.on(() => assert.fail("broken"));
  await server.accept();
  await server.say({ type: "status" });
  assert.deepEqual(errors, ["invalid"]);
});
