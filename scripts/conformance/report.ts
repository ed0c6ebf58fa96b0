/**
 * What the comparison of a whole document comes to.
 */
import { type Deviation, deviations, undeclared } from "../deviations.ts"
import { type Declared, operations } from "../operations.ts"
import { compare, type Difference } from "./compare.ts"
import type { Documented } from "./document.ts"
import { explanations } from "./explain.ts"

export interface Report {
  /** Differences that are meant, and operations that are left out on purpose, each with its reason. */
  readonly explained: ReadonlyArray<string>
  /** What has to be looked at, with the file to look at. */
  readonly problems: ReadonlyArray<string>
  readonly summary: string
}

interface Compared {
  readonly headline: string
  readonly differences: ReadonlyArray<{ readonly difference: Difference; readonly reasons: ReadonlyArray<Deviation> }>
}

const line = ({ at, document, ours }: Difference): string => `  ${at}: the document says ${document}, we say ${ours}`

const compareOne = (document: Documented, declared: Declared): Compared => ({
  headline: `${declared.file}: ${declared.name} (${document.id}, ${document.method} ${document.path})`,
  differences: compare(document, declared).map((difference) => ({ difference, reasons: explanations(difference) }))
})

const block = (headline: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [[headline, ...lines].join("\n")]

export const report = (documented: ReadonlyArray<Documented>): Report => {
  const ids = new Set(documented.map(({ id }) => id))
  const declared = new Map(operations.map((operation) => [operation.id, operation]))
  const compared = documented.flatMap((document) => {
    const operation = declared.get(document.id)
    return operation === undefined ? [] : [compareOne(document, operation)]
  })
  const missing = documented.filter(({ id }) => !declared.has(id) && !(id in undeclared))
  const stale = Object.keys(undeclared).filter((id) => !ids.has(id) || declared.has(id))
  const all = compared.flatMap(({ differences }) => differences)
  const needed = new Set(all.flatMap(({ reasons }) => reasons))

  const problems = [
    ...missing.map(({ id, method, path, tag }) => `not declared: ${id}, ${method} ${path} (${tag})`),
    ...compared.flatMap(({ differences, headline }) =>
      block(
        headline,
        differences.filter(({ reasons }) => reasons.length === 0).map(({ difference }) => line(difference))
      )
    ),
    ...operations.filter(({ id }) => !ids.has(id)).map(({ file, id, name }) => `${file}: ${name}: there is no ${id}`),
    ...stale.map((id) => `scripts/deviations.ts: ${id} need not be explained any more`),
    ...deviations
      .filter((deviation) => !needed.has(deviation))
      .map(({ at, reason }) => `scripts/deviations.ts: not needed any more: ${at}: ${reason}`)
  ]
  const explained = [
    ...Object.entries(undeclared).map(([id, reason]) => `${id}\n  ${reason}`),
    ...compared.flatMap(({ differences, headline }) =>
      block(
        headline,
        differences.flatMap(({ difference, reasons: [deviation] }) =>
          deviation === undefined ? [] : [`${line(difference)}\n    ${deviation.reason}`]
        )
      )
    )
  ]
  const meant = all.filter(({ reasons }) => reasons.length > 0)
  return {
    explained,
    problems,
    summary:
      `${documented.length} operations in the document: ${compared.length} declared, ` +
      `${Object.keys(undeclared).length} explained. ` +
      `${meant.length} differences explained by ${needed.size} deviations, ${problems.length} problems.`
  }
}
