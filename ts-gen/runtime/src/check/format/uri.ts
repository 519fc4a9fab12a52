/**
 * URIs and their references (RFC 3986), and the same with the characters of the world (RFC 3987).
 *
 * The grammar is split at its delimiters in the order of RFC 3986 §5.3's picture: scheme, fragment,
 * query, authority, path; then each part is checked for its characters.
 */

import type { Format } from "../string.js";
import { isIpv6 } from "./address.js";

/** `uri`: RFC 3986, with a scheme. */
export const URI: Format = {
  name: "uri",
  text: (text) => hasScheme(text) && isReference(text, ""),
};
/** `uri-reference`: RFC 3986 §4.1. */
export const URI_REFERENCE: Format = {
  name: "uri-reference",
  text: (text) => isReference(text, ""),
};
/** `iri`: RFC 3987, with a scheme. */
export const IRI: Format = {
  name: "iri",
  text: (text) => hasScheme(text) && isReference(text, WORLD),
};
/** `iri-reference`: RFC 3987. */
export const IRI_REFERENCE: Format = {
  name: "iri-reference",
  text: (text) => isReference(text, WORLD),
};

/**
 * `ucschar` (RFC 3987 §2.2): from U+00A0 on, without surrogates, private use and noncharacters; as
 * the inside of a class.
 */
const WORLD =
  "\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}\\u{10000}-\\u{dfffd}\\u{e1000}-\\u{efffd}";

/** `iprivate`, which a query may have. */
const PRIVATE = "\\u{e000}-\\u{f8ff}\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}";

/** Whether a scheme comes before anything else does (§3.1). */
function hasScheme(text: string): boolean {
  return /^[A-Za-z][A-Za-z\d+\-.]*:/.test(text);
}

function isReference(text: string, world: string): boolean {
  const isAbsolute = hasScheme(text);
  const whole = isAbsolute ? text.slice(text.indexOf(":") + 1) : text;
  const [beforeFragment, fragment = ""] = cut(whole, "#");
  const [beforeQuery, query = ""] = cut(beforeFragment, "?");
  const [, authority, path = ""] = /^(?:\/\/([^/]*))?(.*)$/s.exec(beforeQuery) ?? [];
  // Without a scheme, a colon in the first segment would make one (§4.2).
  const [firstSegment = ""] = path.split("/", 1);
  const beginsWell = isAbsolute || authority !== undefined || !firstSegment.includes(":");
  return (
    beginsWell &&
    (authority === undefined || isAuthority(authority, world)) &&
    isMadeOf(path, `/:@${world}`) &&
    isMadeOf(query, world === "" ? "/?:@" : `/?:@${world}${PRIVATE}`) &&
    isMadeOf(fragment, `/?:@${world}`)
  );
}

/** `[ userinfo "@" ] host [ ":" port ]` (§3.2). */
function isAuthority(text: string, world: string): boolean {
  const at = text.lastIndexOf("@");
  const [user, rest] = at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
  if (!isMadeOf(user, `:${world}`)) return false;
  const [, literal, name, port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(.*)$/s.exec(rest) ?? [];
  const isHost =
    literal === undefined
      ? name !== undefined && !name.startsWith("[") && isMadeOf(name, world)
      : isIpLiteral(literal);
  return isHost && /^(?::\d*)?$/.test(port);
}

/** What is between the brackets: an IPv6 address or one of a version to come (§3.2.2). */
function isIpLiteral(text: string): boolean {
  return /^v/i.test(text) ? /^v[\da-f]+\.[\w\-.~!$&'()*+,;=:]+$/i.test(text) : isIpv6(text);
}

/**
 * Whether there is nothing but unreserved characters, sub-delimiters, percent-encoded bytes and
 * `others`, which are the inside of a class.
 */
function isMadeOf(text: string, others: string): boolean {
  const stranger = new RegExp(`[^\\w\\-.~!$&'()*+,;=%${others}]|\\p{NChar}`, "u");
  return !stranger.test(text) && !/%(?![\da-f]{2})/i.test(text);
}

/** What is before a delimiter and what behind it. */
function cut(text: string, delimiter: string): readonly [string, string?] {
  const at = text.indexOf(delimiter);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
