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

/** The hovers of the places in a program that are marked with a number in a comment. */
export const hoversOf = (program: string): Readonly<Record<string, string>> => {
  const file = resolve("test/package/hovers.program.ts")
  const service = ts.createLanguageService({
    readFile: (path) => ts.sys.readFile(path),
    readDirectory: (...args) => ts.sys.readDirectory(...args),
    directoryExists: (...args) => ts.sys.directoryExists(...args),
    getDirectories: (...args) => ts.sys.getDirectories(...args),
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = path === file ? program : ts.sys.readFile(path)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: ts.getDefaultLibFilePath
  })
  return Object.fromEntries(
    Array.from(program.matchAll(/\/\*(\d+)\*\//g), ({ 0: mark, 1: name = "", index }) => [
      name,
      ts.displayPartsToString(service.getQuickInfoAtPosition(file, index + mark.length)?.documentation)
    ])
  )
}
