/**
 * All operations of the package, found by walking what it exports.
 */
import * as Miro from "effect-miro"
import { Predicate } from "effect"
import type { Operation } from "effect-miro"
import { readFileSync } from "node:fs"

export interface Declared extends Operation.Metadata {
  /** Where it is declared. */
  readonly file: string
  readonly call: unknown
}

const isOperation = (u: unknown): u is Operation.Any =>
  typeof u === "function" && Predicate.hasProperty(u, "operation") && Predicate.hasProperty(u, "withResponse")

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
    .map((call) => ({ ...call.operation, file: files.get(module) ?? module, call }))
)
