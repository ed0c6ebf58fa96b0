import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const onThisMachine = Effect.provideService(support.BaseUrl, "http://localhost")

const look = (path: string) => support.send("GET", `/__sandbox/${path}`, { token: null })

const hostile = `<script>alert(1)</script><img src=x onerror="alert(2)">`

const aBoard = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const [id = ""] = yield* sandbox.seed({
    boards: [
      {
        name: "Retro <script>alert(0)</script>",
        items: [
          { type: "sticky_note", data: { content: `Ship it ${hostile}` }, position: { x: 300, y: 0 } },
          { type: "frame", data: { title: "Done" }, geometry: { width: 400, height: 300 } },
          { type: "shape", data: { shape: "circle", content: `"><svg onload=alert(3)>` } },
          { type: "text", data: { content: "Hello" } },
          { type: "sticky_note", data: { content: "Tom &amp; Jerry" }, style: { fillColor: "black" } }
        ]
      }
    ]
  })
  return id
})

describe("the inspector", () => {
  it.effect("lists boards, requests without their secrets, and whom tokens are for", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* aBoard
      yield* sandbox.issueTokens({ scopes: ["boards:read"] })
      yield* support.send("GET", "/v2/boards?access_token=a-secret")
      const { headers, status, text } = yield* look("")
      assert.strictEqual(status, 200)
      assert.include(headers["content-security-policy"], "default-src 'none'")
      assert.include(text, "Retro")
      assert.include(text, "/v2/boards?access_token=&#60;redacted&#62;")
      assert.include(text, "boards:read")
      assert.notInclude(text, "a-secret")
      assert.notInclude(text, "sandbox-token")
    }).pipe(Effect.provide(layerHttpClient), onThisMachine)
  )

  it.effect("draws a board, and what is written on it is text", () =>
    Effect.gen(function* () {
      const { status, text } = yield* look(`boards/${encodeURIComponent(yield* aBoard)}`)
      assert.strictEqual(status, 200)
      assert.include(text, "<svg")
      assert.include(text, "Ship it")
      assert.include(text, "Done")
      for (const markup of ["<script", "<img", "<svg onload", "onerror=&", "<Hello"]) assert.notInclude(text, markup)
      assert.include(text, "Retro &#60;script&#62;")
    }).pipe(Effect.provide(layerHttpClient), onThisMachine)
  )

  it.effect("shows what items say, in a colour that is seen on theirs", () =>
    Effect.gen(function* () {
      const { text } = yield* look(`boards/${encodeURIComponent(yield* aBoard)}`)
      assert.match(text, /color="#ffffff"\s*>\s*<div class="text">Tom &#38; Jerry</)
      assert.match(text, /color="#1c1c1e"\s*>\s*<div class="text">Hello</)
      assert.include((yield* look(`?q=${encodeURIComponent("tom & jerry")}`)).text, "sticky_note")
    }).pipe(Effect.provide(layerHttpClient), onThisMachine)
  )

  it.effect("draws an item whose colour is none", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      const json = { data: { title: "Task &constructor;" }, style: { fillColor: "constructor" } }
      yield* support.send("POST", `/v2/boards/${encodeURIComponent(id)}/app_cards`, { json })
      const { status, text } = yield* look(`boards/${encodeURIComponent(id)}`)
      assert.strictEqual(status, 200)
      assert.include(text, "Task &#38;constructor;")
    }).pipe(Effect.provide(layerHttpClient), onThisMachine)
  )

  it.effect("finds what boards say", () =>
    Effect.gen(function* () {
      yield* aBoard
      assert.include((yield* look("?q=ship")).text, "sticky_note")
      const { text } = yield* look(`?q=${encodeURIComponent(hostile)}`)
      assert.include(text, "Nothing on any board says")
      assert.notInclude(text, "<script")
    }).pipe(Effect.provide(layerHttpClient), onThisMachine)
  )

  it.effect("is not shown to another host, and changes nothing", () =>
    Effect.gen(function* () {
      yield* aBoard
      assert.strictEqual((yield* look("")).status, 404)
      assert.strictEqual((yield* support.send("POST", "/__sandbox/", { token: null })).status, 404)
    }).pipe(Effect.provide(Layer.fresh(layerHttpClient)), Effect.provideService(support.BaseUrl, "http://evil.example"))
  )
})
