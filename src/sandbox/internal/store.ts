import * as Result from "effect/Result"
import * as credits from "./credits.ts"
import * as errors from "./errors.ts"
import * as grants from "./grants.ts"
import type { LedgerEntry, ScriptedResponse } from "./ledger.ts"
import type { Settings } from "./settings.ts"

export interface Policy {
  readonly permissionsPolicy: Readonly<Record<string, string>>
  readonly sharingPolicy: Readonly<Record<string, string | boolean>>
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
  readonly rotation?: number
}

/** Who wrote a board or an item, and when. */
interface Authorship {
  readonly createdAt: number
  readonly createdBy: string
  readonly modifiedAt: number
  readonly modifiedBy: string
}

/** What was uploaded. */
export interface File {
  readonly bytes: Uint8Array
  readonly contentType: string
}

export interface Item extends Authorship {
  readonly id: string
  readonly serial: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly style: Readonly<Record<string, string>>
  /** Counts from the middle of the canvas, or from the parent's top left corner. */
  readonly position: Point
  readonly geometry: Size
  readonly parentId: string | undefined
  readonly file?: File | undefined
}

export interface Board extends Authorship {
  readonly id: string
  readonly serial: number
  readonly name: string
  readonly description: string
  readonly teamId: string
  readonly projectId: string | undefined
  readonly ownerId: string
  readonly policy: Policy
  /** In the order of creation. A change of an item keeps its place. */
  readonly items: Map<string, Item>
}

/** All that a sandbox remembers. */
export interface Store {
  readonly settings: Settings
  readonly grants: grants.Grants
  readonly credits: credits.Credits
  readonly boards: Map<string, Board>
  readonly scripted: Array<ScriptedResponse>
  /** What signed URLs are for, by their signatures. */
  readonly signed: Map<string, { readonly file: File; readonly expiresAt: number }>
  ledger: Array<LedgerEntry>
  boardsCreated: number
  itemsCreated: number
}

export const make = (settings: Settings): Store => ({
  settings,
  grants: grants.make(settings),
  credits: credits.make(settings.creditsPerMinute),
  boards: new Map(),
  scripted: [],
  signed: new Map(),
  ledger: [],
  boardsCreated: 0,
  itemsCreated: 0
})

export const findBoard = (store: Store, id: string): errors.Refusable<Board> =>
  Result.fromNullishOr(store.boards.get(id), () => errors.boardNotFound(id))

const firstItemId = 3458764517517819001n

/** The next item's place in the order of creation, and its id, which is beyond 2^53. */
export const nextItem = (store: Store): Pick<Item, "id" | "serial"> => {
  store.itemsCreated += 1
  return { id: String(firstItemId + BigInt(store.itemsCreated - 1)), serial: store.itemsCreated }
}

/** Copies items under new ids, and their parents with them. */
export const copyItems = (store: Store, items: ReadonlyMap<string, Item>): Map<string, Item> => {
  const fresh = new Map(Array.from(items.keys(), (id) => [id, nextItem(store)] as const))
  return new Map(
    Array.from(items.values(), (item) => {
      const parentId = item.parentId === undefined ? undefined : fresh.get(item.parentId)?.id
      const copy = { ...item, ...fresh.get(item.id), parentId }
      return [copy.id, copy] as const
    })
  )
}
