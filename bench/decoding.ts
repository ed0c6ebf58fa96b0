/**
 * What the decoding of a page of 50 items costs beside `JSON.parse` of its text.
 * `npm run bench:decoding -- 30` makes 30 rounds, 60 unless told, and shows the
 * best of each: what disturbs a round only adds to it.
 */
import { Items } from "effect-miro"
import * as Decode from "../src/client/operation/decode.ts"
import * as payloads from "./payloads.ts"

const rounds = Number(process.argv[2] ?? 60)
const perRound = 200

const { success } = Items.list.operation
if (success === undefined) throw new Error("Items.list has no schema")
const decode = Decode.make(success, Decode.page)

const page = (change: (item: payloads.Item, index: number) => unknown) => {
  const whole = payloads.page()
  return JSON.stringify({ ...whole, data: whole.data.map(change) })
}

const without = (item: payloads.Item, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)))

const whole = page((item) => item)
const absent = ["geometry", "createdBy", "parent"]

const jobs: ReadonlyArray<readonly [name: string, text: string]> = [
  ["with 100 timestamps", whole],
  ["without timestamps", page((item) => without(item, "createdAt", "modifiedAt"))],
  ["without 3 optional fields", page((item) => without(item, ...absent))],
  [
    "with null for these",
    page((item) => ({ ...without(item, ...absent), ...Object.fromEntries(absent.map((name) => [name, null])) }))
  ],
  ["with one wrong field", page((item, index) => (index === 25 ? { ...item, geometry: "wrong" } : item))]
]

/** Microseconds of processor time. */
const cost = (run: () => unknown) => {
  const before = process.cpuUsage()
  for (let count = 0; count < perRound; count++) run()
  const { system, user } = process.cpuUsage(before)
  return (user + system) / perRound
}

const runs = jobs.flatMap(([, text]) => [() => JSON.parse(text), () => decode(JSON.parse(text), false)])
const best = runs.map(() => Infinity)
for (let round = 0; round < rounds; round++) {
  for (const [index, run] of runs.entries()) best[index] = Math.min(best[index] ?? Infinity, cost(run))
}

console.log(`a page of 50 items (${whole.length} bytes), best of ${rounds} rounds, µs`)
for (const [index, [name]] of jobs.entries()) {
  const [parse = Number.NaN, both = Number.NaN] = best.slice(2 * index)
  const own = both - parse
  console.log(
    `  ${name.padEnd(26)} parse ${parse.toFixed(0).padStart(4)}  decode ${own.toFixed(0).padStart(4)}  ratio ${(own / parse).toFixed(2)}`
  )
}
