/**
 * Requests and their replies.
 *
 * In: operations, and the messages that come in. Out: for each call exactly one outcome: the reply,
 * or why there is none. Knows of the connection only whether it takes messages now ({@link
 * Sender}).
 *
 * A reply is found by the id that it carries; without one it belongs to the oldest open call that
 * can have it. In the second case a call that was given up keeps its place, or its late reply would
 * be taken for the next one's.
 */

import type { Clock } from "./clock.js";
import type { NumberPlan } from "./codec.js";
import type { FrameCheck, Incoming, Operation, Tell } from "./contract.js";
import { ContractError } from "./error.js";

/** The part of an `AbortSignal` that the runtime uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Options of one call. */
export interface RequestOptions {
  /** How long to wait for the reply in milliseconds, the wait for the connection included. */
  readonly timeout?: number | undefined;
  /** Gives the call up. What was sent is not taken back. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A message on its way out. */
export interface Outgoing {
  /** For messages: the operation's name. */
  readonly name: string;
  readonly value: unknown;
  readonly numbers: NumberPlan | undefined;
  /** What it must keep to be sent. */
  readonly check: FrameCheck | undefined;
  /** The socket has it. */
  readonly sent: () => void;
  /** It will not be sent. */
  readonly failed: (error: ContractError) => void;
}

/** Takes messages, now or when the connection is there. */
export interface Sender {
  /** Sends, or queues, or calls `failed`. */
  send(message: Outgoing): void;
  /** Takes back what still waits. */
  withdraw(message: Outgoing): void;
}

/** How a call ended. */
export type Outcome<Reply> =
  | { readonly reply: Reply; readonly error?: never }
  | { readonly error: ContractError; readonly reply?: never };

/** All calls of one client. */
export class Requests {
  readonly #sender: Sender;
  readonly #clock: Clock;
  readonly #timeout: number;
  /** Calls without an outcome. */
  readonly #open = new Set<Call>();
  /** Calls that were sent and not answered, by id, oldest first; given-up ones too. */
  readonly #unanswered = new Map<string, Call>();
  #lastId = 0;

  /** `timeout`: how long a call waits that says nothing of its own, in milliseconds. */
  constructor(sender: Sender, clock: Clock, timeout: number) {
    this.#sender = sender;
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /**
   * Calls and promises the reply; for an operation without one, promises that the socket has the
   * message.
   */
  call<Request, Reply>(
    operation: Operation<Request, Reply>,
    request: Request,
    options: RequestOptions,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.start(operation, request, options, (outcome) => {
        if (outcome.error === undefined) resolve(outcome.reply);
        else reject(outcome.error);
      });
    });
  }

  /** Calls; `done` hears the outcome, exactly once, before any later message is looked at. */
  start<Request, Reply>(
    operation: Operation<Request, Reply>,
    request: Request,
    options: RequestOptions,
    done: (outcome: Outcome<Reply>) => void,
  ): void {
    this.#lastId += 1;
    const id = this.#lastId;
    const { name, reply } = operation;
    const { timeout = this.#timeout, signal } = options;

    const encoded = attempt(() => operation.encode(request, id), name);
    if (encoded.error !== undefined) {
      done({ error: encoded.error });
      return;
    }
    const finish = (outcome: Outcome<Reply>): void => {
      if (!this.#open.delete(call)) return;
      cancelTimer();
      signal?.removeEventListener("abort", abort);
      done(outcome);
    };
    const call: Call = {
      name,
      value: encoded.reply,
      numbers: operation.numbers,
      check: operation.check,
      messages: reply?.messages ?? [],
      tell: reply?.tell,
      sent: () => {
        // Without a reply there is nothing more to hear, and nothing to give either.
        if (reply === undefined) finish({ reply: undefined as Reply });
        else this.#unanswered.set(String(id), call);
      },
      failed: (error) => finish({ error }),
      answered: (incoming) => {
        if (reply !== undefined && this.#open.has(call)) {
          finish(attempt(() => reply.read(incoming), `the reply to ${name}`));
        }
      },
    };
    const giveUp = (error: ContractError): void => {
      this.#sender.withdraw(call);
      finish({ error });
    };
    const abort = (): void =>
      giveUp(new ContractError("aborted", `${name} was given up`, { cause: signal?.reason }));
    const cancelTimer = this.#clock.after("request", timeout, () =>
      giveUp(new ContractError("timeout", `no reply to ${name} within ${timeout} ms`)),
    );

    this.#open.add(call);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) abort();
    else this.#sender.send(call);
  }

  /** Names a message that the contract's own rule does not know by the call that it answers. */
  tell(value: unknown, id: unknown): string | undefined {
    const call = this.#unanswered.get(String(id));
    return call?.tell?.(value) ?? (call?.messages.length === 1 ? call.messages[0] : undefined);
  }

  /** Takes a message that is a reply, and says whether it was one. */
  accept(incoming: Incoming): boolean {
    const call = this.#take(incoming);
    call?.answered(incoming);
    return call !== undefined;
  }

  /**
   * Takes a message of a kind that the contract does not have, if it carries the id of a request: a
   * newer server answers in a new way. Whoever waits need not wait for the timeout to hear of it.
   */
  acceptUnknown({ id, message, raw }: Incoming): boolean {
    const call = message === undefined ? this.#unanswered.get(String(id)) : undefined;
    if (call === undefined) return false;
    this.#unanswered.delete(String(id));
    const why = `the reply to ${call.name} is of a kind that this contract does not have`;
    call.failed(new ContractError("unknown-reply", why, { reply: raw }));
    return true;
  }

  /** Takes a reply that breaks its schema. */
  refuse(incoming: Incoming, error: ContractError): boolean {
    const call = this.#take(incoming);
    call?.failed(error);
    return call !== undefined;
  }

  /** The connection went: what was sent has no outcome that anybody could know. */
  lost(): void {
    const calls = [...this.#unanswered.values()];
    this.#unanswered.clear();
    for (const call of calls) {
      call.failed(
        new ContractError(
          "connection-lost",
          `the connection was lost before the reply to ${call.name}`,
        ),
      );
    }
  }

  /** The client is closed: nobody is left waiting. */
  end(error: ContractError): void {
    this.#unanswered.clear();
    for (const call of [...this.#open]) {
      this.#sender.withdraw(call);
      call.failed(error);
    }
  }

  #take(incoming: Incoming): Call | undefined {
    const key = this.#keyOf(incoming);
    if (key === undefined) return undefined;
    const call = this.#unanswered.get(key);
    this.#unanswered.delete(key);
    return call;
  }

  #keyOf({ id, message }: Incoming): string | undefined {
    if (id !== undefined) {
      const call = this.#unanswered.get(String(id));
      return call !== undefined && mayAnswer(call, message) ? String(id) : undefined;
    }
    if (message === undefined) return undefined;
    for (const [key, call] of this.#unanswered) if (mayAnswer(call, message)) return key;
    return undefined;
  }
}

interface Call extends Outgoing {
  readonly messages: readonly string[];
  readonly tell: Tell | undefined;
  readonly answered: (incoming: Incoming) => void;
}

function mayAnswer(call: Call, message: string | undefined): boolean {
  return message !== undefined && call.messages.includes(message);
}

/** Runs generated code, which throws when a value breaks the contract. */
function attempt<Value>(run: () => Value, what: string): Outcome<Value> {
  try {
    return { reply: run() };
  } catch (thrown) {
    return { error: ContractError.from(thrown, "invalid", what) };
  }
}
