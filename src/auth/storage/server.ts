/**
 * What storages have in common that keep their records in a server.
 */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { failure } from "./failure.ts"
import { TokenStorageError } from "./service.ts"

export const unusable = (message: string, version?: string) =>
  new TokenStorageError({ cause: new Error(message), version })

/**
 * The response of the server, or why there is none. A client that waits for its
 * server to come back, or for a connection of a pool that has none to spare,
 * may wait for ever. What becomes of a write after that is not known.
 */
export const responseOf = <A, E>(
  call: Effect.Effect<A, E>,
  explain: (error: E) => unknown,
  /** What is written. */
  record?: Option.Option<Redacted.Redacted>
): Effect.Effect<A, TokenStorageError> =>
  call.pipe(
    Effect.mapError((error) => failure(explain(error), record)),
    Effect.timeoutOrElse({
      duration: "5 seconds",
      orElse: () => Effect.fail(unusable("the storage gave no response within 5 seconds"))
    })
  )

const loneSurrogate = /\p{Surrogate}/u

/** A user whose name can be sent. In UTF-8 all lone surrogates are one, and so would be their users. */
export const sendable = (user: string): Effect.Effect<string, TokenStorageError> =>
  loneSurrogate.test(user)
    ? Effect.fail(unusable(`the user ${JSON.stringify(user)} has half a character in its name`))
    : Effect.succeed(user)

/**
 * A record or version that came back is a text, whatever others may have put in
 * its place. A record that is none can be replaced under its `version`.
 */
export const textFrom = (value: unknown, version?: string): Effect.Effect<string, TokenStorageError> =>
  typeof value === "string" ? Effect.succeed(value) : Effect.fail(unusable("what is stored is not a text", version))
