/**
 * Where Miro's document is wrong or says too little: what is set right in it,
 * and why. A patch that makes no difference any more fails the test.
 */
import type { Content, Document, Schema } from "./openapi.ts"

export interface Patch {
  readonly name: string
  readonly reason: string
  /** An operation that shows what is wrong without the patch. */
  readonly shownBy: string
  readonly apply: (document: Document) => void
}

const named = ({ components }: Document, name: string): Schema => {
  const schema = components.schemas[name]
  if (schema === undefined) throw new Error(`the document has no schema ${name}`)
  return schema
}

const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** The success schema of an operation that has it inline. */
const responseOf = (document: Document, path: string): Schema => {
  const schema = document.paths[path]?.get?.responses["200"]?.content?.["application/json"]?.schema
  if (schema === undefined) throw new Error(`the document has no GET ${path}`)
  return schema
}

const oblige = (schema: Schema, field: string): void => {
  schema.required = [...(schema.required ?? []), field]
}

const setField = (schema: Schema, field: string, value: Schema): void => {
  schema.properties = { ...schema.properties, [field]: value }
}

const always =
  (field: string, reason: string) =>
  ([schema, shownBy]: readonly [schema: string, shownBy: string]): Patch => ({
    name: `${schema}.${field} is always there`,
    reason,
    shownBy,
    apply: (document) => oblige(named(document, schema), field)
  })

const lists: ReadonlyArray<Patch> = (
  [
    ["AuditPage", "enterprise-get-audit-logs"],
    ["BoardExportJobTasksList", "enterprise-board-export-job-tasks"],
    ["BoardExportJobsList", "enterprise-board-export-jobs"],
    ["BoardMembersPagedResponse", "get-board-members"],
    ["BoardsPagedResponse", "get-boards"],
    ["CodeWidgetCursorPaged", "get-code-widget-items"],
    ["ConnectorsCursorPaged", "get-connectors"],
    ["GenericItemCursorPaged", "get-items"],
    ["GetAiInteractionLogsResponse", "enterprise-get-ai-interaction-logs"],
    ["GetBoardItemContentLogsResponse", "enterprise-board-content-item-logs-fetch"],
    ["ItemPagedResponse", "get-items-by-tag"],
    ["MindmapCursorPaged", "get-mindmap-nodes-experimental"],
    ["OrganizationMembersSearchResponse", "enterprise-get-organization-members"],
    ["PaginatedCaseExportJobsResponse", "get-legal-hold-export-jobs"],
    ["PaginatedCaseResponse", "get-all-cases"],
    ["PaginatedLegalHoldContentItemsResponse", "get-legal-hold-content-items"],
    ["PaginatedLegalHoldResponse", "get-all-legal-holds"],
    ["TagsPagedResponse", "get-tags-from-board"]
  ] as const
).map(always("data", "A list without its items is none, but the document requires hardly any field."))

const ids: ReadonlyArray<Patch> = (
  [
    ["GroupResource", "getGroup"],
    ["GroupResponseShort", "getGroupById"]
  ] as const
).map(always("id", "What is something has its id, but the document requires hardly any field."))

const kindOf = (schema: string, kind: string, shownBy: string): Patch => ({
  name: `${schema} is of type ${kind}`,
  reason: "The document has the type of an item as an example only, and it is all that tells the types apart.",
  shownBy,
  apply: (document) => setField(named(document, schema), "type", { type: "string", enum: [kind] })
})

const untyped = (schema: string, shownBy: string): Patch => ({
  name: `the type of ${schema} is a string`,
  reason: "The document has a string for its default, but says nothing of its type.",
  shownBy,
  apply: (document) => setField(named(document, schema), "type", { type: "string" })
})

const kinds: ReadonlyArray<Patch> = [
  kindOf("AppCardItem", "app_card", "get-app-card-item"),
  kindOf("CardItem", "card", "get-card-item"),
  kindOf("DocFormatItem", "doc_format", "get-doc-format-item"),
  kindOf("DocumentItem", "document", "get-document-item"),
  kindOf("EmbedItem", "embed", "get-embed-item"),
  kindOf("FrameItem", "frame", "get-frame-item"),
  kindOf("ImageItem", "image", "get-image-item"),
  kindOf("ShapeItem", "shape", "get-shape-item"),
  kindOf("StickyNoteItem", "sticky_note", "get-sticky-note-item"),
  kindOf("TextItem", "text", "get-text-item")
]

/** Makes of a schema with a `type` one alternative for every type, with the fields that only this type has. */
const divide = (schema: Schema, fields: Readonly<Record<string, Readonly<Record<string, Schema>>>>): void => {
  const { properties, ...rest } = structuredClone(schema)
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  schema.anyOf = Object.entries(fields).map(([kind, own]) => ({
    ...rest,
    properties: { ...properties, ...own, type: { type: "string", enum: [kind] } }
  }))
}

const dataOf = {
  app_card: { data: reference("AppCardData") },
  card: { data: reference("CardData") },
  document: { data: reference("DocumentData") },
  embed: { data: reference("EmbedData") },
  frame: { data: reference("FrameData") },
  image: { data: reference("ImageData") },
  shape: { data: reference("ShapeData") },
  sticky_note: { data: reference("StickyNoteData") },
  text: { data: reference("TextData") }
}

const overlaps = "Its alternatives overlap, so that one value fits several of them, where `oneOf` allows for one."

const groupData: Schema = {
  type: "object",
  properties: { items: { type: "array", items: { type: "string" } } },
  required: ["items"]
}

const notUsers =
  "The document refers to the schema of a group of users. Until February 2025 it had this one, which is also what Miro sends."

const groupOfUsers = (id: string, contentOf: (document: Document) => Content | undefined): Patch => ({
  name: `a group of items is given its items by ${id}`,
  reason: notUsers,
  shownBy: id,
  apply: (document) => {
    const content = contentOf(document)
    if (content === undefined) throw new Error(`the document has no body of ${id}`)
    content["application/json"] = {
      schema: { type: "object", properties: { data: groupData }, required: ["data"] }
    }
  }
})

/** What a change by SCIM does. */
const scimOperation = (document: Document, name: "PatchGroupResource" | "PatchUserResource"): Schema =>
  named(document, name).properties?.["Operations"]?.items ?? {}

const alternativeValue = (operation: Schema, alternative: Schema): void => {
  const value = operation.properties?.["value"] ?? {}
  setField(operation, "value", { oneOf: [...(value.oneOf ?? [value]), alternative] })
}

export const patches: ReadonlyArray<Patch> = [
  ...lists,
  ...ids,
  ...kinds,
  {
    name: "the list of the tags of an item is always there",
    reason: "A list without its items is none, but the document requires hardly any field.",
    shownBy: "get-tags-from-item",
    apply: (document) => oblige(named(document, "GetTagsResponse"), "tags")
  },
  {
    name: "the list of the groups of a board is always there",
    reason: "A list without its items is none, but the document requires hardly any field.",
    shownBy: "get-all-groups",
    apply: (document) => oblige(responseOf(document, "/v2/boards/{board_id}/groups"), "data")
  },
  {
    name: "the list of the items of a group is always there",
    reason: "A list without its items is none, but the document requires hardly any field.",
    shownBy: "getItemsByGroupId",
    apply: (document) => {
      const page = responseOf(document, "/v2/boards/{board_id}/groups/items")
      oblige(page, "data")
      oblige(page.properties?.["data"] ?? {}, "data")
    }
  },
  {
    name: "a position says what of the item it is of",
    reason: "Only the description of a position mentions it, but every response has it and Miro's own recipes send it.",
    shownBy: "update-item-position-or-parent",
    apply: (document) => setField(named(document, "PositionChange"), "origin", { type: "string", enum: ["center"] })
  },
  untyped("BoardUserGroup", "enterprise-boards-create-group"),
  untyped("ProjectUserGroup", "enterprise-project-create-group"),
  {
    name: "the data of an item is that of its type",
    reason: `${overlaps} The type, which stands beside it, tells which it is.`,
    shownBy: "get-specific-item",
    apply: (document) =>
      divide(named(document, "GenericItem"), {
        ...dataOf,
        code_widget: { data: reference("CodeWidgetData") },
        doc_format: { data: reference("DocFormatData") }
      })
  },
  {
    name: "items created in bulk are of every type",
    reason: "The document has data of documents and images alone, though the request takes nine types.",
    shownBy: "create-items",
    apply: (document) => divide(named(document, "Item"), dataOf)
  },
  {
    name: "the data and style of an item to create are those of its type",
    reason: `${overlaps} The type, which stands beside it, tells which it is. A frame has none there at all.`,
    shownBy: "create-items",
    apply: (document) => {
      divide(named(document, "ItemCreate"), {
        app_card: { data: reference("AppCardData"), style: reference("AppCardStyle") },
        card: { data: reference("CardData"), style: reference("CardStyle") },
        document: { data: reference("DocumentUrlData") },
        embed: { data: reference("EmbedUrlData") },
        frame: { data: reference("FrameChanges"), style: reference("FrameStyle") },
        image: { data: reference("ImageUrlData") },
        shape: { data: reference("ShapeData"), style: reference("ShapeStyle") },
        sticky_note: { data: reference("StickyNoteData"), style: reference("StickyNoteStyle") },
        text: { data: reference("TextData"), style: reference("TextStyle") }
      })
    }
  },
  {
    name: "a change of a group's members succeeds or fails",
    reason: overlaps,
    shownBy: "enterprise-update-group-members",
    apply: (document) => {
      const result = named(document, "UpdateUserGroupMembersResult").items ?? {}
      result.anyOf = result.oneOf ?? []
      Reflect.deleteProperty(result, "oneOf")
    }
  },
  groupOfUsers("createGroup", (document) => document.paths["/v2/boards/{board_id}/groups"]?.post?.requestBody?.content),
  groupOfUsers(
    "updateGroup",
    (document) => document.paths["/v2/boards/{board_id}/groups/{group_id}"]?.put?.requestBody?.content
  ),
  {
    name: "a group of items has items",
    reason: notUsers,
    shownBy: "getGroupById",
    apply: (document) => setField(named(document, "GroupResponseShort"), "data", groupData)
  },
  {
    name: "a legal hold is on users",
    reason: "The document requires a field `user`, but has only `users`.",
    shownBy: "create-legal-hold",
    apply: (document) => {
      named(document, "LegalHoldRequestScopeUsers").required = ["users"]
    }
  },
  {
    name: "a document from a URL can be given a size",
    reason:
      "Changing a document and uploading one take a geometry, and so did this in the document that Miro made its Node client 2.2.4 of.",
    shownBy: "create-document-item-using-url",
    apply: (document) => setField(named(document, "DocumentCreateRequest"), "geometry", reference("FixedRatioGeometry"))
  },
  {
    name: "the schemas of a change by SCIM are an array of names",
    reason: "The document has the enumeration on the array, which is none of its own values.",
    shownBy: "patchGroup",
    apply: (document) =>
      setField(named(document, "PatchGroupResource"), "schemas", {
        type: "array",
        items: { type: "string", enum: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }
      })
  },
  {
    name: "a group is renamed by its id and its new name",
    reason: "Only the description of the operations has it, by an example.",
    shownBy: "patchGroup",
    apply: (document) =>
      alternativeValue(scimOperation(document, "PatchGroupResource"), {
        type: "object",
        properties: {
          id: { type: "string" },
          displayName: { type: "string" },
          members: { type: "array", items: { type: "object", properties: { value: { type: "string" } } } }
        }
      })
  },
  {
    name: "roles are added to a user by a list",
    reason: "Only the description of the operations has it, by an example.",
    shownBy: "patchUser",
    apply: (document) =>
      alternativeValue(
        scimOperation(document, "PatchUserResource"),
        named(document, "UserResource").properties?.["roles"] ?? {}
      )
  },
  {
    name: "several attributes of a user are changed by an object",
    reason: "RFC 7644 has it for a change without a path.",
    shownBy: "patchUser",
    apply: (document) => alternativeValue(scimOperation(document, "PatchUserResource"), reference("UserResource"))
  },
  {
    name: "a user is deactivated by a boolean",
    reason: "The description of the operations has the string, but the attribute is a boolean, which RFC 7644 has too.",
    shownBy: "patchUser",
    apply: (document) => alternativeValue(scimOperation(document, "PatchUserResource"), { type: "boolean" })
  },
  {
    name: "a user in a response has an id",
    reason: "The schema is that of a request too, where the id is optional. SCIM gives it in every response.",
    shownBy: "getUser",
    apply: (document) => {
      const { "/Users": users, "/Users/{id}": user } = document.paths
      const responses = [
        users?.post?.responses["201"],
        user?.get?.responses["200"],
        user?.put?.responses["200"],
        user?.patch?.responses["200"]
      ]
      for (const media of responses.flatMap((response) => Object.values(response?.content ?? {}))) {
        media.schema = { allOf: [media.schema ?? {}, { required: ["id"] }] }
      }
    }
  },
  {
    name: "the email addresses of a user have a name to show",
    reason: "Only the description of the field has it.",
    shownBy: "replaceUser",
    apply: (document) =>
      setField(named(document, "UserResource").properties?.["emails"]?.items ?? {}, "display", { type: "string" })
  }
]
