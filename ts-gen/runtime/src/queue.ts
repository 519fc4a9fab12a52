/**
 * Messages that wait for the connection: first in, first out, bounded in bytes.
 *
 * A full queue refuses the newcomer, so that whoever sends learns at once what was not taken, and
 * what was promised is kept.
 */

/** Items with a size, in order. */
export class ByteQueue<Item> {
  readonly #limit: number;
  readonly #items = new Map<Item, number>();
  #bytes = 0;

  /** `limit`: how many bytes may wait. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the item, or says that it does not fit. */
  push(item: Item, bytes: number): boolean {
    if (this.#bytes + bytes > this.#limit) return false;
    this.#items.set(item, bytes);
    this.#bytes += bytes;
    return true;
  }

  /** Takes the oldest item out. */
  shift(): Item | undefined {
    for (const item of this.#items.keys()) {
      this.delete(item);
      return item;
    }
    return undefined;
  }

  /** Takes an item out wherever it stands, and says whether it was there. */
  delete(item: Item): boolean {
    const bytes = this.#items.get(item);
    if (bytes === undefined) return false;
    this.#bytes -= bytes;
    return this.#items.delete(item);
  }
}
