import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake-clock.js";
import { setup } from "./setup.fixture.js";
import { pageWake } from "./wake.js";

class Page extends EventTarget {
  visibilityState = "hidden";
}

test("a page wakes when it is seen again, thawed, back from history, or online", () => {
  const host = globalThis as unknown as {
    document?: Page;
    addEventListener?: unknown;
    removeEventListener?: unknown;
  };
  const page = new Page();
  const frame = new EventTarget();
  const before = [host.addEventListener, host.removeEventListener];
  host.document = page;
  host.addEventListener = frame.addEventListener.bind(frame);
  host.removeEventListener = frame.removeEventListener.bind(frame);
  try {
    let woken = 0;
    const off = pageWake(() => {
      woken += 1;
    });
    page.dispatchEvent(new Event("visibilitychange"));
    assert.equal(woken, 0);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    page.dispatchEvent(new Event("resume"));
    frame.dispatchEvent(new Event("online"));
    frame.dispatchEvent(new Event("pageshow"));
    assert.equal(woken, 4);
    off();
    page.dispatchEvent(new Event("visibilitychange"));
    frame.dispatchEvent(new Event("online"));
    assert.equal(woken, 4);
  } finally {
    delete host.document;
    [host.addEventListener, host.removeEventListener] = before;
  }
});

test("where there is no page, nothing is listened to", () => {
  pageWake(() => undefined)();
});

test("a page that comes back reconnects at once, unless its user disconnected", async () => {
  const { server, client, wake } = setup();
  await server.accept();
  await server.drop();
  assert.equal(client.state, "waiting");
  wake();
  assert.equal(client.state, "connecting");
  client.close();
  wake();
  await settled();
  assert.equal(client.state, "closed");
});

test("a page that comes back to an open connection asks for a sign of life", async () => {
  const { server, clock, client, wake } = setup();
  client.bars.subscribe({ symbol: "AAPL" });
  await server.accept();
  server.answering = false;
  const before = server.received().length;
  wake();
  assert.equal(server.received().length, before + 1);
  await clock.advance(10_000);
  assert.equal(client.state, "waiting");
});
