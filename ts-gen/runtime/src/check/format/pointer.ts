/** JSON pointers: RFC 6901, and draft-handrews-relative-json-pointer-01. */

import type { Format } from "../string.js";

/** `json-pointer`: RFC 6901 §3. */
export const JSON_POINTER: Format = { name: "json-pointer", text: isPointer };
/** `relative-json-pointer`: a number of levels up, then `#` or a pointer (draft §3). */
export const RELATIVE_JSON_POINTER: Format = {
  name: "relative-json-pointer",
  text: (text) => {
    const [up, rest] = /^(?:0|[1-9]\d*)(.*)$/s.exec(text) ?? [];
    return up !== undefined && rest !== undefined && (rest === "#" || isPointer(rest));
  },
};

/** Empty, or tokens that each follow a slash, `~` only as `~0` or `~1`. */
function isPointer(text: string): boolean {
  return (text === "" || text.startsWith("/")) && !/~(?![01])/.test(text);
}
