import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Account from "./account.ts"

/** What came of asking for credits. */
export type Taken =
  | { readonly _tag: "Taken"; readonly settle: Settle; readonly remaining: number }
  | ({ readonly _tag: "Denied" } & Account.Denial)

/** Says what became of a request that credits were taken for. Gives what is left. */
export type Settle = (outcome: Account.Outcome) => Effect.Effect<number>

/** Where it is counted what users spend. */
export interface Budget {
  readonly take: (user: string, credits: number) => Effect.Effect<Taken>
  readonly remaining: (user: string) => Effect.Effect<number>
}

/** The accounts of this process. */
export const make = (limit: number): Budget & { readonly size: () => number } => {
  // In the order of their use, so that those that are to be forgotten come first.
  const accounts = new Map<string, Account.Account>()

  const forget = (now: number): void => {
    // More than are made, so that a crowd that is gone is forgotten in the end.
    let checks = 4
    for (const [user, account] of accounts) {
      if (checks-- === 0 || !Account.isIdle(account, now)) return
      accounts.delete(user)
    }
  }

  const accountOf = (user: string, now: number): Account.Account => {
    forget(now)
    const account = accounts.get(user) ?? Account.make(limit, now)
    accounts.delete(user)
    accounts.set(user, account)
    return account
  }

  const take = (user: string, credits: number, now: number): Taken => {
    const account = accountOf(user, now)
    const taken = Account.take(account, credits, now)
    return "wait" in taken
      ? { _tag: "Denied", ...taken }
      : {
          _tag: "Taken",
          remaining: Account.remaining(account, now),
          settle: (outcome) =>
            Effect.map(Clock.currentTimeMillis, (now) => {
              Account.settle(account, taken, outcome, now)
              return Account.remaining(account, now)
            })
        }
  }

  return {
    take: (user, credits) => Effect.map(Clock.currentTimeMillis, (now) => take(user, credits, now)),
    remaining: (user) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const account = accounts.get(user)
        return account === undefined ? limit : Account.remaining(account, now)
      }),
    size: () => accounts.size
  }
}
