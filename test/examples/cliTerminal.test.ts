import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import { Items } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { execFileSync, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { folder, notes, server, url, withMiro } from "./cliCommand.ts"

// Of util-linux: it runs a command under a terminal of its own.
const script = "/usr/bin/script"

const command = `${process.execPath} --conditions=effect-miro-source examples/cli/main.ts`

interface Ended {
  readonly code: number | null
  /** All that the terminal showed. */
  readonly shown: string
}

/** Runs the command under a terminal, and types Ctrl-C when `isEnough` says so of what it shows. */
const run = Effect.fnUntraced(function* (args: string, isEnough: (shown: string) => boolean = () => false) {
  const env = { ...process.env, MIRO_ACCESS_TOKEN: "sandbox-token", MIRO_BASE_URL: yield* url }
  return yield* Effect.callback<Ended>((resume) => {
    const child = spawn(script, ["--quiet", "--return", "--command", `${command} ${args}`, "/dev/null"], { env })
    let shown = ""
    let isTyped = false
    child.stdout.setEncoding("utf8").on("data", (text) => {
      shown += text
      if (!isTyped && isEnough(shown)) {
        isTyped = true
        child.stdin.write("\u0003")
      }
    })
    child.once("close", (code) => resume(Effect.succeed({ code, shown })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })
})

const slow = Effect.flatMap(MiroSandbox.MiroSandbox, (sandbox) => sandbox.injectFault({ latency: 20 }))

describe.skipIf(!existsSync(script))("under a terminal", () => {
  it.live("shows how far it has come", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.seed({ boards: [{ name: "Retro", items: notes(3) }, { name: "Empty" }] })
      const { code, shown } = yield* run(`backup ${yield* folder}/boards`)
      assert.strictEqual(code, 0)
      assert.match(shown, /^\rboards 1\rboards 2\r\n2 boards are in .*\r\n$/)
    }).pipe(Effect.provide(server()))
  )

  it.live("leaves no file when it is interrupted, and begins again", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro", items: notes(500) }] })
      yield* slow
      const directory = yield* folder
      const interrupted = yield* run(`export ${boardId} --output ${directory}/items.json`, (shown) =>
        shown.includes("items read 100")
      )
      assert.strictEqual(interrupted.code, 130)
      assert.notInclude(interrupted.shown, "    at ")
      assert.deepStrictEqual(yield* fs.readDirectory(directory), [])
      const whole = yield* run(`export ${boardId} --output ${directory}/items.json`)
      assert.strictEqual(whole.code, 0)
      assert.include(whole.shown, "items read 500")
      const items: ReadonlyArray<unknown> = JSON.parse(yield* fs.readFileString(`${directory}/items.json`))
      assert.strictEqual(items.length, 500)
    }).pipe(Effect.provide(server()))
  )

  it.live("goes on with an import that was interrupted", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Ideas" }] })
      yield* slow
      const file = `${yield* folder}/ideas.csv`
      const contents = Array.from({ length: 200 }, (_, index) => `idea ${index}`)
      yield* fs.writeFileString(file, `content\n${contents.join("\n")}\n`)
      const interrupted = yield* run(`import ${file} --board ${boardId}`, (shown) => shown.includes(" 60/"))
      assert.strictEqual(interrupted.code, 130)
      const last = yield* run(`import ${file} --board ${boardId}`)
      assert.strictEqual(last.code, 0, last.shown)
      // It begins with what was there.
      assert.match(last.shown, /^\rrows \[#{9,}\.+\] \d+\/200.*\rrows \[#{30}\] 200\/200\r\n/s)
      const made = yield* withMiro(Stream.runCollect(Items.list.items({ boardId, type: "sticky_note" })))
      const texts = made.flatMap((item) => (item.type === "sticky_note" ? [item.data?.content ?? ""] : []))
      assert.deepStrictEqual(texts.toSorted(), contents.toSorted())
    }).pipe(Effect.provide(server()))
  )
})

/** What the shell proposes for the last of these words. */
const proposed = (...words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const quoted = words.map((word) => `'${word}'`).join(" ")
  const asked = `
    source <(${command} --completions bash)
    COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1} COMP_LINE='${words.join(" ")}'
    $(complete -p miro | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    echo "\${COMPREPLY[@]}"`
  return execFileSync("bash", ["-c", asked], { encoding: "utf8" }).trim().split(/\s+/)
}

describe("completions for bash", () => {
  it("propose commands, flags and the values of flags", () => {
    assert.deepStrictEqual(proposed("miro", "ex"), ["export"])
    assert.deepStrictEqual(proposed("miro", "export", "--fo"), ["--format"])
    assert.sameMembers([...proposed("miro", "export", "--format", "")], ["json", "csv", "markdown", "svg"])
  })
})
