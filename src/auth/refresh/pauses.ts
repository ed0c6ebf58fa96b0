/**
 * Pauses between the requests to a token endpoint that fails: of one user, and
 * of all users of the process. Whoever wants a token meanwhile is told at once.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "../../MiroError.ts"
import * as Failure from "../../http/failure.ts"
import { uptime } from "../../http/uptime.ts"

/** What is known of the token endpoint, as one user or all of them see it. */
interface State {
  failures: number
  /** The last of them. */
  reason: Reason | undefined
  /** Nothing is sent before. */
  until: number
  /** When the one request was let through that shows whether the endpoint works again. */
  probed: number
}

const fresh = (): State => ({ failures: 0, reason: undefined, until: 0, probed: -Infinity })

const longest = 30_000
// However long a server asks for: what it says can be a mistake.
const longestAsked = 60_000
// How long others wait for what comes of a probe.
const probe = 1000

// One fault of the network is no reason to pause, nor are two of different users.
const freeForUser = 1
const freeForAll = 2
// Users who have not come back for so many are forgotten.
const maxUsers = 1000

const delay = (failures: number, free: number): number =>
  failures <= free ? 0 : Math.min(longest, 1000 * 2 ** (failures - free - 1))

const asked = (reason: Reason): number =>
  "retryAfter" in reason && reason.retryAfter !== undefined
    ? Math.min(longestAsked, Duration.toMillis(reason.retryAfter))
    : 0

// While somebody finds out whether the app is rejected still, nobody else is told that it is.
const refusal = ({ reason, until }: State, wait: number, now: number): Reason | undefined =>
  reason === undefined || (reason._tag === "AppRejected" && now < until)
    ? reason
    : Failure.refreshFailed(reason, Duration.millis(Math.max(1, Math.ceil(wait))))

// How long this one holds the next request back.
const waitOf = (state: State, free: number, now: number): number => {
  if (now < state.until) return state.until - now
  return state.failures > free ? Math.max(0, state.probed + probe - now) : 0
}

const fail = (state: State, free: number, reason: Reason, now: number): void => {
  // Of the requests that were under way together, one counts.
  if (now < state.until) return
  state.failures++
  state.reason = reason
  state.until = now + Math.max(delay(state.failures, reason._tag === "AppRejected" ? 0 : free), asked(reason))
  state.probed = -Infinity
}

export interface Pauses extends ReturnType<typeof make> {}

export const make = () => {
  let all = fresh()
  const users = new Map<string, State>()

  const stateOf = (user: string): State => {
    const known = users.get(user) ?? fresh()
    // Those that failed last are at the end.
    users.delete(user)
    users.set(user, known)
    for (const [oldest] of users) {
      if (users.size <= maxUsers) break
      users.delete(oldest)
    }
    return known
  }

  return {
    /** Fails while there is a pause. Whoever passes has to say what came of it. */
    pass: (user: string): Effect.Effect<void, Reason> =>
      Effect.flatMap(uptime, (now) => {
        const one = users.get(user) ?? fresh()
        const waits = [waitOf(all, freeForAll, now), waitOf(one, freeForUser, now)] as const
        const longer = waits[0] >= waits[1] ? all : one
        const reason = Math.max(...waits) > 0 ? refusal(longer, Math.max(...waits), now) : undefined
        if (reason !== undefined) return Effect.fail(reason)
        all.probed = now
        one.probed = now
        return Effect.void
      }),
    succeeded: (user: string): void => {
      all = fresh()
      users.delete(user)
    },
    /** Gives what to tell those who asked for the token. */
    failed: (user: string, reason: Reason): Effect.Effect<Reason> =>
      Effect.map(uptime, (now) => {
        const one = stateOf(user)
        fail(all, freeForAll, reason, now)
        fail(one, freeForUser, reason, now)
        if (reason._tag === "AppRejected") return reason
        return Failure.refreshFailed(reason, Duration.millis(Math.max(0, all.until - now, one.until - now)))
      })
  }
}
