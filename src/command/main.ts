#!/usr/bin/env node
/** The command `effect-miro-sandbox`. */
import * as Cause from "effect/Cause"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { readFileSync } from "node:fs"
import { argv, exit } from "node:process"
import { MiroSandbox } from "../sandbox/index.ts"
import * as NodeServer from "./nodeServer.ts"

const decodePackage = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Struct({ version: Schema.String })))

/** The command cannot do what it is asked for. */
class Refusal extends Schema.TaggedError<Refusal>("effect-miro/command/Refusal")("Refusal", {
  message: Schema.String
}) {}

const refuse = (message: string) => Effect.fail(new Refusal({ message }))

const read = (path: string | URL): Effect.Effect<string, Refusal> =>
  Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: () => new Refusal({ message: `${String(path)} cannot be read` })
  })

const decodeSeed = Schema.decodeUnknownEffect(Schema.fromJsonString(MiroSandbox.Seed), { onExcessProperty: "error" })

const decodeSnapshot = Schema.decodeOption(Schema.fromJsonString(Schema.Struct({ snapshot: Schema.Unknown })))

/** Begins with what a file says: the boards of a seed, or the whole state of a snapshot. */
const begin = Effect.fnUntraced(function* (sandbox: MiroSandbox.MiroSandbox["Service"], path: string) {
  const text = yield* read(path)
  if (Option.isSome(decodeSnapshot(text))) {
    return yield* Effect.catch(sandbox.restore(text), ({ message }) =>
      refuse(`${path} is no snapshot of a sandbox: ${message}`)
    )
  }
  const seed = yield* Effect.catch(decodeSeed(text), ({ message }) =>
    refuse(`${path} is no seed of a sandbox: ${message}`)
  )
  yield* Effect.catch(sandbox.seed(seed), ({ message }) => refuse(`${path}: ${message}`))
})

/** The variables that an app needs, as a shell takes them. */
const variables = (url: string, settings: MiroSandbox.Settings): string =>
  Object.entries({
    MIRO_BASE_URL: url,
    MIRO_WEB_URL: url,
    MIRO_SCIM_BASE_URL: `${url}/api/v1/scim`,
    MIRO_CLIENT_ID: settings.clientId,
    MIRO_CLIENT_SECRET: Redacted.value(settings.clientSecret),
    MIRO_REDIRECT_URL: settings.redirectUrl,
    MIRO_ACCESS_TOKEN: Redacted.value(settings.accessToken),
    MIRO_SCIM_TOKEN: Redacted.value(settings.accessToken)
  })
    .map(([name, value]) => `export ${name}=${value}`)
    .join("\n")

/** The fake, which prints every request that it responds to. */
const printing = (app: MiroSandbox.MiroSandbox["Service"]["app"]) =>
  Effect.tap(app, (response) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ method, url }) =>
      // A query can have secrets.
      Console.error(`${method} ${url.split("?")[0]} ${response.status}`)
    )
  )

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const flags = {
  port: Flag.Int("port").pipe(
    Flag.withSchema(between(0, 65_535)),
    Flag.withDescription("The port on this machine to listen on; 0 takes any that is free"),
    Flag.withDefault(4010)
  ),
  seed: Flag.String("seed").pipe(
    Flag.withDescription("A JSON file to begin with: a seed or a snapshot"),
    Flag.optional
  ),
  strict: Flag.Boolean("strict").pipe(
    Flag.withDescription("Refuse what Miro takes though it should not be sent"),
    Flag.withDefault(false)
  ),
  credits: Flag.Int("credits").pipe(
    Flag.withSchema(between(0, Number.MAX_SAFE_INTEGER)),
    Flag.withDescription("How many credits a user may spend in a minute"),
    Flag.withDefault(100_000)
  ),
  latency: Flag.Int("latency").pipe(
    Flag.withSchema(between(0, 600_000)),
    Flag.withDescription("The milliseconds that each response takes"),
    Flag.withDefault(0)
  ),
  verbose: Flag.Boolean("verbose").pipe(Flag.withDescription("Print every request"), Flag.withDefault(false))
}

const run = ({ credits, latency, port, seed, strict, verbose }: Command.Command.Config.Infer<typeof flags>) =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    if (Option.isSome(seed)) yield* begin(sandbox, seed.value)
    const bound = yield* NodeServer.listen(verbose ? printing(sandbox.app) : sandbox.app, port)
    const url = `http://127.0.0.1:${bound}`
    yield* Console.log(
      `# The Miro sandbox listens on ${url}, and shows itself at ${url}/__sandbox/\n${variables(url, yield* MiroSandbox.Settings)}`
    )
    return yield* Effect.never
  }).pipe(
    Effect.scoped,
    Effect.provide(
      MiroSandbox.layer.pipe(
        Layer.provideMerge(MiroSandbox.layerSettings({ strict, creditsPerMinute: credits, latency }))
      )
    )
  )

const command = Command.make("effect-miro-sandbox", flags, run).pipe(
  Command.withDescription("A fake Miro on this machine, which prints the variables that an app needs")
)

// The command asks nobody, and starts nothing.
const Platform = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Stdio.layerTest({ args: Effect.succeed(argv.slice(2)) }),
  Layer.succeed(
    Terminal.Terminal,
    Terminal.make({
      columns: Effect.succeed(80),
      rows: Effect.succeed(24),
      size: Effect.never,
      readInput: Effect.never,
      readLine: Effect.fail(new Terminal.QuitError()),
      display: (text) => Console.log(text)
    })
  ),
  Layer.succeed(
    ChildProcessSpawner.ChildProcessSpawner,
    ChildProcessSpawner.make(() => Effect.die("the command starts no process"))
  )
)

const program = Effect.gen(function* () {
  const { version } = yield* decodePackage(yield* read(new URL("../../package.json", import.meta.url)))
  yield* Command.run(command, { version })
}).pipe(
  // The command itself tells what is wrong with its flags.
  Effect.tapError((error) =>
    error._tag === "Refusal" || error._tag === "ListenError"
      ? Console.error(`effect-miro-sandbox: ${error.message}`)
      : Effect.void
  ),
  Effect.tapCause((cause) => (Cause.hasDies(cause) ? Console.error(Cause.pretty(cause)) : Effect.void)),
  Effect.provide(Platform)
)

Effect.runCallback(program, {
  onExit: (ended) => exit(Exit.isSuccess(ended) ? 0 : 1)
})
