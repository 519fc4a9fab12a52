/**
 * Messages on their way out: encoded and handed to the socket, or kept until there is one.
 *
 * In: {@link Outgoing}. Out: frames, and word to each message of what became of it. Bounded in
 * bytes, both what waits here and what waits in the socket.
 */

import { byteLength, type Codec, type Frame, type NumberPlan } from "./codec.js";
import { ContractError } from "./error.js";
import { ByteQueue } from "./queue.js";
import type { Outgoing, Sender } from "./request.js";

/** The connection, seen from here. */
export interface Wire {
  /** Of the connection that is open, or of the one to expect. */
  readonly codec: Codec;
  readonly isWritable: boolean;
  readonly bufferedAmount: number;
  /** Why nothing will be sent any more. */
  readonly ended: ContractError | undefined;
  write(frame: Frame): void;
}

export class Outbox implements Sender {
  readonly #limit: number;
  readonly #wire: Wire;
  readonly #queue: ByteQueue<Outgoing>;

  /** `limit`: how many bytes may wait. */
  constructor(limit: number, wire: Wire) {
    this.#limit = limit;
    this.#wire = wire;
    this.#queue = new ByteQueue(limit);
  }

  send(message: Outgoing): void {
    const { ended, codec, isWritable, bufferedAmount } = this.#wire;
    if (ended !== undefined) {
      message.failed(ended);
      return;
    }
    let frame: Frame;
    try {
      // Also where it has to wait: who sends what can't be sent should hear it now. It is encoded
      // again when there is a connection, because that decides the codec.
      frame = codec.encode(message.value, message.numbers);
      // What the server will read, and not what it was made from.
      const violation = message.check?.(readBack(codec, frame, message.numbers));
      if (violation !== undefined) throw ContractError.broken(violation, message.name);
    } catch (thrown) {
      message.failed(ContractError.from(thrown, "invalid", message.name));
      return;
    }
    const bytes = byteLength(frame);
    if (!isWritable) {
      if (!this.#queue.push(message, bytes)) this.#refuse(message, bytes, this.#queue.bytes);
    } else if (bufferedAmount + bytes > this.#limit) {
      this.#refuse(message, bytes, bufferedAmount);
    } else {
      this.#wire.write(frame);
      message.sent();
    }
  }

  withdraw(message: Outgoing): void {
    this.#queue.delete(message);
  }

  /** The connection is open: sends what waited, in order. */
  flush(): void {
    while (this.#wire.isWritable) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.send(next);
    }
  }

  #refuse(message: Outgoing, bytes: number, waiting: number): void {
    const limit = `queueBytes ${this.#limit}`;
    message.failed(
      new ContractError(
        "queue-full",
        `${message.name}: ${bytes} bytes on top of ${waiting} exceed ${limit}`,
      ),
    );
  }
}

function readBack(codec: Codec, frame: Frame, numbers: NumberPlan | undefined): unknown {
  const value = codec.decode(frame);
  return codec.asJson === undefined ? value : codec.asJson(value, numbers);
}
