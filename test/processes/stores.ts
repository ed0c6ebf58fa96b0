/** The storages that several processes share. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, Layer } from "effect"
import { TokenStorage } from "effect-miro"
import * as TokenStorageSqlite from "effect-miro/auth/TokenStorageSqlite"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { hasPostgres, hasRedis, layerPostgres, layerRedis, unique } from "../support/servers.ts"

export type Store =
  | { readonly kind: "file"; readonly directory: string }
  | { readonly kind: "SQLite"; readonly filename: string }
  | { readonly kind: "PostgreSQL"; readonly table: string }
  | { readonly kind: "Redis"; readonly prefix: string }

const temporary = () => mkdtempSync(join(tmpdir(), "effect-miro-"))

/** Those that can be used here; in CI all of them. Each `make` gives an empty one. */
export const stores: ReadonlyArray<{
  readonly name: Store["kind"]
  readonly isAvailable: boolean
  readonly make: () => Store
}> = [
  { name: "file", isAvailable: true, make: () => ({ kind: "file", directory: temporary() }) },
  { name: "SQLite", isAvailable: true, make: () => ({ kind: "SQLite", filename: join(temporary(), "tokens.db") }) },
  { name: "PostgreSQL", isAvailable: hasPostgres, make: () => ({ kind: "PostgreSQL", table: unique() }) },
  { name: "Redis", isAvailable: hasRedis, make: () => ({ kind: "Redis", prefix: unique() }) }
]

export const storeOf = (kind: Store["kind"]) => {
  const found = stores.find(({ name }) => name === kind)
  if (found === undefined) throw new Error(`there is no store ${kind}`)
  return found
}

/** Removes what a store left on the disk. The servers end with the tests. */
export const remove = (store: Store): Effect.Effect<void> =>
  Effect.sync(() => {
    if (store.kind === "file") rmSync(store.directory, { recursive: true })
    if (store.kind === "SQLite") rmSync(dirname(store.filename), { recursive: true })
  })

export const layer = (store: Store): Layer.Layer<TokenStorage.TokenStorage> => {
  switch (store.kind) {
    case "file":
      return TokenStorage.layerFile(store.directory).pipe(
        Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
        Layer.orDie
      )
    case "SQLite":
      return Layer.orDie(TokenStorageSqlite.layer({ filename: store.filename }))
    case "PostgreSQL":
      return TokenStorage.layerSql({ table: store.table, migrate: true }).pipe(
        Layer.provide(layerPostgres()),
        Layer.orDie
      )
    case "Redis":
      return TokenStorage.layerRedis({ prefix: store.prefix }).pipe(Layer.provide(layerRedis()), Layer.orDie)
  }
}
