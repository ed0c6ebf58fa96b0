/**
 * What an editor shows, by TypeScript's language service over the package as it is built. TypeScript 7 has no service to
 * call yet.
 */
import { resolve } from "node:path"
import ts from "typescript-6"

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: []
}

const file = resolve("test/package/hovers.program.ts")

let program = ""
let version = 0

// One for all programs, since it takes seconds to read the package.
const service = ts.createLanguageService({
  readFile: (path) => ts.sys.readFile(path),
  readDirectory: (...args) => ts.sys.readDirectory(...args),
  directoryExists: (...args) => ts.sys.directoryExists(...args),
  getDirectories: (...args) => ts.sys.getDirectories(...args),
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (path) => (path === file ? String(version) : "1"),
  getScriptSnapshot: (path) => {
    const text = path === file ? program : ts.sys.readFile(path)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  fileExists: (path) => path === file || ts.sys.fileExists(path),
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath
})

const open = (text: string) => {
  program = text
  version += 1
}

/** The hovers of the places in a program that are marked with a number in a comment. */
export const hoversOf = (program: string): Readonly<Record<string, string>> => {
  open(program)
  return Object.fromEntries(
    Array.from(program.matchAll(/\/\*(\d+)\*\//g), ({ 0: mark, 1: name = "", index }) => [
      name,
      ts.displayPartsToString(service.getQuickInfoAtPosition(file, index + mark.length)?.documentation)
    ])
  )
}

/** What an editor offers after `Boards.get.` beside what it offers after any function, each with its documentation. */
export const completionsOf = (functions: ReadonlyArray<string>): ReadonlyArray<ReadonlyMap<string, string>> => {
  const lines = ["(() => {})", ...functions.map((name) => `Miro.${name}`)].map((called) => `void ${called}./**/name`)
  const text = ['import * as Miro from "effect-miro"', ...lines].join("\n")
  open(text)
  const [ofAny = [], ...offered] = Array.from(text.matchAll(/\/\*\*\//g), ({ 0: mark, index }) =>
    (service.getCompletionsAtPosition(file, index + mark.length, {})?.entries ?? []).map(
      ({ name }) => [name, index + mark.length] as const
    )
  )
  const common = new Set(ofAny.map(([name]) => name))
  return offered.map(
    (entries) =>
      new Map(
        entries
          .filter(([name]) => !common.has(name))
          .map(([name, place]) => [
            name,
            ts.displayPartsToString(
              service.getCompletionEntryDetails(file, place, name, {}, undefined, {}, undefined)?.documentation
            )
          ])
      )
  )
}

/** The fields of the input of each function, which is named as the package exports it, such as `Boards.create`. */
export const inputFieldsOf = (functions: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const inputs = functions.map((name) => `NonNullable<Parameters<typeof Miro.${name}>[0]>`)
  open(['import * as Miro from "effect-miro"', ...inputs.map((type, index) => `type I${index} = ${type}`)].join("\n"))
  const compiled = service.getProgram()
  const [, ...declarations] = compiled?.getSourceFile(file)?.statements ?? []
  const checker = compiled?.getTypeChecker()
  return declarations.map((declaration) => {
    const type = checker?.getTypeAtLocation(declaration)
    const alternatives = type?.isUnion() === true ? type.types : type === undefined ? [] : [type]
    return [...new Set(alternatives.flatMap((type) => type.getProperties().map(({ name }) => name)))]
  })
}
