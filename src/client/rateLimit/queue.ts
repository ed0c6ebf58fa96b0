/**
 * The requests of one user that wait for credits, in the order in which they came.
 *
 * Only the first one asks for credits, and only the first one has a timer: all may
 * wait for the same time, so that none runs out of it before those ahead. What a
 * place costs does not depend on how many there are.
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { minute } from "./account.ts"
import type { Pace } from "./pace.ts"

/** A request in the queue of its user. */
export interface Place {
  readonly credits: number
  /** Until when it may wait. */
  readonly deadline: number
  /** Opens when all that came before have left. */
  readonly turn: Latch.Latch
}

export const place = (credits: number, deadline: number): Place => ({
  credits,
  deadline,
  turn: Latch.makeUnsafe(false)
})

/** What the first in the queue was last told, while there are no credits for it. */
export interface Denial {
  /** What the request costs that was told so. */
  readonly credits: number
  /** Credits per window. */
  readonly limit: number
  readonly until: number
  /** Whether the responses to other requests cannot help. */
  readonly isFirm: boolean
}

/** It exists while somebody is in it. */
export interface Queue {
  readonly places: Set<Place>
  first: Place
  /** Those behind the first. Iterating over a set goes on past what was deleted: nobody has to look for the next. */
  readonly behind: Iterator<Place>
  /** What all of them cost. */
  credits: number
  /** Released with every response. */
  readonly responded: Latch.Latch
  denial: Denial | undefined
  pace: Pace | undefined
}

/** The queues of all users. */
export type Queues = Map<string, Queue>

const make = (first: Place): Queue => {
  const places = new Set([first])
  const behind = places.values()
  behind.next()
  return {
    places,
    first,
    behind,
    credits: first.credits,
    responded: Latch.makeUnsafe(false),
    denial: undefined,
    pace: undefined
  }
}

export const join = (queues: Queues, user: string, place: Place): Queue => {
  const queue = queues.get(user)
  if (queue === undefined) {
    const opened = make(place)
    queues.set(user, opened)
    return opened
  }
  queue.places.add(place)
  queue.credits += place.credits
  return queue
}

export const leave = (queues: Queues, user: string, queue: Queue, place: Place): Effect.Effect<void> =>
  Effect.suspend(() => {
    queue.places.delete(place)
    queue.credits -= place.credits
    if (queue.first !== place) return Effect.void
    const next = queue.behind.next()
    if (next.done === true) {
      queues.delete(user)
      return Effect.void
    }
    queue.first = next.value
    // Runs the next one as a task of its own, after this one has been sent. Run in here, a crowd would be sent in the
    // reverse order, and one that fails would use up the stack.
    return Effect.asVoid(next.value.turn.open)
  })

/** Takes note that there was a response: what was denied may be there now. */
export const responded = (queues: Queues, user: string): Effect.Effect<void> =>
  Effect.suspend(() => {
    const queue = queues.get(user)
    if (queue === undefined) return Effect.void
    queue.denial = undefined
    return Effect.asVoid(queue.responded.release)
  })

/** What a request would be told again, so that there is no need to ask. */
export const denialOf = ({ denial }: Queue, credits: number, now: number): Denial | undefined =>
  denial !== undefined && denial.isFirm && now < denial.until && credits >= denial.credits ? denial : undefined

/** At least how long it takes until it is the turn of the last in the queue. */
export const expectedWait = ({ credits, denial }: Queue, now: number): number => {
  if (denial === undefined || denial.until <= now) return 0
  // Responses can still show that there is enough in this window.
  const windows = Math.ceil(credits / denial.limit) - (denial.isFirm ? 0 : 1)
  return windows <= 0 ? 0 : denial.until - now + minute * (windows - 1)
}
