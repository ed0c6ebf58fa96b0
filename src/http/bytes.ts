/** Whether it is a `Uint8Array`, be it of another realm. The elements of other arrays are no bytes. */
export const isBytes = (u: unknown): u is Uint8Array =>
  ArrayBuffer.isView(u) && Object.prototype.toString.call(u) === "[object Uint8Array]"

/** All of these in one, without a copy if there is but one of them. */
export const concat = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first, ...others] = chunks
  if (first !== undefined && others.length === 0) return first
  const all = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0))
  let position = 0
  for (const chunk of chunks) {
    all.set(chunk, position)
    position += chunk.length
  }
  return all
}
