import * as fc from "fast-check"

const pathsOf = (json: unknown): ReadonlyArray<ReadonlyArray<string>> =>
  typeof json === "object" && json !== null
    ? Object.entries(json).flatMap(([key, value]) => [[key], ...pathsOf(value).map((path) => [key, ...path])])
    : []

interface Change {
  readonly at: number
  readonly how: "replace" | "remove" | "add"
  readonly value: unknown
}

const alter = (json: unknown, path: ReadonlyArray<string>, change: Change): unknown => {
  const [key, ...rest] = path
  if (key === undefined || typeof json !== "object" || json === null) return json
  const copy: Record<string, unknown> | Array<unknown> = Array.isArray(json) ? [...json] : { ...json }
  if (rest.length > 0) Reflect.set(copy, key, alter(Reflect.get(copy, key), rest, change))
  else if (change.how === "remove") Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, change.how === "add" ? `${key}2` : key, change.value)
  return copy
}

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    7,
    -1.5,
    "",
    "x",
    true,
    [],
    {},
    [null],
    { id: 7 },
    { id: null },
    "unknown",
    "text",
    1e300,
    "12.5",
    "-3",
    "1e999",
    "9007199254740993",
    "true",
    "\ud800"
  )
)

const changes = fc.record({ at: fc.nat(), how: fc.constantFrom("replace", "remove", "add"), value: values })

const nested = (open: string, inside: string, close: string) =>
  fc.constantFrom(20, 2000, 20_000).map((depth) => open.repeat(depth) + inside + close.repeat(depth))

/** What may stand in JSON for a value, and no program writes. */
const oddValues = fc.oneof(
  fc.constantFrom(
    "1e999",
    "-1e999",
    "1e-999",
    "-0",
    "0.1e1",
    "123456789012345678901234567890",
    '"\\ud800"',
    '"\\u0000"'
  ),
  nested("[", "", "]"),
  nested('{"a":', "1", "}"),
  fc.constant(`"${"x".repeat(100_000)}"`)
)

/** A name that is special to somebody, or was there before. */
const oddNames = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "id",
  "type",
  "data",
  "Resources",
  "cursor",
  "\\ud800",
  "",
  "k".repeat(100_000)
)

const oddFields = fc.tuple(oddNames, fc.oneof(oddValues, fc.constantFrom('{"id":7}', "[]", '"x"', "null")))

const positionsOf = (text: string, pattern: RegExp): ReadonlyArray<readonly [start: number, end: number]> =>
  Array.from(text.matchAll(pattern), ({ 0: { length }, index }) => [index, index + length])

const splice = (text: string, pattern: RegExp, at: number, inserted: string): string => {
  const positions = positionsOf(text, pattern)
  const [start, end] = positions[at % positions.length] ?? [0, 0]
  return text.slice(0, start) + inserted + text.slice(end)
}

/** Changes that only the text of a body can have. */
const inText = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(fc.nat(), oddFields).map(([at, [name, value]]) => splice(text, /\{(?=")/g, at, `{"${name}":${value},`)),
    fc
      .tuple(fc.nat(), oddFields)
      .map(([at, [name, value]]) => splice(text, /(?<=[^{,[])\}/g, at, `,"${name}":${value}}`)),
    fc
      .tuple(fc.nat(), oddValues)
      .map(([at, value]) => splice(text, /(?<=:)(?:"[^"\\]*"|[\d.]+|true|false|null)/g, at, value))
  )

/** Bodies around a good one: with some of it changed, torn, or something else altogether. */
export const bodiesAround = (good: unknown): fc.Arbitrary<string> => {
  const changed = fc.array(changes, { minLength: 1, maxLength: 4 }).map((changes) =>
    changes.reduce<unknown>((json, change) => {
      const paths = pathsOf(json)
      return paths.length === 0 ? json : alter(json, paths[change.at % paths.length] ?? [], change)
    }, good)
  )
  const text = JSON.stringify(good)
  return fc.oneof(
    { weight: 12, arbitrary: changed.map((json) => JSON.stringify(json)) },
    {
      weight: 4,
      arbitrary: fc
        .oneof(
          fc.constant(text),
          changed.map((json) => JSON.stringify(json))
        )
        .chain(inText)
    },
    // Numbers of any length, as Miro has them for ids.
    {
      weight: 3,
      arbitrary: fc
        .tuple(changed, fc.bigInt())
        .map(([json, digits]) => JSON.stringify(json).replace(/"\d+"/, String(digits)))
    },
    { weight: 1, arbitrary: fc.nat(text.length).map((end) => text.slice(0, end)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(text.length), fc.string({ unit: "binary", minLength: 1, maxLength: 3 }))
        .map(([at, noise]) => text.slice(0, at) + noise + text.slice(at))
    },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) }
  )
}
