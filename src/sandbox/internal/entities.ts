/** What the sandbox keeps, as schemas, so that it can be written down and read again. */
import * as Schema from "effect/Schema"

const Texts = Schema.Record(Schema.String, Schema.String)

const Fields = Schema.Record(Schema.String, Schema.Unknown)

const Policy = Schema.Struct({
  permissionsPolicy: Texts,
  sharingPolicy: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Boolean]))
})

export interface Policy extends Schema.Schema.Type<typeof Policy> {}

const Point = Schema.Struct({ x: Schema.Finite, y: Schema.Finite })

export interface Point extends Schema.Schema.Type<typeof Point> {}

const Size = Schema.Struct({
  width: Schema.Finite,
  height: Schema.Finite,
  rotation: Schema.optionalKey(Schema.Finite)
})

export interface Size extends Schema.Schema.Type<typeof Size> {}

/** What something is known by, and its place in the order of creation. */
const identity = { id: Schema.String, serial: Schema.Int }

/** Who wrote a board or an item, and when. */
const authorship = {
  createdAt: Schema.Finite,
  createdBy: Schema.String,
  modifiedAt: Schema.Finite,
  modifiedBy: Schema.String
}

/** What was uploaded. */
export const File = Schema.Struct({ bytes: Schema.Uint8ArrayFromBase64, contentType: Schema.String })

export interface File extends Schema.Schema.Type<typeof File> {}

export const Item = Schema.Struct({
  ...identity,
  ...authorship,
  type: Schema.String,
  data: Fields,
  style: Texts,
  /** Counts from the middle of the canvas, or from the parent's top left corner. */
  position: Point,
  geometry: Size,
  parentId: Schema.optional(Schema.String),
  tagIds: Schema.Array(Schema.String),
  file: Schema.optional(File)
})

export interface Item extends Schema.Schema.Type<typeof Item> {}

/** A tag of a board, which items can have. */
export const Tag = Schema.Struct({ ...identity, title: Schema.String, fillColor: Schema.String })

export interface Tag extends Schema.Schema.Type<typeof Tag> {}

/** Where a connector begins or ends. */
const ConnectorEnd = Schema.Struct({
  id: Schema.String,
  position: Schema.optionalKey(Schema.Struct({ x: Schema.String, y: Schema.String }))
})

export interface ConnectorEnd extends Schema.Schema.Type<typeof ConnectorEnd> {}

/** A line between two items. */
export const Connector = Schema.Struct({
  ...identity,
  ...authorship,
  startItem: ConnectorEnd,
  endItem: ConnectorEnd,
  shape: Schema.String,
  captions: Schema.Array(Schema.Unknown),
  style: Fields
})

export interface Connector extends Schema.Schema.Type<typeof Connector> {}

/** Who has a part in a board. */
export const Member = Schema.Struct({ id: Schema.String, name: Schema.String, role: Schema.String })

export interface Member extends Schema.Schema.Type<typeof Member> {}

/** Items that belong together, by their ids. */
export const Group = Schema.Struct({ ...identity, items: Schema.Array(Schema.String) })

export interface Group extends Schema.Schema.Type<typeof Group> {}

/** A node of a mind map. */
export const MindMapNode = Schema.Struct({
  ...identity,
  ...authorship,
  content: Schema.String,
  position: Point,
  /** The node that it is a branch of. A root is of none. */
  parentId: Schema.optional(Schema.String)
})

export interface MindMapNode extends Schema.Schema.Type<typeof MindMapNode> {}

/** A board without what is on it. */
export const EmptyBoard = Schema.Struct({
  ...identity,
  ...authorship,
  name: Schema.String,
  description: Schema.String,
  teamId: Schema.String,
  projectId: Schema.optional(Schema.String),
  ownerId: Schema.String,
  policy: Policy
})

export interface EmptyBoard extends Schema.Schema.Type<typeof EmptyBoard> {}

/** What is kept of a resource of an organization. */
export const Resource = Schema.Struct({ ...identity, fields: Fields })

export interface Resource extends Schema.Schema.Type<typeof Resource> {}

/** Somebody in the organization. */
export const Person = Schema.Struct({
  ...identity,
  email: Schema.String,
  /** What an identity provider says of them, by the names of SCIM. */
  attributes: Fields
})

export interface Person extends Schema.Schema.Type<typeof Person> {}

/** The export of one board. */
const ExportTask = Schema.Struct({ ...identity, boardId: Schema.String })

export interface ExportTask extends Schema.Schema.Type<typeof ExportTask> {}

/** An export of boards. */
export const ExportJob = Schema.Struct({
  ...identity,
  /** By which a request that is made again is known. */
  requestId: Schema.String,
  orgId: Schema.String,
  creatorId: Schema.String,
  format: Schema.String,
  createdAt: Schema.Finite,
  cancelledAt: Schema.optional(Schema.Finite),
  tasks: Schema.Array(ExportTask)
})

export interface ExportJob extends Schema.Schema.Type<typeof ExportJob> {}

/** A change that somebody made. */
export const Happening = Schema.Struct({
  ...identity,
  at: Schema.Finite,
  userId: Schema.String,
  teamId: Schema.String,
  method: Schema.String,
  /** The path of the route. */
  template: Schema.String,
  params: Texts,
  /** The body of the response, as it was sent. */
  body: Schema.optional(Schema.String)
})

export interface Happening extends Schema.Schema.Type<typeof Happening> {}

/** What a signed URL is for. */
export const SignedFile = Schema.Struct({ file: File, expiresAt: Schema.Finite })

export interface SignedFile extends Schema.Schema.Type<typeof SignedFile> {}
