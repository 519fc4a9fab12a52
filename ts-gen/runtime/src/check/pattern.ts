/**
 * `pattern`: regular expressions of ECMA-262, run on text that a peer chose.
 *
 * In: a pattern of a contract and a text. Out: whether it matches somewhere. The engine is that of
 * the place, with the flag `u`.
 */

import { byteLength } from "../codec.js";

/**
 * The longest text, in bytes, that a pattern with look-around or back-references is run on: the
 * Rust checks have the same limit.
 */
export const MAX_BACKTRACKED = 1024;

/** The longest pattern, in bytes; what `format: regex` is asked about comes from a peer. */
export const MAX_PATTERN = 8192;

const BACKTRACKS = /\(\?<?[=!]|\\[1-9k]/;

/** The patterns of contracts, each compiled when it is first used. */
const compiled = new Map<string, RegExp | undefined>();

/**
 * Whether a pattern of a contract matches somewhere in a text; a sentence where it cannot be told.
 */
export function matches(source: string, text: string): boolean | string {
  let regex = compiled.get(source);
  if (regex === undefined && !compiled.has(source)) {
    regex = compile(source);
    compiled.set(source, regex);
  }
  if (regex === undefined) {
    return `${JSON.stringify(source)} is no regular expression of ECMA-262`;
  }
  if (text.length * 3 > MAX_BACKTRACKED && BACKTRACKS.test(source)) {
    const length = byteLength(text);
    if (length > MAX_BACKTRACKED) {
      return `${length} bytes exceed the ${MAX_BACKTRACKED} on which a pattern with look-around or back-references is run`;
    }
  }
  return regex.test(text);
}

/** Whether a text is a pattern. */
export function isPattern(source: string): boolean {
  return compile(source) !== undefined;
}

function compile(source: string): RegExp | undefined {
  if (byteLength(source) > MAX_PATTERN) return undefined;
  return unicode(source) ?? unicode(withoutNeedlessEscapes(source));
}

function unicode(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined;
  }
}

/**
 * The flag `u` forbids the needless backslash of `\_` or `\@`, which many contracts have and which
 * can only mean the character. Letters stay errors: `\Z` is an anchor elsewhere, and not here.
 */
function withoutNeedlessEscapes(source: string): string {
  return source.replace(/\\(.)/gs, (whole, escaped: string) => {
    const isNeedless = /[!-~]/.test(escaped) && !/[\w^$\\.*+?()[\]{}|/]/.test(escaped);
    const isUnderscore = escaped === "_";
    return isNeedless || isUnderscore
      ? `\\x${escaped.charCodeAt(0).toString(16).padStart(2, "0")}`
      : whole;
  });
}
