// What a user writes, and what must not compile. Checked by `npm run compat`, never run.

import {
  type Close,
  type ConnectionState,
  type ContractError,
  type Decimal,
  decimal,
  type Gap,
  type Incoming,
} from "../src/index.js";
import { type Bar, type BarsTopic, connect, type TradingClient } from "../src/trading.fixture.js";

/** Compiles only if both types are the same. */
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : never;
function same<One, Other>(_: Same<One, Other>): void {}

export async function usage(): Promise<void> {
  const client: TradingClient = connect({
    url: "ws://localhost:8000",
    token: ({ refresh }) => (refresh ? "new" : undefined),
    onClose: (close: Close) => (close.code === 4503 ? "back-off" : undefined),
  });

  const subscription = client.bars.subscribe({ symbol: "AAPL", resolution: "5" }, { buffer: 10 });
  for await (const bar of subscription) same<typeof bar, Bar>(true);
  for await (const { payload, gap, dropped } of subscription.deliveries()) {
    same<typeof payload, Bar>(true);
    same<typeof gap, Gap | undefined>(true);
    same<typeof dropped, number>(true);
  }
  subscription.on((bar, delivery) => {
    same<typeof bar, Bar>(true);
    same<typeof delivery.payload, Bar>(true);
  });
  subscription.on("gap", (gap) => same<typeof gap, Gap>(true));
  subscription.on("end", (error) => same<typeof error, ContractError | undefined>(true));
  const confirmed = await subscription.ready;
  same<typeof confirmed.topic, string>(true);

  const reply = await client.barsSubscribe(
    { symbol: "AAPL", params: {} },
    { timeout: 100, signal: undefined },
  );
  same<typeof reply.message, string>(true);
  same<ReturnType<typeof client.bars.paramsOf>, BarsTopic | undefined>(true);

  client.on("state", (state, { close }) => {
    same<typeof state, ConnectionState>(true);
    same<typeof close, Close | undefined>(true);
  });
  client.on("frame", (frame) => {
    switch (frame.message) {
      case "barsUpdate":
        same<typeof frame.payload, Bar>(true);
        break;
      case undefined:
        same<typeof frame, Incoming<undefined>>(true);
        break;
      default:
        same<typeof frame.message, "barsSubscribeResponse" | "barsUnsubscribeResponse">(true);
    }
  });
  client.on("error", ({ code }) => {
    if (code === "timeout") client.reconnect({ refresh: true });
  });
  const price: Decimal = decimal("0.1000");
  const text: string = price;
  client.close();

  // @ts-expect-error a resolution that the contract doesn't have
  client.bars.subscribe({ symbol: "AAPL", resolution: "2" });
  // @ts-expect-error a symbol is required
  client.bars.subscribe({});
  // @ts-expect-error an optional property is absent, not undefined
  client.bars.subscribe({ symbol: "AAPL", resolution: undefined });
  // @ts-expect-error not a property of the request
  void client.barsSubscribe({ symbol: "AAPL", topic: "x" });
  // @ts-expect-error any string is not a decimal
  const wrong: Decimal = text;
  // @ts-expect-error there is no such event
  client.on("message", () => undefined);
  // @ts-expect-error what makes operations is not for users
  void client.channel;
  void wrong;
}
