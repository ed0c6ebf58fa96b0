import { describe, it } from "@effect/vitest"
import { endsWell, kinds } from "../support/inputs.ts"

describe("10,000 inputs of any kind: all of it is sent and nothing else, or it is refused", () => {
  it.live.each(kinds)("by %s", ([, operations]) => endsWell(operations, 10_000), 600_000)
})
