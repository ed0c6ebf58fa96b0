/** Faults in what becomes of an input. */
import type { Sabotage } from "./sabotage.ts"

const plain = ["test/client/operation/plain.test.ts"]
const limits = ["test/models/Limits.test.ts"]
const encoding = ["test/client/operation/encode.test.ts"]

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
  },
  {
    name: "an object of any class that is taken for plain data",
    file: "src/client/operation/plain.ts",
    find: 'if (tag !== "Object") return',
    replace: 'if (tag === "Arguments") return',
    tests: plain
  },
  {
    name: "an object without a field to show that is sent as an empty one",
    file: "src/client/operation/plain.ts",
    find: "isInstance: prototypes.length > 0",
    replace: "isInstance: prototypes.length > 99",
    tests: plain
  },
  {
    name: "an unpaired surrogate that is sent",
    file: "src/client/operation/plain.ts",
    find: "return loneSurrogate.test(value) ?",
    replace: 'return value === "\ud800" ?',
    tests: plain
  },
  {
    name: "data that holds itself",
    file: "src/client/operation/plain.ts",
    find: "if (within.includes(value)) return",
    replace: "if (within.length > 10) return",
    tests: plain
  },
  {
    name: "an input that is read again for every page",
    file: "src/client/Operation.ts",
    find: "Pages.make(declaration.pagination, fetch, fields, options)",
    replace: "Pages.make(declaration.pagination, fetch, input as never, options)",
    tests: plain
  },
  {
    name: "an empty text in a query",
    file: "src/client/operation/encode.ts",
    find: 'if (value === "" || ',
    replace: "if (",
    tests: plain
  },
  {
    name: "an id that is percent-encoded twice",
    file: "src/models/Id.ts",
    find: "encoded.test(id) ?",
    replace: 'encoded.test("") ?',
    tests: plain
  },
  {
    name: "a link that is sent for an id",
    file: "src/models/Id.ts",
    find: "if (board === undefined) return",
    replace: "if (board !== null) return",
    tests: plain
  },
  {
    name: "JSON that leaves out what it has no form of",
    file: "src/http/json.ts",
    find: "write(value.toJSON()) : unwritable()",
    replace: 'write(value.toJSON()) : "{}"',
    tests: plain
  },
  {
    name: "a date that cannot be sent",
    file: "src/models/Timestamp.ts",
    find: "Option.filter((text) => isoDateTime.test(text)),",
    replace: "",
    tests: plain
  },
  {
    name: "a removal by SCIM that does not say of what",
    file: "src/scim/PatchOp.ts",
    find: "return path === undefined ? needs(",
    replace: 'return path === "" ? needs(',
    tests: ["test/scim/scim.test.ts"]
  },
  {
    name: "a limit of which the last is refused",
    file: "src/models/Limits.ts",
    find: "value >= minimum && value <= maximum",
    replace: "value >= minimum && value < maximum",
    tests: limits
  },
  {
    name: "characters that are counted as units of UTF-16",
    file: "src/models/Limits.ts",
    find: "Array.from(text).length",
    replace: "text.length",
    tests: limits
  },
  {
    name: "a limit that responses are held to",
    file: "src/models/Shape.ts",
    find: "...Struct.map(style, Schema.optionalKey)",
    replace: "...Struct.map(styleInput, Schema.optionalKey)",
    tests: limits
  }
]
