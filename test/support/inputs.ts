/**
 * Inputs as no program should have them, made of good ones, and what comes of them.
 */
import { assert } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit, Layer, Logger, Redacted, Stream } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import * as fc from "fast-check"
import { AccessToken, MiroClient, MiroError, Retry, ScimClient } from "effect-miro"
import { runInNewContext } from "node:vm"
import { type Declared, operations as declared } from "../../scripts/operations.ts"
import { forAll } from "./property.ts"
import { boardId, type Extent, samples } from "./sample.ts"

type Input = Readonly<Record<string, unknown>>

type Clients = MiroClient.MiroClient | ScimClient.ScimClient

interface Call {
  (input: unknown): Effect.Effect<unknown, MiroError.MiroError, Clients>
  /** Of a list. */
  readonly items?: (input: unknown) => Stream.Stream<unknown, MiroError.MiroError, Clients>
}

const parametersOf = (path: string) => Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name)

const goodInputs = ({ body, path, query }: Declared): ReadonlyArray<Input> => {
  const ids = Object.fromEntries(parametersOf(path).map((name) => [name, name === "boardId" ? boardId : "1"]))
  return (["full", "required"] satisfies ReadonlyArray<Extent>).flatMap((extent) => {
    const [queries, bodies] = [samples(query, extent), samples(body, extent)]
    return Array.from({ length: Math.max(queries.length, bodies.length) }, (_, index) => ({
      ...ids,
      ...queries[index % queries.length],
      ...bodies[index % bodies.length]
    }))
  })
}

const kindOf = ({ contentType, pagination, query }: Declared): string =>
  contentType ?? (pagination !== undefined ? "a list" : query !== undefined ? "a query" : "a path")

interface Operation {
  readonly declared: Declared
  readonly call: Call
  readonly inputs: ReadonlyArray<Input>
}

/** All operations, by how their input is sent. */
export const kinds: ReadonlyArray<readonly [kind: string, operations: ReadonlyArray<Operation>]> = Array.from(
  new Set(declared.map(kindOf)),
  (kind) => [
    kind,
    declared
      .filter((operation) => kindOf(operation) === kind)
      // What an operation takes is in its declaration, and nothing of it in the type of the list.
      .map((operation) => ({
        declared: operation,
        call: operation.call as Call,
        inputs: goodInputs(operation)
      }))
  ]
)

const boom = (): never => {
  throw new Error("boom")
}

const traps: ReadonlyArray<keyof ProxyHandler<object>> = [
  "get",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "has",
  "ownKeys"
]

const changing = () => {
  let reads = 0
  return new Proxy(
    {},
    {
      get: (_, key) => (key === "content" ? `c${reads++}` : undefined),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: "c" }),
      ownKeys: () => ["content"]
    }
  )
}

const cyclic = () => {
  const value: Record<string, unknown> = {}
  value["value"] = value
  return value
}

const revoked = (target: object) => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

class Silent {
  readonly #content = "c"
  shout() {
    return this.#content
  }
}

/** Values that no schema asks for, made anew each time. */
const hostile: ReadonlyArray<() => unknown> = [
  ...[undefined, null, true, 0, -0, 1.5, -1, 21, 1e300, 2 ** 53, Number.NaN, Infinity, 10n, 10n ** 30n].map(
    (value) => () => value
  ),
  ...[
    "",
    " ",
    ".",
    "..",
    "%",
    "\u0000",
    "\ud800",
    "a\udfffb",
    "uXjVOfjmfkE%3D",
    "a,b",
    "a&b=c#d",
    "x".repeat(7000)
  ].map((value) => () => value),
  () => "https://miro.com/app/board/uXjVOfjmfkE=/?moveToWidget=1",
  () => Symbol("s"),
  () => boom,
  () => Silent,
  () => new Map([["content", "c"]]),
  () => new Set(["c"]),
  () => new WeakMap(),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => DateTime.makeUnsafe(0),
  () => DateTime.makeZonedUnsafe(0, { timeZone: "Asia/Tokyo" }),
  () => Promise.resolve("c"),
  () => new Error("c"),
  () => new URL("https://miro.com"),
  () => /c/,
  () => new Uint8Array(3),
  () => new ArrayBuffer(3),
  () => new File(["c"], "a.png"),
  () => new String("c"),
  () => new Number(1),
  () => new Boolean(false),
  () => new Silent(),
  () =>
    new (class {
      content = "c"
    })(),
  () =>
    new (class {
      get content() {
        return "c"
      }
    })(),
  () => Effect.void,
  () => Redacted.make("c"),
  () => runInNewContext(`({ content: "c" })`),
  () => runInNewContext(`new Map()`),
  () => Object.create(null),
  () => Object.create({ content: "c" }),
  () => JSON.parse('{"__proto__":{"content":"c"}}'),
  () => ({ toJSON: () => "c" }),
  () => ({
    get content() {
      return boom()
    }
  }),
  () => ({ [Symbol("s")]: 1 }),
  () => Array.from({ length: 3 }).reduce((inside) => ({ a: inside }), {}),
  () => Array.from({ length: 20_000 }).reduce((inside) => [inside], []),
  () => Object.assign([], { length: 4e9 }),
  () => Object.assign(["c"], { extra: "c" }),
  () => Object.assign(["c"], { 2: "c" }),
  () => Object.assign(["c"], { toJSON: () => "c" }),
  () => [undefined],
  () => Array.from({ length: 1001 }, () => "c"),
  cyclic,
  changing,
  () => revoked({}),
  () => revoked([]),
  ...traps.flatMap((trap) => [() => new Proxy({}, { [trap]: boom }), () => new Proxy(["c"], { [trap]: boom })])
]

class Fields {
  readonly [name: string]: unknown
}

/** The same object in another form. */
const forms: ReadonlyArray<(value: object) => unknown> = [
  (value) => Object.freeze(value),
  (value) => new Proxy(value, {}),
  (value) => (Array.isArray(value) ? value : Object.assign(Object.create(null), value)),
  (value) => (Array.isArray(value) ? value : Object.create(value)),
  (value) => (Array.isArray(value) ? value : Object.assign(new Fields(), value)),
  revoked,
  ...traps.map((trap) => (value: object) => new Proxy(value, { [trap]: boom }))
]

// What was put into an input, which may be none to look into.
const strange = new WeakSet<object>()

const mark = (value: unknown): unknown => {
  if ((typeof value === "object" && value !== null) || typeof value === "function") strange.add(value)
  return value
}

const isData = (value: unknown): value is Record<string, unknown> =>
  !(typeof value === "object" && value !== null && strange.has(value)) &&
  (Array.isArray(value) ||
    (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype))

const pathsOf = (value: unknown): ReadonlyArray<ReadonlyArray<string>> => [
  [],
  ...(isData(value)
    ? Object.entries(value).flatMap(([key, inside]) => pathsOf(inside).map((path) => [key, ...path]))
    : [])
]

// Told by numbers: who shows a case of a property that fails must not look into its input.
interface Change {
  readonly at: number
  readonly how: "replace" | "add" | "remove" | "reform"
  readonly value: number
  readonly key: string
  readonly form: number
}

const madeOf = ({ value }: Change): unknown => mark(hostile[value]?.())

const reform = ({ form }: Change, value: object): unknown => mark(forms[form]?.(value))

const alter = (value: unknown, [key, ...rest]: ReadonlyArray<string>, change: Change): unknown => {
  if (key === undefined) {
    if (change.how === "reform") return isData(value) ? reform(change, value) : value
    return change.how === "add" && isData(value) && !Array.isArray(value)
      ? Object.fromEntries([...Object.entries(value), [change.key, madeOf(change)]])
      : madeOf(change)
  }
  if (!isData(value)) return value
  const copy: Record<string, unknown> | Array<unknown> = Array.isArray(value) ? [...value] : { ...value }
  if (rest.length === 0 && change.how === "remove") Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, alter(Reflect.get(copy, key), rest, change))
  return copy
}

const changes: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "replace", "add", "remove", "reform"),
  value: fc.nat(hostile.length - 1),
  key: fc.constantFrom(
    "content",
    "title",
    "id",
    "name",
    "type",
    "x",
    "__proto__",
    "constructor",
    "toJSON",
    "toString",
    ""
  ),
  form: fc.nat(forms.length - 1)
})

const change = (input: Input, changes: ReadonlyArray<Change>): unknown =>
  changes.reduce<unknown>((value, change) => {
    const paths = pathsOf(value)
    return alter(value, paths[change.at % paths.length] ?? [], change)
  }, input)

/** How a leaf is written, whether in JSON, in a query or in a path. */
const written = (leaf: unknown): string => {
  if (leaf instanceof Date) return leaf.toISOString()
  if (DateTime.isDateTime(leaf)) return DateTime.formatIso(leaf)
  // An id is sent as it is, though it was encoded already; and what changes each time is one thing.
  if (typeof leaf === "string") return leaf.replaceAll("%3D", "=").replace(/^c\d+$/, "c")
  return Object.is(leaf, -0) ? "0" : String(leaf)
}

/** The names of the fields that an object inherits from its class. */
const inheritedFrom = (prototype: object | null): ReadonlyArray<string> => {
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype))
  return [
    ...own
      .filter(([, field]) => "get" in field || (field.enumerable && typeof field.value !== "function"))
      .map(([key]) => key),
    ...inheritedFrom(Object.getPrototypeOf(prototype))
  ]
}

// Not by asking what it has or inherits, which some of the proxies refuse.
const tagOf = (value: object): string => Object.prototype.toString.call(value)

const isInstant = (value: object): boolean =>
  tagOf(value) === "[object Date]" || typeof Reflect.get(value, "epochMilliseconds") === "number"

/** The leaves of an input that was taken, which can be read therefore. */
const leavesOf = (value: unknown): ReadonlyArray<string> => {
  if (value === undefined) return []
  if (typeof value !== "object" || value === null || isInstant(value)) return [written(value)]
  if (tagOf(value) === "[object File]") return [String(Reflect.get(value, "name"))]
  const keys = Array.isArray(value)
    ? Array.from({ length: value.length }, (_, index) => index)
    : new Set([...Reflect.ownKeys(value), ...inheritedFrom(Object.getPrototypeOf(value))])
  return Array.from<PropertyKey>(keys).flatMap((key) => leavesOf(Reflect.get(value, key)))
}

interface Sent {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly url: URL
}

// With all digits of an integer that no JavaScript number can hold.
const parse = (json: string): unknown => JSON.parse(json.replaceAll(/([:[,])(\d{16,})(?=[,}\]])/g, '$1"$2"'))

const bodyLeaves = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function* () {
    const { body } = request
    if (body._tag === "Uint8Array") return leavesOf(parse(new TextDecoder().decode(body.body)))
    if (body._tag !== "FormData") return []
    const parts = Array.from(body.formData.values()).filter((part) => part instanceof File)
    const texts = yield* Effect.promise(() => Promise.all(parts.map((part) => part.text())))
    return parts.flatMap((part, index) =>
      part.name === "data.json" ? leavesOf(parse(texts[index] ?? "")) : [part.name]
    )
  })

const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

/** The leaves of what was sent, but for the name that a message of SCIM has. */
const sentLeaves = ({ path }: Declared, { request, url }: Sent) =>
  Effect.map(bodyLeaves(request), (inBody) => {
    const template = path.split("/")
    const segments = url.pathname.split("/").slice(-template.length)
    const inPath = segments.filter((_, index) => template[index]?.startsWith("{")).map(decodeURIComponent)
    const inQuery = Array.from(url.searchParams).flatMap(([name, value]) =>
      // The one list that is not sent as a parameter that is repeated.
      name === "emails" && path === "/v2/orgs/{orgId}/members" ? value.split(",") : [value]
    )
    return [...inPath, ...inQuery, ...inBody.filter((leaf) => leaf !== patchOp)].map(written)
  })

const isInvalidInput = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) &&
  exit.cause.reasons.every(
    (reason) =>
      Cause.isFailReason(reason) && MiroError.isMiroError(reason.error) && reason.error.reason._tag === "InvalidInput"
  )

const isTyped = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isSuccess(exit) ||
  exit.cause.reasons.every((reason) => Cause.isFailReason(reason) && MiroError.isMiroError(reason.error))

/**
 * Whatever an input is like: the call ends with a success or a typed error.
 * What is sent is all that the input says and nothing else, or nothing is.
 */
export const endsWell = (operations: ReadonlyArray<Operation>, runs: number) => {
  let sent: Array<Sent> = []
  const client = HttpClient.make((request, url) =>
    Effect.sync(() => {
      sent.push({ request, url })
      return HttpClientResponse.fromWeb(request, new Response("{}", { status: 200 }))
    })
  )
  const clients = Layer.mergeAll(
    MiroClient.layer().pipe(Layer.provide(AccessToken.layer(Redacted.make("token")))),
    ScimClient.layer({ token: Redacted.make("scim") }),
    Layer.succeed(Retry.Retry, Retry.none),
    Logger.layer([])
  ).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, client)))
  const ends = { sent: 0, refused: 0 }
  const cases = fc.record({ operation: fc.nat(), input: fc.nat(), changes: fc.array(changes, { maxLength: 3 }) })
  return forAll(cases, runs, ({ changes, ...chosen }) =>
    Effect.gen(function* () {
      const { call, declared, inputs } = operations[chosen.operation % operations.length] ?? assert.fail()
      const input = change(inputs[chosen.input % inputs.length] ?? {}, changes)
      const stream = yield* Effect.exit(Stream.runDrain(call.items?.(input) ?? Stream.empty))
      assert.isTrue(isTyped(stream), `${declared.name}.items`)
      sent = []
      const exit = yield* Effect.exit(call(input))
      assert.isTrue(isTyped(exit), `${declared.name}: ${Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""}`)
      const [request] = sent
      if (request === undefined) {
        assert.isTrue(isInvalidInput(exit), declared.name)
        ends.refused++
        return
      }
      ends.sent++
      assert.strictEqual(sent.length, 1)
      assert.deepStrictEqual(
        (yield* sentLeaves(declared, request)).toSorted(),
        Array.from(leavesOf(input ?? {})).toSorted(),
        declared.name
      )
    })
  ).pipe(
    Effect.tap(() =>
      Effect.sync(() => {
        assert.isAbove(ends.sent, runs / 20)
        assert.isAbove(ends.refused, runs / 5)
      })
    ),
    Effect.provide(clients)
  )
}
