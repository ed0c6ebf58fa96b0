/** The people of the organization, as SCIM has them. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ScimUsers from "../../scim/Users.ts"
import * as Json from "../../http/json.ts"
import type { Person } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import * as Filters from "./scimFilter.ts"
import * as Patch from "./scimPatch.ts"
import * as scim from "./scimResponse.ts"
import type { Board, Store } from "./store.ts"
import * as teams from "./scimTeams.ts"
import * as users from "./users.ts"

type Attributes = Person["attributes"]

const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User", Filters.extension]

const text = (value: unknown): string | undefined => (Predicate.isString(value) && value !== "" ? value : undefined)

const namesOf = ({ attributes, email }: Person) => {
  const name = Predicate.isObject(attributes["name"]) ? attributes["name"] : {}
  const parts = [name["givenName"], name["familyName"]].filter(Predicate.isString).join(" ")
  const displayName = text(attributes["displayName"]) ?? text(name["formatted"]) ?? (parts || email)
  const [givenName = "", ...others] = displayName.split(" ")
  return { displayName, name: { formatted: displayName, givenName, familyName: others.join(" "), ...name } }
}

const userRole = { type: "organization_user_role", value: "ORGANIZATION_INTERNAL_USER", primary: true }

const toJson = (person: Person, { origin, store }: Pick<AuthenticatedCall, "origin" | "store">) => {
  const { attributes, email, id } = person
  return {
    schemas,
    id,
    userType: "Full",
    active: true,
    roles: [userRole],
    preferredLanguage: "en_US",
    ...attributes,
    ...namesOf(person),
    userName: email,
    emails: [{ value: email, display: email, type: "work", primary: true }],
    groups: teams.of(store, id),
    meta: { resourceType: "User", location: `${origin}${scim.base}/Users/${id}` }
  }
}

// What the organization knows by itself, whatever a provider says.
const computed: ReadonlySet<string> = new Set(["id", "schemas", "meta", "userName", "emails", "groups"])

const kept = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !computed.has(name)))

const find = ({ params, store }: AuthenticatedCall): Refusable<Person> => {
  const id = params["userId"] ?? ""
  return Result.fromNullishOr(users.find(store, id), () => scim.notFound("User", id))
}

const parse = (body: string): Refusable<unknown> =>
  Result.mapError(Json.parseResult(body), () => scim.invalid("The body is not JSON", "invalidSyntax"))

const decoderOf = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): Refusable<S["Type"]> =>
    Result.mapError(decode(value), ({ message }) => scim.invalid(message))
}

const decodeUser = decoderOf(ScimUsers.UserInput)
const decodeReplacement = decoderOf(ScimUsers.UserReplacement)
const decodeChanges = decoderOf(Schema.Struct({ Operations: Schema.Array(ScimUsers.UserOperation) }))

const possible = Object.keys(ScimUsers.UserReplacement.fields)

const checkName = (store: Store, userName: string, own?: Person): Refusable<void> => {
  if (!userName.includes("@")) return Result.fail(scim.invalid(`User name '${userName}' is invalid: 'not an email'`))
  const known = users.findByEmail(store, userName)
  return known === undefined || known.id === own?.id
    ? Result.void
    : Result.fail(scim.invalid(`User name '${userName}' is invalid: 'not unique'`))
}

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { userName, ...attributes } = yield* decodeUser(yield* parse(call.body))
    yield* checkName(call.store, userName)
    const person = users.add(call.store, userName, kept(attributes))
    return scim.json(toJson(person, call), 201)
  })

const list = (call: AuthenticatedCall): FullResponse =>
  scim.list(
    call,
    users.everybody(call.store).map((person) => toJson(person, call))
  )

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(find(call), (person) => scim.json(scim.pick(call, toJson(person, call))))

const written = (call: AuthenticatedCall, person: Person): FullResponse => {
  call.store.people.set(person.id, person)
  return Result.succeed(scim.json(toJson(person, call)))
}

const replace = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const person = yield* find(call)
    const { userName = person.email, ...attributes } = yield* decodeReplacement(yield* parse(call.body))
    yield* checkName(call.store, userName, person)
    return yield* written(call, { ...person, email: userName, attributes: kept(attributes) })
  })

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const person = yield* find(call)
    const { Operations } = yield* decodeChanges(yield* parse(call.body))
    let attributes: Attributes = { ...toJson(person, call), ...person.attributes }
    for (const operation of Operations) {
      attributes = yield* Result.mapError(Patch.apply(attributes, operation, possible), ({ detail, type }) =>
        scim.invalid(detail, type)
      )
    }
    // What comes of the changes has to be what could be sent at once.
    const { userName, ...replacement } = yield* decodeReplacement(attributes)
    const email = text(userName) ?? person.email
    yield* checkName(call.store, email, person)
    const isRenamed = Operations.some(({ path, value }) => /displayName/i.test(path ?? JSON.stringify(value)))
    // The parts of a name are those of the name that is shown.
    const { name: _name, ...others } = replacement
    return yield* written(call, { ...person, email, attributes: kept(isRenamed ? others : replacement) })
  })

/** Takes somebody off a board, which goes to the admin of the team if it was theirs. */
const leave = (store: Store, board: Board, userId: string): void => {
  board.members.delete(userId)
  if (board.ownerId !== userId) return
  const { id } = users.owner
  board.members.set(id, { id, name: users.nameOf(id), role: "owner" })
  store.boards.set(board.id, { ...board, ownerId: id })
}

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { store } = call
    const { id } = yield* find(call)
    if (id === users.owner.id) {
      return yield* Result.fail(scim.invalid("The last admin of an organization cannot be deleted"))
    }
    store.people.delete(id)
    for (const [path, members] of store.resources) if (path.endsWith("/members")) members.delete(id)
    for (const board of store.boards.values()) leave(store, board, id)
    return HttpServerResponse.empty()
  })

export const routes: ReadonlyArray<Route> = [
  scim.routeOf(ScimUsers.list, list),
  scim.routeOf(ScimUsers.create, create),
  scim.routeOf(ScimUsers.get, get),
  scim.routeOf(ScimUsers.replace, replace),
  scim.routeOf(ScimUsers.update, update),
  scim.routeOf(ScimUsers.delete, remove)
]
