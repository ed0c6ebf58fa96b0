import * as Result from "effect/Result"
import { operations, shapeOf } from "./declared.ts"
import * as errors from "./errors.ts"
import type { Route } from "./route.ts"

/** Operations of Miro that the sandbox knows and does not serve: it says so, and not that there are none. */
export const unserved = (served: ReadonlyArray<Route>): ReadonlyArray<Route> => {
  const shapes = new Set(served.map(shapeOf))
  const left = operations.filter((operation) => !shapes.has(shapeOf(operation)))
  return left.map(({ method, path }) => {
    // A query can tell two operations of one path apart.
    const names = left.filter((other) => shapeOf(other) === shapeOf({ method, path })).map(({ name }) => name)
    return { method, path, handle: () => Result.fail(errors.notServed(names.join(" or "), `${method} ${path}`)) }
  })
}
