import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "./fake-clock.js";
import { Heartbeat } from "./heartbeat.js";

function setup({ canProbe = true, answering = true } = {}) {
  const clock = new FakeClock();
  const log: string[] = [];
  const begin = clock.now();
  const peer = { canProbe, answering };
  const heartbeat = new Heartbeat({
    clock,
    silence: 45_000,
    patience: 10_000,
    probe: () => {
      if (!peer.canProbe) return false;
      log.push(`probe ${clock.now() - begin}`);
      heartbeat.sent();
      if (peer.answering) heartbeat.received();
      return true;
    },
    dead: (why) => log.push(`dead ${clock.now() - begin}: ${why}`),
  });
  return { clock, heartbeat, log, peer };
}

test("where the server demands messages, one goes out in time", async () => {
  const { clock, heartbeat, log } = setup();
  heartbeat.start(30_000);
  await clock.advance(60_000);
  assert.deepEqual(log, ["probe 25000", "probe 50000"]);
});

test("whatever else is sent counts", async () => {
  const { clock, heartbeat, log } = setup();
  heartbeat.start(30_000);
  await clock.advance(20_000);
  heartbeat.sent();
  await clock.advance(24_000);
  assert.deepEqual(log, []);
  await clock.advance(1_000);
  assert.deepEqual(log, ["probe 45000"]);
});

test("where the server pings, a lively connection is left alone", async () => {
  const { clock, heartbeat, log } = setup();
  heartbeat.start(undefined);
  for (let second = 0; second < 300; second += 30) {
    await clock.advance(30_000);
    heartbeat.received();
  }
  assert.deepEqual(log, []);
});

test("a quiet market that answers is not taken for a dead one", async () => {
  const { clock, heartbeat, log } = setup();
  heartbeat.start(undefined);
  await clock.advance(120_000);
  assert.deepEqual(log, ["probe 45000", "probe 100000"]);
});

test("a server that does not answer is given up", async () => {
  const { clock, heartbeat, log } = setup({ answering: false });
  heartbeat.start(undefined);
  await clock.advance(55_000);
  assert.deepEqual(log, [
    "probe 45000",
    "dead 55000: no sign of life within 10000 ms of asking for one",
  ]);
});

test("a page that comes back asks at once, and gives a dead connection up soon", async () => {
  const { clock, heartbeat, log } = setup({ answering: false });
  heartbeat.start(undefined);
  await clock.advance(5_000);
  heartbeat.check();
  await clock.advance(10_000);
  assert.deepEqual(log, [
    "probe 5000",
    "dead 15000: no sign of life within 10000 ms of asking for one",
  ]);
});

test("a machine that slept asks as soon as it runs", async () => {
  const { clock, heartbeat, log } = setup({ answering: false });
  heartbeat.start(30_000);
  await clock.sleep(3_600_000);
  assert.deepEqual(log, ["probe 3600000", "probe 3600000"]);
  await clock.advance(10_000);
  assert.equal(log.length, 3);
});

test("with nothing to ask there is no verdict, and no busy loop", async () => {
  const { clock, heartbeat, log, peer } = setup({ canProbe: false });
  heartbeat.start(30_000);
  await clock.advance(300_000);
  assert.deepEqual(log, []);
  peer.canProbe = true;
  await clock.advance(30_000);
  assert.equal(log.length > 0, true);
});

test("stopped means stopped", async () => {
  const { clock, heartbeat, log } = setup();
  heartbeat.start(30_000);
  heartbeat.stop();
  heartbeat.check();
  await clock.advance(100_000);
  assert.deepEqual(log, []);
  assert.deepEqual(clock.purposes(), []);
});
