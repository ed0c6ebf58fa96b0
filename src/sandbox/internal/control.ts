/**
 * The controls of a sandbox over HTTP, for tests in other languages. Only whoever is on the same machine gets them: a page
 * of the web could otherwise use the browser of a developer to reach them.
 */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { MiroError } from "../../MiroError.ts"
import { Fault } from "../Fault.ts"
import { Seed } from "../Seed.ts"
import type { LedgerEntry } from "./ledger.ts"

interface Tokens {
  readonly accessToken: Redacted.Redacted
  readonly refreshToken: Redacted.Redacted
}

/** What can be asked for. */
interface Controls {
  readonly ledger: Effect.Effect<ReadonlyArray<LedgerEntry>>
  readonly clearLedger: Effect.Effect<void>
  readonly injectFault: (fault: Fault) => Effect.Effect<void>
  readonly clearFaults: Effect.Effect<void>
  readonly seed: (seed: Seed) => Effect.Effect<ReadonlyArray<string>, MiroError>
  readonly reset: Effect.Effect<void>
  readonly snapshot: Effect.Effect<string>
  readonly restore: (snapshot: string) => Effect.Effect<void, Schema.SchemaError>
  readonly issueTokens: (options: typeof Issue.Type) => Effect.Effect<Tokens>
  readonly expireAccessTokens: Effect.Effect<void>
  readonly setCredits: (perMinute: number) => Effect.Effect<void>
  /** The page that shows what is in the sandbox. */
  readonly show: (path: string, query: URLSearchParams) => HttpServerResponse.HttpServerResponse | undefined
}

type App = Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest>

const prefix = "/__sandbox/"

const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

const isLocal = ({ headers, originalUrl }: HttpServerRequest.HttpServerRequest): boolean => {
  // In process there is no header, but a whole URL.
  const { host = /^https?:\/\/([^/]+)/i.exec(originalUrl)?.[1] ?? "", origin } = headers
  return local.test(host) && (origin === undefined || origin.replace(/^https?:\/\//i, "") === host)
}

const refuse = (status: number, message: string) => HttpServerResponse.jsonUnsafe({ message }, { status })

const done = HttpServerResponse.empty()

const bodyOf = <A>(schema: Schema.ConstraintDecoder<A>) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    Effect.flatMap(request.json, Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" }))
  )

const Credits = Schema.Struct({ perMinute: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)) })

const Issue = Schema.Struct({
  userId: Schema.optional(Schema.String),
  scopes: Schema.optional(Schema.Array(Schema.String))
})

const commands = (sandbox: Controls) => ({
  "GET ledger": Effect.map(sandbox.ledger, (ledger) =>
    HttpServerResponse.jsonUnsafe(ledger.map(({ method, path, query, status }) => ({ method, path, query, status })))
  ),
  "DELETE ledger": Effect.as(sandbox.clearLedger, done),
  "POST faults": Effect.as(Effect.flatMap(bodyOf(Fault), sandbox.injectFault), done),
  "DELETE faults": Effect.as(sandbox.clearFaults, done),
  "POST seed": Effect.map(Effect.flatMap(bodyOf(Seed), sandbox.seed), (boards) =>
    HttpServerResponse.jsonUnsafe({ boards })
  ),
  "POST reset": Effect.as(sandbox.reset, done),
  "GET state": Effect.map(sandbox.snapshot, (snapshot) =>
    HttpServerResponse.text(snapshot, { contentType: "application/json" })
  ),
  "PUT state": Effect.as(
    HttpServerRequest.HttpServerRequest.pipe(
      Effect.flatMap(({ text }) => text),
      Effect.flatMap(sandbox.restore)
    ),
    done
  ),
  "POST tokens": Effect.map(
    Effect.flatMap(bodyOf(Issue), sandbox.issueTokens),
    ({ accessToken, refreshToken, ...rest }) =>
      HttpServerResponse.jsonUnsafe({
        accessToken: Redacted.value(accessToken),
        refreshToken: Redacted.value(refreshToken),
        ...rest
      })
  ),
  "DELETE tokens": Effect.as(sandbox.expireAccessTokens, done),
  "PUT credits": Effect.as(
    Effect.flatMap(bodyOf(Credits), ({ perMinute }) => sandbox.setCredits(perMinute)),
    done
  )
})

/** Puts the controls in front of the API. */
export const around = (app: App, sandbox: Controls): App => {
  const known = new Map(Object.entries(commands(sandbox)))
  return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
    const path = request.url.split(/[?#]/, 1)[0] ?? ""
    if (!path.startsWith(prefix) || !isLocal(request)) return app
    const name = `${request.method} ${path.slice(prefix.length)}`
    const shown =
      request.method === "GET"
        ? sandbox.show(path.slice(prefix.length), new URLSearchParams(request.url.split("?")[1]))
        : undefined
    if (shown !== undefined) return Effect.succeed(shown)
    const command = known.get(name)
    if (command === undefined)
      return Effect.succeed(refuse(404, `There is no ${name}: ${[...known.keys()].join(", ")}`))
    return Effect.catch(command, ({ message }) => Effect.succeed(refuse(400, message)))
  })
}
