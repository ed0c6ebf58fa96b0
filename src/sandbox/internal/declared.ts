/** The operations of the package, as the routes of the sandbox know them. */
import * as Predicate from "effect/Predicate"
import * as Contract from "../../index.ts"
import type { Metadata } from "../../client/Operation.ts"
import type { Route } from "./route.ts"
import { base as scim } from "./scimResponse.ts"

const isOperation = (u: unknown): u is { readonly operation: Metadata } =>
  Predicate.isFunction(u) && Predicate.hasProperty(u, "operation") && Predicate.hasProperty(u, "withResponse")

/** What two endpoints have in common that are one. The names of parameters are those of whoever declares a route. */
export const shapeOf = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`

/** All operations, with their paths in the sandbox. */
export const operations: ReadonlyArray<Metadata> = Object.values(Contract)
  .flatMap((module): ReadonlyArray<unknown> => Object.values(module))
  .filter(isOperation)
  .map(({ operation }) => operation)
  .map((operation) => (operation.path.startsWith("/v") ? operation : { ...operation, path: scim + operation.path }))

const scopes = new Map(operations.map((operation) => [shapeOf(operation), operation.scopes]))

/** The scopes that a request to a route needs. */
export const scopesOf = (route: Route): ReadonlyArray<string> => scopes.get(shapeOf(route)) ?? []
