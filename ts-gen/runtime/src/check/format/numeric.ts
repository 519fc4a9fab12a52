/** Ranges of machine numbers, by the names that the OpenAPI format registry gives them. */

import { type Bound, compare, isInteger, type Numeric } from "../../number.js";
import type { Format } from "../string.js";

/** `int32`: an integer from -2³¹ to 2³¹-1. */
export const INT32: Format = {
  name: "int32",
  number: (number) => isWithin(number, -2147483648, 2147483647),
};
/** `int64`: an integer from -2⁶³ to 2⁶³-1. */
export const INT64: Format = {
  name: "int64",
  number: (number) => isWithin(number, "-9223372036854775808", "9223372036854775807"),
};

function isWithin(number: Numeric, low: Bound, high: Bound): boolean {
  return isInteger(number) && compare(number, low) >= 0 && compare(number, high) <= 0;
}
