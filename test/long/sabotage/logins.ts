/** Faults in logins, and in whose a record is. */
import type { Sabotage } from "./sabotage.ts"

const tokenRecord = "src/auth/TokenRecord.ts"
const records = ["test/auth/records.test.ts"]

export const logins: ReadonlyArray<Sabotage> = [
  {
    name: "no look at whose app's record it is",
    file: tokenRecord,
    find: "if (clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)) {",
    replace: "if (clientId === undefined) {",
    tests: records
  },
  {
    name: "no look at which API a record is of",
    file: tokenRecord,
    find: "clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)",
    replace: "clientId !== app.clientId",
    tests: records
  },
  {
    name: "a record of an older version used by whoever comes",
    file: tokenRecord,
    find: "if (Option.isNone(stored) || stored.value.isClaimed) return stored",
    replace: "return stored",
    tests: records
  },
  {
    name: "a newer format taken for damage",
    file: tokenRecord,
    find: 'if (typeof json["format"] === "number" && json["format"] > format) {',
    replace: "if (format > 1) {",
    tests: records
  },
  {
    name: "unknown fields dropped from a record",
    file: tokenRecord,
    find: "const decode = Schema.decodeUnknownEffect(Content)",
    replace: "const decode = Schema.decodeUnknownEffect(TokenRecord)",
    tests: records
  },
  {
    name: "unknown fields dropped by a refresh",
    file: tokenRecord,
    find: "return { ...kept, ...grant, scopes,",
    replace: 'return { ...grant, ...Struct.pick(record, ["clientId", "baseUrl", "user"]), scopes,',
    tests: records
  }
]
