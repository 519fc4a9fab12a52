/** Mail addresses: `Mailbox` of RFC 5321 §4.1.2 and §4.1.3, and RFC 6531 §3.3 for the world. */

import { byteLength } from "../../codec.js";
import type { Format } from "../string.js";
import { isIpv4, isIpv6 } from "./address.js";
import { isHostname } from "./hostname.js";
import { isIdnHostname } from "./idn-hostname.js";

/** `email`: `Mailbox` of RFC 5321 §4.1.2. */
export const EMAIL: Format = {
  name: "email",
  text: (text) => isAscii(text) && isMailbox(text, isHostname),
};
/** `idn-email`: the same with RFC 6531. */
export const IDN_EMAIL: Format = {
  name: "idn-email",
  text: (text) => isMailbox(text, isIdnHostname),
};

function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

function isMailbox(text: string, isHost: (text: string) => boolean): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  // 64 octets, §4.5.3.1.1.
  return byteLength(local) <= 64 && isLocalPart(local) && (isHost(domain) || isLiteral(domain));
}

/** A `Dot-string` or a `Quoted-string`. */
function isLocalPart(text: string): boolean {
  if (text.startsWith('"')) return /^"(?:\\[ -~]|[ !#-[\]-~]|[\u0080-\uffff])*"$/.test(text);
  return text
    .split(".")
    .every((atom) => /^(?:[\w!#$%&'*+\-/=?^`{|}~]|[\u0080-\uffff])+$/.test(atom));
}

/** `address-literal`: `[127.0.0.1]`, `[IPv6:::1]`, or of a kind registered later. */
function isLiteral(text: string): boolean {
  const [, address] = /^\[(.*)\]$/s.exec(text) ?? [];
  if (address === undefined) return false;
  const colon = address.indexOf(":");
  if (colon < 0) return isIpv4(address);
  const [tag, rest] = [address.slice(0, colon), address.slice(colon + 1)];
  if (tag.toLowerCase() === "ipv6") return isIpv6(rest);
  return /^[A-Za-z\d-]*[A-Za-z\d]$/.test(tag) && /^[!-Z^-~]+$/.test(rest);
}
