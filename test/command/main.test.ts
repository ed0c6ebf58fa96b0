import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ended, interrupted, start, variables } from "./support.ts"

const get = (url: string, token: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: await response.json() }
  })

const file = (content: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const path = join(mkdtempSync(join(tmpdir(), "seed-")), "seed.json")
      writeFileSync(path, content)
      return path
    }),
    (path) => Effect.sync(() => rmSync(join(path, ".."), { recursive: true }))
  )

const aSeed = {
  boards: [
    {
      name: "Retro",
      items: Array.from({ length: 25 }, (_, index) => ({ type: "sticky_note", data: { content: `${index}` } }))
    },
    { name: "Empty" }
  ]
}

describe("effect-miro-sandbox", () => {
  it.live("prints what an app needs, serves what the seed says, and is stopped by Ctrl-C", () =>
    Effect.gen(function* () {
      const command = yield* start("--port", "0", "--seed", yield* file(JSON.stringify(aSeed)))
      const { MIRO_ACCESS_TOKEN, MIRO_BASE_URL, ...rest } = yield* variables(command)
      assert.deepStrictEqual(rest, {
        MIRO_WEB_URL: MIRO_BASE_URL,
        MIRO_SCIM_BASE_URL: `${MIRO_BASE_URL}/api/v1/scim`,
        MIRO_CLIENT_ID: "sandbox-client",
        MIRO_CLIENT_SECRET: "sandbox-secret",
        MIRO_REDIRECT_URL: "http://localhost:8000/callback",
        MIRO_SCIM_TOKEN: MIRO_ACCESS_TOKEN
      })
      const boards = yield* get(`${MIRO_BASE_URL}/v2/boards?sort=alphabetically`, MIRO_ACCESS_TOKEN)
      assert.deepStrictEqual(
        boards.body.data.map(({ name }: { name: string }) => name),
        ["Empty", "Retro"]
      )
      const items = yield* get(`${MIRO_BASE_URL}/v2/boards/${boards.body.data[1].id}/items?limit=50`, MIRO_ACCESS_TOKEN)
      assert.strictEqual(items.body.data.length, 25)
      assert.strictEqual((yield* get(`${MIRO_BASE_URL}/api/v1/scim/Users`, MIRO_ACCESS_TOKEN)).status, 200)
      assert.strictEqual(yield* interrupted(command), "SIGINT")
    })
  )

  it.live("takes a path as it is, though it begins as a URL of another host does", () =>
    Effect.gen(function* () {
      const { MIRO_ACCESS_TOKEN, MIRO_BASE_URL } = yield* variables(yield* start("--port", "0"))
      const { body, status } = yield* get(`${MIRO_BASE_URL}//example.com/v2/boards`, MIRO_ACCESS_TOKEN)
      assert.deepStrictEqual([status, body.url], [404, "//example.com/v2/boards"])
    })
  )

  it.live("goes on from the snapshot of another one", () =>
    Effect.gen(function* () {
      const first = yield* variables(yield* start("--port", "0", "--seed", yield* file(JSON.stringify(aSeed))))
      const boardsOf = ({ MIRO_ACCESS_TOKEN, MIRO_BASE_URL }: Record<string, string>) =>
        get(`${MIRO_BASE_URL}/v2/boards`, MIRO_ACCESS_TOKEN ?? "")
      const snapshot = yield* Effect.promise(() =>
        fetch(`${first.MIRO_BASE_URL}/__sandbox/state`).then((response) => response.text())
      )
      const second = yield* variables(yield* start("--port", "0", "--seed", yield* file(snapshot)))
      const ids = ({ body }: { body: { data: ReadonlyArray<{ id: string }> } }) => body.data.map(({ id }) => id)
      const before = ids(yield* boardsOf(first))
      assert.strictEqual(before.length, 2)
      assert.deepStrictEqual(ids(yield* boardsOf(second)), before)
    })
  )

  it.live("spends the credits that it is given, and prints each request without its query", () =>
    Effect.gen(function* () {
      const command = yield* start("--port", "0", "--credits", "60", "--verbose")
      const { MIRO_ACCESS_TOKEN, MIRO_BASE_URL } = yield* variables(command)
      const statuses = []
      for (let call = 0; call < 2; call++) {
        statuses.push((yield* get(`${MIRO_BASE_URL}/v2/boards?query=secret`, MIRO_ACCESS_TOKEN)).status)
      }
      assert.deepStrictEqual(statuses, [200, 429])
      yield* interrupted(command)
      assert.strictEqual(command.printed.err, "GET /v2/boards 200\nGET /v2/boards 429\n")
    })
  )

  it.live("says that a port is taken", () =>
    Effect.gen(function* () {
      const taken = createServer()
      yield* Effect.acquireRelease(
        Effect.callback<void>((resume) => {
          taken.listen(0, "127.0.0.1", () => resume(Effect.void))
        }),
        () => Effect.sync(() => taken.close())
      )
      const { port } = taken.address() as AddressInfo
      const { code, err, out } = yield* ended(yield* start("--port", String(port)))
      assert.deepStrictEqual(
        { code, err, out },
        { code: 1, out: "", err: `effect-miro-sandbox: Port ${port} is taken: choose another one with --port\n` }
      )
    })
  )

  it.live.each([
    ["is not there", undefined, "cannot be read"],
    ["is not JSON", "{", "is no seed of a sandbox"],
    ["has a field that no seed has", `{"boards": [], "bords": []}`, `["bords"]`],
    ["has an item of no type", `{"boards": [{"items": [{"type": "sticky"}]}]}`, `["boards"][0]["items"][0]`],
    ["has half of a snapshot", `{"snapshot": 1, "boards": []}`, "is no snapshot of a sandbox"],
    ["has what Miro would refuse", `{"boards": [{"name": "${"x".repeat(61)}"}]}`, "name"]
  ] as const)("says where a seed is wrong: it %s", ([, content, said]) =>
    Effect.gen(function* () {
      const path: string = content === undefined ? "no/such/seed.json" : yield* file(content)
      const { code, err, out } = yield* ended(yield* start("--port", "0", "--seed", path))
      assert.deepStrictEqual([code, out], [1, ""])
      assert.include(err, `effect-miro-sandbox: ${path}`)
      assert.include(err, said)
    })
  )

  it.live("refuses flags that make no sense", () =>
    Effect.gen(function* () {
      for (const flags of [
        ["--port", "70000"],
        ["--latency", "-1"],
        ["--prot", "4010"]
      ]) {
        const { code, err } = yield* ended(yield* start(...flags))
        assert.strictEqual(code, 1)
        assert.include(err, flags[0])
      }
    })
  )
})
