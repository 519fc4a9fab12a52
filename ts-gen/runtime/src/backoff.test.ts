import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelay } from "./backoff.js";

const bounds = { base: 500, max: 30_000 };

test("the wait is spread from zero to a bound that doubles up to a limit", () => {
  const atMost = [0, 1, 2, 3, 6, 7, 1000].map((attempt) => backoffDelay(attempt, bounds, 0.9999));
  assert.deepEqual(atMost, [500, 1000, 2000, 4000, 29_997, 29_997, 29_997]);
  assert.equal(backoffDelay(5, bounds, 0), 0);
});
