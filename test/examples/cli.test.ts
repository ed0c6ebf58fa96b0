import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Redacted, Stream } from "effect"
import { Images, Items } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { folder, notes, run, type Running, server, withMiro } from "./cliCommand.ts"
import { freePort } from "../support/servers.ts"

describe("the command line tool", () => {
  it.live("lists boards, and exports one in each format", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro", items: notes(120) }] })
      assert.strictEqual((yield* run(["boards"])).out, `${boardId}  Retro\n`)
      const json = yield* run(["export", boardId])
      assert.strictEqual((JSON.parse(json.out) as ReadonlyArray<unknown>).length, 120)
      assert.strictEqual(json.err, "")
      const csv = (yield* run(["export", boardId, "--format", "csv"])).out.trim().split("\n")
      assert.strictEqual(csv.length, 121)
      assert.include(csv[1], ",sticky_note,note 0,0,0")
      assert.include((yield* run(["export", boardId, "--format", "markdown"])).out, "- note 119\n")
    }).pipe(Effect.provide(server()))
  )

  it.live("exports 40 MB of items in the memory of a page of them", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      // The command itself takes 35 MB.
      const data = { content: "All work and no play. ".repeat(720) }
      const items = Array.from({ length: 2500 }, () => ({ type: "sticky_note" as const, data }))
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro", items }] })
      const env = { NODE_OPTIONS: "--max-old-space-size=60 --max-semi-space-size=4" }
      const output = `${yield* folder}/items`
      for (const format of ["json", "svg"]) {
        const { code, err } = yield* run(["export", boardId, "--format", format, "--output", output], { env })
        assert.deepStrictEqual([code, err], [0, ""])
        assert.lengthOf((yield* fs.readFileString(output)).match(/^.*All work/gm) ?? [], 2500)
      }
    }).pipe(Effect.provide(server()))
  )

  it.live("says in one line what is wrong, and leaves no file half-written", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* folder
      const output = `${directory}/items.json`
      const { code, err } = yield* run(["export", "uXjVnone=", "--output", output])
      assert.strictEqual(code, 1)
      assert.match(err, /^Items\.list failed with NotFound .*: Board not found\n$/)
      assert.deepStrictEqual(yield* fs.readDirectory(directory), [])
    }).pipe(Effect.provide(server()))
  )

  it.live("imports each row once, though it is killed three times", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Ideas" }] })
      const file = `${yield* folder}/ideas.csv`
      const contents = Array.from({ length: 1000 }, (_, index) => `idea ${index}`)
      yield* fs.writeFileString(file, `content\n${contents.join("\n")}\n`)
      const requests = Effect.map(sandbox.ledger, (ledger) => ledger.length)
      for (const reached of [15, 30, 45]) {
        const whenReached = (running: Running): Effect.Effect<void> =>
          Effect.flatMap(requests, (count) =>
            count >= reached
              ? Effect.sync(running.kill)
              : Effect.andThen(
                  Effect.sleep("2 millis"),
                  Effect.suspend(() => whenReached(running))
                )
          )
        assert.strictEqual(
          (yield* run(["import", file, "--board", boardId], { during: whenReached })).signal,
          "SIGKILL"
        )
      }
      const last = yield* run(["import", file, "--board", boardId])
      assert.strictEqual(last.code, 0, last.err)
      const made = yield* withMiro(Stream.runCollect(Items.list.items({ boardId, type: "sticky_note" })))
      const texts = made.flatMap((item) => (item.type === "sticky_note" ? [item.data?.content ?? ""] : []))
      assert.deepStrictEqual(texts.toSorted(), contents.toSorted())
      // Uninterrupted, it is 50 requests for rows and 10 for frames.
      assert.isAtMost(yield* requests, 60 + 50)
      assert.include((yield* run(["import", file, "--board", boardId])).out, "0 sticky notes were made")
    }).pipe(Effect.provide(server()))
  )

  it.live("saves boards with their images", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro", items: notes(3) }, { name: "Empty" }] })
      const bytes = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])
      const image = yield* withMiro(
        Images.createFromFile({ boardId, resource: new File([bytes], "a.png", { type: "image/png" }) })
      )
      const directory = yield* folder
      assert.include((yield* run(["backup", directory])).out, "2 boards")
      assert.sameMembers(yield* fs.readDirectory(`${directory}/${boardId}`), [
        "board.json",
        "items.json",
        `${image.id}.png`
      ])
      assert.deepStrictEqual(yield* fs.readFile(`${directory}/${boardId}/${image.id}.png`), bytes)
    }).pipe(Effect.provide(server()))
  )

  it.live("signs in by a page of Miro, keeps the tokens for its user alone, and signs out", () =>
    Effect.gen(function* () {
      const redirectUrl = `http://127.0.0.1:${yield* freePort}/callback`
      yield* Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const sandbox = yield* MiroSandbox.MiroSandbox
        const { clientSecret } = yield* MiroSandbox.Settings
        const home = `${yield* folder}/tokens`
        const env = {
          MIRO_ACCESS_TOKEN: "",
          MIRO_CLIENT_ID: "sandbox-client",
          MIRO_CLIENT_SECRET: Redacted.value(clientSecret),
          MIRO_REDIRECT_URL: redirectUrl,
          MIRO_CLI_HOME: home
        }
        assert.include((yield* run(["boards"], { env })).err, "AuthorizationRequired")

        const allow = ({ err }: Running): Effect.Effect<void> =>
          Effect.suspend(() => {
            const [page] = /http\S+oauth\/authorize\S+/.exec(err()) ?? []
            return page === undefined
              ? Effect.andThen(
                  Effect.sleep("10 millis"),
                  Effect.suspend(() => allow({ err, kill: () => {} }))
                )
              : Effect.asVoid(
                  Effect.flatMap(sandbox.consent(page), (callback) => Effect.promise(() => fetch(callback)))
                )
          })
        const { code, out } = yield* run(["login"], { env, during: allow })
        assert.deepStrictEqual([code, out.split(",")[0]], [0, "Signed in"])
        for (const name of yield* fs.readDirectory(home)) {
          assert.strictEqual((yield* fs.stat(`${home}/${name}`)).mode & 0o077, 0)
        }
        assert.strictEqual((yield* run(["boards"], { env })).code, 0)
        assert.strictEqual((yield* run(["logout"], { env })).code, 0)
        assert.include((yield* run(["boards"], { env })).err, "AuthorizationRequired")
      }).pipe(Effect.provide(server({ redirectUrl })))
    }).pipe(Effect.provide(NodeServices.layer))
  )
})
