/** The app on a port, with its storage of tokens and its client of Miro. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Config, Effect, Layer, Redacted } from "effect"
import { MiroClient, TokenStorage } from "effect-miro"
import * as TokenStorageSqlite from "effect-miro/auth/TokenStorageSqlite"
import { FetchHttpClient, HttpRouter } from "effect/http"
import { createServer } from "node:http"
import * as App from "./app.ts"
import * as Sessions from "./sessions.ts"

/** PostgreSQL if DATABASE_URL is set, for any number of machines; or SQLite, for the processes of one. */
const Tokens = Layer.unwrap(
  Effect.gen(function* () {
    const url = yield* Config.Redacted("DATABASE_URL").pipe(Config.withDefault(Redacted.make("")))
    const filename = yield* Config.NonEmptyString("SQLITE_FILE").pipe(Config.withDefault("web-app.db"))
    return Redacted.value(url) === ""
      ? TokenStorageSqlite.layer({ filename })
      : TokenStorage.layerSql({ migrate: true }).pipe(Layer.provide(PgClient.layer({ url })))
  })
)

const Miro = MiroClient.layerOAuthConfig({ requireUser: true }).pipe(
  Layer.provide(TokenStorage.layerEncryptedConfig.pipe(Layer.provide(Tokens))),
  Layer.provide(FetchHttpClient.layer)
)

const Routes = Layer.unwrap(
  Effect.map(Config.URL("MIRO_REDIRECT_URL"), ({ pathname }) => App.layer(pathname as HttpRouter.PathInput))
)

const Http = Layer.unwrap(
  Effect.gen(function* () {
    const host = yield* Config.NonEmptyString("HOST").pipe(Config.withDefault("127.0.0.1"))
    const port = yield* Config.Port("PORT").pipe(Config.withDefault(3000))
    return NodeHttpServer.layer(createServer, { host, port })
  })
)

export const layer = HttpRouter.serve(Routes).pipe(Layer.provide([Miro, Sessions.layer]), Layer.provide(Http))
