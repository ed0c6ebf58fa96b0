/**
 * Writes the tables that lead from each method of Miro's own clients to an
 * operation of this package: `npm run migration`. The methods of the client for
 * Node are those of the installed one; the client for Python has a method for
 * each operation of Miro's document, named after its id.
 */
import * as Client from "@mirohq/miro-api"
import { readFileSync, writeFileSync } from "node:fs"
import { operations } from "./operations.ts"

type Row = readonly [theirs: string, ours: string]

const gone = "Miro has removed it"

/** What is no operation of Miro's document. */
const others: Readonly<Record<string, string>> = {
  call: "`MiroClient.execute`",
  revokeToken: "`MiroOAuth.revoke`",
  revokeTokenV2: "`MiroOAuth.revoke`",
  createBoardSubscription: gone,
  deleteSubscriptionById: gone,
  getSubscriptionById: gone,
  getUserSubscriptions: gone,
  updateBoardSubscription: gone
}

/** The objects of the client for Node, where a method does not show by what it calls. */
const byHand: Readonly<Record<string, string>> = {
  "Miro.as": "`MiroClient.as`",
  "Miro.isAuthorized": "`MiroOAuth.isAuthorized`",
  "Miro.getAuthUrl": "`MiroOAuth.authorizationRequest`",
  "Miro.handleAuthorizationCodeRequest": "`MiroOAuth.handleCallback`",
  "Miro.exchangeCodeForAccessToken": "`MiroOAuth.handleCallback`, or `exchangeCode`",
  "Miro.revokeToken": "`MiroOAuth.revoke`",
  "Miro.getToken": "nothing: it is done when it is needed",
  "Miro.refreshAccessToken": "nothing: it is done when it is needed",
  "Miro.getAccessToken": "nothing: it is done when it is needed",
  "Board.createImageItem": "`Images.create`, or `createFromFile`",
  "Board.createDocumentItem": "`Documents.create`, or `createFromFile`",
  "Board.fileUploadRequest": "`Images.createFromFile`, `Documents.createFromFile`",
  "DocumentItem.update": "`Documents.update`, or `updateFromFile`",
  "ImageItem.update": "`Images.update`, or `updateFromFile`",
  "Item.connectTo": "`Connectors.create`"
}

const key = (name: string): string => name.replaceAll("-", "").toLowerCase()

const nameOf = new Map(operations.map(({ id, name }) => [key(id), name]))

const ours = (method: string): string | undefined => {
  const name = nameOf.get(key(method))
  return name === undefined ? others[method] : `\`${name}\``
}

const methodsOf = (prototype: object): ReadonlyArray<string> =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor")

/** The methods of the client that calls the API. */
const lowLevel = methodsOf(Client.MiroLowlevelApi.prototype).map((method): Row => [`\`${method}\``, ours(method) ?? ""])

const prototypes = (prototype: object): ReadonlyArray<object> => {
  const parent: unknown = Object.getPrototypeOf(prototype)
  const isOwn = typeof parent === "object" && parent !== null && parent !== Object.prototype
  return isOwn ? [prototype, ...prototypes(parent)] : [prototype]
}

const highLevelOf = ([name, type]: [string, Type]): ReadonlyArray<Row> =>
  prototypes(type.prototype).flatMap((prototype) =>
    methodsOf(prototype).map((method): Row => {
      const code = String(Object.getOwnPropertyDescriptor(prototype, method)?.value)
      const called = Array.from(code.matchAll(/_api\s*\.(\w+)\(/g), ([, called = ""]) => called)
      const known = called.flatMap((called) => ours(called) ?? [])
      const isList = code.startsWith("async *")
      const found = [...new Set(known)].join(", ").replaceAll("`", "")
      const shown = found === "" ? "" : `\`${found}${isList ? ".items" : ""}\``
      return [`\`${name}.${method}\``, byHand[`${name}.${method}`] ?? shown]
    })
  )

interface Type {
  readonly prototype: object
}

const types = Object.entries<unknown>(Client).filter(
  (entry): entry is [string, Type] =>
    typeof entry[1] === "function" && !["default", "MiroLowlevelApi"].includes(entry[0])
)

const highLevel = types.toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(highLevelOf)

const snake = (id: string): string =>
  id
    .replaceAll("-", "_")
    .replaceAll(/(?<=[a-z])([A-Z])/g, "_$1")
    .toLowerCase()

const python = operations
  .map(({ id, name }): Row => [`\`${snake(id)}\``, `\`${name}\``])
  .toSorted(([one], [other]) => (one < other ? -1 : 1))

const table = (theirs: string, rows: ReadonlyArray<Row>): string => {
  const all: ReadonlyArray<Row> = [[theirs, "effect-miro"], ...rows]
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)))
  const line = (row: ReadonlyArray<string>, fill: string) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`
  const [head = ["", ""], ...body] = all
  return [line(head, " "), line(["", ""], "-"), ...body.map((row) => line(row, " "))].join("\n")
}

/** The rows that lead nowhere. */
export const missing = [...lowLevel, ...highLevel].filter(([, ours]) => ours === "").map(([theirs]) => theirs)

const marker = "<!-- The table is written by `npm run migration`. -->"

/** A page with its tables made anew. */
const rewritten = (page: string, tables: string): string => {
  const [text = ""] = page.split(marker)
  return `${text}${marker}\n\n${tables}\n`
}

export const pages = new Map(
  [
    [
      "docs/from-miro-node-client.md",
      [
        "## MiroLowlevelApi",
        table("`MiroLowlevelApi`", lowLevel),
        "## Objects",
        table("`Miro`, `MiroApi` and what they give", highLevel)
      ].join("\n\n")
    ] as const,
    ["docs/from-miro-python-client.md", table("`MiroApi`", python)] as const
  ].map(([file, tables]) => [file, rewritten(readFileSync(file, "utf8"), tables)])
)

if (import.meta.main) for (const [file, page] of pages) writeFileSync(file, page)
