/** Faults in logins, and in whose a record is. */
import type { Sabotage } from "./sabotage.ts"

const storageCalls = "src/auth/record/calls.ts"
const recordContent = "src/auth/record/content.ts"
const lifetime = "src/auth/record/lifetime.ts"
const recordStore = "src/auth/record/store.ts"
const ofLogins = ["test/auth/oauth/logins.test.ts"]
const records = ["test/auth/TokenRecord.test.ts"]
const file = "src/auth/storage/file.ts"
const fileReading = "src/auth/storage/file/reading.ts"
const files = ["test/auth/storage/file.test.ts", "-t", "foreign|replaces it only|may not read"]

export const logins: ReadonlyArray<Sabotage> = [
  {
    name: "any state of this process for a user who is everybody",
    file: "src/auth/oauth/logins.ts",
    find: '"state" in options) || user === defaultUser)',
    replace: '"state" in options))',
    tests: ofLogins
  },
  {
    name: "a session without a state",
    file: "src/auth/oauth/logins.ts",
    find: '((options !== undefined && "state" in options) || user === defaultUser)',
    replace: "user === defaultUser",
    tests: ofLogins
  },
  {
    name: "states without bound",
    file: "src/auth/oauth/states.ts",
    find: "if (states.size >= maxStates) makeRoom()",
    replace: "",
    tests: ofLogins
  },
  {
    name: "states of one user that push out those of others",
    file: "src/auth/oauth/states.ts",
    find: "if (counts.get(user) !== most) continue",
    replace: "if (user === undefined) continue",
    tests: ofLogins
  },
  {
    name: "a PKCE verifier that follows from the state",
    file: "src/auth/oauth/pages.ts",
    find: "yield* Pkce.makeVerifier(random)",
    replace: "yield* Pkce.makeVerifier({ ...random, randomBytes: () => Effect.succeed(new Uint8Array(32)) })",
    tests: ["test/auth/oauth/callback.test.ts"]
  },
  {
    name: "whatever is given for a code",
    file: "src/auth/oauth/logins.ts",
    find: "if (!isUrl && !Callback.isCode(codeOrUrl)) {",
    replace: "if (!isUrl && codeOrUrl.length > 1e6) {",
    tests: ofLogins
  },
  {
    name: "a revocation that was refused taken for one",
    file: "src/auth/oauth/revoking.ts",
    find: ": yield* Effect.fail(revocation.failure)\n",
    replace: ': "ended"\n',
    tests: ofLogins
  },
  {
    name: "a revocation without a refresh",
    file: "src/auth/oauth/revoking.ts",
    find: "Grants.isOfToken(revocation.failure) && !isRefreshed",
    replace: "Grants.isOfToken(revocation.failure) && isRefreshed",
    tests: ofLogins
  },
  {
    name: "a login that leaves the one it replaces alive",
    file: "src/auth/oauth/logins.ts",
    find: "yield* Storing.endReplaced(endpoint, key, replaced)",
    replace: "",
    tests: ofLogins
  },
  {
    name: "a call for nobody where somebody is required",
    file: "src/auth/MiroOAuth.ts",
    find: '(user !== defaultUser && user !== ""),',
    replace: "user !== undefined,",
    tests: ofLogins
  },
  {
    name: "tokens of a user who is not wanted left alive",
    file: "src/auth/oauth/logins.ts",
    find: "yield* Effect.onError(stored, () => discard(grant))",
    replace: "yield* stored",
    tests: ofLogins
  },
  {
    name: "adopted tokens that are none",
    file: "src/auth/oauth/adopting.ts",
    find: "if (issues.length > 0) return",
    replace: "if (issues.length > 9) return",
    tests: ofLogins
  },
  {
    name: "no look at whose app's record it is",
    file: recordContent,
    find: "if (clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)) {",
    replace: "if (clientId === undefined) {",
    tests: records
  },
  {
    name: "no look at which API a record is of",
    file: recordContent,
    find: "clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)",
    replace: "clientId !== app.clientId",
    tests: records
  },
  {
    name: "a record of an older version used by whoever comes",
    file: recordStore,
    find: "if (Option.isNone(stored) || stored.value.isClaimed) return stored",
    replace: "return stored",
    tests: records
  },
  {
    name: "a newer format taken for damage",
    file: recordContent,
    find: 'if (typeof json["format"] === "number" && json["format"] > format) {',
    replace: "if (format > 1) {",
    tests: records
  },
  {
    name: "unknown fields dropped from a record",
    file: recordContent,
    find: "const decode = Schema.decodeUnknownEffect(Text)",
    replace: "const decode = Schema.decodeUnknownEffect(TokenRecord)",
    tests: records
  },
  {
    name: "unknown fields dropped by a refresh",
    file: lifetime,
    find: "return { ...kept, ...grant, scopes,",
    replace: 'return { ...grant, ...Struct.pick(record, ["clientId", "baseUrl", "user"]), scopes,',
    tests: records
  },
  {
    name: "a storage that may throw",
    file: storageCalls,
    find: "Effect.catchCause(apart(run, 10), (cause) => {",
    replace: "Effect.catchCauseIf(apart(run, 10), (cause) => !Cause.hasDies(cause), (cause) => {",
    tests: ["test/auth/storage/failure.test.ts"]
  },
  {
    name: "a storage that may interrupt a call",
    file: storageCalls,
    find: "Effect.catchCause(apart(run, 10), (cause) => {",
    replace: "Effect.catchCauseIf(apart(run, 10), (cause) => !Cause.hasInterrupts(cause), (cause) => {",
    tests: ["test/auth/storage/failure.test.ts"]
  },
  {
    name: "a storage that is waited for once its time is over",
    file: storageCalls,
    find: "Effect.sync(() => fiber.interruptUnsafe())",
    replace: "Fiber.interrupt(fiber)",
    tests: ["test/auth/storage/failure.test.ts"]
  },
  {
    name: "one lock of layerGetSet for all users",
    file: "src/auth/storage/getSet.ts",
    find: "oneAtATime(user, compareAndSet(user, expected, next))",
    replace: 'oneAtATime("", compareAndSet(user, expected, next))',
    tests: ["test/auth/TokenStorage.test.ts"]
  },
  {
    name: "a foreign file taken for a record",
    file: fileReading,
    find: "return isOfUser(user, text.success)\n",
    replace: "return text.success !== undefined\n",
    tests: files
  },
  {
    name: "a damaged file that stays for ever",
    file: fileReading,
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
