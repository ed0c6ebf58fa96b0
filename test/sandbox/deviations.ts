/**
 * Where responses of the sandbox are not as Miro's document says, and why. One
 * that no response needs any more fails the test.
 */
import { Array as Arr } from "effect"
import { contractFor, type Exchange, problemsOf } from "./exchanges.ts"

export interface Deviation {
  /** Miro's names of the operations that it is about: all of them unless given. */
  readonly operations?: ReadonlyArray<string>
  /** The problem that is none. */
  readonly problem: RegExp
  readonly reason: string
}

const boards = ["get-boards", "create-board", "copy-board", "get-specific-board", "update-board"]

export const deviations: ReadonlyArray<Deviation> = [
  {
    problem: /./,
    operations: ["revoke-token"],
    reason: "Miro turned it off in February 2025, so there is no such path."
  },
  {
    problem: /^data\[\]\.createdAt is no date-time$/,
    operations: ["enterprise-get-audit-logs"],
    reason: "Miro writes the offset of audit logs without a colon."
  },
  {
    problem: /^(?:data\[\]\.|data\.data\[\]\.data\[\]\.)?(?:style|links) is not declared$/,
    operations: [
      "get-items",
      "get-items-within-frame",
      "get-items-by-tag",
      "get-items-experimental",
      "get-specific-item",
      "get-specific-item-experimental",
      "getItemsByGroupId",
      "update-item-position-or-parent"
    ],
    reason: "Miro responds with it, as issue 180 of miroapp/api-clients shows, whatever type an item is of."
  },
  {
    problem: /^(?:data\[\]\.|data\.data\[\]\.data\[\]\.)?isSupported is not declared$/,
    reason: "Miro responds with it for items that this part of its API does not know, such as shapes of flowcharts."
  },
  {
    problem: /data\.shape is flow_chart_\w+, not listed$/,
    operations: ["get-items-experimental"],
    reason: "Shapes of flowcharts come in this list, by the names that the document has for creating them."
  },
  {
    problem: /^type is not declared$/,
    operations: [
      "get-items",
      "get-items-within-frame",
      "get-items-experimental",
      "get-code-widget-items",
      "get-connectors",
      "get-mindmap-nodes-experimental"
    ],
    reason: "Pages that have a cursor are of the type `cursor-list`, which the document knows for some of them."
  },
  {
    problem: /^(?:data\[\]\.)?(?:permissionsPolicy|sharingPolicy) is not declared$/,
    operations: boards,
    reason: "Miro repeats the policies of a board beside `policy`."
  },
  {
    problem: /\.copyAccessLevel is not declared$/,
    operations: boards,
    reason: "Miro responds with it beside `copyAccess`, which it takes the place of."
  },
  {
    problem: /copyAccessLevel is board_owner, not listed$/,
    operations: ["enterprise-update-team-settings", "enterprise-get-team-settings"],
    reason: "The document has it with spaces and a dash behind it."
  },
  {
    problem: /^data\[\]\.links is not declared$/,
    operations: ["get-boards", "get-board-members"],
    reason: "Boards and members have their links in lists too."
  },
  {
    problem: /^application is not declared$/,
    operations: ["token-info"],
    reason: "Miro says which app a token is of."
  },
  {
    problem: /scopeValue is missing$/,
    operations: ["create-legal-hold", "edit-legal-hold", "get-legal-hold", "get-all-legal-holds"],
    reason: "The document requires it and declares no such field: it is called `scope`."
  },
  {
    problem: /^data\[\]\.(?:id|name) is missing$/,
    operations: ["get-legal-hold-content-items"],
    reason: "The document requires it and declares no such field: an item has a `contentId`."
  },
  {
    problem: /schemas\[\] is urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User, not listed$/,
    reason: "RFC 7643 lists all schemas that a resource uses, and users may use this one."
  },
  {
    problem: /^attributes\[\]\.subAttributes is not declared$/,
    operations: ["getSchema"],
    reason: "An attribute is made of attributes, which is a recursion that this test leaves out of the document."
  }
]

interface Difference {
  readonly operation: string
  readonly problem: string
}

/** Where responses are not as the document says. Those of what is no operation of it are left alone. */
export const differencesIn = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<Difference> =>
  exchanges.flatMap((exchange) => {
    const contract = contractFor(exchange)
    if (contract === undefined) return []
    return problemsOf(exchange, contract).map((problem) => ({ operation: contract.id, problem }))
  })

export const isMeant =
  ({ operation, problem }: Difference) =>
  (deviation: Deviation): boolean =>
    (deviation.operations?.includes(operation) ?? true) && deviation.problem.test(problem)

/** The differences that no deviation names, in words. */
export const unexplained = (exchanges: ReadonlyArray<Exchange>): ReadonlyArray<string> =>
  Arr.dedupe(
    differencesIn(exchanges)
      .filter((difference) => !deviations.some(isMeant(difference)))
      .map(({ operation, problem }) => `${operation}: ${problem}`)
  )
