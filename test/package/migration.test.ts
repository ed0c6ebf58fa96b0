import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { missing, pages } from "../../scripts/migration.ts"
import { operations } from "../../scripts/operations.ts"

it("every method of Miro's own clients leads somewhere", () => {
  assert.deepStrictEqual(missing, [])
})

it("the pages for those who come from Miro's own clients are as `npm run migration` writes them", () => {
  for (const [file, page] of pages) assert.strictEqual(readFileSync(file, "utf8"), page)
})

it("every method of Miro's client for Node leads to the operation that sends the same request", () => {
  const source = readFileSync(createRequire(import.meta.url).resolve("@mirohq/miro-api/dist/api/apis.js"), "utf8")
  const methods = Array.from(
    source.matchAll(/\n {4}async (\w+)\([^]*?localVarPath = '([^'?]*)[^]*?makeJsonRequest\([^]*?, '(\w+)'/g),
    ([, name, path = "", method]) => ({ name, request: `${method} ${path}` })
  )
  // What parameters are called is not sent.
  const requestOf = (text: string) => text.replaceAll(/\{\w+\}/g, "{}")
  const page = readFileSync("docs/from-miro-node-client.md", "utf8")
  const different = methods.filter(({ name, request }) => {
    const [, row] = new RegExp(`^\\| \`${name}\` +\\| \`([\\w.]+)\``, "m").exec(page) ?? []
    const operation = operations.find((operation) => operation.name === row)
    return operation === undefined || requestOf(request) !== requestOf(`${operation.method} ${operation.path}`)
  })
  assert.isAbove(methods.length, 140)
  assert.deepStrictEqual(
    different.map(({ request }) => request).filter((request) => !/webhooks|\/oauth\/revoke/.test(request)),
    []
  )
})
