import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Contract from "../../index.ts"
import type { Metadata } from "../../client/Operation.ts"
import type { Route } from "./route.ts"
import * as errors from "./errors.ts"
import { base as scim } from "./scimResponse.ts"

const isOperation = (u: unknown): u is { readonly operation: Metadata } =>
  Predicate.isFunction(u) && Predicate.hasProperty(u, "operation") && Predicate.hasProperty(u, "withResponse")

// The names of parameters are those of whoever declares a route.
const shapeOf = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`

/** Operations of Miro that the sandbox knows and does not serve: it says so, and not that there are none. */
export const unserved = (served: ReadonlyArray<Route>): ReadonlyArray<Route> => {
  const shapes = new Set(served.map(shapeOf))
  const operations = Object.values(Contract)
    .flatMap((module): ReadonlyArray<unknown> => Object.values(module))
    .filter(isOperation)
    .map(({ operation }) => operation)
    .map((operation) => (operation.path.startsWith("/v") ? operation : { ...operation, path: scim + operation.path }))
    .filter((operation) => !shapes.has(shapeOf(operation)))
  return operations.map(({ method, path }) => {
    // A query can tell two operations of one path apart.
    const names = operations.filter((other) => shapeOf(other) === shapeOf({ method, path })).map(({ name }) => name)
    return { method, path, handle: () => Result.fail(errors.notServed(names.join(" or "), `${method} ${path}`)) }
  })
}
