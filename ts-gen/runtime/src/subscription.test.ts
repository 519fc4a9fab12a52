import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake-clock.js";
import { record, setup } from "./setup.fixture.js";
import type { Bar } from "./trading.fixture.js";

test("a subscription is confirmed with the server's reply", async () => {
  const { server, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL", resolution: "5" });
  assert.equal(bars.topic, "bars:AAPL:5");
  assert.equal(bars.state, "pending");
  await server.accept();
  assert.deepEqual(await bars.ready, {
    status: "ok",
    symbol: "AAPL",
    message: "Subscribed to AAPL",
    topic: "bars:AAPL:5",
  });
  assert.equal(bars.state, "active");
});

test("a loop gets the bars of its topic, and leaving it unsubscribes", async () => {
  const { server, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  client.bars.subscribe({ symbol: "GOOGL" }).on(() => undefined);
  await server.accept();
  await server.bar("bars:GOOGL:1", 9);
  await server.bar("bars:AAPL:1", 1);
  await server.bar("bars:AAPL:1", 2);
  const closes: number[] = [];
  for await (const bar of bars) {
    closes.push(bar.close);
    if (closes.length === 2) break;
  }
  await settled();
  assert.deepEqual(closes, [1, 2]);
  assert.equal(bars.state, "closed");
  assert.deepEqual(server.topics(), ["bars:GOOGL:1"]);
});

test("two subscriptions to one topic are one on the wire, until the last one closes", async () => {
  const { server, client } = setup();
  const first = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  const second = client.bars.subscribe({ symbol: "AAPL", resolution: "1" });
  assert.deepEqual(await second.ready, await first.ready);
  const heard: string[] = [];
  first.on(() => heard.push("first"));
  second.on(() => heard.push("second"));
  await server.bar("bars:AAPL:1", 1);
  first.close();
  first.close();
  await server.bar("bars:AAPL:1", 2);
  second.close();
  assert.deepEqual(heard, ["first", "second", "second"]);
  assert.deepEqual(
    server.received().map(({ type }) => type),
    ["bars.subscribe", "bars.unsubscribe"],
  );
});

test("a refusal rejects, ends the loop with the error, and is not repeated after a reconnect", async () => {
  const { server, clock, client } = setup();
  server.refusing.add("NOPE");
  const errors = record(client, "error");
  const bars = client.bars.subscribe({ symbol: "NOPE" });
  const ends: (string | undefined)[] = [];
  bars.on("end", (error) => ends.push(error?.code));
  await server.accept();
  await assert.rejects(bars.ready, {
    code: "refused",
    message: "[refused] bars:NOPE:1: no such symbol: NOPE",
  });
  await assert.rejects(bars[Symbol.asyncIterator]().next(), { code: "refused" });
  assert.deepEqual(ends, ["refused"]);
  assert.equal(errors.length, 1);
  await server.drop();
  await clock.runTo("reconnect");
  await server.accept();
  assert.deepEqual(server.received(), []);
});

test("after a reconnect each subscription hears once that messages may be missing", async () => {
  const { server, clock, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  const gaps: number[] = [];
  bars.on("gap", ({ since }) => gaps.push(since));
  const marked: [number, string | undefined][] = [];
  bars.on((bar, { gap }) => marked.push([bar.close, gap?.reason]));
  await server.accept();
  await server.bar("bars:AAPL:1", 1);
  const lostAt = clock.now();
  await server.drop();
  assert.equal(bars.state, "pending");
  assert.deepEqual(gaps, []);
  await clock.runTo("reconnect");
  const late = client.bars.subscribe({ symbol: "AAPL" });
  late.on("gap", () => assert.fail("it missed nothing that it ever had"));
  await server.accept();
  assert.equal(bars.state, "active");
  await server.bar("bars:AAPL:1", 2);
  await server.bar("bars:AAPL:1", 3);
  assert.deepEqual(gaps, [lostAt]);
  assert.deepEqual(marked, [
    [1, undefined],
    [2, "reconnect"],
    [3, undefined],
  ]);
});

test("what was closed while away is neither subscribed nor unsubscribed again", async () => {
  const { server, clock, client } = setup();
  const apple = client.bars.subscribe({ symbol: "AAPL" });
  client.bars.subscribe({ symbol: "GOOGL" });
  await server.accept();
  await server.drop();
  apple.close();
  await clock.runTo("reconnect");
  await server.accept();
  assert.deepEqual(
    server.received().map(({ type, payload }) => `${type} ${payload?.symbol}`),
    ["bars.subscribe GOOGL"],
  );
});

test("hundreds of topics are asked for in chunks, after each reconnect too", async () => {
  const { server, clock, client } = setup({ pace: { chunk: 50, interval: 100 } });
  for (let number = 0; number < 120; number += 1) client.bars.subscribe({ symbol: `S${number}` });
  for (let round = 0; round < 2; round += 1) {
    await server.accept();
    const counts = [server.received().length];
    for (let chunk = 0; chunk < 2; chunk += 1) {
      await clock.advance(100);
      counts.push(server.received().length);
    }
    assert.deepEqual(counts, [50, 100, 120]);
    await clock.advance(10_000);
    await server.drop();
    await clock.runTo("reconnect");
  }
});

test("a server that does not answer is asked three times, then the subscription ends", async () => {
  const { server, clock, client } = setup({ silence: 1_000_000 });
  server.answering = false;
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  const rejected = assert.rejects(bars.ready, { code: "timeout" });
  await server.accept();
  await clock.advance(30_000);
  await rejected;
  assert.deepEqual(
    server.received().map(({ type }) => type),
    // It may have understood all the same.
    ["bars.subscribe", "bars.subscribe", "bars.subscribe", "bars.unsubscribe"],
  );
});

test("nothing about topics waits for a socket that is closing", async () => {
  const { server, clock, client } = setup();
  const apple = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  server.socket.readyState = 2;
  apple.close();
  client.bars.subscribe({ symbol: "GOOGL" });
  await server.close(1001);
  await clock.runTo("reconnect");
  await server.accept();
  assert.deepEqual(
    server.received().map(({ type, payload }) => `${type} ${payload?.symbol}`),
    ["bars.subscribe GOOGL"],
  );
});

test("a reply without what it must have ends the one subscription that it is for", async () => {
  const { server, client } = setup();
  server.answering = false;
  const errors = record(client, "error");
  const apple = client.bars.subscribe({ symbol: "AAPL" });
  const google = client.bars.subscribe({ symbol: "GOOGL" });
  await server.accept();
  const [first, second] = server.received();
  await server.say({ type: "bars.subscribe.response", id: first?.id });
  await assert.rejects(apple.ready, { code: "invalid" });
  await server.say({
    type: "bars.subscribe.response",
    id: second?.id,
    payload: { status: "ok", topic: "bars:GOOGL:1" },
  });
  await google.ready;
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["invalid"],
  );
});

test("no connection is no reason to end a subscription, unless it was given a time", async () => {
  const { clock, server, client } = setup();
  const patient = client.bars.subscribe({ symbol: "AAPL" });
  const hasty = client.bars.subscribe({ symbol: "AAPL" }, { timeout: 60_000 });
  const rejected = assert.rejects(hasty.ready, { code: "timeout" });
  await clock.advance(3_600_000);
  await rejected;
  assert.equal(patient.state, "pending");
  if (client.state === "waiting") await clock.runTo("reconnect");
  await server.accept();
  assert.equal(patient.state, "active");
});

test("a signal ends a subscription, whenever it fires", async () => {
  const { server, client } = setup();
  const controller = new AbortController();
  const bars = client.bars.subscribe({ symbol: "AAPL" }, { signal: controller.signal });
  await server.accept();
  controller.abort("enough");
  await settled();
  assert.deepEqual(server.topics(), []);
  await assert.rejects(bars[Symbol.asyncIterator]().next(), { code: "aborted", cause: "enough" });
  const late = client.bars.subscribe({ symbol: "AAPL" }, { signal: controller.signal });
  await assert.rejects(late.ready, { code: "aborted" });
  assert.deepEqual(server.topics(), []);
});

test("closing before the confirmation takes the topic off the server", async () => {
  const { server, client } = setup();
  server.answering = false;
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  bars.close();
  await assert.rejects(bars.ready, { code: "closed" });
  client.bars.subscribe({ symbol: "AAPL" });
  assert.deepEqual(
    server.received().map(({ type }) => type),
    ["bars.subscribe", "bars.unsubscribe", "bars.subscribe"],
  );
});

test("a confirmation that comes too late does not keep the topic on the server", async () => {
  const { server, client } = setup();
  server.answering = false;
  client.bars.subscribe({ symbol: "AAPL" }).close();
  const early = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  early.close();
  const second = client.bars.subscribe({ symbol: "AAPL" });
  for (const { id, type } of server.received()) {
    await server.say({ type: `${type}.response`, id, payload: { status: "ok", topic: "t" } });
  }
  await second.ready;
  second.close();
  assert.deepEqual(
    server.received().map(({ type }) => type),
    ["bars.subscribe", "bars.unsubscribe", "bars.subscribe", "bars.unsubscribe"],
  );
});

test("the end is told to who asks after it", async () => {
  const { client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  bars.close();
  const ends: string[] = [];
  bars.on("end", () => ends.push("told"));
  bars.on("end", () => ends.push("not wanted"))();
  await settled();
  assert.deepEqual(ends, ["told"]);
});

test("closing the client finishes every loop without an error", async () => {
  const { server, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  const all = (async () => {
    const seen: Bar[] = [];
    for await (const bar of bars) seen.push(bar);
    return seen.length;
  })();
  await server.bar("bars:AAPL:1", 1);
  client.close();
  assert.equal(await all, 1);
});

test("a server that forbids coming back ends every loop with the close", async () => {
  const { server, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  await server.close(4501, "could not validate payload: /payload/symbol minLength");
  await assert.rejects(bars[Symbol.asyncIterator]().next(), (error: unknown) => {
    const { code, close } = error as { code: string; close: { code: number; situation: string } };
    return code === "stopped" && close.code === 4501 && close.situation === "invalid";
  });
});

test("a listener may close its own subscription, another one, or the client", async () => {
  const { server, client } = setup();
  const apple = client.bars.subscribe({ symbol: "AAPL" });
  const other = client.bars.subscribe({ symbol: "AAPL" });
  const heard: string[] = [];
  apple.on(() => {
    heard.push("apple");
    apple.close();
    other.close();
    client.close();
    client.bars.subscribe({ symbol: "AAPL" });
  });
  other.on(() => heard.push("other"));
  await server.accept();
  await server.bar("bars:AAPL:1", 1);
  assert.deepEqual(heard, ["apple"]);
  assert.equal(client.state, "closed");
});

test("a slow loop learns how much it missed", async () => {
  const { server, client } = setup();
  const bars = client.bars.subscribe({ symbol: "AAPL" }, { buffer: 2 });
  await server.accept();
  for (let close = 0; close < 5; close += 1) await server.bar("bars:AAPL:1", close);
  const deliveries = bars.deliveries();
  const first = await deliveries.next();
  assert.equal(first.done, false);
  assert.deepEqual([first.value.payload.close, first.value.dropped], [3, 3]);
});
