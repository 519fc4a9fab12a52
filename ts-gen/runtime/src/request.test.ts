import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incoming, Operation } from "./contract.js";
import { FakeClock, settled } from "./fake-clock.js";
import { type Outgoing, Requests } from "./request.js";

/** Requests over a sender that sends at once, or keeps what it is given. */
function setup() {
  const clock = new FakeClock();
  const sent: Outgoing[] = [];
  const waiting = new Set<Outgoing>();
  const line = { open: true };
  const requests = new Requests(
    {
      send: (message) => {
        if (!line.open) {
          waiting.add(message);
          return;
        }
        sent.push(message);
        message.sent();
      },
      withdraw: (message) => waiting.delete(message),
    },
    clock,
    10_000,
  );
  const flush = (): void => {
    for (const message of waiting) {
      waiting.delete(message);
      sent.push(message);
      message.sent();
    }
  };
  return { clock, sent, waiting, line, requests, flush };
}

const get: Operation<string, unknown> = {
  name: "get",
  encode: (key, id) => ({ id, key }),
  reply: { messages: ["got", "failed"], read: ({ payload }) => payload },
};
const put: Operation<string, unknown> = {
  name: "put",
  encode: (key, id) => ({ id, key }),
  reply: { messages: ["done"], read: ({ payload }) => payload },
};
const note: Operation<string> = { name: "note", encode: (text) => text };

function reply(message: string | undefined, payload: unknown, id?: string | number): Incoming {
  return { message, payload, id, topic: undefined, raw: { id, payload } };
}

test("a reply goes to the request whose id it carries, in whatever order", async () => {
  const { requests } = setup();
  const one = requests.call(get, "a", {});
  const two = requests.call(get, "b", {});
  assert.equal(requests.accept(reply("got", "for b", 2)), true);
  // A server may give a number back as a string.
  assert.equal(requests.accept(reply("failed", "for a", "1")), true);
  assert.deepEqual(await Promise.all([one, two]), ["for a", "for b"]);
  assert.equal(requests.accept(reply("got", "again", 2)), false);
});

test("a reply without an id goes to the oldest request that can have it", async () => {
  const { requests } = setup();
  const calls = [
    requests.call(get, "a", {}),
    requests.call(put, "b", {}),
    requests.call(get, "c", {}),
  ];
  assert.equal(requests.accept(reply("done", "for b")), true);
  assert.equal(requests.accept(reply("got", "for a")), true);
  assert.equal(requests.accept(reply("got", "for c")), true);
  assert.equal(requests.accept(reply("got", "for nobody")), false);
  assert.deepEqual(await Promise.all(calls), ["for a", "for b", "for c"]);
});

test("a late reply is not taken for the next request's", async () => {
  const { requests, clock } = setup();
  const late = requests.call(get, "a", { timeout: 100 });
  const refused = assert.rejects(late, { code: "timeout" });
  await clock.advance(100);
  await refused;
  const next = requests.call(get, "b", {});
  assert.equal(requests.accept(reply("got", "for a")), true);
  assert.equal(requests.accept(reply("got", "for b")), true);
  assert.equal(await next, "for b");
});

test("an id that another kind of message carries is no reply", async () => {
  const { requests } = setup();
  const call = requests.call(get, "a", {});
  assert.equal(requests.accept(reply("serverPing", 0, 1)), false);
  assert.equal(requests.accept(reply(undefined, 0, 1)), false);
  assert.equal(requests.accept(reply("got", "yes", 1)), true);
  assert.equal(await call, "yes");
});

test("a reply that only its request tells apart is named by it", () => {
  const { requests } = setup();
  const rpc: Operation<string, unknown> = {
    ...get,
    reply: {
      messages: ["got", "failed"],
      tell: (value) => (Object.hasOwn(value as object, "error") ? "failed" : "got"),
      read: ({ payload }) => payload,
    },
  };
  void requests.call(rpc, "a", {}).catch(() => undefined);
  void requests.call(put, "b", {}).catch(() => undefined);
  assert.equal(requests.tell({ error: 1 }, 1), "failed");
  assert.equal(requests.tell({ result: 1 }, "1"), "got");
  assert.equal(requests.tell({ result: 1 }, 2), "done");
  assert.equal(requests.tell({ result: 1 }, 3), undefined);
  assert.equal(requests.tell({ result: 1 }, undefined), undefined);
});

test("the wait for the connection counts, and what was given up is not sent", async () => {
  const { requests, clock, line, waiting, sent } = setup();
  line.open = false;
  const call = assert.rejects(requests.call(get, "a", { timeout: 50 }), {
    code: "timeout",
    message: "[timeout] no reply to get within 50 ms",
  });
  await clock.advance(50);
  await call;
  assert.equal(waiting.size, 0);
  assert.equal(sent.length, 0);
});

test("a lost connection rejects what was sent, and leaves what waits", async () => {
  const { requests, line, flush } = setup();
  const lost = assert.rejects(requests.call(get, "a", {}), { code: "connection-lost" });
  line.open = false;
  const waits = requests.call(get, "b", {});
  requests.lost();
  await lost;
  flush();
  requests.accept(reply("got", "for b"));
  assert.equal(await waits, "for b");
});

test("the end settles every request, sent or not, and clears its timers", async () => {
  const { requests, clock, line, waiting } = setup();
  const { ContractError } = await import("./error.js");
  const calls = [requests.call(get, "a", {})];
  line.open = false;
  calls.push(requests.call(put, "b", {}));
  requests.end(new ContractError("closed", "over"));
  for (const call of calls) await assert.rejects(call, { code: "closed" });
  assert.deepEqual(clock.purposes(), []);
  assert.equal(waiting.size, 0);
});

test("a signal gives a request up, before or after it was sent, with its reason as the cause", async () => {
  const { requests, sent, clock } = setup();
  const controller = new AbortController();
  const call = requests.call(get, "a", { signal: controller.signal });
  controller.abort("enough");
  await assert.rejects(call, { code: "aborted", cause: "enough" });
  await assert.rejects(requests.call(get, "b", { signal: controller.signal }), { code: "aborted" });
  assert.equal(sent.length, 1);
  assert.deepEqual(clock.purposes(), []);
});

test("a message without a reply is done when the socket has it", async () => {
  const { requests, line, flush, clock } = setup();
  assert.equal(await requests.call(note, "a", {}), undefined);
  line.open = false;
  let done = false;
  const waits = requests.call(note, "b", {}).then(() => {
    done = true;
  });
  await settled();
  assert.equal(done, false);
  flush();
  await waits;
  assert.deepEqual(clock.purposes(), []);
});

test("what generated code throws rejects the one call that it concerns", async () => {
  const { requests } = setup();
  const strict: Operation<string, unknown> = {
    ...get,
    encode: () => {
      throw new RangeError("/payload/symbol is empty");
    },
  };
  await assert.rejects(requests.call(strict, "", {}), {
    code: "invalid",
    message: "[invalid] get: /payload/symbol is empty",
  });
  const odd: Operation<string, unknown> = {
    ...get,
    reply: {
      messages: ["got"],
      read: () => {
        throw new TypeError("no status");
      },
    },
  };
  const call = requests.call(odd, "a", {});
  requests.accept(reply("got", {}));
  await assert.rejects(call, { code: "invalid", message: /the reply to get: no status/ });
});

test("an answer of a kind that the contract does not have ends its request at once", async () => {
  const { requests } = setup();
  const first = requests.call(get, "a", {});
  const second = requests.call(get, "b", {});
  const raw = { id: 1, payload: "later" };
  assert.equal(requests.acceptUnknown({ ...reply(undefined, "later", 1), raw }), true);
  await assert.rejects(first, { code: "unknown-reply", reply: raw });
  // No request has this id, or there is none.
  assert.equal(requests.acceptUnknown(reply(undefined, "news", 9)), false);
  assert.equal(requests.acceptUnknown(reply(undefined, "news")), false);
  assert.equal(requests.accept(reply("got", "for b", 2)), true);
  assert.equal(await second, "for b");
});
