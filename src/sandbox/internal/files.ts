/**
 * The bytes of uploaded images and documents: the API gives a signed URL for
 * them, which needs no token and is good for a minute.
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import { boardOf } from "./boards.ts"
import type { File } from "./entities.ts"
import * as errors from "./errors.ts"
import { unusedText } from "./instant.ts"
import type { FullResponse, AuthenticatedCall, Call, Route } from "./route.ts"

/** A URL of a file that is good for a while, given in milliseconds. */
export const urlOf = ({ instant, origin, store }: Call, id: string, file: File, lifetime: number): string => {
  const isTaken = (signature: string) => store.signed.has(signature)
  const signature = unusedText(instant.random, 43, isTaken, (text) => text)
  store.signed.set(signature, { file, expiresAt: instant.now + lifetime })
  return `${origin}/sandbox/files/${id}?signature=${signature}`
}

const lifetime = 60_000

const sign = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { params, query } = call
    const board = yield* boardOf(call)
    const item = board.items.get(params["item_id"] ?? "")
    if (item?.file === undefined || `${item.type}s` !== params["collection"]) {
      return yield* Result.fail(errors.itemNotFound(board.id))
    }
    const url = urlOf(call, item.id, item.file, lifetime)
    return query.get("redirect") === "true"
      ? HttpServerResponse.redirect(url, { status: 307 })
      : HttpServerResponse.jsonUnsafe({ type: item.type, url })
  })

const serve = ({ instant, query, store }: Call): FullResponse => {
  const signed = store.signed.get(query.get("signature") ?? "")
  return Result.succeed(
    signed === undefined || signed.expiresAt <= instant.now
      ? HttpServerResponse.text("<Error><Code>AccessDenied</Code></Error>", {
          status: 403,
          contentType: "application/xml"
        })
      : HttpServerResponse.uint8Array(signed.file.bytes, { contentType: signed.file.contentType })
  )
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/v2/boards/{board_id}/resources/{collection}/{item_id}", level: 1, handle: sign },
  { method: "GET", path: "/sandbox/files/{item_id}", handle: serve }
]
