import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import type { Metadata } from "../../client/Operation.ts"
import * as Json from "../../http/json.ts"
import { unlisted } from "./enumerations.ts"
import * as errors from "./errors.ts"

const show = (value: unknown): string => (Predicate.isString(value) ? value : JSON.stringify(value))

const literals = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Union" ? ast.types.flatMap((type) => (type._tag === "Literal" ? [show(type.literal)] : [])) : []

const unexpected = (value: unknown, expected: ReadonlyArray<string>): string =>
  expected.length === 0
    ? `Unexpected value [${show(value)}]`
    : `Unexpected value [${show(value)}], expected one of: [${expected.join(", ")}]`

const fieldErrors = (
  issue: SchemaIssue.Issue,
  path: ReadonlyArray<PropertyKey>,
  message?: string
): ReadonlyArray<errors.FieldError> => {
  const field = path.map(String).join(".")
  switch (issue._tag) {
    case "Pointer":
      return fieldErrors(issue.issue, [...path, ...issue.path], message)
    case "Filter":
      return fieldErrors(issue.issue, path, issue.filter.annotations?.message ?? message)
    case "Encoding":
      return fieldErrors(issue.issue, path, message)
    case "Composite":
      return issue.issues.flatMap((inner) => fieldErrors(inner, path, message))
    case "AnyOf":
      return issue.issues.length > 0
        ? issue.issues.flatMap((inner) => fieldErrors(inner, path, message))
        : [{ field, message: unexpected(issue.input, literals(issue.ast)) }]
    case "UnexpectedKey":
      return [{ field, message: `Field [${field}] is not supported` }]
    case "MissingKey":
      return [{ field, message: issue.annotations?.messageMissingKey ?? `Field [${field}] is required` }]
    default:
      return [{ field, message: message ?? unexpected(issue.input, []) }]
  }
}

const parseJson = (text: string): errors.Refusable<unknown> =>
  // Miro takes a request without a body for one with an empty object.
  Result.mapError(Json.parseResult(text === "" ? "{}" : text), () => errors.invalidParameter("", "Malformed JSON"))

/** Reads request bodies, and refuses in Miro's words what a schema does not take, or does not know. */
const bodyReader = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error", reportInput: true })
  const ast = SchemaAST.toEncoded(schema.ast)
  return (text: string): errors.Refusable<{ readonly value: unknown; readonly decoded: S["Type"] }> =>
    Result.gen(function* () {
      const value = yield* parseJson(text)
      const decoded = yield* Result.mapError(decode(value), ({ issue }) =>
        errors.invalidParameters(fieldErrors(issue, []))
      )
      const fields = unlisted(ast, value).map(({ expected, path, value }) => ({
        field: path.map(String).join("."),
        message: unexpected(value, expected)
      }))
      return fields.length === 0 ? { value, decoded } : yield* Result.fail(errors.invalidParameters(fields))
    })
}

/** Decodes request bodies. */
export const bodyDecoder = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const read = bodyReader(schema)
  return (text: string): errors.Refusable<S["Type"]> => Result.map(read(text), ({ decoded }) => decoded)
}

/** Checks request bodies as {@link bodyDecoder} does, and gives them as they were sent. */
const bodyChecker = (schema: Schema.ConstraintDecoder<unknown>) => {
  const read = bodyReader(schema)
  return (text: string): errors.Refusable<unknown> => Result.map(read(text), ({ value }) => value)
}

/** Checks the bodies of the requests of an operation, which has one. */
export const checkerOf = ({ operation: { body, name } }: { readonly operation: Metadata }) => {
  if (body === undefined) throw new Error(`${name} has no body`)
  return bodyChecker(body)
}
