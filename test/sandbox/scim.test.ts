/** SCIM in the sandbox, through the package's own operations, and as a provider sends it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import {
  Boards,
  MiroClient,
  OrganizationMembers,
  ScimClient,
  ScimDiscovery,
  ScimGroups,
  ScimUsers,
  TeamMembers,
  Teams
} from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const token = Redacted.make("sandbox-token")

const Clients = Layer.merge(MiroClient.layerToken(token), ScimClient.layer({ token })).pipe(
  Layer.provideMerge(layerHttpClient)
)

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Clients))

const orgId = "3074457346704692800"

const isRefused = <A, E extends { readonly reason: { readonly _tag: string } }, R>(
  call: Effect.Effect<A, E, R>,
  tag: string
) => Effect.map(Effect.flip(call), ({ reason }) => assert.strictEqual(reason._tag, tag))

const names = (filter: string) =>
  Effect.map(Stream.runCollect(ScimUsers.list.items({ filter })), (users) => users.map(({ userName }) => userName))

const patch = (userId: string, operations: ReadonlyArray<ScimUsers.UserOperation>) =>
  ScimUsers.update({ userId, Operations: operations })

describe("what SCIM refuses", () => {
  it.effect("is refused in its own words, whatever the reason is", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const users = "/api/v1/scim/Users"
      yield* sandbox.injectFault({ path: `${users}/*`, status: 429, retryAfter: 7 })
      for (const [method, path, options, status, scimType] of [
        ["GET", users, { token: null }, 401, undefined],
        ["GET", users, { token: "unknown" }, 401, undefined],
        ["PUT", users, {}, 405, undefined],
        ["POST", users, { text: "x", contentType: "text/plain" }, 415, undefined],
        ["GET", "/api/v1/scim/Nothing", {}, 404, undefined],
        ["GET", `${users}/7`, {}, 429, "tooManyRequests"]
      ] as const) {
        const response = yield* support.send(method, path, options)
        assert.strictEqual(response.headers["content-type"], "application/scim+json")
        const body = JSON.parse(response.text)
        assert.deepStrictEqual([response.status, body.status, body.scimType], [status, String(status), scimType])
        assert.isNotEmpty(body.detail)
        if (status === 429) assert.strictEqual(response.headers["retry-after"], "7")
        if (status === 405) assert.strictEqual(response.headers["allow"], "GET, POST")
      }
    }).pipe(strictly)
  )
})

describe("a user of SCIM", () => {
  it.effect("is created, changed, replaced and deleted, and a member of the organization", () =>
    Effect.gen(function* () {
      const ada = yield* ScimUsers.create({
        userName: "ada@example.com",
        name: { givenName: "Ada", familyName: "Lovelace" },
        userType: "Free"
      })
      assert.strictEqual(ada.displayName, "Ada Lovelace")
      const member = yield* OrganizationMembers.get({ orgId, memberId: ada.id })
      assert.deepInclude(member, { email: "ada@example.com", active: true, license: "free" })
      yield* isRefused(ScimUsers.create({ userName: "ADA@example.com" }), "InvalidRequest")
      yield* isRefused(ScimUsers.create({ userName: "ada" }), "InvalidRequest")

      const changed = yield* patch(ada.id, [
        { op: "Replace", path: "active", value: "False" },
        { op: "Add", value: { displayName: "Ada King", "name.givenName": "Ada" } },
        { op: "Replace", path: "roles[primary eq true].value", value: "ORGANIZATION_INTERNAL_ADMIN" },
        { op: "Add", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", value: "Engines" }
      ])
      assert.deepInclude(changed, { active: false, displayName: "Ada King" })
      assert.strictEqual(changed.roles?.[0]?.value, "ORGANIZATION_INTERNAL_ADMIN")
      const extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
      assert.strictEqual((yield* ScimUsers.get({ userId: ada.id }))[extension]?.department, "Engines")
      const { active, role } = yield* OrganizationMembers.get({ orgId, memberId: ada.id })
      assert.deepStrictEqual([active, role], [false, "organization_internal_admin"])
      const without = yield* patch(ada.id, [{ op: "Remove", path: `${extension}:department` }])
      assert.isUndefined(without[extension]?.department)
      yield* isRefused(
        patch(ada.id, [{ op: "Replace", path: 'roles[value eq "x"].display', value: "y" }]),
        "InvalidRequest"
      )
      for (const operation of [
        { op: "Replace", path: "nickName", value: "Ada" },
        { op: "Move", path: "displayName", value: "Ada" },
        { op: "Replace", path: "active", value: "maybe" }
      ]) {
        yield* isRefused(patch(ada.id, [operation]), "InvalidRequest")
      }

      const replaced = yield* ScimUsers.replace({
        userId: ada.id,
        userName: "king@example.com",
        displayName: "A. King"
      })
      assert.deepInclude(replaced, { id: ada.id, userName: "king@example.com", displayName: "A. King", active: true })
      yield* ScimUsers.delete({ userId: ada.id })
      yield* isRefused(ScimUsers.get({ userId: ada.id }), "NotFound")
    }).pipe(strictly)
  )

  it.effect("leaves boards to the admin of the team when it is deleted", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { id: userId } = yield* ScimUsers.create({ userName: "ada@example.com" })
      const { accessToken } = yield* sandbox.issueTokens({ userId })
      const { json } = yield* support.send<support.Board>("POST", "/v2/boards", { json: {}, token: accessToken })
      yield* ScimUsers.delete({ userId })
      const board = yield* Boards.get({ boardId: json.id })
      assert.deepStrictEqual([board.owner?.name, board.currentUserMembership?.role], ["Sandbox User", "owner"])
    }).pipe(strictly)
  )

  it.effect("is found by filters, sorted and in pages", () =>
    Effect.gen(function* () {
      for (const name of ["ada", "bob", "cyd"]) yield* ScimUsers.create({ userName: `${name}@example.com` })
      assert.deepStrictEqual(yield* names('userName eq "BOB@example.com"'), ["bob@example.com"])
      assert.deepStrictEqual(yield* names('emails.value sw "a" or emails[value sw "c"]'), [
        "ada@example.com",
        "cyd@example.com"
      ])
      assert.deepStrictEqual(yield* names('userName ew "@example.com" and not (userName lt "c")'), ["cyd@example.com"])
      assert.deepStrictEqual(yield* names('nickName pr or userName eq "nobody"'), [])
      yield* isRefused(names("userName eq"), "InvalidRequest")
      // What every JavaScript object has is no attribute.
      yield* isRefused(names('userName constructor "a"'), "InvalidRequest")
      const unsorted = yield* ScimUsers.list({ sortBy: "valueOf", filter: "not (valueOf pr)" })
      assert.strictEqual(unsorted.Resources?.length, unsorted.totalResults)
      yield* isRefused(names("(userName pr"), "InvalidRequest")
      const { Resources = [], totalResults } = yield* ScimUsers.list({
        filter: 'userName co "example"',
        sortBy: "userName",
        sortOrder: "descending",
        startIndex: 2,
        count: 1,
        attributes: "userName,name.givenName"
      })
      assert.strictEqual(totalResults, 3)
      assert.deepStrictEqual(
        Resources.map(({ name, userName }) => [userName, Object.keys(name ?? {})]),
        [["bob@example.com", ["givenName"]]]
      )
      assert.notProperty(Resources[0], "emails")
    }).pipe(strictly)
  )
})

describe("a group of SCIM", () => {
  it.effect("is a team, whose members it changes", () =>
    Effect.gen(function* () {
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      const ada = yield* ScimUsers.create({ userName: "ada@example.com" })
      const bob = yield* TeamMembers.invite({ orgId, teamId, email: "bob@example.com" })
      const change = (...operations: ReadonlyArray<ScimGroups.GroupOperation>) =>
        Effect.map(ScimGroups.update({ groupId: teamId, Operations: operations }), ({ displayName, members = [] }) => [
          displayName,
          ...members.map(({ value }) => value)
        ])
      assert.deepStrictEqual(yield* change({ op: "Add", path: "members", value: [{ value: ada.id }] }), [
        "Design",
        bob.id,
        ada.id
      ])
      assert.deepStrictEqual((yield* ScimUsers.get({ userId: ada.id })).groups, [{ value: teamId, display: "Design" }])
      assert.strictEqual((yield* TeamMembers.get({ orgId, teamId, memberId: ada.id })).role, "member")
      assert.deepStrictEqual(yield* change({ op: "Remove", path: `members[value eq ${bob.id}]` }), ["Design", ada.id])
      assert.deepStrictEqual(yield* change({ op: "Replace", value: { displayName: "Research" } }), ["Research", ada.id])
      assert.deepStrictEqual(yield* change({ op: "Replace", path: "members", value: [{ value: bob.id }] }), [
        "Research",
        bob.id
      ])
      yield* isRefused(change({ op: "Add", path: "members", value: [{ value: "7" }] }), "NotFound")
      const groups = yield* Stream.runCollect(ScimGroups.list.items({ filter: 'displayName eq "research"' }))
      assert.deepStrictEqual(
        groups.map(({ id }) => id),
        [teamId]
      )
      assert.strictEqual((yield* Teams.get({ orgId, teamId })).name, "Research")
      yield* isRefused(ScimGroups.get({ groupId: "7" }), "NotFound")
    }).pipe(strictly)
  )
})

describe("SCIM", () => {
  it.effect("says what it can do", () =>
    Effect.gen(function* () {
      assert.deepInclude((yield* ScimDiscovery.getServiceProviderConfig()).filter, { supported: true })
      const { Resources: types = [] } = yield* ScimDiscovery.listResourceTypes()
      assert.deepStrictEqual(
        types.map(({ endpoint }) => endpoint),
        ["/Users", "/Groups"]
      )
      const { schema = "" } = yield* ScimDiscovery.getResourceType({ resource: "User" })
      assert.strictEqual((yield* ScimDiscovery.getSchema({ uri: schema })).name, "User")
      assert.strictEqual((yield* ScimDiscovery.listSchemas()).totalResults, 3)
      yield* isRefused(ScimDiscovery.getSchema({ uri: "unknown" }), "NotFound")
    }).pipe(strictly)
  )

  it.effect("has errors of its own, and takes what a provider sends beside what it knows", () =>
    Effect.gen(function* () {
      const refused = yield* support.send("GET", "/api/v1/scim/Users", { token: null })
      assert.strictEqual(refused.status, 401)
      assert.strictEqual(refused.headers["content-type"], "application/scim+json")
      const absent = yield* support.send("GET", "/api/v1/scim/Users/7")
      assert.deepInclude(JSON.parse(absent.text), {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: "404"
      })
      const created = yield* support.send("POST", "/api/v1/scim/Users", {
        json: { schemas: ["urn:x"], userName: "ada@example.com", externalId: "7", emails: [{ value: "x" }] }
      })
      assert.strictEqual(created.status, 201)
      assert.deepInclude(JSON.parse(created.text).emails[0], { value: "ada@example.com" })
      const malformed = yield* support.send("POST", "/api/v1/scim/Users", { text: "{" })
      assert.strictEqual(malformed.status, 400)
    }).pipe(Effect.provide(layerHttpClient))
  )
})
