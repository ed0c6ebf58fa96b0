/** A program that writes, run twice: the second run must change nothing. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import * as Provisioning from "../automation/provisioning.ts"

const orgId = "3074457346704692800"

const wanted = [
  { team: "Design", email: "ada@example.com" },
  { team: "Design", email: "Grace@Example.com" },
  { team: "Research", email: "ada@example.com" }
]

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

/** The requests that change something. */
const writes = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  return (yield* sandbox.ledger).filter(({ method }) => method !== "GET").length
})

layer(Miro)("provisioning", (it) => {
  it.effect("plans without changing anything, applies, and finds nothing more to do", () =>
    Effect.gen(function* () {
      const steps = yield* Provisioning.plan(orgId, wanted)
      assert.deepStrictEqual(
        steps.map(({ _tag, team }) => `${_tag} ${team}`),
        ["CreateTeam Design", "Invite Design", "Invite Design", "CreateTeam Research", "Invite Research"]
      )
      assert.strictEqual(yield* writes, 0)
      yield* Provisioning.apply(orgId, steps)
      assert.strictEqual(yield* writes, 5)
      assert.deepStrictEqual(yield* Provisioning.plan(orgId, wanted), [])
    })
  )

  it.effect("goes on where it was interrupted", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.reset
      yield* Provisioning.apply(orgId, (yield* Provisioning.plan(orgId, wanted)).slice(0, 2))
      assert.deepStrictEqual(
        (yield* Provisioning.plan(orgId, wanted)).map(({ _tag }) => _tag),
        ["Invite", "CreateTeam", "Invite"]
      )
    })
  )
})
