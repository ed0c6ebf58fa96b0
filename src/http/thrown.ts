/**
 * Reading what somebody threw, which can be anything, also something that
 * throws when it is looked at.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Text from "./text.ts"

const attempt = <A>(read: () => A): A | undefined => Result.getOrUndefined(Result.try(read))

export const propertyOf = (thrown: unknown, name: string): unknown =>
  attempt(() => (Predicate.hasProperty(thrown, name) ? thrown[name] : undefined))

const textOf = (thrown: unknown, name: string): string | undefined => {
  const value = propertyOf(thrown, name)
  return Predicate.isString(value) && value !== "" ? value : undefined
}

const asText = (thrown: unknown): string | undefined =>
  Predicate.isObjectOrArray(thrown) ? undefined : attempt(() => String(thrown))

/** What an error of this would be called, what it would say, and where it was made. */
export const describe = (
  thrown: unknown
): { readonly name: string; readonly message: string; readonly stack: string } => {
  const message =
    textOf(thrown, "message") ?? textOf(thrown, "_tag") ?? asText(thrown) ?? `a value of type ${typeof thrown}`
  return { name: textOf(thrown, "name") ?? "Error", message, stack: textOf(thrown, "stack") ?? message }
}

const mostThings = 10_000
const mostBytes = 65_536

const bytesOf = (value: object): Uint8Array | undefined => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined
}

/** What is printed of a value beside itself. */
const partsOf = (value: object): ReadonlyArray<unknown> => {
  if (
    value instanceof Map ||
    value instanceof Headers ||
    value instanceof URLSearchParams ||
    value instanceof FormData
  ) {
    return [...value].flat()
  }
  if (value instanceof Set) return [...value]
  if (value instanceof URL) return [value.href]
  const own = Reflect.ownKeys(value).flatMap((key) => [key, Reflect.getOwnPropertyDescriptor(value, key)?.value])
  if (value instanceof Request || value instanceof Response) return [...own, value.url, value.headers]
  return value instanceof Error ? [...own, propertyOf(value, "message"), propertyOf(value, "stack")] : own
}

/** All texts in what was thrown, or none if there is too much in it to tell, or it cannot be looked at. */
export const textsIn = (thrown: unknown): ReadonlyArray<string> | undefined =>
  attempt(() => {
    const seen = new Set<unknown>([thrown])
    const texts: Array<string> = []
    for (const next of seen) {
      if (seen.size > mostThings) return undefined
      if (typeof next === "string") texts.push(next)
      if (!Predicate.isObjectOrArray(next)) continue
      const bytes = bytesOf(next)
      if (bytes === undefined) for (const part of partsOf(next)) seen.add(part)
      else if (bytes.length > mostBytes) return undefined
      else texts.push(Text.decode(bytes))
    }
    return texts
  })
