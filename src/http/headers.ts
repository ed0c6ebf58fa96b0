import * as Arr from "effect/Array"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import type { Issue } from "../MiroError.ts"

// What they say is not for a caller to say: another token, another host, or how the connection is used and the request ends.
const reserved: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade"
])

// RFC 9110, 5.5 and 5.6.2.
const goodName = /^[!#$%&'*+\-.^`|~\w]+$/
const goodValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether this can be sent as a bearer token (RFC 6750, 2.1). A client fails for any other with an error that quotes it. */
export const isBearerToken = (text: string): boolean => /^[\w\-.~+/]+=*$/.test(text)

/**
 * What is wrong with the headers of a request. A client would fail with an
 * error that quotes them, secrets included, or send what they inject.
 */
export const issues = ({ body, headers }: HttpClientRequest.HttpClientRequest): ReadonlyArray<Issue> => {
  const length = body._tag === "Empty" ? 0 : body.contentLength
  return Arr.filterMap(Object.entries(headers), ([name, value]) => {
    const fail = (message: string, path = ["headers", name]) => Result.succeed({ path, message })
    // A name that is none can be anything, a secret too.
    if (!goodName.test(name)) return fail("a name must not have spaces, separators or control characters", ["headers"])
    if (!goodValue.test(value)) return fail("must not have line breaks, other control characters or more than Latin-1")
    if (reserved.has(name)) return fail("is not for the caller to set")
    if (name === "content-length" && length !== undefined && value !== String(length)) {
      return fail("must be the length of the body")
    }
    return Result.failVoid
  })
}
