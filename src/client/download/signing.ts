/** Asks the API where the bytes of a resource are. */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { InvalidResponse, type Issue } from "../../MiroError.ts"
import type { FullResponse } from "../../http/exchange.ts"
import * as Json from "../../http/json.ts"
import * as Text from "../../http/text.ts"
import * as Urls from "./urls.ts"

/** What the API responds: a signed URL of the storage, or the bytes themselves. */
export type Located =
  | { readonly _tag: "Signed"; readonly url: Redacted.Redacted }
  | { readonly _tag: "Here"; readonly body: Uint8Array; readonly contentType: string }

/** Asks for a signed URL instead of a redirect, which not every client shows. */
export const request = (
  path: string,
  query: URLSearchParams,
  parameters: Readonly<Record<string, string>>
): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.get(path, { urlParams: { ...Object.fromEntries(query), ...parameters, redirect: "false" } })

const invalid = (status: number, path: Issue["path"], message: string) =>
  // Nothing is quoted: there can be a signed URL anywhere in it.
  new InvalidResponse({ status, issues: [{ path, message }], excerpt: "" })

// Anything else is what was asked for.
const isMessage = (contentType: string): boolean =>
  /^\s*(?:$|text\/|application\/(?:[\w.-]+\+)?(?:json|xml|xhtml))/i.test(contentType)

const urlIn = Effect.fnUntraced(function* ({ body, response: { headers, status } }: FullResponse) {
  // A redirect, though none was asked for, says the same.
  const { location } = headers
  if (status >= 300 && location !== undefined) return location
  const json = yield* Effect.mapError(Json.parse(Text.decode(body)), () => invalid(status, [], "the body is not JSON"))
  return Predicate.hasProperty(json, "url") && Predicate.isString(json.url)
    ? json.url
    : yield* invalid(status, ["url"], "is missing, or no text")
})

/** Reads the response to {@link request}. */
export const locationOf = (baseUrl: string) =>
  Effect.fnUntraced(function* (fullResponse: FullResponse): Effect.fn.Return<Located, InvalidResponse> {
    const { headers, status } = fullResponse.response
    const contentType = headers["content-type"] ?? ""
    if (status < 300 && !isMessage(contentType)) return { _tag: "Here", body: fullResponse.body, contentType }
    const signed = Urls.signed(yield* urlIn(fullResponse), baseUrl)
    return Result.isFailure(signed)
      ? yield* invalid(status, ["url"], signed.failure)
      : { _tag: "Signed", url: signed.success }
  })
