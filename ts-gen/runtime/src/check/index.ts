/**
 * The rules of JSON Schema draft-07, one function per keyword, for validators that the generator
 * wrote.
 *
 * In: a value as a codec reads it, before its numbers are settled. Out: nothing, or the first broken
 * rule: a JSON pointer, the keyword, and what was expected. Knows no schema and interprets none. A
 * keyword says nothing about values that it is not for (`minLength` about a number), so every
 * function here passes what it does not concern.
 *
 * Checks nest at most 512 deep, and one value costs at most 4 194 304 of them, so a recursive
 * schema and a hostile value meet an error, which is never turned into a success by `not` or
 * `anyOf`.
 */

export {
  additionalItems,
  contains,
  items,
  maxItems,
  minItems,
  noAdditionalItems,
  tuple,
  uniqueItems,
} from "./array.js";
export {
  allOf,
  anyOf,
  anything,
  follow,
  ifThenElse,
  not,
  nothing,
  oneOf,
  openUnion,
} from "./combine.js";
export { among, equals, exact } from "./constant.js";
export { IPV4, IPV6 } from "./format/address.js";
export { DATE, DATE_TIME, DURATION, TIME } from "./format/date-time.js";
export { EMAIL, IDN_EMAIL } from "./format/email.js";
export { BYTE, DECIMAL, REGEX, UUID } from "./format/encoded.js";
export { HOSTNAME } from "./format/hostname.js";
export { IDN_HOSTNAME } from "./format/idn-hostname.js";
export { INT32, INT64 } from "./format/numeric.js";
export { JSON_POINTER, RELATIVE_JSON_POINTER } from "./format/pointer.js";
export { IRI, IRI_REFERENCE, URI, URI_REFERENCE } from "./format/uri.js";
export { URI_TEMPLATE } from "./format/uri-template.js";
export { fits } from "./guard.js";
export { is, type TypeName } from "./kind.js";
export {
  exclusiveMaximum,
  exclusiveMinimum,
  maximum,
  minimum,
  multipleOf,
} from "./number.js";
export {
  additionalProperties,
  closed,
  dependentRequired,
  dependentSchema,
  maxProperties,
  minProperties,
  patternProperty,
  property,
  propertyNames,
  required,
} from "./object.js";
export { type Format, format, maxLength, minLength, pattern } from "./string.js";
export type { Check, Checked } from "./violation.js";
