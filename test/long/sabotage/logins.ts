/** Faults in logins, and in whose a record is. */
import type { Sabotage } from "./sabotage.ts"

const tokenRecord = "src/auth/TokenRecord.ts"
const records = ["test/auth/records.test.ts"]
const file = "src/auth/storage/file.ts"
const files = ["test/auth/storage/file.test.ts", "-t", "foreign|replaces it only|may not read"]

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
  },
  {
    name: "a storage that may throw",
    file: tokenRecord,
    find: "Cause.hasInterrupts(cause)\n",
    replace: "Cause.hasInterrupts(cause) || Cause.hasDies(cause)\n",
    tests: ["test/auth/defects.test.ts"]
  },
  {
    name: "one lock of fromGetSet for all users",
    file: "src/auth/storage/getSet.ts",
    find: "oneAtATime(user, compareAndSet(user, expected, next))",
    replace: 'oneAtATime("", compareAndSet(user, expected, next))',
    tests: ["test/auth/TokenStorage.test.ts"]
  },
  {
    name: "a foreign file taken for a record",
    file,
    find: "return isOfUser(user, text.success)\n",
    replace: "return text.success !== undefined\n",
    tests: files
  },
  {
    name: "a damaged file that stays for ever",
    file,
    find: "new TokenStorageError({ cause: new Error(`${file} ${problem}`), version: version?.toString() })",
    replace: "new TokenStorageError({ cause: new Error(`${file} ${problem} ${version}`) })",
    tests: files
  },
  {
    name: "a foreign folder in the way of the sweep",
    file,
    find: 'Effect.orElseSucceed(readFile(folder, number), () => "")',
    replace: "readFile(folder, number)",
    tests: files
  }
]
