import { it } from "@effect/vitest"
import { forAll } from "../../support/property.ts"
import { play, story } from "./model.ts"

it.effect(
  "whatever happens, and in whatever order: no token is spent twice, mixed up, lost or brought back",
  () => forAll(story(20), 50, play),
  120_000
)
