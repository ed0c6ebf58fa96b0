/** Faults in downloads. */
import type { Sabotage } from "./sabotage.ts"

const tests = ["test/client/Download.test.ts"]
const urls = "src/client/download/urls.ts"
const storage = "src/client/download/storage.ts"
const body = "src/client/download/body.ts"
const make = "src/client/download/make.ts"

export const downloads: ReadonlyArray<Sabotage> = [
  {
    name: "a download of an item that points elsewhere",
    file: urls,
    find: "origin === base.origin && pathname",
    replace: "pathname",
    tests
  },
  {
    name: "a download by a URL with a password",
    file: urls,
    find: 'parsed.username === "" && parsed.password === ""',
    replace: "true",
    tests
  },
  {
    name: "a download by http: for an API of https:",
    file: urls,
    find: 'protocol === "https:" || /^http:/i.test(baseUrl)',
    replace: "true || baseUrl",
    tests
  },
  {
    name: "a download by a URL with backslashes",
    file: urls,
    find: "[^\\s\\\\\\p{Control}]+$/iu",
    replace: "[^\\s]+$|^https?:\\\\/iu",
    tests
  },
  {
    name: "a download each of whose steps has the time of all",
    file: make,
    find: "Deadline.since(started),",
    replace: "",
    tests: ["test/client/Retry.test.ts"]
  },
  {
    name: "a download whose redirects have no end",
    file: storage,
    find: "const maxRedirects = 5",
    replace: "const maxRedirects = 50",
    tests
  },
  {
    name: "a download that takes a web page for an image",
    file: storage,
    find: "if (isWebPage(contentType))",
    replace: "if (false)",
    tests
  },
  {
    name: "a download that takes a part of the bytes for all of them",
    file: storage,
    find: "if (status !== 200 && status !== 203)",
    replace: "if (status >= 300)",
    tests
  },
  {
    name: "a download that is held to the length of what is encoded",
    file: storage,
    find: 'return encoding === "identity" && length',
    replace: "return length",
    tests
  },
  {
    name: "a download whose announced length has no limit",
    file: storage,
    find: "if (length !== undefined && length > Number(maxBytes))",
    replace: "if (false)",
    tests
  },
  {
    name: "a download whose error has the signed URL",
    file: storage,
    find: "const redaction = Redaction.make(Urls.secretsIn(url))",
    replace: "const redaction = Redaction.make([])",
    tests
  },
  {
    name: "a download whose span has the response",
    file: "src/http/telemetry.ts",
    find: 'Effect.map(Redacted.make),\n      withSpan("Miro.Storage.get"',
    replace: 'Effect.map((value) => ({ value, ...Redacted.make(value) })),\n      withSpan("Miro.Storage.get"',
    tests
  },
  {
    name: "a download whose bytes have no limit",
    file: body,
    find: "received > Number(maxBytes)",
    replace: "received > Infinity",
    tests
  },
  {
    name: "a download that counts what the program does with the bytes",
    file: body,
    find: "const started = now()",
    replace: "const started = ((timer as any).started ??= now())",
    tests
  },
  {
    name: "a download that may stall",
    file: body,
    find: "left[next] < left[first] ? next : first",
    replace: 'left[next] < left[first] && next !== "idle" ? next : first',
    tests
  },
  {
    name: "a download that is read twice",
    file: body,
    find: "isTaken = true",
    replace: "isTaken = false",
    tests
  },
  {
    name: "a download that is read after its scope",
    file: body,
    find: "if (isClosed(scope)) return Stream.fail(unscoped())",
    replace: "",
    tests
  },
  {
    name: "a download that ends in silence when its scope does",
    file: body,
    find: "(isClosed(scope) ? unscoped() : problem)",
    replace: "(isClosed(scope) ? problem : problem)",
    tests
  },
  {
    name: "a download that leaves the connection open when an attempt fails",
    file: make,
    find: "Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))",
    replace: "Effect.onError((_cause) => Effect.void)",
    tests
  },
  {
    name: "a download by a signed URL that has ended",
    file: make,
    find: "Result.isFailure(first) && isExpired(first.failure) ? yield* get : first",
    replace: "Result.isFailure(first) && isExpired(first.failure) ? first : first",
    tests
  },
  {
    name: "a download that is not repeated",
    file: make,
    find: "return yield* retry(once)",
    replace: "return yield* retry === undefined ? once : once",
    tests
  },
  {
    name: "a download that is lost where Miro redirects",
    file: make,
    find: "takesRedirect: true",
    replace: "takesRedirect: false",
    tests
  },
  {
    name: "a download whose bytes from Miro itself have no limit",
    file: make,
    find: "body.length > Number(maxBytes)",
    replace: "body.length > Infinity",
    tests
  },
  {
    name: "a download that takes the program's headers to the storage",
    file: storage,
    find: "headers: {},",
    replace: "",
    tests
  },
  {
    name: "a download whose redirects a browser does not follow",
    file: storage,
    find: "if (response.status === 0) return",
    replace: "if (response.status === -1) return",
    tests
  }
]
