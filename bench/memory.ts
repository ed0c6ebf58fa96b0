/** An `HttpClient` that has its responses in memory: what is measured over it is what a call costs of its own. */
import { Effect } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import * as payloads from "./payloads.ts"

const encode = (json: unknown) => new TextEncoder().encode(JSON.stringify(json))

const board = encode(payloads.board)

const headers = {
  "content-type": "application/json",
  "x-ratelimit-limit": "1000000000000",
  "x-ratelimit-remaining": "1000000000000"
}

/** Responds to lists of items with this body, and to all else with a board. */
export const client = (page: (url: URL) => Uint8Array<ArrayBuffer>): HttpClient.HttpClient =>
  HttpClient.make((request, url) => {
    const body = url.pathname.endsWith("/items") ? page(url) : board
    return Effect.as(
      Effect.yieldNow,
      HttpClientResponse.fromWeb(
        request,
        new Response(body, { headers: { ...headers, "content-length": String(body.length) } })
      )
    )
  })

/** A page of 50 items, which leads to the one after it unless it is the last. */
export const pageOf = (index = 0, pages = 1): Uint8Array<ArrayBuffer> => encode(payloads.page(index, pages))
