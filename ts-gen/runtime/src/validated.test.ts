import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "./channel.js";
import { is, property, required } from "./check/index.js";
import { jsonText } from "./codec.js";
import type { ChannelContract, FrameCheck, Operation } from "./contract.js";
import type { ContractError } from "./error.js";
import { FakeClock } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";
import { byTag } from "./tell.js";

const checkPrice: FrameCheck = (value) =>
  required(value, ["price"]) ?? property(value, "price", (price) => is(price, "number"));

const contract: ChannelContract = {
  name: "prices",
  address: "/",
  codec: jsonText,
  subprotocols: [],
  closes: [],
  frames: {
    tell: byTag(["type"], { price: "price", asked: "asked" }),
    id: ["id"],
    messages: { price: { check: checkPrice }, asked: { check: checkPrice } },
  },
};

const ask: Operation<unknown, unknown> = {
  name: "ask",
  encode: (symbol, id) => ({ type: "ask", id, symbol }),
  check: (value) => property(value, "symbol", (symbol) => is(symbol, "string")),
  reply: { messages: ["asked"], read: ({ payload }) => payload },
};

async function setup() {
  const server = new FakeServer();
  const channel = new Channel(contract, {
    url: "ws://test",
    WebSocket: server.WebSocket,
    clock: new FakeClock(),
  });
  const errors: ContractError[] = [];
  const frames: unknown[] = [];
  const prices: unknown[] = [];
  channel.on("error", (error) => errors.push(error));
  channel.on("frame", (frame) => frames.push([frame.message, frame.raw]));
  channel
    .messages({ message: "price", read: ({ payload }) => payload })
    .on((price) => prices.push(price));
  await server.accept();
  return { server, channel, errors, frames, prices };
}

test("a frame that breaks its schema comes raw and as an error, not as what it claims to be", async () => {
  const { server, errors, frames, prices } = await setup();
  await server.frame('{"type":"price","price":1.5}');
  await server.frame('{"type":"price","price":"1.5"}');
  assert.deepEqual(prices, [{ type: "price", price: 1.5 }]);
  assert.deepEqual(frames, [
    ["price", { type: "price", price: 1.5 }],
    [undefined, { type: "price", price: "1.5" }],
  ]);
  assert.equal(errors.length, 1);
  const [error] = errors;
  assert.equal(error?.code, "invalid");
  assert.equal(error?.message, "[invalid] price: /price: type: expected number, got string");
  assert.deepEqual([error?.violation?.pointer, error?.violation?.rule], ["/price", "type"]);
});

test("a reply that breaks its schema fails the request that it answers, and nobody else", async () => {
  const { server, channel, errors } = await setup();
  const answer = channel.request(ask, "AAPL");
  const refused = assert.rejects(answer, {
    code: "invalid",
    message: /required: expected a property "price"/,
  });
  await server.frame('{"type":"asked","id":1}');
  await refused;
  assert.deepEqual(errors, []);
});

test("a request that breaks its schema is not sent", async () => {
  const { server, channel } = await setup();
  const before = server.socket.sent.length;
  await assert.rejects(channel.request(ask, 5), {
    code: "invalid",
    message: "[invalid] ask: /symbol: type: expected string, got number",
  });
  assert.equal(server.socket.sent.length, before);
});
