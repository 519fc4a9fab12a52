// The classes of a page fit the options as they are.

import type { RequestOptions, SubscribeOptions, WebSocketConstructor } from "../src/index.js";

export const webSocket: WebSocketConstructor = WebSocket;
export const request: RequestOptions = { signal: new AbortController().signal };
export const subscribe: SubscribeOptions = { signal: AbortSignal.timeout(1000) };
