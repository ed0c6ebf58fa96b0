import { assert, it } from "@effect/vitest"
import { Array as Arr, Cause, Effect, Exit, Layer, Logger, Redacted } from "effect"
import { MiroClient, MiroError, Retry, ScimClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { type Declared } from "../../scripts/operations.ts"
import * as arbitrary from "../support/arbitrary.ts"
import { layerHttpClient } from "./documented.ts"
import { type Call, type Fields, newWorld, note, ordered, withIds } from "./everyOperation.ts"

const token = Redacted.make("sandbox-token")

const Clients = Layer.mergeAll(
  MiroClient.layerToken(token),
  ScimClient.layer({ token }),
  Layer.succeed(Retry.Retry, Retry.none),
  Layer.succeed(MiroClient.Strict, true),
  Logger.layer([])
).pipe(Layer.provide(layerHttpClient), Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute: 1e9 })))

const inputsOf = ({ body, query }: Declared, seed: number): ReadonlyArray<Fields> =>
  fc
    .sample(fc.tuple(...[query, body].flatMap((schema) => (schema === undefined ? [] : [arbitrary.of(schema)]))), {
      seed,
      numRuns: 3
    })
    .map((parts) => Object.assign({}, ...parts))

const refusals = new Set([
  "InvalidInput",
  "InvalidRequest",
  "Forbidden",
  "NotFound",
  "Conflict",
  "PayloadTooLarge",
  "TooEarly"
])

/** Why a call failed, unless it was refused as Miro does. */
const unexplained = (exit: Exit.Exit<unknown, MiroError.MiroError>): string | undefined =>
  Exit.isSuccess(exit) ||
  exit.cause.reasons.every((reason) => Cause.isFailReason(reason) && refusals.has(reason.error.reason._tag))
    ? undefined
    : Cause.pretty(exit.cause)

const succeeded = new Set<string>()

const callWith = Effect.fnUntraced(function* (operation: Declared, input: Fields) {
  // What an operation takes is in its declaration, and nothing of it in the type of the list.
  const exit = yield* Effect.exit((operation.call as Call)(input))
  assert.isUndefined(unexplained(exit), `${operation.name} ${JSON.stringify(input)}`)
  if (Exit.isSuccess(exit)) succeeded.add(operation.name)
  return exit
})

it.effect.each(Arr.range(1, 30))("whatever is sent is served or refused: seed %s", (seed) =>
  Effect.gen(function* () {
    const world = newWorld()
    for (const operation of ordered) {
      yield* TestClock.adjust("1 minute")
      for (const [index, input] of inputsOf(operation, seed).entries()) {
        // One that is about what is there, and others about anything.
        const whole = index === 0 ? withIds(operation, input, world) : { ...input, ...withIds(operation, {}, world) }
        const exit = yield* callWith(operation, whole)
        if (Exit.isSuccess(exit)) note(operation, exit.value, world)
      }
    }
  }).pipe(Effect.provide(Clients))
)

it("every operation that takes more than ids succeeded with some of it", () => {
  const never = ordered.filter(({ body, name, query }) => (body ?? query) !== undefined && !succeeded.has(name))
  assert.deepStrictEqual(
    never.map(({ name }) => name),
    // The job is done by then, and what the others are about is deleted.
    ["BoardExports.cancelJob", "Groups.delete", "Tags.detach"]
  )
})
