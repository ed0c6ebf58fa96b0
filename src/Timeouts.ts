/**
 * How long calls may take.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"

/**
 * The timeouts of a call, each of which may be `Duration.infinity`. What is
 * left out has its default.
 *
 * @category models
 */
export interface Timeouts {
  /**
   * From the start of an attempt to the head of the response: 30 seconds unless
   * set. Covers connecting, which an `HttpClient` does not tell apart; one that
   * has a timeout of its own for that, as undici's of 10 seconds, fails with
   * `Transport` when it runs out.
   *
   * Does not hold for a request body of more than a mebibyte, or of unknown
   * length: how long that takes is a matter of the uplink, and bounded by
   * `attempt`.
   */
  readonly headers?: Duration.Input | undefined
  /**
   * From one piece of the response's body to the next, or for all of a body of up
   * to 64 KiB: 30 seconds unless set.
   */
  readonly idle?: Duration.Input | undefined
  /**
   * One attempt from its start to the last byte of the response, also of one that
   * never stalls: 2 minutes unless set.
   */
  readonly attempt?: Duration.Input | undefined
  /**
   * From one piece to the next of a stream that is uploaded, or for all of a
   * `Blob`: 30 seconds unless set. All of it is read before the first attempt,
   * and within the time of an `attempt` too.
   */
  readonly upload?: Duration.Input | undefined
  /**
   * The whole call, with the reading of what is uploaded, all attempts, the
   * pauses between them, a refresh of the token and the wait for its turn in
   * `RateLimit`. Without end unless set: all but the last of these have bounds of
   * their own.
   *
   * A pause that would outlast it is not begun: the call fails at once, with
   * the error that was to be repeated and its `retryAfter`.
   */
  readonly call?: Duration.Input | undefined
}

/**
 * The timeouts of the calls in its scope; {@link provide} changes some of them.
 *
 * @category references
 */
export const Timeouts = Context.Reference<Timeouts>("effect-miro/Timeouts", { defaultValue: () => ({}) })

/**
 * Sets timeouts of the calls of an effect, and leaves the others as they are
 * around it. The error of a call that passes one has the reason `Timeout`, which
 * names it, and its connection is closed.
 *
 * The calls to the token endpoint have `MiroOAuth.Deadline`.
 *
 * **Example** (Ten seconds for a call, whatever it is repeated for)
 *
 * ```ts
 * import { Boards, Timeouts } from "effect-miro"
 *
 * const boards = Boards.list().pipe(Timeouts.provide({ call: "10 seconds" }))
 * ```
 *
 * @category providing
 */
export const provide: {
  (timeouts: Timeouts): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, timeouts: Timeouts): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, timeouts: Timeouts): Effect.Effect<A, E, R> =>
  Effect.flatMap(Timeouts, (outer) =>
    Effect.provideService(self, Timeouts, {
      headers: timeouts.headers ?? outer.headers,
      idle: timeouts.idle ?? outer.idle,
      attempt: timeouts.attempt ?? outer.attempt,
      upload: timeouts.upload ?? outer.upload,
      call: timeouts.call ?? outer.call
    })
  )
)
