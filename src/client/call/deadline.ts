/**
 * The deadline of a call that is more than its attempts: a file is read before them, or a download asks several times.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const Began = Context.Reference<bigint | undefined>("effect-miro/client/call/deadline/Began", {
  defaultValue: () => undefined
})

/** When the call began that is being made: now, unless something came before. */
export const began = (context: Context.Context<never>): bigint =>
  Context.get(context, Began) ?? Context.get(context, Clock.Clock).monotonicTimeNanosUnsafe()

/** Makes an effect a part of a call that began then. */
export const since =
  (began: bigint) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(self, Began, began)
