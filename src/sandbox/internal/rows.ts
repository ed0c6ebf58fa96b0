/** What rows have in common: what they are known by, and their place in the order of creation. */
export interface Row {
  readonly id: string
  readonly serial: number
}

/**
 * Rows by their ids, with their order beside them: a page is found without
 * going through what comes before it.
 */
export class Rows<A extends Row> extends Map<string, A> {
  /** Ascending by serial number. */
  readonly #places: Array<Row> = []

  static of<A extends Row>(rows: Iterable<A>): Rows<A> {
    const all = new Rows<A>()
    for (const row of rows) all.set(row.id, row)
    return all
  }

  /** Where the first row after a serial number is. */
  #placeAfter(serial: number): number {
    let [low, high] = [0, this.#places.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((this.#places[middle]?.serial ?? Infinity) > serial) high = middle
      else low = middle + 1
    }
    return low
  }

  override set(id: string, row: A): this {
    if (!this.has(id)) this.#places.splice(this.#placeAfter(row.serial), 0, { id, serial: row.serial })
    return super.set(id, row)
  }

  override delete(id: string): boolean {
    const row = this.get(id)
    if (row !== undefined) this.#places.splice(this.#placeAfter(row.serial) - 1, 1)
    return super.delete(id)
  }

  override clear(): void {
    this.#places.length = 0
    super.clear()
  }

  /** The rows that were created after the one of a serial number, which need not be there any more. */
  *after(serial: number): Generator<A> {
    for (let place = this.#placeAfter(serial); place < this.#places.length; place++) {
      const row = this.get(this.#places[place]?.id ?? "")
      if (row !== undefined) yield row
    }
  }
}
