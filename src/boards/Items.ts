/**
 * Items of every type on a board.
 *
 * @see https://developers.miro.com/reference/items
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { InvalidInput, MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Upload } from "../client/Upload.ts"
import { Item, ItemType } from "../models/Item.ts"
import { ItemFileInput, ItemInput } from "../models/ItemInput.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { ParentInput } from "../models/Parent.ts"
import { PositionInput } from "../models/Position.ts"
import { QueryId } from "../models/QueryId.ts"
import * as AppCards from "./AppCards.ts"
import * as Cards from "./Cards.ts"
import * as Embeds from "./Embeds.ts"
import * as Frames from "./Frames.ts"
import * as Shapes from "./Shapes.ts"
import * as StickyNotes from "./StickyNotes.ts"
import * as Texts from "./Texts.ts"

export { Item, ItemFileInput, ItemInput, ItemType }

/**
 * Lists the items of a board, of all types or of one. Connectors, tags and
 * groups are not items to Miro and have lists of their own. A page has 10 to 50
 * items, 10 unless set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-items
 */
export const list = Operation.list({
  id: "get-items",
  name: "Items.list",
  method: "GET",
  path: "/v2/boards/{boardId}/items",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(10, 50),
    /** Items of this type only. */
    type: Schema.optional(ItemType)
  }),
  success: Page.cursor(Item),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Lists the items in a frame, of all types or of one. A page has 10 to 50
 * items, 10 unless set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-items-within-frame
 */
export const listInFrame = Operation.list({
  id: "get-items-within-frame",
  name: "Items.listInFrame",
  method: "GET",
  path: "/v2/boards/{boardId}/items",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(10, 50),
    /** The id of the frame. */
    parentItemId: QueryId,
    /** Items of this type only. */
    type: Schema.optional(ItemType)
  }).pipe(Schema.encodeKeys({ parentItemId: "parent_item_id" })),
  success: Page.cursor(Item),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Lists the items with a tag. A page has 1 to 50 items, 20 unless set.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-items-by-tag
 */
export const listWithTag = Operation.list({
  id: "get-items-by-tag",
  name: "Items.listWithTag",
  method: "GET",
  path: "/v2/boards/{boardId}/items",
  scope: "boards:read",
  level: 1,
  query: Schema.Struct({
    ...Page.offsetQueryWithin(1, 50),
    /** The id of the tag. */
    tagId: QueryId
  }).pipe(Schema.encodeKeys({ tagId: "tag_id" })),
  success: Page.offset(Item),
  pagination: Pagination.offset({ maximum: 50 })
})

// According to Miro's document, the items of a group are deeper in a page than those of other lists: in pages of
// their own, in the group. Whether they are is not known, so each of the two may be there or not. They are decoded
// where they are and put together afterwards, as what does not fit is found by its place in the response. A page stays a
// page without its `data`, which is taken out of it when one of its items does not fit.
const isPart = (u: unknown): u is object =>
  Predicate.isObject(u) && !("id" in u) && (Array.isArray(u["data"]) || !("type" in u))

const Part = Schema.declare(isPart, { expected: "a page of items" }).pipe(
  Schema.decodeTo(
    Open.struct({
      /** The items of the group. */
      data: Schema.Array(Item)
    })
  )
)

const Parts = Schema.Array(Schema.Union([Part, Item]))

const GroupItems = Schema.Union([
  Parts,
  Open.struct({
    /** The items of the group. */
    data: Parts
  })
]).pipe(
  Schema.decodeTo(Schema.Array(Schema.toType(Item)), {
    decode: SchemaGetter.transform((group) =>
      ("data" in group ? group.data : group).flatMap((part) => ("id" in part ? [part] : part.data))
    ),
    encode: SchemaGetter.transform((items) => items)
  })
)

/**
 * Lists the items of a group. A page has 10 to 50 items, 10 unless set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getitemsbygroupid
 */
export const listInGroup = Operation.list({
  id: "getItemsByGroupId",
  name: "Items.listInGroup",
  method: "GET",
  path: "/v2/boards/{boardId}/groups/items",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(10, 50),
    /** The id of the group. */
    groupItemId: QueryId
  }).pipe(Schema.encodeKeys({ groupItemId: "group_item_id" })),
  success: Open.struct({
    /** The items of the group on this page. */
    data: GroupItems,
    /** How many items the page has. */
    size: Schema.optionalKey(Schema.Finite),
    /** How many items the page could have had. */
    limit: Schema.optionalKey(Schema.Finite),
    /** How many items the group has. */
    total: Schema.optionalKey(Schema.Finite),
    /** The cursor of the next page. Absent from the last. */
    cursor: Schema.optionalKey(Schema.String)
  }),
  pagination: Pagination.cursor({ maximum: 50 })
})

const upTo20 = Limits.elements(1, 20)

// On the wire, the body is the list itself.
const BulkInput = Schema.Array(Schema.toEncoded(ItemInput))
  .check(upTo20)
  .pipe(
    Schema.decodeTo(
      Schema.Struct({
        /** 1 to 20 items. A later one lies on top of an earlier one. */
        items: Schema.Array(ItemInput).check(upTo20)
      }),
      {
        decode: SchemaGetter.transform((items) => ({ items })),
        encode: SchemaGetter.transform(({ items }) => items)
      }
    )
  )

const Created = Open.struct({
  /** The items, in the order of the input. */
  data: Schema.Array(Item),
  /** The kind of the list: `bulk-list`. */
  type: Schema.optionalKey(Schema.String)
})

/**
 * Creates items of one type or several: all of them, or none if one cannot be
 * created. Connectors, tags, groups and text documents are created by the
 * modules for them.
 *
 * Scope `boards:write`, level 2 for each item.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-items
 */
export const createBulk = Operation.make({
  id: "create-items",
  name: "Items.createBulk",
  method: "POST",
  path: "/v2/boards/{boardId}/items/bulk",
  scope: "boards:write",
  level: 2,
  status: 201,
  perItem: ({ items }) => items.length,
  body: BulkInput,
  success: Created
})

/**
 * Uploads documents and images and puts them on a board: all of them, or none
 * if one cannot be created.
 *
 * Scope `boards:write`, level 2 for each file.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-items-in-bulk-using-file-from-device
 */
export const createBulkFromFiles = Operation.upload({
  id: "create-items-in-bulk-using-file-from-device",
  name: "Items.createBulkFromFiles",
  method: "POST",
  path: "/v2/boards/{boardId}/items/bulk",
  scope: "boards:write",
  level: 2,
  status: 201,
  perItem: ({ resources }) => resources.length,
  body: Schema.Struct({
    /** What is to be made of each file, in the order of the files. */
    data: Schema.Array(ItemFileInput),
    /** 1 to 20 files, of at most 6 MB each. */
    resources: Schema.Array(Upload).check(upTo20)
  }).check(
    Schema.makeFilter(({ data, resources }) =>
      data.length === resources.length
        ? undefined
        : { path: ["data"], issue: `Expected one element for each of the ${resources.length} resources` }
    )
  ),
  success: Created
})

/**
 * Gets an item of any type.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-specific-item
 */
export const get = Operation.make({
  id: "get-specific-item",
  name: "Items.get",
  method: "GET",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Item
})

/**
 * Moves an item on the board, into a frame, or with `parent: null` out of one.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-item-position-or-parent
 */
export const move = Operation.make({
  id: "update-item-position-or-parent",
  name: "Items.move",
  method: "PATCH",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 2,
  body: Schema.Struct({
    /** Where to put the centre of the item. */
    position: Schema.optional(PositionInput),
    /** The frame to put the item into, or `null` for the board itself. */
    parent: Schema.optional(ParentInput)
  }),
  success: Item
})

const inputs = {
  app_card: AppCards.toInput,
  card: Cards.toInput,
  embed: Embeds.toInput,
  frame: Frames.toInput,
  shape: Shapes.toInput,
  sticky_note: StickyNotes.toInput,
  text: Texts.toInput
}

interface OfType<Type> {
  /** Which type of item it is. */
  readonly type: Type
}

/**
 * An item that can be created from what Miro gives of it. An image or a document
 * needs its bytes too, see `Images.toFileInput` and `Documents.toFileInput`; a
 * text document is created alone, see `DocFormats.toInput`; and no operation
 * creates previews, tables or items of unknown types.
 *
 * @category models
 */
export type CreatableItem = Extract<Item, OfType<keyof typeof inputs>>

/**
 * Whether an item can be created from what Miro gives of it, by `toInput` and
 * `createBulk`.
 *
 * @category guards
 */
export const isCreatable = (item: Item): item is CreatableItem => Object.hasOwn(inputs, item.type)

/**
 * The input of `createBulk` that makes the same item again, on the same board or
 * another. Fields that only Miro sets are left out, and a `parent` is the same
 * frame unless you change it. Fails with `InvalidInput` for an item that Miro
 * gives no data of.
 *
 * **Example** (Copying the items of a board to another)
 *
 * ```ts
 * import { Effect, Stream } from "effect"
 * import { Items } from "effect-miro"
 *
 * const copy = (from: string, to: string) =>
 *   Items.list.items({ boardId: from }).pipe(
 *     Stream.filter(Items.isCreatable),
 *     Stream.filter((item) => item.parent === undefined),
 *     Stream.mapEffect(Items.toInput),
 *     Stream.grouped(20),
 *     Stream.runForEach((items) => Items.createBulk({ boardId: to, items }))
 *   )
 * ```
 *
 * @category inputs
 */
export const toInput = <I extends CreatableItem>(
  item: I
): Effect.Effect<Extract<ItemInput, OfType<I["type"]>>, MiroError> => {
  const { type }: CreatableItem = item
  const make: ((item: never) => Effect.Effect<object, MiroError>) | undefined = inputs[type]
  return make === undefined
    ? Effect.fail(
        new MiroError({
          operation: "Items.toInput",
          method: createBulk.operation.method,
          path: createBulk.operation.path,
          reason: new InvalidInput({ issues: [{ path: ["type"], message: `cannot be created: ${type}` }] })
        })
      )
    : // The functions above are each for the type that they are listed under.
      (Effect.map(make(item as never), (input) => ({ type, ...input })) as never)
}

/**
 * Deletes an item of any type.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-item
 */
const delete_ = Operation.make({
  id: "delete-item",
  name: "Items.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
