import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Issue } from "../client/MiroError.ts"

export interface Problem extends Issue {
  /** Something required is absent, or something else than a string stands for one. */
  readonly kind: "missing" | "notString" | "other"
}

const format = SchemaIssue.makeFormatterDefault()

const keys = (path: ReadonlyArray<PropertyKey>): ReadonlyArray<string | number> =>
  path.map((key) => (typeof key === "symbol" ? String(key) : key))

const kindOf = (issue: SchemaIssue.Issue): Problem["kind"] =>
  issue._tag === "MissingKey"
    ? "missing"
    : issue._tag === "InvalidType" && SchemaAST.isString(issue.ast)
      ? "notString"
      : "other"

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
      return member === undefined ? [{ path, message: format(issue), kind: "other" }] : fromSchema(member, path)
    }
    default:
      return [{ path, message: format(issue), kind: kindOf(issue) }]
  }
}
