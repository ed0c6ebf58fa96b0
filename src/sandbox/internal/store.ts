import * as Result from "effect/Result"
import * as credits from "./credits.ts"
import type {
  Connector,
  EmptyBoard,
  ExportJob,
  Group,
  Happening,
  Item,
  Member,
  MindMapNode,
  Person,
  Resource,
  SignedFile,
  Tag
} from "./entities.ts"
import * as errors from "./errors.ts"
import type { Injected } from "./faults.ts"
import * as grants from "./grants.ts"
import type { LedgerEntry, ScriptedResponse } from "./ledger.ts"
import { Rows } from "./rows.ts"
import type { Settings } from "./settings.ts"

/** What is on a board, in the order of its creation. A change keeps the place. */
export interface Content {
  readonly items: Rows<Item>
  readonly tags: Map<string, Tag>
  readonly connectors: Rows<Connector>
  readonly groups: Map<string, Group>
  readonly mindMapNodes: Rows<MindMapNode>
}

export const emptyContent = (): Content => ({
  items: new Rows(),
  tags: new Map(),
  connectors: new Rows(),
  groups: new Map(),
  mindMapNodes: new Rows()
})

export interface Board extends EmptyBoard, Content {
  readonly members: Map<string, Member>
}

/** All that a sandbox remembers. */
export interface Store {
  readonly settings: Settings
  readonly grants: grants.Grants
  credits: credits.Credits
  readonly boards: Map<string, Board>
  /** Those of organizations, by the path of their collection. */
  readonly resources: Map<string, Map<string, Resource>>
  readonly history: Array<Happening>
  readonly exportJobs: Map<string, ExportJob>
  /** The people of the organization, by their ids. */
  readonly people: Map<string, Person>
  readonly scripted: Array<ScriptedResponse>
  faults: ReadonlyArray<Injected>
  /** What signed URLs are for, by their signatures. */
  readonly signed: Map<string, SignedFile>
  ledger: Array<LedgerEntry>
  boardsCreated: number
  itemsCreated: number
  peopleCreated: number
}

export const make = (settings: Settings): Store => ({
  settings,
  grants: grants.make(settings),
  credits: credits.make(settings.creditsPerMinute),
  boards: new Map(),
  resources: new Map(),
  history: [],
  exportJobs: new Map(),
  people: new Map(),
  scripted: [],
  faults: [],
  signed: new Map(),
  ledger: [],
  boardsCreated: 0,
  itemsCreated: 0,
  // The sandbox's own user is there from the beginning.
  peopleCreated: 1
})

export const byId = <A extends { readonly id: string }>(values: Iterable<A>): Map<string, A> =>
  new Map(Array.from(values, (value) => [value.id, value]))

export const findBoard = (store: Store, id: string): errors.Refusable<Board> =>
  Result.fromNullishOr(store.boards.get(id), () => errors.boardNotFound(id))

const firstItemId = 3458764517517819001n

/** The next item's place in the order of creation, and its id, which is beyond 2^53. */
export const nextItem = (store: Store): Pick<Item, "id" | "serial"> => {
  store.itemsCreated += 1
  return { id: String(firstItemId + BigInt(store.itemsCreated - 1)), serial: store.itemsCreated }
}
