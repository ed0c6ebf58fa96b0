/**
 * The states of authorizations that were begun in this process, with the PKCE
 * verifiers (RFC 7636) that go with them.
 */
import * as Mac from "effect/crypto/Mac"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { CallbackRejected } from "../../MiroError.ts"

/** How long a state is good, and how long one that was used is remembered, in milliseconds. */
export const lifetime = 10 * 60_000

// What an attacker can make a program remember.
const maxStates = 10_000

/** A state that was given out, or has been used. */
interface State {
  readonly user: string
  readonly codeVerifier: Redacted.Redacted | undefined
  readonly expires: number
  readonly isUsed: boolean
}

const encoder = new TextEncoder()

const isSame = (a: string, b: string): boolean => Mac.timingSafeEqual(encoder.encode(a), encoder.encode(b))

const rejected = (description: string) => Result.fail(new CallbackRejected({ problem: "InvalidState", description }))

export interface States extends ReturnType<typeof make> {}

export const make = () => {
  // All live equally long, so the oldest are the first to go, and one that is remembered anew goes to the end.
  const states = new Map<string, State>()
  const counts = new Map<string, number>()

  const forget = (state: string): void => {
    const known = states.get(state)
    if (known === undefined) return
    states.delete(state)
    const count = (counts.get(known.user) ?? 1) - 1
    if (count === 0) counts.delete(known.user)
    else counts.set(known.user, count)
  }

  // The oldest of whoever has the most, so that one user does not push out the others.
  const makeRoom = (): void => {
    const most = Array.from(counts.values()).reduce((most, count) => Math.max(most, count), 0)
    for (const [state, { user }] of states) {
      if (counts.get(user) !== most) continue
      forget(state)
      return
    }
  }

  const remember = (state: string, next: Omit<State, "expires">, now: number): void => {
    for (const [old, { expires }] of states) {
      if (expires > now) break
      forget(old)
    }
    forget(state)
    if (states.size >= maxStates) makeRoom()
    states.set(state, { ...next, expires: now + lifetime })
    counts.set(next.user, (counts.get(next.user) ?? 0) + 1)
  }

  const find = (state: string, now: number): State | undefined => {
    const known = states.get(state)
    return known !== undefined && known.expires > now ? known : undefined
  }

  return {
    /**
     * Remembers a state for a user, and gives the verifier that goes with it:
     * this one, unless the same state is still open, whose page may be too.
     */
    open: (state: string, user: string, codeVerifier: Redacted.Redacted, now: number): Redacted.Redacted => {
      const known = find(state, now)
      const open = known !== undefined && !known.isUsed && known.user === user ? known.codeVerifier : undefined
      const verifier = open ?? codeVerifier
      remember(state, { user, codeVerifier: verifier, isUsed: false }, now)
      return verifier
    },

    /** The verifier that goes with a state, if the authorization was begun here. */
    verifierOf: (state: string, now: number): Redacted.Redacted | undefined => find(state, now)?.codeVerifier,

    /**
     * Uses up the state of a callback: `expected`, or else one that was opened
     * here for this user. Gives the verifier that goes with it, if it is known.
     */
    use: (
      {
        expected,
        state,
        user
      }: { readonly state: string; readonly expected: string | undefined; readonly user: string },
      now: number
    ): Result.Result<Redacted.Redacted | undefined, CallbackRejected> => {
      const known = find(state, now)
      const isGood = expected === undefined ? known?.user === user : isSame(state, expected)
      if (state === "" || !isGood) return rejected("the callback does not belong to an authorization of this user")
      if (known?.isUsed === true) return rejected("the callback has been handled before")
      // At once, so that of two callbacks with one state only one gets through.
      remember(state, { user, codeVerifier: undefined, isUsed: true }, now)
      return Result.succeed(known?.codeVerifier)
    }
  }
}
