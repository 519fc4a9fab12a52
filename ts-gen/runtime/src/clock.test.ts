import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock, Timer } from "./clock.js";
import { FakeClock } from "./fake-clock.js";

test("setting a timer again replaces it, clearing it forgets it", async () => {
  const clock = new FakeClock();
  const timer = new Timer(clock, "test");
  const rang: string[] = [];
  timer.set(10, () => rang.push("first"));
  timer.set(20, () => rang.push("second"));
  await clock.advance(100);
  timer.set(10, () => rang.push("third"));
  timer.clear();
  timer.clear();
  await clock.advance(100);
  assert.deepEqual(rang, ["second"]);
});

test("a timer may set itself again when it rings", async () => {
  const clock = new FakeClock();
  const timer = new Timer(clock, "test");
  let rang = 0;
  const ring = (): void => {
    rang += 1;
    if (rang < 3) timer.set(10, ring);
  };
  timer.set(10, ring);
  await clock.advance(100);
  assert.equal(rang, 3);
});

test("the system clock waits for ever when asked to, instead of not at all", async () => {
  let rang = false;
  const cancel = systemClock.after("test", Number.POSITIVE_INFINITY, () => {
    rang = true;
  });
  await new Promise<void>((resolve) => systemClock.after("test", -1, resolve));
  cancel();
  assert.equal(rang, false);
});
