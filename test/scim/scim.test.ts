import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer, Redacted, Stream } from "effect"
import { AccessToken, Boards, MiroClient, type MiroError, RateLimit } from "effect-miro"
import * as ScimDiscovery from "effect-miro/scim/Discovery"
import * as ScimGroups from "effect-miro/scim/Groups"
import * as ScimClient from "effect-miro/scim/ScimClient"
import * as ScimUsers from "effect-miro/scim/Users"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"

const canary = "scim.tok/en+1234567890=="

const wired = (respond: http.Respond, options: Partial<ScimClient.Options> = {}) =>
  Effect.provide(
    ScimClient.layer({ token: Redacted.make(canary), ...options }).pipe(
      Layer.provideMerge(Layer.suspend(() => http.layerWire(respond)))
    )
  )

const replying = (...replies: ReadonlyArray<http.Reply>) => wired(http.script(...replies))

const always = (reply: http.Reply) => wired(() => reply)

type Calling<A> = Effect.Effect<A, MiroError.MiroError, ScimClient.ScimClient>

/** Calls an operation as JavaScript does, with whatever there is. */
const untyped = (operation: (input: never) => Calling<unknown>, input: unknown) => operation(input as never)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

const user = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
  id: "3074457365265951581",
  meta: { resourceType: "User", location: "https://miro.com/api/v1/scim/Users/3074457365265951581" },
  userName: "anna@example.com",
  name: { formatted: "Anna Bell", familyName: "Bell", givenName: "Anna" },
  displayName: "Anna Bell",
  userType: "Full",
  active: true,
  emails: [{ value: "anna@example.com", display: "anna@example.com", type: "work", primary: true }],
  photos: [{ type: "photo", value: "https://example.com/anna.jpg" }],
  groups: [{ value: "3074457365266112911", display: "Product" }],
  roles: [
    { type: "organization_user_role", value: "ORGANIZATION_INTERNAL_USER", display: "Member", primary: true },
    { type: "organization_admin_role", value: "Keeper of the Logs", primary: false }
  ],
  preferredLanguage: "en_US",
  [enterprise]: { employeeNumber: "E0001", department: "DeptA", manager: { displayName: "Ben", value: "7" } }
} as const

const group = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  id: "3074457365836251622",
  meta: { resourceType: "Group", location: "https://miro.com/api/v1/scim/Groups/3074457365836251622" },
  displayName: "Product",
  members: [{ value: "3074457365265951581", type: "User", display: "Anna Bell" }]
}

const listResponse = { schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"] }

const failure = (status: number, more: object, headers?: Record<string, string>) =>
  http.json(
    { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), ...more },
    { status, headers: { "content-type": "application/scim+json", ...headers } }
  )

const bodies = http.Wire.useSync(({ sent }) => sent.map(({ body }) => body))

const queries = http.Wire.useSync(({ sent }) => sent.map(({ query }) => query))

describe("a call", () => {
  it.effect("goes to the host of SCIM with its own token and content types", () =>
    Effect.gen(function* () {
      yield* ScimUsers.get({ userId: "1" })
      yield* ScimUsers.create({ userName: "anna@example.com" })
      yield* ScimUsers.replace({ userId: "1", active: false })
      yield* ScimUsers.update({ userId: "1", Operations: [] })
      yield* ScimUsers.delete({ userId: "1" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ headers, method, url }) => [method, url, headers["content-type"]]),
        [
          ["GET", "https://miro.com/api/v1/scim/Users/1", undefined],
          ["POST", "https://miro.com/api/v1/scim/Users", "application/scim+json"],
          ["PUT", "https://miro.com/api/v1/scim/Users/1", "application/scim+json"],
          ["PATCH", "https://miro.com/api/v1/scim/Users/1", "application/scim+json"],
          ["DELETE", "https://miro.com/api/v1/scim/Users/1", undefined]
        ]
      )
      for (const { headers } of sent) {
        assert.strictEqual(headers["authorization"], `Bearer ${canary}`)
        assert.strictEqual(headers["accept"], "application/scim+json")
        assert.strictEqual(headers["user-agent"], "effect-miro")
      }
    }).pipe(wired(({ method }) => (method === "DELETE" ? http.noContent : http.json(user))))
  )

  it.effect("of SCIM and one of the rest have each their own client", () =>
    Effect.gen(function* () {
      yield* ScimUsers.get({ userId: "1" })
      yield* Boards.get({ boardId: "b" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ headers, url }) => [url, headers["authorization"], headers["accept"]]),
        [
          ["https://miro.com/api/v1/scim/Users/1", `Bearer ${canary}`, "application/scim+json"],
          ["https://api.miro.com/v2/boards/b", "Bearer test-token", "application/json"]
        ]
      )
    }).pipe(
      Effect.provide(
        Layer.mergeAll(
          ScimClient.layer({ token: Redacted.make(canary) }),
          MiroClient.layer().pipe(Layer.provide(AccessToken.layer(http.token)))
        ).pipe(Layer.provideMerge(http.layerWire(http.script(http.json(user), http.json(payloads.board)))))
      )
    )
  )

  it.effect("goes where the options say", () =>
    Effect.gen(function* () {
      yield* ScimGroups.get({ groupId: "1" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ headers, url }) => [url, headers["user-agent"]]),
        [["http://localhost:4010/scim/Groups/1", "directory-sync/2 effect-miro"]]
      )
    }).pipe(wired(() => http.json(group), { baseUrl: "http://localhost:4010/scim", userAgent: "directory-sync/2" }))
  )

  it.effect("goes where the environment says", () =>
    Effect.gen(function* () {
      yield* ScimGroups.get({ groupId: "1" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ headers, url }) => [url, headers["authorization"]]),
        [["http://localhost:4010/scim/Groups/1", "Bearer from-the-environment"]]
      )
    }).pipe(
      Effect.provide(
        ScimClient.layerConfig().pipe(
          Layer.provide(
            ConfigProvider.layer(
              ConfigProvider.fromUnknown({
                MIRO_SCIM_TOKEN: "from-the-environment",
                MIRO_SCIM_BASE_URL: "http://localhost:4010/scim"
              })
            )
          ),
          Layer.provideMerge(http.layerWire(http.script(http.json(group))))
        )
      )
    )
  )

  it.effect("with a refused token is not made again, as there is no other", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(ScimUsers.get({ userId: "1" }), "Unauthorized")
      assert.strictEqual(reason.message, "Unauthorized")
    }).pipe(replying(failure(401, { detail: "Unauthorized" })))
  )

  it.effect("has a path that no id can leave", () =>
    Effect.gen(function* () {
      yield* http.failsWith(ScimUsers.delete({ userId: ".." }), "InvalidInput")
      yield* http.failsWith(ScimUsers.delete({ userId: "" }), "InvalidInput")
      yield* ScimUsers.get({ userId: "../Groups/1?x#y" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ path, query }) => [path, query]),
        [["/api/v1/scim/Users/..%2FGroups%2F1%3Fx%23y", {}]]
      )
    }).pipe(replying(http.json(user)))
  )

  it("says in its type which client it needs", () => {
    const get: Calling<ScimUsers.User> = ScimUsers.get({ userId: "1" })
    const items: Stream.Stream<ScimGroups.Group, MiroError.MiroError, ScimClient.ScimClient> = ScimGroups.list.items()
    const withOther = (call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>) => call
    // @ts-expect-error: the client of the rest will not do
    assert.strictEqual(withOther(get), get)
    assert.isTrue(Stream.isStream(items))
    assert.strictEqual(ScimUsers.delete.operation.status, 204)
    assert.deepStrictEqual([ScimUsers.create.operation.scopes, ScimUsers.create.operation.level], [[], undefined])
  })
})

describe("a response", () => {
  it.effect("gives a user with all that Miro knows, and what we do not know", () =>
    Effect.gen(function* () {
      const got = yield* ScimUsers.get({ userId: "1", attributes: "userName,emails.value" })
      assert.deepStrictEqual<unknown>(got, { ...user, nickName: "An", name: { ...user.name, middleName: "B" } })
      assert.strictEqual(got[enterprise]?.department, "DeptA")
      assert.strictEqual(got[enterprise]?.manager?.displayName, "Ben")
      assert.deepStrictEqual(yield* queries, [{ attributes: "userName,emails.value" }])
    }).pipe(
      Effect.provideService(MiroClient.Strict, true),
      replying(http.json({ ...user, nickName: "An", name: { ...user.name, middleName: "B" } }))
    )
  )

  it.effect("may leave out all but the id", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual<unknown>(yield* ScimUsers.get({ userId: "1", attributes: "id" }), { id: "1" })
      assert.deepStrictEqual<unknown>(yield* ScimGroups.get({ groupId: "1" }), { id: "1" })
      yield* http.failsWith(ScimUsers.get({ userId: "1" }), "InvalidResponse")
      yield* http.failsWith(ScimGroups.get({ groupId: "1" }), "InvalidResponse")
    }).pipe(
      replying(
        http.json({ id: "1" }),
        http.json({ id: "1", displayName: null, members: null }),
        http.json({ userName: "anna@example.com" }),
        http.json({ displayName: "Product" })
      )
    )
  )

  it.effect("has ids as strings of all their digits", () =>
    Effect.gen(function* () {
      const { id, members } = yield* ScimGroups.get({ groupId: "1" })
      assert.strictEqual(id, "3074457365836251622")
      assert.deepStrictEqual(members, [{ value: "3074457365265951581" }, { value: "7" }])
    }).pipe(replying(http.text('{"id":3074457365836251622,"members":[{"value":3074457365265951581},{"value":7}]}')))
  )

  it.effect("tells of schemas, with parts of parts of attributes", () =>
    Effect.gen(function* () {
      const schema = yield* ScimDiscovery.getSchema({ uri: "urn:ietf:params:scim:schemas:core:2.0:User" })
      const [part] = schema.attributes?.[0]?.subAttributes ?? []
      assert.deepStrictEqual<unknown>(part?.subAttributes, [{ name: "c", caseExact: true, unknown: 1 }])
      const { Resources = [], totalResults } = yield* ScimDiscovery.listSchemas()
      assert.deepStrictEqual<unknown>([Resources[0]?.attributes?.[0], totalResults], [{ name: "a" }, 1])
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ url }) => decodeURIComponent(url)),
        [
          "https://miro.com/api/v1/scim/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
          "https://miro.com/api/v1/scim/Schemas"
        ]
      )
    }).pipe(
      Effect.provideService(MiroClient.Strict, true),
      replying(
        http.json({
          id: "urn:ietf:params:scim:schemas:core:2.0:User",
          attributes: [
            { name: "a", subAttributes: [{ name: "b", subAttributes: [{ name: "c", caseExact: true, unknown: 1 }] }] }
          ]
        }),
        http.json({ ...listResponse, totalResults: 1, Resources: [{ id: "s", attributes: [{ name: "a" }] }] })
      )
    )
  )

  it.effect("leaves out what does not fit of an attribute, however deep", () =>
    Effect.gen(function* () {
      const { attributes } = yield* ScimDiscovery.getSchema({ uri: "u" })
      assert.deepStrictEqual<unknown>(attributes, [{ name: "a", subAttributes: [{ name: "b" }] }])
    }).pipe(
      replying(
        http.json({ attributes: [{ name: "a", subAttributes: [{ name: "b", required: "often", type: null }] }] })
      )
    )
  )

  it.effect("tells what is supported", () =>
    Effect.gen(function* () {
      const config = yield* ScimDiscovery.getServiceProviderConfig()
      assert.deepStrictEqual([config.patch?.supported, config.filter?.maxResults], [true, 200])
      const { Resources } = yield* ScimDiscovery.listResourceTypes()
      assert.deepStrictEqual(
        Resources?.map(({ endpoint }) => endpoint),
        ["/Users"]
      )
      assert.strictEqual((yield* ScimDiscovery.getResourceType({ resource: "User" })).endpoint, "/Users")
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ path }) => path),
        ["/api/v1/scim/ServiceProviderConfig", "/api/v1/scim/ResourceTypes", "/api/v1/scim/ResourceTypes/User"]
      )
    }).pipe(
      replying(
        http.json({ patch: { supported: true }, filter: { supported: true, maxResults: 200 } }),
        http.json({ ...listResponse, totalResults: 1, Resources: [{ id: "User", endpoint: "/Users" }] }),
        http.json({ id: "User", endpoint: "/Users" })
      )
    )
  )
})

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => String(from + index))

interface ListOptions {
  /** How many resources a page has at the most, whatever is asked for. */
  readonly atMost?: number
  /** Fields that take the place of those of a page. */
  readonly more?: object
}

/** A list of resources with the ids 1, 2 and so on. */
const byIndex =
  (length: number, { atMost = 1000, more }: ListOptions = {}): http.Respond =>
  ({ query }) => {
    const startIndex = Number(query["startIndex"])
    const size = Math.max(0, Math.min(Number(query["count"]), atMost, length - startIndex + 1))
    return http.json({
      ...listResponse,
      totalResults: length,
      startIndex,
      itemsPerPage: size,
      Resources: range(startIndex, size).map((id) => ({ id })),
      ...more
    })
  }

const idsOf = <E, R>(items: Stream.Stream<{ readonly id: string }, E, R>) =>
  Stream.runCollect(Stream.map(items, ({ id }) => id))

const users = ScimUsers.list.items()

describe("a list", () => {
  it.effect("costs no credits, and tells the limiter of the rest of the API nothing", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      yield* Effect.provideService(ScimUsers.list(), RateLimit.RateLimit, {
        acquire: () =>
          Effect.sync(() => {
            events.push("acquire")
            return { observe: () => Effect.sync(() => events.push("observe")), release: Effect.void }
          }),
        remaining: Effect.succeedNone
      })
      assert.deepStrictEqual(events, [])
    }).pipe(replying(http.json(listResponse, { headers: { "x-ratelimit-remaining": "3" } })))
  )

  it.effect.each([0, 1, 999, 1000, 1001, 2500])("of %i users is read to its end", (length) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(users), range(1, length))
      assert.strictEqual((yield* queries).length, Math.floor(length / 1000) + 1)
    }).pipe(wired(byIndex(length)))
  )

  it.effect("is asked for in the largest pages that Miro gives, counted from 1", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(ScimGroups.list.items()), range(1, 2100))
      assert.deepStrictEqual(yield* queries, [
        { startIndex: "1", count: "1000" },
        { startIndex: "1001", count: "1000" },
        { startIndex: "2001", count: "1000" }
      ])
    }).pipe(wired(byIndex(2100)))
  )

  it.effect("keeps its other parameters on every page, and begins where it is told", () =>
    Effect.gen(function* () {
      const input = {
        filter: 'userName sw "a" and active eq true',
        attributes: "id",
        sortBy: "userName",
        sortOrder: "descending"
      }
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ ...input, startIndex: 3, count: 2 })), range(3, 3))
      assert.deepStrictEqual(yield* queries, [
        { ...input, startIndex: "3", count: "2" },
        { ...input, startIndex: "5", count: "2" }
      ])
    }).pipe(wired(byIndex(5)))
  )

  it.effect("called as it is gives one page, and asks for no size of it", () =>
    Effect.gen(function* () {
      const { Resources, totalResults } = yield* ScimUsers.list()
      assert.deepStrictEqual<unknown>([Resources, totalResults], [[user], 12])
      assert.deepStrictEqual(yield* queries, [{}])
    }).pipe(replying(http.json({ ...listResponse, totalResults: 12, Resources: [user] })))
  )

  it.effect.each([
    { totalResults: 0 },
    { totalResults: 0, startIndex: 1, itemsPerPage: 0 },
    { totalResults: 0, Resources: [] },
    { totalResults: 0, Resources: null },
    {}
  ])("is empty when the page is %j", (page) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(users), [])
      assert.strictEqual((yield* queries).length, 1)
    }).pipe(replying(http.json({ ...listResponse, ...page })))
  )

  it.effect("ends with a page that has no Resources, whatever totalResults says", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ count: 2 })), ["1", "2"])
    }).pipe(
      replying(
        http.json({ ...listResponse, totalResults: 5, startIndex: 1, Resources: [{ id: "1" }, { id: "2" }] }),
        http.json({ ...listResponse, totalResults: 5, startIndex: 3 })
      )
    )
  )

  it.effect("is read on where totalResults lags behind full pages", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ count: 2 })), range(1, 5))
      assert.strictEqual((yield* queries).length, 3)
    }).pipe(wired(byIndex(5, { more: { totalResults: 1 } })))
  )

  it.effect("is read on without totalResults, startIndex and itemsPerPage", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ count: 2 })), range(1, 5))
      // Without a total, only a page without resources is known to be the last.
      assert.strictEqual((yield* queries).length, 4)
    }).pipe(wired(byIndex(5, { more: { totalResults: undefined, startIndex: undefined, itemsPerPage: undefined } })))
  )

  it.effect("is read on without totalResults when Miro gives smaller pages than it was asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(users), range(1, 450))
    }).pipe(wired(byIndex(450, { atMost: 200, more: { totalResults: undefined } })))
  )

  it.effect("goes on from where a page really began", () =>
    Effect.gen(function* () {
      // Before the first there is nothing, so SCIM begins with the first.
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ startIndex: 0, count: 2 })), range(1, 3))
      assert.deepStrictEqual(
        (yield* queries).map(({ startIndex }) => startIndex),
        ["0", "3"]
      )
    }).pipe(
      replying(
        http.json({ ...listResponse, totalResults: 3, startIndex: 1, Resources: [{ id: "1" }, { id: "2" }] }),
        http.json({ ...listResponse, totalResults: 3, startIndex: 3, Resources: [{ id: "3" }] })
      )
    )
  )

  it.effect("ends with an empty page, wherever that says it begins", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(ScimUsers.list.items({ count: 2 })), range(1, 2))
    }).pipe(
      replying(
        http.json({ ...listResponse, totalResults: 2, startIndex: 1, Resources: [{ id: "1" }, { id: "2" }] }),
        http.json({ ...listResponse, totalResults: 2, startIndex: 1, Resources: [] })
      )
    )
  )

  it.effect("fails where a resource is broken, rather than lose the page that it is on", () =>
    Effect.gen(function* () {
      const broken = [{ id: "1" }, { userName: "anna@example.com" }, { id: "3" }]
      const { reason } = yield* http
        .failsWith(ScimUsers.list(), "InvalidResponse")
        .pipe(replying(http.json({ ...listResponse, totalResults: 3, Resources: broken })))
      assert.deepStrictEqual(
        reason.issues.map(({ path }) => path),
        [["Resources", 1, "id"]]
      )
      const none = yield* ScimUsers.list().pipe(
        replying(http.json({ ...listResponse, totalResults: 0, Resources: null }))
      )
      assert.isUndefined(none.Resources)
    })
  )

  it.effect("of schemas that is nested without end is no defect", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(ScimDiscovery.getSchema({ uri: "urn" }), "InvalidResponse")
      assert.include(reason.message, "the body cannot be decoded")
    }).pipe(
      replying(http.text(`{"id":"urn","attributes":${'[{"subAttributes":'.repeat(20_000)}[]${"}]".repeat(20_000)}}`))
    )
  )

  it.effect("is read to its end when Miro gives smaller pages than it was asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(users), range(1, 450))
      assert.deepStrictEqual(
        (yield* queries).map(({ startIndex }) => startIndex),
        ["1", "201", "401"]
      )
    }).pipe(wired(byIndex(450, { atMost: 200 })))
  )

  it.effect("that leads back to its beginning fails with PaginationLoop, before a user comes twice", () =>
    Effect.gen(function* () {
      const ids: Array<string> = []
      const error = yield* Effect.flip(
        Stream.runForEach(ScimUsers.list.items({ count: 2 }), ({ id }) => Effect.sync(() => ids.push(id)))
      )
      assert.strictEqual(error.reason._tag, "PaginationLoop")
      assert.include(error.message, "ScimUsers.list failed with PaginationLoop (GET /Users)")
      assert.deepStrictEqual(ids, ["1", "2"])
    }).pipe(always(http.json({ totalResults: 9, startIndex: 1, Resources: [{ id: "1" }, { id: "2" }] })))
  )

  it.effect("waits out a 429 without starting anew", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* http.inTime(idsOf(users)), range(1, 1500))
      assert.deepStrictEqual(
        (yield* queries).map(({ startIndex }) => startIndex),
        ["1", "1001", "1001"]
      )
    }).pipe(
      wired((sent, index) =>
        index === 1
          ? failure(429, { scimType: "tooManyRequests", detail: "Slow down" }, { "retry-after": "30" })
          : byIndex(1500)(sent, index)
      )
    )
  )
})

const patchOp = '"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'

const sentTo = (call: Calling<unknown>, body: string) =>
  Effect.gen(function* () {
    yield* call
    assert.deepStrictEqual(yield* bodies, [body])
  }).pipe(always(http.json(user)))

describe("a change", () => {
  const ofUsers: ReadonlyArray<readonly [value: string, operation: ScimUsers.UserOperation, body: string]> = [
    [
      "a string",
      { op: "Replace", path: "userType", value: "Full" },
      '{"op":"Replace","path":"userType","value":"Full"}'
    ],
    ["a boolean", { op: "Replace", path: "active", value: false }, '{"op":"Replace","path":"active","value":false}'],
    [
      "an array",
      {
        op: "Add",
        path: "roles",
        value: [{ value: "Content Admin", type: "organization_admin_role", primary: false }]
      },
      '{"op":"Add","path":"roles","value":[{"type":"organization_admin_role","value":"Content Admin","primary":false}]}'
    ],
    [
      "several attributes",
      { op: "replace", value: { active: false, "name.givenName": "Anna", emails: [{ value: "a@example.com" }] } },
      '{"op":"replace","value":{"active":false,"emails":[{"value":"a@example.com"}],"name.givenName":"Anna"}}'
    ],
    [
      "an attribute that this package does not know",
      { op: "add", path: "name", value: { nickname: "Babs" } },
      '{"op":"add","path":"name","value":{"nickname":"Babs"}}'
    ],
    [
      "nothing",
      { op: "Remove", path: 'roles[value eq "Content Admin"]', value: undefined },
      String.raw`{"op":"Remove","path":"roles[value eq \"Content Admin\"]"}`
    ]
  ]
  it.effect.each(ofUsers)("of a user to %s is wrapped in a PatchOp", ([, operation, body]) =>
    sentTo(ScimUsers.update({ userId: "1", Operations: [operation] }), `{${patchOp},"Operations":[${body}]}`)
  )

  it.effect("of a team is wrapped in a PatchOp, with all of its operations", () =>
    Effect.gen(function* () {
      const { displayName } = yield* ScimGroups.update({
        groupId: "1",
        attributes: "id,displayName",
        Operations: [
          { op: "Add", path: "members", value: [{ value: "7" }, { value: "8" }] },
          { op: "Remove", path: "members[value eq 9]" },
          { op: "Replace", path: "displayName", value: "Design" },
          { op: "Replace", value: { id: "1", displayName: "Design" } },
          { op: "add", value: { members: [{ value: "10" }] } }
        ]
      })
      assert.strictEqual(displayName, "Product")
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ body, method, path, query }) => [method, path, query, JSON.parse(body ?? "")]),
        [
          [
            "PATCH",
            "/api/v1/scim/Groups/1",
            { attributes: "id,displayName" },
            {
              schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
              Operations: [
                { op: "Add", path: "members", value: [{ value: "7" }, { value: "8" }] },
                { op: "Remove", path: "members[value eq 9]" },
                { op: "Replace", path: "displayName", value: "Design" },
                { op: "Replace", value: { id: "1", displayName: "Design" } },
                { op: "add", value: { members: [{ value: "10" }] } }
              ]
            }
          ]
        ]
      )
    }).pipe(replying(http.json(group)))
  )

  it.effect("of no kind that there is sends nothing, and says where", () =>
    Effect.gen(function* () {
      const operation = { op: "Replace", path: "active", value: false }
      const cases: ReadonlyArray<readonly [path: string, input: object]> = [
        ["Operations", {}],
        ["Operations", { Operations: operation }],
        ["operations", { Operations: [], operations: [operation] }],
        ["schemas", { Operations: [], schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }],
        ["Operations.1.op", { Operations: [operation, { path: "active" }] }],
        ["Operations.0.path", { Operations: [{ op: "remove" }] }],
        ["Operations.0.path", { Operations: [{ op: "Remove", value: "7" }] }],
        ["Operations.0.value", { Operations: [{ op: "add", path: "displayName" }] }],
        ["Operations.0.value", { Operations: [{ op: "REPLACE", value: "Anna" }] }],
        ["Operations.0.value", { Operations: [{ op: "replace", value: [] }] }],
        ["Operations.0.value.active", { Operations: [{ op: "replace", value: { active: "no" } }] }],
        ["Operations.0.value.x", { Operations: [{ op: "replace", value: { x: new Map() } }] }],
        ["Operations.0.Value", { Operations: [{ ...operation, Value: true }] }],
        ["Operations.0.value", { Operations: [{ ...operation, value: 7 }] }],
        ["Operations.0.value.0.vlaue", { Operations: [{ ...operation, value: [{ vlaue: "7" }] }] }]
      ]
      for (const [path, input] of cases) {
        const { reason } = yield* http.failsWith(untyped(ScimUsers.update, { userId: "1", ...input }), "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ path }) => path.join(".")),
          [path]
        )
      }
      assert.deepStrictEqual(yield* bodies, [])
    }).pipe(replying())
  )
})

describe("a user", () => {
  it.effect("has a name that Miro takes: the one that counts is no longer than 60 characters", () =>
    Effect.gen(function* () {
      const userName = "anna@example.com"
      const name = { givenName: "A".repeat(30), familyName: "B".repeat(31) }
      const formatted = "F".repeat(61)
      for (const [path, input] of [
        ["displayName", { displayName: formatted }],
        ["name.formatted", { name: { ...name, formatted } }],
        ["name", { name }],
        ["name", { displayName: "", name: { ...name, formatted: "" } }]
      ] as const) {
        const { reason } = yield* http.failsWith(ScimUsers.create({ userName, ...input }), "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ path }) => path.join(".")),
          [path]
        )
      }
      assert.deepStrictEqual(yield* bodies, [])
      yield* Effect.ignore(ScimUsers.create({ userName, displayName: "Anna", name: { ...name, formatted } }))
      yield* Effect.ignore(ScimUsers.create({ userName, name: { ...name, formatted: "Anna" } }))
      assert.lengthOf(yield* bodies, 2)
    }).pipe(always(http.json(user)))
  )

  it.effect("to create has what was given, and no more", () =>
    sentTo(
      ScimUsers.create({
        userName: "anna@example.com",
        displayName: undefined,
        name: { familyName: "Bell", givenName: "Anna" },
        [enterprise]: { department: "DeptA", manager: { value: "7" } }
      }),
      `{"userName":"anna@example.com","name":{"familyName":"Bell","givenName":"Anna"},"${enterprise}":{"department":"DeptA","manager":{"value":"7"}}}`
    )
  )

  it.effect("to create may name its schemas", () =>
    sentTo(
      ScimUsers.create({ userName: "a@b.c", schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"] }),
      '{"userName":"a@b.c","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}'
    )
  )

  it.effect("can be put back as it was given, but for what is changed", () =>
    Effect.gen(function* () {
      const got = yield* ScimUsers.get({ userId: user.id })
      yield* ScimUsers.replace({ ...got, userId: got.id, displayName: "Anna Bell-Ringer" })
      const [, put] = (yield* http.Wire).sent
      assert.deepStrictEqual(
        [put?.method, put?.path, JSON.parse(put?.body ?? "")],
        ["PUT", `/api/v1/scim/Users/${user.id}`, { ...user, displayName: "Anna Bell-Ringer" }]
      )
    }).pipe(always(http.json(user)))
  )
})

const get = ScimUsers.get({ userId: "1" })

const create = ScimUsers.create({ userName: "anna@example.com" })

describe("an error", () => {
  it.effect("with status 409 is a Conflict in Miro's words", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(create, "Conflict")
      assert.strictEqual(error.reason.message, "anna@example.com is not whitelisted")
      assert.strictEqual(error.reason.status, 409)
      assert.strictEqual(
        error.message,
        "ScimUsers.create failed with Conflict (POST /Users, status 409): anna@example.com is not whitelisted"
      )
      assert.isFalse(error.isRetryable)
    }).pipe(replying(failure(409, { detail: "anna@example.com is not whitelisted" })))
  )

  it.effect("with status 429 has the type that SCIM gives it, and may be tried again", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(create, "RateLimited")
      assert.strictEqual(error.reason.code, "tooManyRequests")
      assert.strictEqual(error.reason.message, "Rate limit exceeded")
      assert.isTrue(error.isRetryable)
    }).pipe(http.once, replying(failure(429, { scimType: "tooManyRequests", detail: "Rate limit exceeded" })))
  )

  it.effect.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [413, "PayloadTooLarge"],
    [500, "ServerError"]
  ] as const)("with status %i is %s", ([status, tag]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, tag)
      assert.deepStrictEqual([reason.status, reason.code], [status, "invalidValue"])
      assert.match(reason.message, /^Not so(?: \(|$)/)
    }).pipe(http.once, always(failure(status, { scimType: "invalidValue", detail: "Not so" })))
  )

  it.effect.each([302, 400, 401, 403, 404, 409, 413, 429, 500, 503])(
    "with status %i does not show the token, though the response repeats it",
    (status) =>
      Effect.gen(function* () {
        for (const call of [get, create, ScimUsers.delete({ userId: "1" }), Stream.runDrain(users)]) {
          const { exit, text } = yield* observe<unknown, ScimClient.ScimClient>(call)
          assert.isTrue(Exit.isFailure(exit))
          assert.include(text, "unknown token <redacted>")
          assert.notInclude(text, canary.slice(0, 8))
        }
      }).pipe(
        http.once,
        always(failure(status, { scimType: canary, detail: `unknown token ${canary}`, [canary]: [canary] }))
      )
  )

  it.effect("for a response that is none does not show the token either", () =>
    Effect.gen(function* () {
      for (const body of [`<p>${canary}</p>`, JSON.stringify([canary]), JSON.stringify({ id: [canary] })]) {
        const { exit, text } = yield* observe(get).pipe(replying(http.text(body)))
        assert.isTrue(Exit.isFailure(exit))
        assert.include(text, "InvalidResponse")
        assert.notInclude(text, canary.slice(0, 8))
      }
    })
  )
})
