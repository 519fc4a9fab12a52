/**
 * What every generated client has besides its operations.
 */

import { Channel, type ClientEvents, type ReconnectOptions } from "./channel.js";
import type { ConnectionState } from "./connection.js";
import type { ChannelContract, Incoming } from "./contract.js";
import type { Off } from "./emitter.js";
import type { ConnectOptions } from "./options.js";

/**
 * A client of one channel. Generated clients extend it; `Message` is the union of what the server
 * sends. Its names are taken: `channel`, `close`, `on`, `reconnect`, `state`.
 */
export class Client<Message extends Incoming = Incoming> {
  /** What operations and topics are made of. */
  protected readonly channel: Channel<Message>;

  /** Connects at once. Throws where that can never work: no WebSocket, no usable URL. */
  constructor(contract: ChannelContract, options: ConnectOptions) {
    this.channel = new Channel(contract, options);
  }

  /** Where the connection stands. */
  get state(): ConnectionState {
    return this.channel.state;
  }

  /**
   * Puts a listener on an event; the answer takes it off. Listeners are called when the client is
   * in a settled state, and may call anything.
   */
  on<Event extends keyof ClientEvents<Message>>(
    event: Event,
    listener: (...args: ClientEvents<Message>[Event]) => void,
  ): Off {
    return this.channel.on(event, listener);
  }

  /**
   * Gives the connection up and makes a new one at once: after a login or logout (with `refresh`),
   * or when the user asks for it. Revives a client that was closed or stopped.
   */
  reconnect(options?: ReconnectOptions): void {
    this.channel.reconnect(options);
  }

  /**
   * Ends the connection, every subscription and every open request. May be called at any time, and
   * again.
   */
  close(): void {
    this.channel.close();
  }
}
