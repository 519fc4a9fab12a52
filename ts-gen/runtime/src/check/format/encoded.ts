/** Values spelled in a small alphabet: UUID (RFC 9562 §4), base64 (RFC 4648 §4), patterns. */

import { JSON_NUMBER } from "../../codec.js";
import { isPattern } from "../pattern.js";
import type { Format } from "../string.js";

/** `uuid`: RFC 9562 §4. */
export const UUID: Format = {
  name: "uuid",
  text: (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text),
};
/** `byte`: base64 with padding, the bits left over zero, RFC 4648 §3.5 and §4. */
export const BYTE: Format = {
  name: "byte",
  text: (text) =>
    text.length % 4 === 0 &&
    /^[A-Za-z\d+/]*(?:[A-Za-z\d+/][AQgw]==|[A-Za-z\d+/]{2}[AEIMQUYcgkosw048]=)?$/.test(text),
};
/** `decimal` of a string: a number as JSON writes it. */
export const DECIMAL: Format = { name: "decimal", text: (text) => JSON_NUMBER.test(text) };
/** `regex`: a pattern of ECMA-262, flag `u`. */
export const REGEX: Format = { name: "regex", text: isPattern };
