/**
 * The test files of a worker run in one process, one after the other. One that leaves something global other than it was
 * fails, since the files after it would depend on the order.
 */
import http from "node:http"
import https from "node:https"
import { afterAll, assert } from "vitest"

type State = ReadonlyMap<string, unknown>

const owners: Readonly<Record<string, object>> = {
  globalThis,
  "process.env": process.env,
  console,
  performance,
  Date,
  "Date.prototype": Date.prototype,
  Error,
  JSON,
  Math,
  "Object.prototype": Object.prototype,
  "Array.prototype": Array.prototype,
  "Promise.prototype": Promise.prototype,
  http,
  https
}

/** What Vitest has for each file, and libraries for themselves. */
const isInternal = (name: string): boolean => name.startsWith("__")

export const state = (): State =>
  new Map<string, unknown>([
    ["process.cwd()", process.cwd()],
    ["process.exitCode", process.exitCode],
    ...process.eventNames().map((name) => [`listeners of ${String(name)}`, process.listenerCount(name)] as const),
    ...Object.entries(owners).flatMap(([owner, object]) =>
      Object.getOwnPropertyNames(object)
        .filter((name) => !isInternal(name))
        .map((name) => [`${owner}.${name}`, Reflect.get(object, name)] as const)
    )
  ])

/** What is other than it was. */
export const changes = (before: State, after: State): ReadonlyArray<string> =>
  Array.from(new Set([...before.keys(), ...after.keys()])).filter(
    (name) => !Object.is(before.get(name), after.get(name))
  )

const before = state()

afterAll(() => {
  assert.deepStrictEqual(changes(before, state()), [], "what this file leaves other than it was")
})
