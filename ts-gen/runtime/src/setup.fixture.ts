/**
 * A trading client with a fake server and a fake clock: how most tests begin.
 */

import { FakeClock } from "./fake-clock.js";
import { FakeServer } from "./fake-server.js";
import type { ClientEvents, ConnectOptions } from "./index.js";
import { connect, type TradingClient, type TradingIncoming } from "./trading.fixture.js";

export interface Setup {
  readonly server: FakeServer;
  readonly clock: FakeClock;
  readonly client: TradingClient;
  /** Brings the page back to life. */
  readonly wake: () => void;
}

/** Random numbers are 0.5: each wait is half its bound. */
export function setup(options: ConnectOptions = {}): Setup {
  const server = new FakeServer();
  const clock = new FakeClock();
  let wake = (): void => undefined;
  const client = connect({
    url: "ws://test",
    WebSocket: server.WebSocket,
    clock,
    random: () => 0.5,
    wake: (listener) => {
      wake = listener;
      return () => {
        wake = () => undefined;
      };
    },
    ...options,
  });
  return { server, clock, client, wake: () => wake() };
}

/** The first argument of each event, as it comes. */
export function record<Event extends keyof ClientEvents<TradingIncoming>>(
  client: TradingClient,
  event: Event,
): ClientEvents<TradingIncoming>[Event][0][] {
  const told: ClientEvents<TradingIncoming>[Event][0][] = [];
  client.on(event, (...args) => {
    told.push(args[0]);
  });
  return told;
}
