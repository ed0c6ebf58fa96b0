/** The bytes of a download, as a stream that is read once. */
import type * as Arr from "effect/Array"
import type * as ByteSize from "effect/ByteSize"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Pull from "effect/Pull"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { InvalidInput, type Reason, Timeout, Transport } from "../../MiroError.ts"
import type * as Timeouts from "../../http/timeouts.ts"
import * as Watchdog from "../../http/watchdog.ts"
import * as Storage from "./storage.ts"

/** Timeouts, and what is left of them, in milliseconds. */
export interface Remaining {
  readonly timeouts: Timeouts.OfAttempt & { readonly call: Duration.Duration }
  readonly attempt: number
  readonly call: number
}

export interface Source {
  readonly status: number
  readonly stream: Stream.Stream<Uint8Array, Reason>
  /** How many bytes there are, if that is known. */
  readonly length: number | undefined
  readonly maxBytes: ByteSize.ByteSize
  readonly remaining: Remaining
  /** Closes the connection. */
  readonly scope: Scope.Closeable
}

/**
 * Lets an effect wait for as long as the timeouts leave. Only waiting counts, and not what the program does with the
 * bytes between.
 */
const timer = ({ attempt, call, timeouts }: Remaining) => {
  const left = { idle: Duration.toMillis(timeouts.idle), attempt, call }
  const phases = ["call", "attempt", "idle"] as const
  return <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | Timeout, R> =>
    Effect.clockWith((clock) => {
      const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
      const started = now()
      const phase = phases.reduce((first, next) => (left[next] < left[first] ? next : first))
      const timeout = () => new Timeout({ phase, deadline: timeouts[phase] })
      if (left[phase] <= 0) return Effect.failSync(timeout)
      return Effect.ensuring(
        Watchdog.within(self, Duration.millis(Math.ceil(left[phase])), timeout),
        Effect.sync(() => {
          const spent = now() - started
          left.attempt -= spent
          left.call -= spent
        })
      )
    })
}

const misread = (message: string) => new InvalidInput({ issues: [{ path: ["bytes"], message }] })

const isClosed = ({ state }: Scope.Scope): boolean => state._tag === "Closed"

const unscoped = () => misread("are to be read before the scope of the download ends")

/** Checks what comes, and that all of it came. */
const checked = <R>(
  pull: Pull.Pull<Arr.NonEmptyReadonlyArray<Uint8Array>, Reason, void, R>,
  { length, maxBytes, scope, status }: Source
) => {
  let received = 0
  return pull.pipe(
    Effect.tap((chunks) => {
      for (const chunk of chunks) received += chunk.length
      return received > Number(maxBytes) ? Effect.fail(Storage.tooLarge(status, maxBytes)) : Effect.void
    }),
    Pull.catchDone((): Effect.Effect<never, Reason | Cause.Done> => {
      // More than announced is possible: a browser decodes what it does not say is encoded.
      return length !== undefined && received < length
        ? Effect.fail(new Transport({ description: `the body ended after ${received} of ${length} bytes` }))
        : Cause.done()
    }),
    // A body that is closed from here breaks, or ends as one that is complete.
    Effect.mapError((problem) => (isClosed(scope) ? unscoped() : problem))
  )
}

/**
 * Nothing is read before the stream is run. The connection is closed when the
 * stream ends, whatever the reason, and when the scope does.
 */
export const bytes = (source: Source): Stream.Stream<Uint8Array, Reason> => {
  const { remaining, scope, stream } = source
  const inTime = timer(remaining)
  let isTaken = false
  return Stream.suspend(() => {
    if (isTaken) return Stream.fail(misread("are read once: another reader needs another download"))
    isTaken = true
    if (isClosed(scope)) return Stream.fail(unscoped())
    const pull = Effect.map(Scope.provide(Stream.toPull(stream), scope), (pull) => checked(inTime(pull), source))
    return Stream.ensuring(Stream.fromPull(pull), Scope.close(scope, Exit.void))
  })
}
