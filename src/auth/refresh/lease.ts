/**
 * The lease in a record, which lets one process refresh.
 *
 * Taking it proves that the storage can be written to, while nothing is spent
 * yet, and leaves a trace of the intent. It says who holds it: a process knows
 * its own again, also one whose write was reported as a failure.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { Reason } from "../../MiroError.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { Records } from "./records.ts"
import { uptime } from "../../http/uptime.ts"
import { elapsedSince, moment } from "./moment.ts"
import * as Lifetime from "../record/lifetime.ts"
import * as RecordStore from "../record/store.ts"

type Mark = Lifetime.Mark

// Longer than the pause after which a process writes again what it could not store.
const takeover = 3000

const overlap = ({ lease }: Mark): number => Math.min(takeover, lease / 2)

/** Gives a lease back, if it is still held. One that cannot be given back runs out by itself. */
export const release = (records: Records, owner: string, next: TokenRecord.TokenRecord): Effect.Effect<void> =>
  records.get(next.user).pipe(
    Effect.filterOrFail(({ record }) => record.refreshing?.owner === owner),
    Effect.flatMap((current) => records.replace(current, next)),
    Effect.ignore
  )

/** What one refresh does about leases. `deadline` is for how long it may wait for the token endpoint. */
export const make = (records: Records, user: string, owner: string, deadline: number) => {
  // Longer than a call to the token endpoint may take, and the writes after it: a lease that runs out while its
  // holder is alive would let two redeem.
  const lease = 2 * deadline
  const refusal = records.refusals(user)
  const delay = records.delays(user)
  let watched: { readonly mark: string; readonly since: number } | undefined

  const watchedFor = ({ owner, since }: Mark, now: number): number => {
    const mark = `${owner} ${since}`
    if (watched?.mark !== mark) watched = { mark, since: now }
    return now - watched.since
  }

  // A process that is taken for dead may hold the new tokens, and only wait for the storage to take writes again. Now
  // that it does, that process is given the time to be first.
  const takeOver = Effect.fnUntraced(function* (current: RecordStore.Versioned, from: Mark) {
    const mark = { owner, since: yield* Clock.currentTimeMillis, lease }
    const { record } = current
    if (!(yield* records.replace(current, { ...record, refreshing: mark }))) return yield* refusal
    yield* Effect.interruptible(Effect.sleep(overlap(from))).pipe(
      Effect.onInterrupt(() => release(records, owner, { ...record, refreshing: { ...mark, lease: 0 } }))
    )
  })

  return {
    /**
     * Whether nobody else holds the lease. If somebody does, this takes a
     * while, after which the record has to be looked at again.
     */
    isFree: Effect.fnUntraced(function* (current: RecordStore.Versioned): Effect.fn.Return<boolean, Reason> {
      const { refreshing: mark } = current.record
      if (mark === undefined || mark.owner === owner || mark.lease === 0) return true
      const now = yield* Clock.currentTimeMillis
      const isOver = Lifetime.isLeaseOver(mark, watchedFor(mark, yield* uptime) + overlap(mark), now)
      if (isOver) yield* takeOver(current, mark)
      // The only part of a refresh that may be interrupted: nothing of ours is under way.
      else yield* Effect.interruptible(Effect.sleep(yield* Random.nextIntBetween(50, 150)))
      return false
    }),

    /** Takes the lease of a record. If that gives none, the record has to be looked at again. */
    take: Effect.fnUntraced(function* (current: RecordStore.Versioned): Effect.fn.Return<Mark | undefined, Reason> {
      const start = yield* moment
      const mark = { owner, since: start.now, lease }
      const isWritten = yield* records.replace(current, { ...current.record, refreshing: mark }).pipe(
        // It may have been written all the same.
        Effect.catchTag("TokenStorageFailure", (failure) =>
          records
            .find(user)
            .pipe(
              Effect.flatMap((found) =>
                Option.exists(found, ({ record }) => isSame(record.refreshing, mark))
                  ? Effect.succeed(true)
                  : Effect.fail(failure)
              )
            )
        )
      )
      // Or held up for so long (a suspended machine, a slow storage) that others may take us for dead before the response.
      if (isWritten && (yield* elapsedSince(start)) < lease - deadline) return mark
      yield* isWritten ? delay : refusal
      return undefined
    })
  }
}

const isSame = (one: Mark | undefined, other: Mark): boolean =>
  one?.owner === other.owner && one.since === other.since && one.lease === other.lease
