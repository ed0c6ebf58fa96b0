/**
 * Turns what Miro gave into the input that makes the same thing: takes the fields that the input has, and leaves those
 * that only Miro sets.
 */
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { InvalidInput, type Issue, MiroError } from "../../MiroError.ts"
import * as Issues from "./issues.ts"

/** Which operation the input is for. */
interface Target {
  readonly operation: { readonly method: string; readonly path: string }
}

export interface Options<Response> {
  /** Whether Miro takes the width or the height of such an item, and refuses both together. */
  readonly hasFixedRatio?: boolean | undefined
  /** The response with its fields where the input has them. */
  readonly arrange?: ((response: Response) => unknown) | undefined
  /** Why no input makes the same thing. */
  readonly problem?: ((response: Response) => Issue | undefined) | undefined
}

/** Takes of a value what a schema has a place for. */
type Projection = (value: unknown) => unknown

const literalsOf = (ast: SchemaAST.AST): ReadonlyArray<unknown> =>
  SchemaAST.isUnion(ast) ? ast.types.flatMap(literalsOf) : SchemaAST.isLiteral(ast) ? [ast.literal] : []

const projectUnion = (ast: SchemaAST.Union): Projection => {
  const literals = literalsOf(ast)
  // Miro says `unknown` where its API has no name for what is on the board. No input takes that.
  if (literals.length > 0) return (value) => (value === "unknown" && !literals.includes(value) ? undefined : value)
  const member = ast.types.find((type) => SchemaAST.isObjects(type) || SchemaAST.isArrays(type))
  return member === undefined ? identity : project(member)
}

const projectFields = ({ propertySignatures }: SchemaAST.Objects): Projection => {
  const fields = propertySignatures.map(({ name, type }) => [name, project(type)] as const)
  return (value) => {
    if (!Predicate.isObject(value)) return value
    const taken = fields.map(([name, take]) => [name, take(value[name])] as const)
    return Object.fromEntries(taken.filter(([, field]) => field !== undefined && field !== null))
  }
}

const project = (ast: SchemaAST.AST): Projection => {
  if (SchemaAST.isObjects(ast)) return projectFields(ast)
  if (SchemaAST.isUnion(ast)) return projectUnion(ast)
  if (!SchemaAST.isArrays(ast)) return identity
  const [element] = ast.rest
  const take = element === undefined ? identity : project(element)
  return (value) => (Array.isArray(value) ? value.map(take) : value)
}

// Miro gives both.
const withOneSide = (response: unknown): unknown =>
  Predicate.isObject(response) && Predicate.isObject(response["geometry"]) && response["geometry"]["width"] != null
    ? { ...response, geometry: { ...response["geometry"], height: undefined } }
    : response

/** For an item that the API shows without what is in it. */
export const unsupported = (item: { readonly isSupported?: boolean; readonly data?: unknown }): Issue | undefined =>
  item.isSupported === false || item.data === undefined
    ? { path: [], message: "cannot be made again, since Miro gives no data of this item" }
    : undefined

/**
 * Makes the `toInput` of a module. It is for the operation `target`, whose method
 * and path its errors name.
 */
export const make = <Response, S extends Schema.ConstraintCodec<unknown, unknown>>(
  name: string,
  schema: S,
  { operation: { method, path } }: Target,
  { arrange, hasFixedRatio = false, problem }: Options<Response> = {}
): ((response: Response) => Effect.Effect<S["Type"], MiroError>) => {
  const fail = (issues: ReadonlyArray<Issue>) =>
    Effect.fail(
      new MiroError({
        operation: name,
        method,
        path,
        reason: new InvalidInput({ issues })
      })
    )
  // Made with the first response.
  let compiled:
    | { readonly take: Projection; readonly check: (input: unknown) => Result.Result<S["Type"], Schema.SchemaError> }
    | undefined
  return (response) => {
    const found = problem?.(response)
    if (found !== undefined) return fail([found])
    compiled ??= {
      take: project(SchemaAST.toType(schema.ast)),
      check: Schema.decodeUnknownResult(Schema.toType(schema), { errors: "all" })
    }
    const arranged = arrange === undefined ? response : arrange(response)
    const input = compiled.check(compiled.take(hasFixedRatio ? withOneSide(arranged) : arranged))
    return Result.isSuccess(input)
      ? Effect.succeed(input.success)
      : fail(Issues.fromSchema(input.failure.issue).map(({ message, path }) => ({ path, message })))
  }
}
