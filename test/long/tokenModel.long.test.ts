import { it } from "@effect/vitest"
import { play, story } from "../auth/refresh/model.ts"
import { forAll } from "../support/property.ts"

it.effect(
  "whatever happens, and in whatever order, 8,000 times: no token is spent twice, mixed up, lost or brought back",
  () => forAll(story(60), 8000, play),
  3_600_000
)
