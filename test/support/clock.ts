import { Clock, Effect } from "effect"

/** A clock that is so many milliseconds ahead of another one. */
export const skewed = (clock: Clock.Clock, skew: number): Clock.Clock => {
  const millis = () => clock.currentTimeMillisUnsafe() + skew
  return Object.create(clock, {
    currentTimeMillisUnsafe: { value: millis },
    currentTimeMillis: { value: Effect.sync(millis) }
  })
}

/** Runs an effect with a clock that is so many milliseconds ahead. */
export const withClockAhead =
  (skew: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.clockWith((clock) => Effect.provideService(effect, Clock.Clock, skewed(clock, skew)))
