/** Faults in what becomes of an input. */
import type { Sabotage } from "./sabotage.ts"

const encoding = ["test/client/encoding.test.ts"]

export const inputs: ReadonlyArray<Sabotage> = [
  {
    name: "an item that is taken out of its frame in a form that Miro does not document",
    file: "src/models/Parent.ts",
    find: "parent ?? { id: null }",
    replace: "parent ?? (null as never)",
    tests: encoding
  },
  {
    name: "a position with an origin that Miro does not have",
    file: "src/models/Position.ts",
    find: 'origin: Schema.optional(Schema.Literal("center"))',
    replace: "origin: Schema.optional(Schema.String)",
    tests: encoding
  }
]
