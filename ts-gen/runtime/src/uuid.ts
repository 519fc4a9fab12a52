/**
 * Ids of requests as UUIDs (RFC 9562), for contracts that want them in that form.
 *
 * In: the number of a request. Out: a UUID that holds it, and the number again from the reply. What
 * else is in it is random, so that ids of two clients differ.
 */

let start: string | undefined;

/** The UUID of a request's number: version 4 in form, the number in its last twelve digits. */
export function uuidOf(id: number): string {
  start ??= `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-`;
  return start + id.toString(16).padStart(12, "0");
}

/** The number in a UUID of ours; undefined for any other text. */
export function numberOf(uuid: string): number | undefined {
  if (start === undefined || uuid.length !== 36) return undefined;
  const [own, digits] = [uuid.slice(0, 24).toLowerCase(), uuid.slice(24)];
  return own === start && /^[\da-f]{12}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function hex(digits: number): string {
  return Math.floor(Math.random() * 16 ** digits)
    .toString(16)
    .padStart(digits, "0");
}
