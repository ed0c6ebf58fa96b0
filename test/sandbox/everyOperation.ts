/**
 * Every operation of the package, called with inputs made from its own schemas:
 * first all that creates something, then what reads and changes it, and at last
 * what deletes it.
 */
import { Effect, Predicate } from "effect"
import type { MiroClient, MiroError, ScimClient } from "effect-miro"
import { type Declared, operations } from "../../scripts/operations.ts"
import * as sample from "../support/sample.ts"

export type Fields = Readonly<Record<string, unknown>>

export type Call = (
  input: Fields
) => Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient | ScimClient.ScimClient>

/** The ids of what was created, by the paths of collections. */
type World = Map<string, string>

/** What is there from the beginning. */
export const newWorld = (): World =>
  new Map([
    ["orgId", "3074457346704692800"],
    ["appId", "7"],
    ["resource", "User"],
    ["uri", "urn:ietf:params:scim:schemas:core:2.0:User"]
  ])

const idIn = (value: unknown): string | undefined => {
  for (const name of ["id", "jobId"]) {
    if (Predicate.hasProperty(value, name) && Predicate.isString(value[name])) return value[name]
  }
  return undefined
}

const onBoard = (world: World, collection: string) => world.get(`/v2/boards/{boardId}/${collection}`)

type Arrange = (world: World, value: unknown) => unknown

const nothing: Arrange = () => undefined

const inside: Arrange = (world, value) =>
  Array.isArray(value)
    ? value.map((item: unknown) => inside(world, item))
    : Predicate.isObject(value)
      ? arrange(value, world)
      : value

/** What says something of what is there, in the place of a sample. */
const arranged: Readonly<Record<string, Arrange>> = {
  cursor: nothing,
  attributes: nothing,
  filter: () => "id pr",
  userName: () => "ada@example.com",
  email: () => "ada@example.com",
  copyFrom: (world) => world.get("boardId"),
  tagId: (world) => onBoard(world, "tags"),
  groupItemId: (world) => onBoard(world, "groups"),
  labelId: () => "3000000000000000001",
  defaultLabelId: () => "3000000000000000001",
  userGroupId: (world) => world.get("/v2/orgs/{orgId}/groups"),
  userGroupIds: (world) => [world.get("/v2/orgs/{orgId}/groups")],
  startItem: (world) => ({ id: onBoard(world, "sticky_notes") }),
  endItem: (world) => ({ id: onBoard(world, "texts") }),
  parentItemId: (world) => onBoard(world, "frames"),
  parent: (world) => ({ id: onBoard(world, "frames") }),
  // Of some items one of the two follows from the other.
  geometry: () => ({ width: 100 }),
  position: () => ({ x: 100, y: 100 }),
  Operations: () => [{ op: "Replace", path: "displayName", value: "Ada" }],
  data: inside,
  items: (world, items) =>
    Array.isArray(items) && items.every(Predicate.isString)
      ? [onBoard(world, "sticky_notes"), onBoard(world, "texts")]
      : inside(world, items)
}

const arrange = (input: Fields, world: World): Fields =>
  Object.fromEntries(
    Object.entries(input)
      .map(([name, value]) => [name, arranged[name] === undefined ? value : arranged[name](world, value)] as const)
      .filter(([, value]) => value !== undefined)
  )

/** The input with ids of what is there. */
export const withIds = ({ name, path }: Declared, input: Fields, world: World): Fields => {
  const ids = Array.from(path.matchAll(/\{(\w+)\}/g), ({ 1: name = "" }) => {
    const collection = path.slice(0, path.indexOf(`/{${name}}`))
    return [name, world.get(collection) ?? world.get(name) ?? onBoard(world, "sticky_notes")]
  })
  const fields = arrange(input, world)
  // The parent of a node is another node.
  const isNode = name === "MindMapNodes.create"
  return { ...fields, ...(isNode && { parent: undefined }), ...Object.fromEntries(ids) }
}

/** Takes down what was created. */
export const note = ({ method, name, path }: Declared, result: unknown, world: World): void => {
  const id = idIn(result)
  // A group that is changed is another one.
  if (name === "Groups.update" && id !== undefined) world.set("/v2/boards/{boardId}/groups", id)
  if (method === "POST" && id !== undefined) {
    world.set(path, id)
    const alias = { "Boards.create": "boardId", "Projects.create": "projectId", "TeamMembers.invite": "memberId" }[name]
    if (alias !== undefined) world.set(alias, id)
    if (name === "Teams.create") world.set("teamId", id).set("/Groups", id)
  }
  if (
    name === "BoardMembers.invite" &&
    Predicate.hasProperty(result, "successful") &&
    Array.isArray(result.successful)
  ) {
    world.set("boardMemberId", String(result.successful[0]))
  }
}

// Others are made of these.
const first = [
  "Boards.create",
  "Frames.create",
  "StickyNotes.create",
  "Texts.create",
  "Teams.create",
  "Projects.create"
]

const stages = ["POST", "GET", "PATCH", "PUT", "DELETE"]

const depth = ({ path }: Declared) => path.split("/").length

const isFirst = ({ name }: Declared) => first.includes(name)

export const ordered = operations.toSorted((one, other) => {
  if (isFirst(one) !== isFirst(other)) return isFirst(one) ? -1 : 1
  if (isFirst(one)) return first.indexOf(one.name) - first.indexOf(other.name)
  const [stage, otherStage] = [stages.indexOf(one.method), stages.indexOf(other.method)]
  if (stage !== otherStage) return stage - otherStage
  // A frame takes its items with it.
  const [ofFrame, ofOtherFrame] = [one, other].map(({ name }) => Number(name === "Frames.delete"))
  if (ofFrame !== ofOtherFrame && depth(one) === depth(other)) return (ofFrame ?? 0) - (ofOtherFrame ?? 0)
  return one.method === "DELETE" ? depth(other) - depth(one) : depth(one) - depth(other)
})

/** Calls all of them that have such a method, and gives those that were refused, with the reason. */
export const callEvery = Effect.fnUntraced(function* (extent: sample.Extent, methods = stages) {
  const world = newWorld()
  const refused: Array<string> = []
  for (const operation of ordered.filter(({ method }) => methods.includes(method))) {
    const queries = sample.samples(operation.query, extent)
    const bodies = sample.samples(operation.body, extent)
    for (let index = 0; index < Math.max(queries.length, bodies.length); index++) {
      const input = { ...queries[index % queries.length], ...bodies[index % bodies.length] }
      const call = operation.call as Call
      const result = yield* Effect.result(call(withIds(operation, input, world)))
      if (result._tag === "Failure") refused.push(`${operation.name}: ${result.failure.reason.message}`)
      else note(operation, result.success, world)
    }
  }
  return refused
})
