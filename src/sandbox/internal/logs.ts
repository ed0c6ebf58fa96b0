/** What happened in a sandbox, as audit logs and content logs have it. */
import * as DateTime from "effect/DateTime"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as AiInteractionLogs from "../../enterprise/AiInteractionLogs.ts"
import * as AuditLogs from "../../enterprise/AuditLogs.ts"
import * as ContentLogs from "../../enterprise/ContentLogs.ts"
import * as Json from "../../http/json.ts"
import * as Text from "../../http/text.ts"
import * as collections from "./collections.ts"
import type { Happening } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { toGenericJson } from "./itemJson.ts"
import { itemKinds } from "./itemKinds.ts"
import * as paging from "./paging.ts"
import { type AuthenticatedCall, boardIdIn, type FullResponse, type Route } from "./route.ts"
import * as tags from "./tags.ts"
import * as users from "./users.ts"

const verbs: Readonly<Record<string, string>> = {
  POST: "created",
  PUT: "updated",
  PATCH: "updated",
  DELETE: "deleted"
}

const isSuccess = ({ status }: HttpServerResponse.HttpServerResponse): boolean => status >= 200 && status < 300

const bodyOf = ({ body }: HttpServerResponse.HttpServerResponse): string | undefined =>
  body._tag === "Uint8Array" ? Text.decode(body.body) : undefined

const jsonOf = ({ body }: Happening): unknown =>
  body === undefined ? undefined : Result.getOrUndefined(Json.parseResult(body))

const firstId = 3549871234567890000n

/** The item that a request puts a tag on, or takes one off. */
const taggedItem = (template: string, call: AuthenticatedCall): object | undefined => {
  if (!template.endsWith("/items/{item_id}") || !tags.isNamed(call)) return undefined
  const board = call.store.boards.get(boardIdIn(call))
  const item = board?.items.get(call.params["item_id"] ?? "")
  return board && item && toGenericJson(board, item, call)
}

/** Takes down a change that was made. */
export const record = (
  route: Pick<Route, "method" | "path">,
  call: AuthenticatedCall,
  response: HttpServerResponse.HttpServerResponse
): void => {
  if (verbs[route.method] === undefined || !isSuccess(response)) return
  const { path: template } = route
  const tagged = taggedItem(template, call)
  // The item neither comes nor goes with a tag, whatever the method says.
  const method = tagged === undefined ? route.method : "PATCH"
  const body = tagged === undefined ? bodyOf(response) : JSON.stringify(tagged)
  const { instant, params, session, store } = call
  const serial = store.history.length + 1
  const id = `${firstId + BigInt(serial)}`
  const { teamId, userId } = session
  store.history.push({ id, serial, method, template, params, userId, teamId, at: instant.now, body })
}

interface Window {
  readonly from: number
  readonly to: number
}

const instantIn = ({ query }: AuthenticatedCall, name: string): Refusable<number> => {
  const text = query.get(name) ?? ""
  return Result.fromOption(Option.map(text === "" ? Option.none() : DateTime.make(text), DateTime.toEpochMillis), () =>
    errors.invalidParameter(name, `Unexpected value [${text}]`)
  )
}

const windowOf = (call: AuthenticatedCall, from: string, to: string): Refusable<Window> =>
  Result.all({ from: instantIn(call, from), to: instantIn(call, to) })

const happenedIn = ({ store }: AuthenticatedCall, { from, to }: Window): ReadonlyArray<Happening> =>
  store.history.filter(({ at }) => from <= at && at <= to)

/** A page of rows that go up, or down, by when they happened. */
const page = <A extends { readonly serial: number }>(
  call: AuthenticatedCall,
  rows: ReadonlyArray<A>,
  options: { readonly maximum: number; readonly toJson: (row: A) => unknown }
): FullResponse => {
  const isDown = call.query.get("sorting")?.toUpperCase() === "DESC"
  // A cursor counts from where a list begins.
  const ordered = (isDown ? rows.toReversed() : rows).map((row, index) => ({ row, serial: index + 1 }))
  const toJson = ({ row }: { readonly row: A }) => options.toJson(row)
  return Result.map(paging.resourcesPage(call, ordered, { maximum: options.maximum, toJson }), (page) =>
    HttpServerResponse.jsonUnsafe(page)
  )
}

const isParameter = (segment: string): boolean => segment.startsWith("{")

/** What a path is about, such as `sticky_note` for `/v2/boards/{board_id}/sticky_notes/{item_id}`. */
const resourceIn = (template: string): string => {
  const name = template.split("/").findLast((segment) => !isParameter(segment)) ?? ""
  return name.replace(/s$/, "").replaceAll("-", "_")
}

const idOf = (happening: Happening): string | undefined => {
  const { params, template } = happening
  const json = jsonOf(happening)
  const created = Predicate.hasProperty(json, "id") ? json.id : undefined
  const [, last] = /\{(\w+)\}$/.exec(template) ?? []
  return Predicate.isString(created) ? created : last === undefined ? undefined : params[last]
}

const nameOf = (happening: Happening): string | undefined => {
  const json = jsonOf(happening)
  return Predicate.hasProperty(json, "name") && Predicate.isString(json.name) ? json.name : undefined
}

const actorOf = (call: AuthenticatedCall, { userId }: Happening) => ({
  id: userId,
  name: users.nameOf(userId),
  email: users.find(call.store, userId)?.email ?? users.emailOf(userId)
})

const auditTime = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis)).replace("Z", "+0000")

const listAudit = (call: AuthenticatedCall): FullResponse =>
  Result.flatMap(windowOf(call, "createdAfter", "createdBefore"), (window) =>
    page(call, happenedIn(call, window), {
      maximum: 100,
      toJson: (happening) => {
        const { at, id, method, params, teamId, template } = happening
        const name = nameOf(happening)
        return {
          id,
          event: `${resourceIn(template)}_${verbs[method]}`,
          category: template.includes("/boards") ? "boards" : "organization",
          createdAt: auditTime(at),
          createdBy: { type: "user", ...actorOf(call, happening) },
          object: { id: idOf(happening) ?? "", ...(name !== undefined && { name }) },
          context: {
            ip: "127.0.0.1",
            team: { id: teamId, name: users.teamName(teamId) },
            organization: { id: params["orgId"] ?? "", name: "Sandbox organization" }
          },
          details: {}
        }
      }
    })
  )

const kinds: ReadonlySet<string> = new Set(["items", "bulk", ...itemKinds.map(({ collection }) => collection)])

const isOfItem = ({ template }: Happening): boolean => {
  const [, , boards, , collection = "", ...rest] = template.split("/")
  return boards === "boards" && kinds.has(rest[0] === "bulk" ? "bulk" : collection)
}

const actions: Readonly<Record<string, string>> = { POST: "create", PATCH: "update", DELETE: "delete" }

/** The items that were changed, one after the other. */
const contentOf = (happening: Happening) => {
  const json = jsonOf(happening)
  const states = Predicate.hasProperty(json, "data") && Array.isArray(json.data) ? json.data : [json]
  return states.map((state: unknown, index) => {
    const id = Predicate.hasProperty(state, "id") ? String(state.id) : (idOf(happening) ?? "")
    return { happening, id, state, index, serial: happening.serial }
  })
}

const listContent = (call: AuthenticatedCall): FullResponse =>
  Result.flatMap(windowOf(call, "from", "to"), (window) => {
    const boards = call.query.getAll("board_ids")
    const emails = call.query.getAll("emails")
    const rows = happenedIn(call, window)
      .filter(isOfItem)
      .filter(({ params }) => boards.length === 0 || boards.includes(params["board_id"] ?? ""))
      .filter((happening) => emails.length === 0 || emails.includes(actorOf(call, happening).email))
      .flatMap(contentOf)
    return page(call, rows, {
      maximum: 1000,
      toJson: ({ happening, id, index, state }) => ({
        id: `${happening.id}-${index}`,
        contentId: happening.params["board_id"],
        actionType: actions[happening.method],
        actionTime: DateTime.formatIso(DateTime.makeUnsafe(happening.at)),
        actor: actorOf(call, happening),
        itemType: "widget",
        itemId: id,
        state: collections.fieldsOf(state),
        relationships: []
      })
    })
  })

// Nothing in the sandbox is made by AI.
const listAiInteractions = (call: AuthenticatedCall): FullResponse =>
  Result.flatMap(windowOf(call, "from", "to"), () => page(call, [], { maximum: 100, toJson: () => ({}) }))

export const routes: ReadonlyArray<Route> = [
  collections.routeOf(AuditLogs.list, listAudit),
  collections.routeOf(ContentLogs.list, listContent),
  collections.routeOf(AiInteractionLogs.list, listAiInteractions)
]
