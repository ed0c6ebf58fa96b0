/**
 * Writes the tables that lead from each method of Miro's own clients to an
 * operation of this package: `npm run migration`. The methods of the client for
 * Node are those of the installed one, and those of the client for Python, version
 * 2.2.4 as of April 2026, are listed in `pythonClient.txt`.
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

/** The objects of the client for Python, and its iterators. */
const byHandInPython: Readonly<Record<string, string>> = {
  "Miro.access_token": "nothing: it is done when it is needed",
  "Miro.api": "`MiroClient.as`",
  "Miro.auth_url": "`MiroOAuth.authorizationRequest`",
  "Miro.exchange_code_for_access_token": "`MiroOAuth.handleCallback`, or `exchangeCode`",
  "Miro.get_auth_url": "`MiroOAuth.authorizationRequest`",
  "Miro.is_authorized": "`MiroOAuth.isAuthorized`",
  "Miro.revoke_token": "`MiroOAuth.revoke`",
  "MiroApi.get_all_board_members": "`BoardMembers.list.items`",
  "MiroApi.get_all_boards": "`Boards.list.items`",
  "MiroApi.get_all_connectors": "`Connectors.list.items`",
  "MiroApi.get_all_enterprise_team_members": "`TeamMembers.list.items`",
  "MiroApi.get_all_enterprise_teams": "`Teams.list.items`",
  "MiroApi.get_all_items": "`Items.list.items`",
  "MiroApi.get_all_items_by_tag": "`Items.listWithTag.items`",
  "MiroApi.get_all_items_within_frame": "`Items.listInFrame.items`",
  "MiroApi.get_all_organization_members": "`OrganizationMembers.list.items`",
  "MiroApi.get_all_tags_from_board": "`Tags.list.items`"
}

const key = (name: string): string => name.replaceAll(/[-_]/g, "").toLowerCase()

const nameOf = new Map(operations.map(({ id, name }) => [key(id), name]))

const otherOf = new Map(Object.entries(others).map(([method, text]) => [key(method), text]))

const ours = (method: string): string | undefined => {
  const name = nameOf.get(key(method))
  return name === undefined ? otherOf.get(key(method)) : `\`${name}\``
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

const python = readFileSync("scripts/pythonClient.txt", "utf8")
  .trim()
  .split("\n")
  .map((method): Row => [`\`${method}\``, byHandInPython[method] ?? ours(method.split(".")[1] ?? "") ?? ""])

const table = (theirs: string, rows: ReadonlyArray<Row>): string => {
  const all: ReadonlyArray<Row> = [[theirs, "effect-miro"], ...rows]
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)))
  const line = (row: ReadonlyArray<string>, fill: string) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`
  const [head = ["", ""], ...body] = all
  return [line(head, " "), line(["", ""], "-"), ...body.map((row) => line(row, " "))].join("\n")
}

/** The rows that lead nowhere. */
export const missing = [...lowLevel, ...highLevel, ...python]
  .filter(([, ours]) => ours === "")
  .map(([theirs]) => theirs)

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
    ["docs/from-miro-python-client.md", table("`Miro` and `MiroApi`", python)] as const
  ].map(([file, tables]) => [file, rewritten(readFileSync(file, "utf8"), tables)])
)

if (import.meta.main) for (const [file, page] of pages) writeFileSync(file, page)
