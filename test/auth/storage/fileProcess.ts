/**
 * A process that writes to a storage of files, for others to kill.
 *
 *     node fileProcess.ts write <directory> <text>    makes one write and prints what came of it
 *     node fileProcess.ts count <directory>           counts up until its input ends, and prints what it wrote
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as TokenStorage from "effect-miro/auth/TokenStorage"
import { writeSync } from "node:fs"
import { numbered, numberOf, user, versionOf } from "./fileRecords.ts"

const [command = "", directory = "", text = ""] = process.argv.slice(2)

// At once, since a process that is killed prints nothing later.
const print = (line: string | number) => Effect.sync(() => writeSync(1, `${line}\n`))

/** Makes the name of the temporary file known beforehand, to those who watch for it. */
const Predictable = WebCrypto.layer({
  subtle: crypto.subtle,
  randomUUID: () => crypto.randomUUID(),
  getRandomValues: (array) => {
    if (array instanceof Uint8Array) array.fill(0)
    return array
  }
})

const write = Effect.gen(function* () {
  const storage = yield* TokenStorage.TokenStorage
  const stored = yield* storage.get(user)
  return yield* storage.compareAndSet(user, versionOf(stored), Option.some(Redacted.make(text)))
}).pipe(
  Effect.map(String),
  Effect.catchTag("TokenStorageError", ({ _tag }) => Effect.succeed(_tag)),
  Effect.flatMap(print)
)

const count = Effect.gen(function* () {
  const storage = yield* TokenStorage.TokenStorage
  process.stdin.resume()
  while (!process.stdin.readableEnded) {
    const stored = yield* storage.get(user)
    const next = numberOf(stored) + 1
    if (yield* storage.compareAndSet(user, versionOf(stored), Option.some(numbered(next)))) yield* print(next)
  }
})

const Node = Layer.merge(NodeFileSystem.layer, NodePath.layer)

await Effect.runPromise(
  command === "write"
    ? write.pipe(
        Effect.provide(TokenStorage.layerFile(directory).pipe(Layer.provide(Node), Layer.provide(Predictable)))
      )
    : count.pipe(Effect.provide(TokenStorage.layerFile(directory).pipe(Layer.provide(Node))))
)
