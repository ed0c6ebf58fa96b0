/**
 * When a call is made again.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual, identity } from "effect/Function"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Deadline from "./call/deadline.ts"
import * as Timeouts from "../http/timeouts.ts"
import type { MiroError } from "../MiroError.ts"

/**
 * Makes the attempts of one call.
 *
 * @category models
 */
export type Policy = <A>(attempt: Effect.Effect<A, MiroError>) => Effect.Effect<A, MiroError>

/**
 * How often a call is made again, and after which pauses.
 *
 * @category configuration
 */
export interface Options {
  /** How often a call is made again at most: 3 times unless set. */
  readonly times?: number | undefined
  /** The pause before the first repetition, which doubles with every further one: 500 milliseconds unless set. */
  readonly base?: Duration.Input | undefined
  /**
   * The longest pause. A call for which Miro asks for a longer one fails at
   * once, and its error says how long. 60 seconds unless set.
   */
  readonly maxDelay?: Duration.Input | undefined
}

// Before the pause: a call that waits for a minute should not look as if it hung.
const announce = ({ operation, reason }: MiroError, delay: Duration.Duration) => {
  const pause = Duration.millis(Math.round(Duration.toMillis(delay)))
  return Effect.logDebug(`${operation} failed with ${reason._tag}, next attempt in ${Duration.format(pause)}`).pipe(
    Effect.annotateLogs({
      "miro.operation.name": operation,
      "miro.retry.reason": reason._tag,
      "miro.retry.delay": Duration.toSeconds(pause)
    })
  )
}

/**
 * Retries every method after a `429` or `425`, since Miro did not process the
 * request. Retries `GET`, `PUT` and `DELETE` after server errors, network
 * faults and timeouts too, except `Boards.copy` and `Groups.update`, which make
 * something new each time. Never retries a `POST` or `PATCH` that Miro may have
 * processed, since Miro has no idempotency keys.
 *
 * A `DELETE` whose response was lost, and whose repetition finds nothing to
 * delete (`404`), is a success. That is not so for `MiroClient.execute`, where
 * nobody knows what a `404` means: its error has `outcomeUnknown`.
 *
 * Pauses grow exponentially, are never shorter than Miro asks for, and are
 * lengthened at random so that callers do not come back all at once. A pause
 * that would outlast the deadline of the call, see `Timeouts`, is not begun:
 * the call fails at once with the error that it would have been repeated for.
 *
 * @category policies
 */
export const policy = (options?: Options): Policy => {
  const times = options?.times ?? 3
  const maxDelay = Duration.fromInputUnsafe(options?.maxDelay ?? "60 seconds")
  // What `RateLimit` refused has waited as long as it may.
  const worthwhile = (error: MiroError) =>
    error.isRetryable &&
    error.reason._tag !== "CreditsSpent" &&
    Duration.isLessThanOrEqualTo(error.retryAfter ?? Duration.zero, maxDelay)
  const schedule = Schedule.exponential(options?.base ?? "500 millis").pipe(
    Schedule.setInputType<MiroError>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (random) => {
        const pause = Duration.max(duration, input.retryAfter ?? Duration.zero)
        return Duration.min(Duration.times(pause, 1 + random / 4), maxDelay)
      })
    ),
    Schedule.while(({ attempt, input }) => attempt <= times && worthwhile(input))
  )
  const afterFailure = <A>(
    first: MiroError,
    attempt: Effect.Effect<A, MiroError>,
    call: Duration.Duration,
    began: bigint
  ): Effect.Effect<A, MiroError> => {
    const inTime = Schedule.while(schedule, ({ duration }) =>
      Effect.map(Clock.monotonicTimeNanos, (now) =>
        Duration.isLessThan(Duration.sum(Duration.nanos(now - began), duration), call)
      )
    )
    let isFirst = true
    return Effect.retry(
      Effect.suspend(() => {
        if (!isFirst) return attempt
        isFirst = false
        return Effect.fail(first)
      }),
      Schedule.tap(inTime, ({ duration, input }) => announce(input, duration))
    )
  }
  // Most calls succeed at once, and need no schedule.
  return (attempt) =>
    Effect.contextWith((context: Context.Context<never>) => {
      const began = Deadline.began(context)
      const { call } = Timeouts.within(context)
      return Effect.catch(attempt, (first) => afterFailure(first, attempt, call, began))
    })
}

/**
 * Makes every call once.
 *
 * @category policies
 */
export const none: Policy = identity

/**
 * The policy of the calls in its scope, {@link policy} with its defaults unless
 * provided; {@link provide} sets another one.
 *
 * @category references
 */
export const Retry = Context.Reference<Policy>("effect-miro/client/Retry", { defaultValue: () => policy() })

/**
 * Sets the policy of the calls of an effect.
 *
 * **Example** (Switching retries off for one call)
 *
 * ```ts
 * import { Boards, Retry } from "effect-miro"
 *
 * const once = Boards.list().pipe(Retry.provide(Retry.none))
 * ```
 *
 * @category providing
 */
export const provide: {
  (policy: Policy): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, policy: Policy): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, policy: Policy): Effect.Effect<A, E, R> =>
  Effect.provideService(self, Retry, policy)
)
