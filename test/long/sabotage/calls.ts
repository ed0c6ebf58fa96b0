/** Faults in what becomes of a call: where it goes, and what its error says. */
import type { Sabotage } from "./sabotage.ts"

const baseUrl = ["test/http/baseUrl.test.ts"]
const repeated = ["test/client/call/repeated.test.ts"]
const responses = ["test/http/exchange.test.ts"]
const errors = ["test/MiroError.test.ts"]
const callSite = ["test/client/call/site.test.ts"]

export const calls: ReadonlyArray<Sabotage> = [
  {
    name: "a token that goes to another API",
    file: "src/client/MiroClient.ts",
    find: "?? foreignTokens(accessToken, baseUrl, options)",
    replace: "",
    tests: baseUrl
  },
  {
    name: "a client that does not know where its tokens are from",
    file: "src/auth/AccessToken.ts",
    find: "baseUrl: oauth.baseUrl,",
    replace: "",
    tests: baseUrl
  },
  {
    name: "a deletion whose response was lost, and that fails for it",
    file: "src/client/call/call.ts",
    find: "wasUnknown && endpoint.isDeletion === true",
    replace: "false",
    tests: repeated
  },
  {
    name: "a deletion of nothing that is taken for one",
    file: "src/client/call/call.ts",
    find: "wasUnknown && endpoint.isDeletion === true",
    replace: "endpoint.isDeletion === true",
    tests: repeated
  },
  {
    name: "a 404 of a proxy that is taken for a deletion",
    file: "src/http/exchange.ts",
    find: "/^\\s*(?:\\{|$)/.test",
    replace: "/^/.test",
    tests: repeated
  },
  {
    name: "a call that may have been processed, and does not say so",
    file: "src/client/call/call.ts",
    find: "progress.outcomeUnknown = true",
    replace: "progress.outcomeUnknown = wasUnknown",
    tests: repeated
  },
  {
    name: "a HEAD that is as long as what was not asked for",
    file: "src/http/exchange.ts",
    find: 'method !== "HEAD" && status !== 204',
    replace: "status !== 204",
    tests: responses
  },
  {
    name: "a length that is believed, whatever it says",
    file: "src/http/exchange.ts",
    find: "buffer.byteLength > limit ?",
    replace: "buffer.byteLength > Infinity ?",
    tests: responses
  },
  {
    name: "digits that are lost in a response in memory",
    file: "src/client/call/inMemory.ts",
    find: "Json.parse(text)",
    replace: "Effect.try({ try: (): unknown => JSON.parse(text), catch: (cause) => cause })",
    tests: responses
  },
  {
    name: "a response in memory whose web response is spent",
    file: "src/client/call/inMemory.ts",
    find: '"~effect/http/HttpClientResponse/WebSource": { value: web }',
    replace: "",
    tests: responses
  },
  {
    name: "an error that hides the fields",
    file: "src/http/errorBody.ts",
    find: "if (fields.length === 0) return message",
    replace: "if (fields.length >= 0) return message",
    tests: errors
  },
  {
    name: "a field of a bulk operation without its index",
    file: "src/http/errorBody.ts",
    find: 'index === undefined ? "" : `[${index}]`',
    replace: 'index === undefined ? "" : ""',
    tests: errors
  },
  {
    name: "an error of any length",
    file: "src/http/boundedJson.ts",
    find: "let left = most",
    replace: "let left = 1e9",
    tests: errors
  },
  {
    name: "fields of any depth",
    file: "src/http/errorBody.ts",
    find: "depth > maxDepth",
    replace: "depth === -1",
    tests: errors
  },
  {
    name: "a 403 that does not say what is needed",
    file: "src/client/call/call.ts",
    find: "Explain.permission(reason, endpoint.name, endpoint.scopes)",
    replace: "reason",
    tests: errors
  },
  {
    name: "a version too many that is not told of",
    file: "src/http/exchange.ts",
    find: "Explain.absence(reason, url)",
    replace: "reason",
    tests: errors
  },
  {
    name: "an error that does not say where the call is",
    file: "src/client/call/telemetry.ts",
    find: "Site.mark(error, site)",
    replace: "error",
    tests: callSite
  },
  {
    name: "the page of a list whose error does not say where the list is",
    file: "src/client/Operation.ts",
    find: "CallSite.capture(pages), input, options)",
    replace: "undefined, input, options)",
    tests: callSite
  }
]
