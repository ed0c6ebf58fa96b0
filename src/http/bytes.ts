/** Whether it is a `Uint8Array`, be it of another realm. The elements of other arrays are no bytes. */
export const isBytes = (u: unknown): u is Uint8Array =>
  ArrayBuffer.isView(u) && Object.prototype.toString.call(u) === "[object Uint8Array]"
