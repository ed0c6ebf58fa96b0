import { describe, it } from "@effect/vitest"
import { endsWell, kinds } from "../../support/inputs.ts"

describe("whatever an input is like, all of it is sent and nothing else, or it is refused:", () => {
  it.live.each(kinds)("by %s", ([, operations]) => endsWell(operations, 100))
})
