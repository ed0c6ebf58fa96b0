import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Issue } from "../../MiroError.ts"
import type { Redaction } from "../../http/redaction.ts"
import * as Text from "../../http/text.ts"

export interface Problem extends Issue {
  /** Something required is absent, or something else stands where a string, a number or a boolean belongs. */
  readonly kind: "missing" | "notString" | "notNumber" | "notBoolean" | "other"
}

const format = SchemaIssue.makeFormatterDefault()

const keys = (path: ReadonlyArray<PropertyKey>): ReadonlyArray<string | number> =>
  path.map((key) => (typeof key === "symbol" ? String(key) : key))

const kinds = [
  [SchemaAST.isString, "notString"],
  [SchemaAST.isNumber, "notNumber"],
  [SchemaAST.isBoolean, "notBoolean"]
] as const

const expected = (ast: SchemaAST.AST): Problem["kind"] => kinds.find(([isKind]) => isKind(ast))?.[1] ?? "other"

const kindOf = (issue: SchemaIssue.Issue): Problem["kind"] => {
  switch (issue._tag) {
    case "MissingKey":
      return "missing"
    case "InvalidType":
      return expected(issue.ast)
    case "AnyOf":
      return issue.ast.types.map(expected).find((kind) => kind !== "other") ?? "other"
    default:
      return "other"
  }
}

const looksInside = (issue: SchemaIssue.Issue): boolean => {
  switch (issue._tag) {
    case "Pointer":
    case "Composite":
      return true
    case "Encoding":
      return looksInside(issue.issue)
    case "AnyOf":
      return issue.issues.some(looksInside)
    default:
      return false
  }
}

/**
 * The places at which a value does not fit a schema.
 */
export const fromSchema = (
  issue: SchemaIssue.Issue,
  path: ReadonlyArray<string | number> = []
): ReadonlyArray<Problem> => {
  switch (issue._tag) {
    case "Pointer":
      return fromSchema(issue.issue, [...path, ...keys(issue.path)])
    case "Composite":
      return issue.issues.flatMap((issue) => fromSchema(issue, path))
    case "Encoding":
      return fromSchema(issue.issue, path)
    case "Filter":
      // A check may name a place inside of the value; else what it expects says enough.
      return issue.issue._tag === "Pointer"
        ? fromSchema(issue.issue, path)
        : [{ path, message: format(issue), kind: "other" }]
    case "AnyOf": {
      // The first member that looked inside the value is the one which its
      // `type` chose; the fallback for unknown types comes after it.
      const member = issue.issues.find(looksInside)
      if (member !== undefined) return fromSchema(member, path)
      // Which objects would fit is a long story, and of no use where there is none.
      const message = issue.ast.types.every(SchemaAST.isObjects) ? "Expected object" : format(issue)
      return [{ path, message, kind: kindOf(issue) }]
    }
    default:
      return [{ path, message: format(issue), kind: kindOf(issue) }]
  }
}

/** Says of which item something is wrong, if it has an id or a type. */
export const naming = ({ id, type }: { readonly id?: string; readonly type?: string }): string => {
  const names = [id !== undefined && JSON.stringify(id), type !== undefined && `of type ${JSON.stringify(type)}`]
  const known = names.filter((name) => name !== false)
  return known.length === 0 ? "" : ` (item ${known.join(" ")})`
}

const most = { issues: 50, keys: 16, key: 64, message: 256 }

const boundedPath = (path: ReadonlyArray<string | number>): Issue["path"] => {
  return path.length > most.keys ? [...path.slice(0, most.keys - 4), "…", ...path.slice(-3)] : path
}

const boundedKey = (key: string | number): string | number =>
  typeof key === "string" ? Text.excerpt(key, most.key) : key

const hide = ({ message, path }: Issue, redaction: Redaction): Issue => ({
  // A place in a body can be named by anything, too.
  path: path.map((key) => (typeof key === "string" ? redaction.quoteName(key) : key)),
  message: redaction.quote(message)
})

/**
 * As many issues as somebody reads, each as long as somebody reads: how many
 * there are and what their keys are is up to whoever wrote the value.
 */
export const bounded = (issues: ReadonlyArray<Issue>, redaction?: Redaction): ReadonlyArray<Issue> => {
  const shown = issues
    .slice(0, most.issues)
    .map(({ message, path }) => ({ path: boundedPath(path), message }))
    .map((issue) => (redaction === undefined ? issue : hide(issue, redaction)))
    .map(({ message, path }) => ({ path: path.map(boundedKey), message: Text.excerpt(message, most.message) }))
  const others = issues.length - shown.length
  return others === 0 ? shown : [...shown, { path: [], message: `and ${others} more` }]
}
