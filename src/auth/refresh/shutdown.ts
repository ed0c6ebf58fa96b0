import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"

/**
 * A scope for the refreshes of a program. When that ends it lets them end
 * first, but not for ever: after `patience` others take over anyway.
 */
export const make = Effect.fnUntraced(function* (underWay: () => number, patience: Duration.Duration) {
  const scope = yield* Scope.make()
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      const count = underWay()
      if (count > 0) yield* Effect.logInfo(`Waiting for ${count} token refresh${count === 1 ? "" : "es"} to end`)
      const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void), { startImmediately: true })
      const ended = yield* Effect.interruptible(Fiber.await(closing)).pipe(Effect.timeoutOption(patience))
      if (Option.isNone(ended)) {
        const left = underWay()
        yield* Effect.logError(
          `Gave up waiting after ${Duration.format(patience)}: ${left} token refreshes had not ended, and what they got may be lost`
        )
      }
    })
  )
  return scope
})
