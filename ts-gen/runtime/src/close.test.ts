import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_CLOSES, describeClose, PLAIN_CLOSES, readClose, type Then } from "./close.js";

test("every declared situation says what to do next, by its code", () => {
  for (const { code, reason, then, situation } of DEFAULT_CLOSES) {
    const close = readClose(code, `${reason}: /payload/symbol`, DEFAULT_CLOSES);
    assert.equal(close.then, then, situation);
    assert.equal(close.situation, situation);
    // A server that words it differently means the same.
    assert.equal(readClose(code, "anders gesagt", DEFAULT_CLOSES).then, then, situation);
  }
});

test("codes that no table names are judged by their range", () => {
  const expected: readonly (readonly [number, Then])[] = [
    [1000, "back-off"],
    [1001, "back-off"],
    [1002, "stop"],
    [1003, "stop"],
    [1005, "back-off"],
    [1006, "back-off"],
    [1007, "stop"],
    [1008, "stop"],
    [1009, "stop"],
    [1010, "stop"],
    [1011, "back-off"],
    [1012, "back-off"],
    [1013, "back-off"],
    [1014, "back-off"],
    [1015, "back-off"],
    [3000, "back-off"],
    [4000, "back-off"],
    [4499, "back-off"],
    [4500, "stop"],
    [4999, "stop"],
  ];
  for (const [code, then] of expected) assert.equal(readClose(code, "", []).then, then, `${code}`);
});

test("a plain client tells the meanings of one code apart by the reason", () => {
  const timedOut = "Connection timed out. Heartbeat interval 30.0. Max connection lifespan 3600.0";
  const meanings: readonly (readonly [number, string, Then])[] = [
    [1003, timedOut, "retry"],
    [1003, "Could not validate payload", "stop"],
    [1003, "No matching type", "stop"],
    [1003, "Could not decode message", "stop"],
    [1003, "something new", "stop"],
    [1008, "slow consumer", "back-off"],
    [1008, "overloaded", "back-off"],
    [1008, "rate limit exceeded", "back-off"],
    [1008, "origin not allowed", "stop"],
    [1008, "token not accepted", "refresh"],
    [1008, "token expired", "refresh"],
    [1008, "", "refresh"],
    [1009, "", "stop"],
    [1001, "", "back-off"],
  ];
  for (const [code, reason, then] of meanings) {
    assert.equal(readClose(code, reason, PLAIN_CLOSES).then, then, `${code} ${reason}`);
  }
});

test("a wait ends the reason and is taken off it", () => {
  const close = readClose(1012, "service restart; retry-after=1500", DEFAULT_CLOSES);
  assert.equal(close.retryAfter, 1500);
  assert.equal(close.reason, "service restart");
  assert.equal(readClose(1012, "; retry-after=0", []).retryAfter, 0);
});

test("a wait that is no number is no wait, and an absurd one is an hour", () => {
  for (const reason of [
    "retry-after=5",
    "; retry-after=soon",
    "; retry-after=-5",
    "; retry-after=",
  ]) {
    assert.equal(readClose(1012, reason, []).retryAfter, undefined, reason);
  }
  assert.equal(readClose(1012, "x; retry-after=999999999999999", []).retryAfter, 3_600_000);
});

test("a close reads in one phrase", () => {
  assert.equal(
    describeClose(readClose(4500, "not JSON", DEFAULT_CLOSES)),
    "4500 (undecodable): not JSON",
  );
  assert.equal(describeClose(readClose(1006, "", [])), "1006");
});
