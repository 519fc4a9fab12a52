/** IP addresses: RFC 2673 §3.2, RFC 4291 §2.2. */

import type { Format } from "../string.js";

/** `ipv4`: a dotted quad. */
export const IPV4: Format = { name: "ipv4", text: isIpv4 };
/** `ipv6` */
export const IPV6: Format = { name: "ipv6", text: isIpv6 };

export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

export function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  // The last four bytes may be written as a dotted quad: as long as two groups.
  const tail = /[^:]*\.[^:]*$/.exec(text)?.[0];
  if (tail !== undefined && !isIpv4(tail)) return false;
  const groups = tail === undefined ? text : `${text.slice(0, -tail.length)}0:0`;
  const [before = "", after, more] = groups.split("::");
  if (more !== undefined) return false;
  const known = [...hexGroups(before), ...hexGroups(after ?? "")];
  if (!known.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  return after === undefined ? known.length === 8 : known.length < 8;
}

function hexGroups(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
