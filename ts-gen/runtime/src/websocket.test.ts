/**
 * The client over real sockets, with the `ws` package at both ends.
 */

import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import type { WebSocketConstructor } from "./index.js";
import { connect, type TradingClient } from "./trading.fixture.js";

/** A server that answers subscriptions and pushes two bars for each. */
async function serve(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { type, id, payload } = JSON.parse(String(data));
      const topic = `bars:${payload.symbol}:${payload.params?.resolution ?? "1"}`;
      const reply = { status: "ok", symbol: payload.symbol, message: "", topic };
      socket.send(JSON.stringify({ type: `${type}.response`, id, payload: reply }));
      if (type !== "bars.subscribe") return;
      for (const close of [1, 2]) {
        socket.send(JSON.stringify({ type: "bars.update", topic, payload: { close } }));
      }
    });
  });
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** `ws` is used without a cast: its class fits the option as it is. */
function open(url: string): TradingClient {
  const webSocket: WebSocketConstructor = WebSocket;
  return connect({ url, WebSocket: webSocket, backoff: { base: 10 } });
}

async function until(client: TradingClient, wanted: string): Promise<void> {
  if (client.state === wanted) return;
  await new Promise<void>((resolve) => {
    const off = client.on("state", (state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

test("over a real socket: subscribe, read, request, close", async () => {
  const { server, url } = await serve();
  const client = open(url);
  try {
    const closes: number[] = [];
    for await (const bar of client.bars.subscribe({ symbol: "AAPL" })) {
      closes.push(bar.close);
      if (closes.length === 2) break;
    }
    assert.deepEqual(closes, [1, 2]);
    const reply = await client.barsUnsubscribe({ symbol: "AAPL" });
    assert.equal(reply.topic, "bars:AAPL:1");
  } finally {
    client.close();
    server.close();
  }
});

test("over a real socket: pushes that come in one packet with the reply are not lost", async () => {
  const { server, url } = await serve();
  const client = open(url);
  try {
    const bars = client.bars.subscribe({ symbol: "AAPL", resolution: "D" });
    await bars.ready;
    const closes: number[] = [];
    await new Promise<void>((resolve) => {
      bars.on((bar) => {
        closes.push(bar.close);
        if (closes.length === 2) resolve();
      });
    });
    assert.deepEqual(closes, [1, 2]);
  } finally {
    client.close();
    server.close();
  }
});

test("over a real socket: a cut line is mended and the topic is back", async () => {
  const { server, url } = await serve();
  const client = open(url);
  try {
    const bars = client.bars.subscribe({ symbol: "AAPL" });
    await bars.ready;
    const gap = new Promise((resolve) => bars.on("gap", resolve));
    for (const socket of server.clients) socket.terminate();
    await until(client, "waiting");
    await gap;
    assert.equal(client.state, "open");
  } finally {
    client.close();
    server.close();
  }
});

test("over a real socket: nobody listens, and the reason is told", async () => {
  const { server, url } = await serve();
  await new Promise((resolve) => server.close(resolve));
  const client = open(url);
  const reason = await new Promise((resolve) => {
    client.on("state", (state, { close }) => {
      if (state === "waiting") resolve(close?.reason);
    });
  });
  client.close();
  assert.match(String(reason), /ECONNREFUSED/);
  assert.equal(client.state, "closed");
});

test("over a real socket: closing while connecting leaves no error behind", async () => {
  const { server, url } = await serve();
  const client = open(url);
  client.close();
  await new Promise((resolve) => server.close(resolve));
  assert.equal(client.state, "closed");
});
