import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Frames, StickyNotes, Texts } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { pathToFileURL } from "node:url"
import * as Chromium from "../support/chromium.ts"
import { folder, run, server, withMiro } from "./cliCommand.ts"

const hostile = [
  "</tspan></text></g></svg><script>document.title = 'attacked'</script>",
  `<p>&lt;script&gt;document.title = "attacked"&lt;/script&gt;</p>`,
  `"><svg onload="document.title = 'attacked'">`,
  "]]> <!-- & &amp; &#0; &#x8; &#xd800; &undefined; \u0000\u0008\uffff"
]

/** A board with a frame, a note in it, a long text and what tries to break out. */
const board = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro" }] })
  yield* withMiro(
    Effect.gen(function* () {
      const frame = yield* Frames.create({
        boardId,
        data: { title: `"><script>document.title = 'attacked'</script>` },
        position: { x: 1000, y: 0 },
        geometry: { width: 800, height: 600 }
      })
      yield* StickyNotes.create({
        boardId,
        data: { content: "In the frame" },
        style: { fillColor: "dark_blue" },
        position: { x: 150, y: 200 },
        parent: { id: frame.id }
      })
      yield* Texts.create({
        boardId,
        data: { content: "A title" },
        position: { x: 0, y: -300 },
        geometry: { width: 300 }
      })
      yield* StickyNotes.create({
        boardId,
        data: { content: "This goes on for a while. ".repeat(20) },
        style: { fillColor: "black" },
        position: { x: 0, y: -100 }
      })
      for (const [index, content] of hostile.entries()) {
        yield* StickyNotes.create({ boardId, data: { content }, position: { x: -300 + 220 * index, y: 200 } })
      }
    })
  )
  return boardId
})

describe("an export as SVG", () => {
  it.live("escapes what is on the board", () =>
    Effect.gen(function* () {
      const { code, out } = yield* run(["export", yield* board, "--format", "svg"])
      assert.strictEqual(code, 0)
      assert.match(out, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[-\d. ]+">\n.*\n<\/svg>\n$/s)
      const elements = new Set(Array.from(out.matchAll(/<\/?([^\s>]+)/g), ([, name]) => name))
      assert.sameMembers([...elements], ["svg", "g", "rect", "text", "tspan"])
      // Neither a `<` nor a `&` that begins something else, nor what XML may not have.
      assert.notMatch(out, /&(?!#(34|38|39|60|62);)|[^\P{Cc}\n]|[\ufffe\uffff]/u)
      assert.include(out.replaceAll(/<[^>]*>/g, ""), "&#60;script&#62;")
    }).pipe(Effect.provide(server()))
  )

  it.live("is drawn from a board with nothing on it", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Empty" }] })
      const { out } = yield* run(["export", boardId, "--format", "svg"])
      assert.strictEqual(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-40 -40 80 80">\n</svg>\n`)
    }).pipe(Effect.provide(server()))
  )
})

describe.skipIf(!Chromium.hasChromium)("an export as SVG in a browser", () => {
  layer(Chromium.layer, { excludeTestServices: true })((it) => {
    it.effect("is a drawing in which every text is in its place, and nothing runs", () =>
      Effect.gen(function* () {
        const file = `${yield* folder}/board.svg`
        yield* run(["export", yield* board, "--format", "svg", "--output", file])
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(pathToFileURL(file).href))
        const problems = yield* anna((page) =>
          page.evaluate(() => {
            const problems = Array.from(document.querySelectorAll("parsererror, script"), ({ outerHTML }) => outerHTML)
            for (const text of document.querySelectorAll("text")) {
              const within = text.closest("g[class]")?.querySelector("rect")?.getBoundingClientRect() ?? new DOMRect()
              const { bottom, left, right, top } = text.getBoundingClientRect()
              const isWithin =
                left >= within.left && right <= within.right && top >= within.top && bottom <= within.bottom
              if (!isWithin) problems.push(text.outerHTML)
            }
            return problems
          })
        )
        assert.deepStrictEqual(problems, [])
        assert.strictEqual(yield* anna((page) => page.title()), "")
        yield* anna((page) => page.getByText("In the frame").waitFor())
      }).pipe(Effect.provide(server()))
    )
  })
})
