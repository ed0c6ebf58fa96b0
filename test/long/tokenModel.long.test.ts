import { it } from "@effect/vitest"
import { play, story } from "../auth/model.ts"
import { forAll } from "../support/property.ts"

it.effect(
  "whatever happens, and in whatever order, 2,000 times: no token is spent twice, mixed up, lost or brought back",
  () => forAll(story(60), 2000, play),
  1_800_000
)
