const decoder = new TextDecoder()

export const decode = (body: Uint8Array): string => decoder.decode(body)

/** The beginning of a text, without half a character at its end. */
const start = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")

/** As much of a text as somebody reads. */
export const excerpt = (text: string, length: number): string =>
  text.length > length ? `${start(text, length)}…` : text
