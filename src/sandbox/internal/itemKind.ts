import type { Item, Size } from "./entities.ts"
import type { Refusable } from "./errors.ts"

type Data = Item["data"]

/** What a request may say of an item; only what it says is changed. */
export interface ItemChange {
  readonly data?: Data
  readonly style?: Item["style"]
  readonly position?: { readonly x?: number; readonly y?: number; readonly origin?: "center" }
  readonly geometry?: Partial<Size>
  /** `null`, or an id that is `null`, takes the item out of its parent. */
  readonly parent?: { readonly id: string | null } | null
}

export type ItemDecoder = (body: string) => Refusable<ItemChange>

/** What sets one type of item apart from the others. */
export interface ItemKind {
  readonly type: string
  /** The last segment of the path that items of this type are created at. */
  readonly collection: string
  readonly decodeCreation: ItemDecoder
  /** Absent if items of this type cannot be changed. */
  readonly decodeChange: ItemDecoder | undefined
  readonly data: Data
  /** How a new item looks where its request does not say. */
  readonly style: (request: ItemChange) => Item["style"]
  /** Fields of `data` that are no markup, and stay as they are. */
  readonly plain?: ReadonlyArray<string>
  /** The data as it is kept, where not all of it is. */
  readonly keep?: (data: Data) => Data
  /** The data as a request asks for it. */
  readonly show?: (data: Data, query: URLSearchParams) => Data
  /** What a request can say and no response has: `geometry`, `parent`, or fields of `data`. */
  readonly hidden?: ReadonlyArray<string>
  /** The size that an item of some data has after a change, from the one it had before. */
  readonly resize: (data: Data, change: Partial<Size>, before: Size | undefined) => Size
  readonly file?: FileKind
}

/** What is known of a kind whose items are made of a file. */
export interface FileKind {
  /** The field of its data that says where the bytes are. */
  readonly field: string
  /** The query of that. */
  readonly query: string
  /** Decode what says where the file is, instead of having it. */
  readonly decodeLink: { readonly creation: ItemDecoder; readonly change: ItemDecoder }
}
