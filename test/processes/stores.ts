/** The storages that several processes share. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Layer, Redacted } from "effect"
import { TokenStorage } from "effect-miro"
import * as TokenStorageSqlite from "effect-miro/auth/TokenStorageSqlite"

import { randomUUID } from "node:crypto"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export type Store =
  | { readonly kind: "file"; readonly directory: string }
  | { readonly kind: "SQLite"; readonly filename: string }
  | { readonly kind: "PostgreSQL"; readonly url: string; readonly table: string }
  | { readonly kind: "Redis"; readonly url: string; readonly prefix: string }

const unique = () => `test_${randomUUID().replaceAll("-", "")}`

const temporary = () => mkdtempSync(join(tmpdir(), "effect-miro-"))

const { MIRO_TEST_POSTGRES_URL, MIRO_TEST_REDIS_URL } = process.env

/** Those that can be used here; in CI all of them. Each `make` gives an empty one. */
export const stores: ReadonlyArray<{
  readonly name: Store["kind"]
  readonly isAvailable: boolean
  readonly make: () => Store
}> = [
  { name: "file", isAvailable: true, make: () => ({ kind: "file", directory: temporary() }) },
  { name: "SQLite", isAvailable: true, make: () => ({ kind: "SQLite", filename: join(temporary(), "tokens.db") }) },
  {
    name: "PostgreSQL",
    isAvailable: MIRO_TEST_POSTGRES_URL !== undefined || process.env["CI"] !== undefined,
    make: () => ({ kind: "PostgreSQL", url: MIRO_TEST_POSTGRES_URL ?? "", table: unique() })
  },
  {
    name: "Redis",
    isAvailable: MIRO_TEST_REDIS_URL !== undefined || process.env["CI"] !== undefined,
    make: () => ({ kind: "Redis", url: MIRO_TEST_REDIS_URL ?? "", prefix: unique() })
  }
]

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
        Layer.provide(PgClient.layer({ url: Redacted.make(store.url) })),
        Layer.orDie
      )
    case "Redis":
      return TokenStorage.layerRedis({ prefix: store.prefix }).pipe(
        Layer.provide(NodeRedis.layer({ url: store.url })),
        Layer.orDie
      )
  }
}
