/** URI templates: RFC 6570 §2. */

import type { Format } from "../string.js";

/** `uri-template`: RFC 6570. */
export const URI_TEMPLATE: Format = { name: "uri-template", text: isUriTemplate };

function isUriTemplate(text: string): boolean {
  // Between braces stands an expression, outside of them literals.
  let rest = text;
  for (;;) {
    const open = rest.indexOf("{");
    if (open < 0) return isLiteral(rest);
    const close = rest.indexOf("}", open);
    if (close < 0) return false;
    if (!isLiteral(rest.slice(0, open)) || !isExpression(rest.slice(open + 1, close))) return false;
    rest = rest.slice(close + 1);
  }
}

/** §2.1, with erratum 6937: an apostrophe is a literal. */
function isLiteral(text: string): boolean {
  return !/[\0- \x7f-\x9f"<>\\^`{|}]/.test(text) && hasWholeTriplets(text);
}

/** An operator, perhaps, and variables (§2.2, §2.3, §2.4). */
function isExpression(text: string): boolean {
  return text
    .replace(/^[+#./;?&=,!@|]/, "")
    .split(",")
    .every(
      (variable) =>
        /^[\w%]+(?:\.[\w%]+)*(?:\*|:[1-9]\d{0,3})?$/.test(variable) && hasWholeTriplets(variable),
    );
}

/** Whether every `%` is followed by two hexadecimal digits. */
function hasWholeTriplets(text: string): boolean {
  return !/%(?![\da-f]{2})/i.test(text);
}
