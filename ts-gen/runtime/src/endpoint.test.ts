import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointUrl } from "./endpoint.js";

const none = { address: "/api/v1/ws", parameters: {}, query: {} };

test("a server gets the channel's address, a whole URL stays as it is", () => {
  const expected: readonly (readonly [string, string])[] = [
    ["ws://host", "ws://host/api/v1/ws"],
    ["wss://host/", "wss://host/api/v1/ws"],
    ["https://host:8443", "wss://host:8443/api/v1/ws"],
    ["HTTP://host", "ws://host/api/v1/ws"],
    ["ws://host/other", "ws://host/other"],
    ["ws://host/other?a=1#part", "ws://host/other?a=1"],
    ["ws://[::1]:8000", "ws://[::1]:8000/api/v1/ws"],
  ];
  for (const [url, endpoint] of expected) assert.equal(endpointUrl({ ...none, url }), endpoint);
});

test("parameters are filled in and can't break out of their place", () => {
  const rooms = { ...none, address: "/rooms/{room}/{seat}", url: "ws://host" };
  assert.equal(
    endpointUrl({ ...rooms, parameters: { room: "a/b?c#d é", seat: "1" } }),
    "ws://host/rooms/a%2Fb%3Fc%23d%20%C3%A9/1",
  );
  assert.throws(
    () => endpointUrl({ ...rooms, parameters: { room: "a" } }),
    /needs the parameter `seat`/,
  );
  assert.throws(
    () => endpointUrl({ ...none, url: "ws://host", address: "/{toString}" }),
    /needs the parameter `toString`/,
  );
});

test("query parameters join those of the URL", () => {
  assert.equal(
    endpointUrl({ ...none, url: "ws://host/x?a=1", query: { "b c": "&=", token: "t" } }),
    "ws://host/x?a=1&b%20c=%26%3D&token=t",
  );
});

test("without a URL the page's server is meant, and without a page that is an error", () => {
  const page = globalThis as { location?: { origin: string } };
  assert.throws(() => endpointUrl({ ...none, url: undefined }), /give the option `url`/);
  page.location = { origin: "https://app.example.com" };
  try {
    assert.equal(endpointUrl({ ...none, url: undefined }), "wss://app.example.com/api/v1/ws");
    page.location = { origin: "null" };
    assert.throws(() => endpointUrl({ ...none, url: undefined }), /give the option `url`/);
  } finally {
    delete page.location;
  }
});

test("what is no URL of a server is said so", () => {
  for (const url of ["", "host", "//host", "ftp://host", "ws://", "ws:///x"]) {
    assert.throws(() => endpointUrl({ ...none, url }), { code: "invalid" }, url);
  }
});
