import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "./channel.js";
import { type Codec, jsonText } from "./codec.js";
import type { Operation } from "./contract.js";
import { FakeClock } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";
import { setup } from "./setup.fixture.js";

const note: Operation<unknown> = { name: "note", encode: (text) => text };

/** The same values, in another form, so that a test can see which codec was chosen. */
const shouting: Codec = {
  name: "shouting",
  encode: (value) => new TextEncoder().encode(JSON.stringify(value).toUpperCase()),
  decode: (frame) => JSON.parse(new TextDecoder().decode(frame as Uint8Array)),
};

function open(queueBytes: number) {
  const server = new FakeServer();
  const channel = new Channel(
    {
      name: "notes",
      address: "/",
      codec: jsonText,
      subprotocols: [{ name: "loud", codec: shouting, closes: "declared" }],
      closes: [],
      frames: { tell: () => undefined },
    },
    { url: "ws://test", WebSocket: server.WebSocket, clock: new FakeClock(), queueBytes },
  );
  return { server, channel };
}

test("what was sent too early leaves in order, in the codec of the connection that came", async () => {
  for (const [protocol, expected] of [
    ["", ['"a"', '"b"']],
    ["loud", ['"A"', '"B"']],
  ] as const) {
    const { server, channel } = open(1000);
    const sent = Promise.all([channel.send(note, "a"), channel.send(note, "b")]);
    await server.accept(protocol);
    await sent;
    assert.deepEqual(
      server.socket.sent.map((frame) =>
        typeof frame === "string" ? frame : new TextDecoder().decode(frame),
      ),
      expected,
    );
  }
});

test("more than may wait is refused, and says what and how much", async () => {
  const { server, channel } = open(10);
  const first = channel.send(note, "12345678");
  await assert.rejects(channel.send(note, "1"), {
    code: "queue-full",
    message: "[queue-full] note: 3 bytes on top of 10 exceed queueBytes 10",
  });
  await server.accept("");
  await first;
  server.socket.bufferedAmount = 9;
  await assert.rejects(channel.send(note, "1"), { code: "queue-full" });
});

test("what can't be encoded is refused at once, even without a connection", async () => {
  const { channel } = open(1000);
  await assert.rejects(channel.send(note, 1n), { code: "invalid", message: /note/ });
});

test("a socket that is closing takes nothing: what is sent then waits for the next one", async () => {
  const { server, clock, client } = setup();
  await server.accept();
  server.socket.readyState = 2;
  const reply = client.barsSubscribe({ symbol: "AAPL" });
  await server.close(1001);
  await clock.runTo("reconnect");
  await server.accept();
  assert.equal((await reply).status, "ok");
});

test("a promise that nobody awaits does not end the process", async () => {
  const { channel } = open(1000);
  void channel.send(note, "a");
  channel.close();
  await Promise.resolve();
});
