/** Host names in the letters of the world: RFC 5890 and 5891. */

import type { Format } from "../string.js";
import { isLabel } from "./hostname.js";
import { encode, isUnicodeLabel, keepDirection } from "./idna.js";

/** `idn-hostname`: RFC 5890 and 5891. */
export const IDN_HOSTNAME: Format = { name: "idn-hostname", text: isIdnHostname };

/** Labels in the letters of the world, between their full stops. */
export function isIdnHostname(text: string): boolean {
  const labels = text.split(/[.\u3002\uff0e\uff61]/);
  let length = 0;
  for (const label of labels) {
    const encoded = encodedLength(label);
    if (encoded === undefined || encoded > 63) return false;
    length += encoded + 1;
  }
  return length <= 254 && keepDirection(labels);
}

/** How long a label is in ASCII; undefined if it is none. */
function encodedLength(label: string): number | undefined {
  if (!/[\u0080-\uffff]/.test(label)) return isLabel(label) ? label.length : undefined;
  const encoded = encode(label);
  return encoded !== undefined && isUnicodeLabel(label) ? encoded.length + 4 : undefined;
}
