/**
 * One refresh of a user for all who ask for it.
 *
 * It runs in a fiber of its own, which the interruption of a caller does not
 * reach: between redeeming and storing there is no way out. It has the settings
 * of the client and not those of whoever came first, from whom it has only its
 * place in the trace.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import type { Reason } from "../../MiroError.ts"
import * as Telemetry from "../../http/telemetry.ts"

type Token = Redacted.Redacted

/** A refresh that is under way. */
interface Flight {
  readonly token: Deferred.Deferred<Token, Reason>
  /** The span of the refresh, once it has begun. */
  span?: Tracer.Span
}

export interface Flights extends Effect.Success<ReturnType<typeof make>> {}

// A caller that is not traced says nothing of the others.
const traceOf = (caller: Context.Context<never>): Context.Context<never> => {
  const parent = Context.getOrUndefined(caller, Tracer.ParentSpan)
  return parent === undefined || parent.spanId === "noop"
    ? Context.empty()
    : Context.pick(Tracer.Tracer, Tracer.ParentSpan)(caller)
}

export const make = Effect.fnUntraced(function* (scope: Scope.Scope) {
  const client = Context.omit(Tracer.ParentSpan)(yield* Effect.context())
  const flights = new Map<string, Flight>()

  const start = (user: string, refresh: Effect.Effect<Token, Reason>) =>
    Effect.suspend(() => {
      const flight: Flight = { token: Deferred.makeUnsafe() }
      flights.set(user, flight)
      const flying = Effect.useSpan("Miro.AccessToken.refresh", (span) => {
        flight.span = span
        return Effect.withParentSpan(refresh, span, { captureStackTrace: false })
      }).pipe(Effect.updateContext((caller: Context.Context<never>) => Context.merge(client, traceOf(caller))))
      return Effect.map(Effect.forkIn(flying, scope, { uninterruptible: true }), (fiber) => {
        fiber.addObserver((exit) => {
          flights.delete(user)
          Deferred.doneUnsafe(flight.token, exit)
        })
        return flight
      })
    })

  return {
    isUnderWay: (user: string): boolean => flights.has(user),
    count: (): number => flights.size,

    /** Joins the refresh of a user that is under way, or begins this one. */
    join: (user: string, refresh: Effect.Effect<Token, Reason>): Effect.Effect<Token, Reason> =>
      Effect.uninterruptibleMask((restore) =>
        Effect.suspend(() => {
          const underWay = flights.get(user)
          if (underWay === undefined) {
            return Effect.flatMap(start(user, refresh), ({ token }) => restore(Deferred.await(token)))
          }
          return Effect.ensuring(
            restore(Deferred.await(underWay.token)),
            Effect.suspend(() => Telemetry.link(underWay.span))
          )
        })
      ).pipe(Effect.tap(Telemetry.refreshed))
  }
})
