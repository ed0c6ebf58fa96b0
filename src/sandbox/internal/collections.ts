/**
 * Resources of an organization that are kept as they are described: created,
 * listed, read, changed and deleted by the operations that the package declares.
 */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import type { Metadata } from "../../client/Operation.ts"
import type { Resource } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, MeteredRoute, Route } from "./route.ts"
import type { Store } from "./store.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

export type Fields = Readonly<Record<string, unknown>>

export interface Declared {
  readonly operation: Metadata
}

/** Resources of one kind, below an organization or another resource. */
export interface Collection {
  readonly list: Declared
  readonly create: Declared
  readonly get: Declared
  /** Absent where nothing can be changed. */
  readonly update?: Declared
  readonly remove: Declared
  /** Whether lists say how many there are. */
  readonly isCounted?: boolean
  /** What Miro adds to what a request says, and the id, if it is not a new one. */
  readonly made: (call: AuthenticatedCall, body: Fields) => Fields
  /** What a change adds to what it says. */
  readonly changed?: (call: AuthenticatedCall, body: Fields) => Fields
  /** Whether a list that is asked for by these parameters has a resource: all of them unless set. */
  readonly isWanted?: (fields: Fields, query: URLSearchParams) => boolean
  /** Refuses what a request is about and is not there. */
  readonly checkCreation?: (call: AuthenticatedCall, body: Fields) => Refusable<void>
  /** Refuses to remove what has to stay. */
  readonly checkRemoval?: (call: AuthenticatedCall) => Refusable<void>
  /** Takes away what refers to a resource that was removed. */
  readonly removed?: (call: AuthenticatedCall, id: string) => void
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"))

const idIn = (path: string): string => decodeURIComponent(path.slice(path.lastIndexOf("/") + 1))

/** The resources at the path of a collection. */
export const at = ({ resources }: Store, collection: string): Map<string, Resource> => {
  const known = resources.get(collection) ?? new Map<string, Resource>()
  resources.set(collection, known)
  return known
}

const find = (store: Store, path: string): Refusable<Resource> =>
  Result.fromNullishOr(store.resources.get(parentOf(path))?.get(idIn(path)), () => errors.notFound())

export const fieldsOf = (body: unknown): Fields => (Predicate.isObject(body) ? body : {})

const respond = ({ fields, id }: Resource, status = 200) => HttpServerResponse.jsonUnsafe({ id, ...fields }, { status })

const create = ({ checkCreation = () => Result.void, create: declared, made }: Collection) => {
  const check = validation.checkerOf(declared)
  return (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const body = fieldsOf(yield* check(call.body))
      yield* checkCreation(call, body)
      const { id, serial } = nextItem(call.store)
      const { id: known = id, ...fields } = made(call, body)
      const resource: Resource = { id: String(known), serial, fields }
      const resources = at(call.store, call.path)
      if (resources.has(resource.id)) return yield* Result.fail(errors.conflict())
      resources.set(resource.id, resource)
      return respond(resource, declared.operation.status)
    })
}

const list = ({ isCounted = false, isWanted = () => true, list: { operation } }: Collection) => {
  const maximum = operation.pagination?.maximum ?? 100
  return (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const limit = yield* paging.limit(call, { noun: "resources", minimum: 1, maximum, fallback: maximum })
      const after = yield* paging.cursor(call)
      const wanted = Array.from(at(call.store, call.path).values()).filter(({ fields }) => isWanted(fields, call.query))
      const page = paging.rowsPage(wanted, { limit, after, toJson: ({ fields, id }) => ({ id, ...fields }) })
      const total = isCounted ? { total: wanted.length } : {}
      return HttpServerResponse.jsonUnsafe({ ...page, ...total, type: "cursor-list" })
    })
}

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(find(call.store, call.path), (found) => respond(found))

const update = (declared: Declared, { changed }: Collection) => {
  const check = validation.checkerOf(declared)
  return (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const { fields, id, serial } = yield* find(call.store, call.path)
      const body = fieldsOf(yield* check(call.body))
      const merged = Record.filter({ ...fields, ...body, ...changed?.(call, body) }, Predicate.isNotNull)
      const resource: Resource = { id, serial, fields: merged }
      at(call.store, parentOf(call.path)).set(id, resource)
      return respond(resource)
    })
}

/** Deletes a resource, and all that is below it. */
const remove =
  ({ checkRemoval = () => Result.void, removed }: Collection) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const { id } = yield* find(call.store, call.path)
      yield* checkRemoval(call)
      const { resources } = call.store
      at(call.store, parentOf(call.path)).delete(id)
      for (const path of resources.keys()) {
        if (path.startsWith(`${call.path}/`)) resources.delete(path)
      }
      removed?.(call, id)
      return HttpServerResponse.empty()
    })

const lengthOf = (path: string): number => path.split("/").length

/** Makes the route of an operation. */
export type RouteOf = (declared: Declared, handle: (call: AuthenticatedCall) => FullResponse) => MeteredRoute

/** The route of an operation that is below nothing of an organization. */
export const routeOf: RouteOf = ({ operation: { level = 1, method, path } }, handle) => ({
  method,
  path,
  level,
  handle
})

/** Makes routes of what may be below a resource of these collections, and is found only if that is there. */
export const routeBelow = (collections: ReadonlyArray<Collection>): RouteOf => {
  const owners = collections
    .map(({ get: { operation } }) => operation.path)
    .toSorted((one, other) => lengthOf(other) - lengthOf(one))
  return ({ operation }, handle) => {
    const { level = 1, method, path } = operation
    const owner = owners.find((template) => path.startsWith(`${template}/`))
    if (owner === undefined) return routeOf({ operation }, handle)
    const length = lengthOf(owner)
    const ownerOf = (call: AuthenticatedCall) => find(call.store, call.path.split("/").slice(0, length).join("/"))
    // The team of the token is there, though nobody made it.
    const isOfToken = ({ params, session }: AuthenticatedCall) => params["teamId"] === session.teamId
    return {
      method,
      path,
      level,
      handle: (call) => (isOfToken(call) ? handle(call) : Result.flatMap(ownerOf(call), () => handle(call)))
    }
  }
}

export const routes = (collections: ReadonlyArray<Collection>, routeOf: RouteOf): ReadonlyArray<Route> =>
  collections.flatMap((collection) => [
    routeOf(collection.create, create(collection)),
    routeOf(collection.list, list(collection)),
    routeOf(collection.get, get),
    ...(collection.update === undefined ? [] : [routeOf(collection.update, update(collection.update, collection))]),
    routeOf(collection.remove, remove(collection))
  ])
