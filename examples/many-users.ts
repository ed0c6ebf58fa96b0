/**
 * A back end with many users: one client, and every call with the tokens of
 * the user it is made for.
 *
 *     npm run example -- examples/many-users.ts
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer } from "effect"
import { Boards, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"

/** Runs once for each user, when they come back from Miro. */
const login = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  yield* oauth.handleCallback(yield* sandbox.consent(yield* oauth.authorizeUrl()))
})

/** A part of the program that need not know that there are several users. */
const createWeeklyBoard = Boards.create({ name: "Weekly" })

const program = Effect.gen(function* () {
  const users = ["anna", "ben", "chloe"]
  yield* Effect.forEach(users, (user) => MiroClient.as(login, user))

  yield* Effect.forEach(
    users,
    (user) =>
      Effect.gen(function* () {
        const board = yield* createWeeklyBoard
        yield* Console.log(`${user} has a board: ${board.viewLink}`)
      }).pipe(MiroClient.as(user)),
    { concurrency: "unbounded" }
  )

  // Somebody who never authorized the app is a reason like any other.
  yield* createWeeklyBoard.pipe(
    MiroClient.as("dave"),
    Effect.catchReason("MiroError", "AuthorizationRequired", ({ user }) =>
      Console.log(`${user} has to authorize the app first`)
    )
  )
})

const Miro = Layer.unwrap(
  Effect.gen(function* () {
    // A call that was made for nobody fails before anything is sent.
    return MiroClient.layerOAuth({ ...(yield* MiroSandbox.Settings), requireUser: true })
  })
).pipe(Layer.provideMerge(TokenStorage.layerMemory), Layer.provideMerge(MiroSandbox.layerHttpClient))

program.pipe(Effect.provide(Miro), NodeRuntime.runMain)
