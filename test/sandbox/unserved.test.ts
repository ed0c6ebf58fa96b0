import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { operations } from "../../scripts/operations.ts"
import * as support from "./support.ts"

// SCIM is beside the rest of the API.
const pathOf = (path: string) => (path.startsWith("/v") ? path : `/api/v1/scim${path}`).replaceAll(/\{\w+\}/g, "1")

it.effect("every operation of the package is served by the sandbox", () =>
  Effect.gen(function* () {
    for (const { method, name, path } of operations) {
      const { json, status } = yield* support.send<object | undefined>(method, pathOf(path))
      assert.notStrictEqual(status, 501, name)
      assert.notStrictEqual(status, 405, name)
      // What is not found is a resource, and no path of the API.
      assert.notProperty(json ?? {}, "servlet", name)
    }
  }).pipe(Effect.provide(MiroSandbox.layerHttpClient))
)
