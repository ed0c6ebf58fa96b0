/**
 * Boards from a terminal.
 *
 *     npm run example -- examples/cli/main.ts --help
 *
 * It works with the token in `MIRO_ACCESS_TOKEN`, or with that of who signed in.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Config, Console, Effect, FileSystem, Layer, Option, Path, Stdio, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Boards, Items, MiroClient, MiroOAuth, RateLimit, TokenStorage } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import { homedir } from "node:os"
import * as Csv from "../shared/csv.ts"
import * as Backup from "./backup.ts"
import * as Files from "./files.ts"
import { formats } from "./formats.ts"
import * as Importing from "./importing.ts"
import * as Progress from "./progress.ts"
import { signIn } from "./signIn.ts"

const Tokens = Layer.unwrap(
  Effect.gen(function* () {
    const directory = yield* Config.String("MIRO_CLI_HOME").pipe(Config.withDefault(`${homedir()}/.miro-cli`))
    return TokenStorage.layerFile(directory)
  })
)

const SignedIn = MiroClient.layerOAuthConfig().pipe(Layer.provide(Tokens))

const Miro = Layer.unwrap(
  Effect.map(Config.option(Config.Redacted("MIRO_ACCESS_TOKEN")), (token) =>
    Option.isSome(token) ? MiroClient.layerConfig() : SignedIn
  )
).pipe(Layer.provide(FetchHttpClient.layer), Layer.merge(RateLimit.layerMemory({ maxWait: "5 minutes" })))

const asJson = Flag.Boolean("json").pipe(Flag.withDescription("Prints JSON"), Flag.withDefault(false))
const board = Argument.String("board").pipe(Argument.withDescription("The id of the board"))

const login = Command.make("login", {}, () =>
  Effect.flatMap(signIn, ({ scopes }) => Console.log(`Signed in, with the scopes ${scopes.join(", ")}`)).pipe(
    Effect.provide(SignedIn.pipe(Layer.provide(FetchHttpClient.layer)))
  )
).pipe(Command.withDescription("Signs you in by a page of Miro"))

const logout = Command.make("logout", {}, () =>
  MiroOAuth.revoke.pipe(Effect.provide(SignedIn.pipe(Layer.provide(FetchHttpClient.layer))))
).pipe(Command.withDescription("Signs you out, and ends the token"))

const boards = Command.make("boards", { json: asJson }, ({ json }) =>
  Boards.list.items().pipe(
    Stream.runForEach(({ id, name }) => Console.log(json ? JSON.stringify({ id, name }) : `${id}  ${name}`)),
    Effect.provide(Miro)
  )
).pipe(Command.withDescription("Lists your boards"))

const exporting = Command.make(
  "export",
  {
    board,
    format: Flag.Literals("format", ["json", "csv", "markdown", "svg"]).pipe(Flag.withDefault("json")),
    output: Flag.String("output").pipe(Flag.withDescription("A file; the standard output unless set"), Flag.optional)
  },
  Effect.fn(function* ({ board, format, output }) {
    const progress = Progress.make("items read")
    const items = Items.list.items({ boardId: board }).pipe(Stream.tap(() => progress.advance(1)))
    const bytes = Stream.encodeText(formats[format](items))
    if (Option.isSome(output)) yield* Files.write(output.value, bytes)
    else yield* Stream.run(bytes, (yield* Stdio.Stdio).stdout())
    yield* progress.end
  }, Effect.provide(Miro))
).pipe(Command.withDescription("Writes the items of a board"))

const importing = Command.make(
  "import",
  { file: Argument.File("file", { mustExist: true }), board: Flag.String("board") },
  Effect.fn(function* ({ board, file }) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const rows = yield* Csv.parse(yield* fs.readFileString(file), ["content"])
    const progress = Progress.make("rows", rows.length)
    const made = yield* Importing.run(
      { name: path.basename(file), boardId: board, journal: `${file}.import.json` },
      rows.map(({ content }) => content),
      progress.advance
    )
    yield* progress.end
    yield* Console.log(`${made} sticky notes were made, of ${rows.length} rows`)
  }, Effect.provide(Miro))
).pipe(Command.withDescription("Makes a sticky note of each row of a CSV file with the column `content`"))

const backup = Command.make(
  "backup",
  { directory: Argument.String("directory") },
  Effect.fn(function* ({ directory }) {
    const progress = Progress.make("boards")
    const count = yield* Backup.run(directory, progress.advance)
    yield* progress.end
    yield* Console.log(`${count} boards are in ${directory}`)
  }, Effect.provide(Miro))
).pipe(Command.withDescription("Saves all your boards, with their images"))

const command = Command.make("miro").pipe(
  Command.withDescription("Miro's boards from a terminal"),
  Command.withSubcommands([login, logout, boards, exporting, importing, backup])
)

Command.run(command, { version: "1.0.0" }).pipe(
  // What went wrong is one line, and the exit code 1.
  Effect.catchTag(["MiroError", "CsvError", "JournalError", "ConfigError"], (error) =>
    Effect.andThen(
      Console.error(error.message),
      Effect.sync(() => (process.exitCode = 1))
    )
  ),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
