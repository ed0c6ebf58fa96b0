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
    1e300
  )
)

const changes = fc.record({ at: fc.nat(), how: fc.constantFrom("replace", "remove", "add"), value: values })

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
