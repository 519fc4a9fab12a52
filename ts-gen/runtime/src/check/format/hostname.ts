/** Host names: RFC 1123 §2.1 and RFC 1034 §3.5, with the encoded labels of RFC 5890. */

import type { Format } from "../string.js";
import { isEncoded, isEncodedLabel, keepDirection } from "./idna.js";

/** `hostname`: RFC 1123 §2.1, A-labels checked by RFC 5890. */
export const HOSTNAME: Format = { name: "hostname", text: isHostname };

/** Letters, digits and hyphens in labels of at most 63, at most 253 in all. */
export function isHostname(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split(".");
  return labels.every(isLabel) && keepDirection(labels);
}

/** A label of ASCII characters; one that says it is an encoded one (`xn--…`) has to be. */
export function isLabel(label: string): boolean {
  const isPlain = /^(?!-)[A-Za-z\d-]{1,63}$/.test(label) && !label.endsWith("-");
  return isPlain && (!isEncoded(label) || isEncodedLabel(label));
}
