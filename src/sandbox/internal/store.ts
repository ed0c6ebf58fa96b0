import * as Result from "effect/Result"
import * as credits from "./credits.ts"
import * as errors from "./errors.ts"
import type { Injected } from "./faults.ts"
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
  readonly tagIds: ReadonlyArray<string>
  readonly file?: File | undefined
}

/** A tag of a board, which items can have. */
export interface Tag {
  readonly id: string
  readonly serial: number
  readonly title: string
  readonly fillColor: string
}

/** Where a connector begins or ends. */
export interface ConnectorEnd {
  readonly id: string
  readonly position?: { readonly x: string; readonly y: string }
}

/** A line between two items. */
export interface Connector extends Authorship {
  readonly id: string
  readonly serial: number
  readonly startItem: ConnectorEnd
  readonly endItem: ConnectorEnd
  readonly shape: string
  readonly captions: ReadonlyArray<unknown>
  readonly style: Readonly<Record<string, unknown>>
}

/** Who has a part in a board. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly role: string
}

/** Items that belong together. */
export interface Group {
  readonly id: string
  readonly serial: number
  /** Their ids. */
  readonly items: ReadonlyArray<string>
}

/** A node of a mind map. */
export interface MindMapNode extends Authorship {
  readonly id: string
  readonly serial: number
  readonly content: string
  readonly position: Point
  /** The node that it is a branch of. A root is of none. */
  readonly parentId: string | undefined
}

/** What is on a board, in the order of its creation. A change keeps the place. */
export interface Content {
  readonly items: Map<string, Item>
  readonly tags: Map<string, Tag>
  readonly connectors: Map<string, Connector>
  readonly groups: Map<string, Group>
  readonly mindMapNodes: Map<string, MindMapNode>
}

export const emptyContent = (): Content => ({
  items: new Map(),
  tags: new Map(),
  connectors: new Map(),
  groups: new Map(),
  mindMapNodes: new Map()
})

export interface Board extends Authorship, Content {
  readonly members: Map<string, Member>
  readonly id: string
  readonly serial: number
  readonly name: string
  readonly description: string
  readonly teamId: string
  readonly projectId: string | undefined
  readonly ownerId: string
  readonly policy: Policy
}

/** What is kept of a resource of an organization. */
export interface Resource {
  readonly id: string
  readonly serial: number
  readonly fields: Readonly<Record<string, unknown>>
}

/** Somebody in the organization. */
export interface Person {
  readonly id: string
  readonly serial: number
  readonly email: string
  /** What an identity provider says of them, by the names of SCIM. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** The export of one board. */
export interface ExportTask {
  readonly id: string
  readonly serial: number
  readonly boardId: string
}

/** An export of boards. */
export interface ExportJob {
  readonly id: string
  readonly serial: number
  /** By which a request that is made again is known. */
  readonly requestId: string
  readonly orgId: string
  readonly creatorId: string
  readonly format: string
  readonly createdAt: number
  readonly cancelledAt: number | undefined
  readonly tasks: ReadonlyArray<ExportTask>
}

/** A change that somebody made. */
export interface Happening {
  readonly id: string
  readonly serial: number
  readonly at: number
  readonly userId: string
  readonly teamId: string
  readonly method: string
  /** The path of the route. */
  readonly template: string
  readonly params: Readonly<Record<string, string>>
  /** What the response had. */
  readonly json: unknown
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
  readonly signed: Map<string, { readonly file: File; readonly expiresAt: number }>
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

export const findBoard = (store: Store, id: string): errors.Refusable<Board> =>
  Result.fromNullishOr(store.boards.get(id), () => errors.boardNotFound(id))

const firstItemId = 3458764517517819001n

/** The next item's place in the order of creation, and its id, which is beyond 2^53. */
export const nextItem = (store: Store): Pick<Item, "id" | "serial"> => {
  store.itemsCreated += 1
  return { id: String(firstItemId + BigInt(store.itemsCreated - 1)), serial: store.itemsCreated }
}
