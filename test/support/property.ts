import { type Context, Effect } from "effect"
import * as fc from "fast-check"

/** Runs an effect for many values, and shrinks the one that fails. */
export const forAll = <A, E, R>(
  arbitrary: fc.Arbitrary<A>,
  runs: number,
  property: (value: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, never, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(arbitrary, (value) => Effect.runPromiseWith(context)(Effect.asVoid(property(value)))),
        { numRuns: runs }
      )
    )
  )
