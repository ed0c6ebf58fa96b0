/**
 * All operations of the package, found by walking what it exports.
 */
import * as Miro from "effect-miro"
import { Predicate } from "effect"
import type { Operation } from "effect-miro"
import { readFileSync } from "node:fs"

export interface Declared extends Operation.Metadata {
  /** How it is called in code, such as `Boards.create`. */
  readonly name: string
  /** Where it is declared. */
  readonly file: string
  readonly call: unknown
}

const isOperation = (u: unknown): u is Operation.Metadata & { readonly name: string } =>
  typeof u === "function" && Predicate.hasProperty(u, "id") && Predicate.hasProperty(u, "path")

/** The source files of the modules that the package exports by a name. */
const files = new Map(
  Array.from(
    readFileSync(new URL("../src/index.ts", import.meta.url), "utf8").matchAll(/^export \* as (\w+) from "\.\/(.*)"/gm),
    ([, name = "", file = ""]) => [name, `src/${file}`] as const
  )
)

export const operations: ReadonlyArray<Declared> = Object.entries(Miro).flatMap(([module, exports]) =>
  Object.values(exports)
    .filter(isOperation)
    .map((operation) => ({
      ...operation,
      name: operation.name,
      file: files.get(module) ?? module,
      call: operation
    }))
)
