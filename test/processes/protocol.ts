/** What a worker process and its parent say to each other. */
import type { Tally } from "./mixture.ts"
import type { Store } from "./stores.ts"

/** A moment in a refresh. */
export type Point = "intent" | "responded" | "persisted" | "released"

export interface Setup {
  readonly name: string
  readonly origin: string
  readonly store: Store
  /** `MiroOAuth.Deadline` in milliseconds: others wait for a dead process twice as long. */
  readonly deadline: number
  /** The deadline of an attempt in milliseconds, if not its default. */
  readonly attemptDeadline?: number
  /** Where the worker waits to be told to go on, the first time it comes there. */
  readonly stopAt?: Point
}

export type Outcome =
  | { readonly _tag: "Success" }
  | { readonly _tag: "Failure"; readonly reason: string; readonly message: string }

export type Command =
  | { readonly _tag: "Call"; readonly user: string }
  /** Callers that call without end. */
  | { readonly _tag: "Start"; readonly user: string; readonly callers: number }
  /** Responded to when every caller has made a call that began after this. */
  | { readonly _tag: "Settle" }
  /** A caller for each user, with calls of all kinds without end. */
  | { readonly _tag: "Mix"; readonly users: ReadonlyArray<string> }
  /** So many callers for each user without end, and one whose endpoint refuses good tokens. */
  | { readonly _tag: "Bustle"; readonly users: ReadonlyArray<string>; readonly callers: number }
  /** Responded to with what came of them so far. */
  | { readonly _tag: "Tell" }
  /** Responded to with what came of those calls so far. */
  | { readonly _tag: "Count" }
  | { readonly _tag: "Stop" }
  /** Ends the wait at a point. */
  | { readonly _tag: "Go" }

export type Report =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "At"; readonly point: Point }
  | { readonly _tag: "Called"; readonly outcome: Outcome }
  | { readonly _tag: "Settled"; readonly calls: number; readonly failures: ReadonlyArray<Outcome> }
  | {
      readonly _tag: "Told"
      readonly calls: number
      readonly failures: ReadonlyArray<Outcome>
      readonly refused: number
    }
  | { readonly _tag: "Counted"; readonly tally: Tally; readonly heap: number; readonly rss: number }
