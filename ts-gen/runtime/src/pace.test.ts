import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "./fake-clock.js";
import { Pacer } from "./pace.js";

function setup(chunk: number) {
  const clock = new FakeClock();
  const through: number[] = [];
  const pacer = new Pacer<number>({ chunk, interval: 100 }, clock, (item) => through.push(item));
  return { clock, through, pacer };
}

test("a chunk passes at once, the rest at intervals", async () => {
  const { clock, through, pacer } = setup(3);
  for (let item = 0; item < 8; item += 1) pacer.add(item);
  const counts = [through.length];
  for (let round = 0; round < 3; round += 1) {
    await clock.advance(100);
    counts.push(through.length);
  }
  assert.deepEqual(counts, [3, 6, 8, 8]);
  assert.deepEqual(through, [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("who leaves the line, or has the line sent home, does not pass", async () => {
  const { clock, through, pacer } = setup(1);
  for (const item of [0, 1, 2, 3]) pacer.add(item);
  pacer.delete(1);
  await clock.advance(100);
  pacer.clear();
  await clock.advance(1000);
  assert.deepEqual(through, [0, 2]);
});

test("coming and going does not quicken the pace", async () => {
  const { clock, through, pacer } = setup(2);
  for (const item of [0, 1, 2]) pacer.add(item);
  pacer.clear();
  for (const item of [0, 1, 2]) pacer.add(item);
  assert.equal(through.length, 2);
  await clock.advance(100);
  assert.equal(through.length, 4);
});

test("an absurd chunk lets one pass at a time", async () => {
  const { clock, through, pacer } = setup(0);
  pacer.add(1);
  pacer.add(2);
  await clock.advance(100);
  assert.deepEqual(through, [1, 2]);
});
