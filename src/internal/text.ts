import * as Redacted from "effect/Redacted"

const decoder = new TextDecoder()

export const decode = (body: Uint8Array): string => decoder.decode(body)

/** As much of a body as an error should carry. */
export const excerpt = (body: string): string => (body.length > 512 ? `${body.slice(0, 512)}…` : body)

/**
 * Takes secrets out of a text that somebody else wrote, such as an error page
 * that repeats the request.
 */
export const hide = (text: string, secrets: ReadonlyArray<Redacted.Redacted>): string =>
  secrets.reduce((hidden, secret) => {
    const value = Redacted.value(secret)
    return value === "" ? hidden : hidden.replaceAll(value, "<redacted>")
  }, text)
