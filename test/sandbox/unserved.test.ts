import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { operations } from "../../scripts/operations.ts"
import * as support from "./support.ts"

it.effect("every operation of the package is served by the sandbox, or it says that it does not serve it", () =>
  Effect.gen(function* () {
    for (const { method, name, path } of operations) {
      const { json, status } = yield* support.send<support.ErrorBody | undefined>(
        method,
        path.replaceAll(/\{\w+\}/g, "1")
      )
      if (status === 501) assert.include(json?.message, name)
      // What is not found is a resource, and no path of the API.
      else assert.notProperty(json ?? {}, "servlet", name)
      assert.notStrictEqual(status, 405, name)
    }
  }).pipe(Effect.provide(MiroSandbox.layerHttpClient))
)
