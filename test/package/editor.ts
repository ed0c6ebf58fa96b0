/**
 * What an editor shows of the package as it is built, as TypeScript's language server tells it.
 */
import { spawn } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node"
import { compilerOptions } from "../../scripts/site/compilerOptions.ts"

const folder = resolve("test/package/.editor")

// What is used of the Language Server Protocol.
interface Markup {
  readonly value: string
}

interface Completion {
  readonly label: string
  readonly kind?: number
  readonly documentation?: Markup
}

const fieldKind = 5

const textOf = (markup: Markup | undefined): string => markup?.value ?? ""

/** A hover begins with the type, as a block of code. */
const withoutType = (hover: string): string => hover.replace(/^```\w+\n[^]*?\n```\n?/, "").trim()

/** A field is offered with a question mark if it is optional, and in quotation marks if it is no identifier. */
const fieldOf = (label: string): string => label.replace(/\?$/, "").replaceAll('"', "")

const positionIn = (text: string, offset: number) => {
  const lines = text.slice(0, offset).split("\n")
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
}

/** An editor with an empty program. */
export const openEditor = async () => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, "program.ts")
  writeFileSync(file, "")
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }))

  const server = spawn(process.execPath, ["node_modules/typescript/bin/tsc", "--lsp", "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"]
  })
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin)
  )
  // It asks for settings, and has its own where there are none.
  connection.onRequest(() => null)
  connection.listen()
  const markup = ["markdown"]
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      textDocument: {
        hover: { contentFormat: markup },
        completion: { completionItem: { documentationFormat: markup } }
      }
    }
  })
  await connection.sendNotification("initialized", {})

  const uri = pathToFileURL(file).href
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "typescript", version: 0, text: "" }
  })
  let program = ""
  let version = 0

  const write = (text: string) => {
    program = text
    version += 1
    return connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ text }]
    })
  }

  const at = (offset: number) => ({ textDocument: { uri }, position: positionIn(program, offset) })

  const completionsAt = async (offset: number): Promise<ReadonlyArray<Completion>> => {
    const offered = await connection.sendRequest<{ readonly items: ReadonlyArray<Completion> } | null>(
      "textDocument/completion",
      at(offset)
    )
    return offered?.items ?? []
  }

  const documentationOf = async (completion: Completion): Promise<string> =>
    textOf((await connection.sendRequest<Completion>("completionItem/resolve", completion)).documentation)

  /** The hovers of the places in a program that are marked with a number in a comment. */
  const hoversOf = async (text: string): Promise<Readonly<Record<string, string>>> => {
    await write(text)
    const hovers: Record<string, string> = {}
    for (const { 0: mark, 1: name = "", index } of text.matchAll(/\/\*(\d+)\*\//g)) {
      const hover = await connection.sendRequest<{ readonly contents: Markup } | null>(
        "textDocument/hover",
        at(index + mark.length)
      )
      hovers[name] = withoutType(textOf(hover?.contents))
    }
    return hovers
  }

  /** What is offered at the places in a program that are marked with an empty comment. */
  const offeredIn = async (text: string): Promise<ReadonlyArray<ReadonlyArray<Completion>>> => {
    await write(text)
    const offered: Array<ReadonlyArray<Completion>> = []
    for (const { 0: mark, index } of text.matchAll(/\/\*\*\//g)) {
      offered.push(await completionsAt(index + mark.length))
    }
    return offered
  }

  /** What is offered after `Boards.get.` beside what is offered after any function, each with its documentation. */
  const completionsOf = async (
    functions: ReadonlyArray<string>
  ): Promise<ReadonlyArray<ReadonlyMap<string, string>>> => {
    const lines = ["(() => {})", ...functions.map((name) => `Miro.${name}`)].map((called) => `void ${called}./**/name`)
    const [ofAny = [], ...offered] = await offeredIn(['import * as Miro from "effect-miro"', ...lines].join("\n"))
    const common = new Set(ofAny.map(({ label }) => label))
    const described: Array<ReadonlyMap<string, string>> = []
    for (const completions of offered) {
      const own = new Map<string, string>()
      for (const completion of completions) {
        if (!common.has(completion.label)) own.set(completion.label, await documentationOf(completion))
      }
      described.push(own)
    }
    return described
  }

  /** The fields of the input of each function, which is named as the package exports it, such as `Boards.create`. */
  const inputFieldsOf = async (functions: ReadonlyArray<string>): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
    const calls = functions.map((name) => `Miro.${name}({ /**/ })`)
    const offered = await offeredIn(['import * as Miro from "effect-miro"', ...calls].join("\n"))
    return offered.map((completions) =>
      // Where there are no fields, all that has a name is offered.
      completions.filter(({ kind }) => kind === fieldKind).map(({ label }) => fieldOf(label))
    )
  }

  const close = async () => {
    await connection.sendRequest("shutdown")
    await connection.sendNotification("exit")
    connection.dispose()
    server.kill()
    rmSync(folder, { recursive: true })
  }

  return { hoversOf, completionsOf, inputFieldsOf, close }
}
