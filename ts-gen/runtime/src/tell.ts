/**
 * Which message a frame is, and what is where in it.
 *
 * In: a decoded value and the contract's description. Out: {@link Incoming}. Knows no connection.
 * The functions for generated code are pure, so that unused ones leave the bundle.
 */

import type { Codec } from "./codec.js";
import type { FrameContract, Incoming, Path, Tell } from "./contract.js";
import type { Violation } from "./error.js";
import { numberOf } from "./uuid.js";

/** Tells messages apart by a property (or nested path, or array position) with a constant value. */
export function byTag(path: Path, messages: Readonly<Record<string, string>>): Tell {
  // A Map, because a frame may say "constructor" or "__proto__".
  const keys = new Map(Object.entries(messages));
  return (value) => {
    const tag = at(value, path);
    return tag === undefined || typeof tag === "object" ? undefined : keys.get(String(tag));
  };
}

/** Tells messages apart by a test for each, in order, where no constant does. */
export function byShape(
  tests: readonly (readonly [message: string, test: (value: unknown) => boolean])[],
): Tell {
  return (value) => tests.find(([, test]) => test(value))?.[0];
}

/** The first answer of several ways to tell. */
export function firstOf(...tells: readonly Tell[]): Tell {
  return (value) => {
    for (const tell of tells) {
      const message = tell(value);
      if (message !== undefined) return message;
    }
    return undefined;
  };
}

/** A test for {@link byShape}: an object with all of these properties. */
export function has(...properties: readonly string[]): (value: unknown) => boolean {
  return (value) =>
    isObject(value) && properties.every((property) => Object.hasOwn(value, property));
}

/** The part of a value at the end of a path; undefined where there is none. */
export function at(value: unknown, path: Path): unknown {
  let part = value;
  for (const step of path) {
    if (!isObject(part)) return undefined;
    if (typeof step === "number") {
      part = Array.isArray(part) ? part.at(step) : undefined;
    } else {
      part = Object.hasOwn(part, step) ? part[step] : undefined;
    }
  }
  return part;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A message as it came. */
export interface Received {
  readonly incoming: Incoming;
  /** What it would be, and why it is not. */
  readonly broken: { readonly message: string; readonly violation: Violation } | undefined;
}

/**
 * The messages in one decoded frame, in their order. `tellReply` is asked about those that the
 * contract's own `tell` does not know: some replies are known by their pending request only.
 */
export function received(
  value: unknown,
  frames: FrameContract,
  codec: Codec,
  tellReply: (value: unknown, id: unknown) => string | undefined,
): readonly Received[] {
  const values: readonly unknown[] =
    frames.batched === true && Array.isArray(value) ? value : [value];
  return values.map((item) => {
    const message = frames.tell(item) ?? tellReply(item, idOf(part(item, frames.id)));
    return readMessage(item, message, frames, codec);
  });
}

function readMessage(
  decoded: unknown,
  message: string | undefined,
  frames: FrameContract,
  codec: Codec,
): Received {
  const own = message === undefined ? undefined : frames.messages?.[message];
  const value = codec.asJson === undefined ? decoded : codec.asJson(decoded, own?.numbers);
  // Before numbers get the types of the plan: until then they have all their digits.
  const violation = own?.check?.(value);
  const raw = codec.settle === undefined ? value : codec.settle(value, own?.numbers);
  const topic = part(raw, own?.topic ?? frames.topic);
  const id = part(raw, own?.id ?? frames.id);
  const incoming = {
    message: violation === undefined ? message : undefined,
    payload: at(raw, own?.payload ?? frames.payload ?? []),
    topic: typeof topic === "string" ? topic : undefined,
    id: idOf(id),
    raw,
  };
  const isBroken = violation !== undefined && message !== undefined;
  return { incoming, broken: isBroken ? { message, violation } : undefined };
}

/** An id, whatever the contract and the number plan made of it. */
function idOf(id: unknown): string | number | undefined {
  if (typeof id === "bigint") {
    const number = Number(id);
    return Number.isSafeInteger(number) ? number : String(id);
  }
  if (typeof id === "string") return numberOf(id) ?? id;
  return typeof id === "number" ? id : undefined;
}

function part(value: unknown, path: Path | undefined): unknown {
  return path === undefined ? undefined : at(value, path);
}
