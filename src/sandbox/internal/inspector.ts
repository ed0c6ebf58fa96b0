/** A page that shows what is in the sandbox: boards as they look, the last requests, and who has tokens. */
import { drawBoard, textOf } from "./drawing.ts"
import { html, type Html } from "./html.ts"
import type { LedgerEntry } from "./ledger.ts"
import { page } from "./page.ts"
import type { Store } from "./store.ts"
import * as users from "./users.ts"

const request = ({ method, path, query, status }: LedgerEntry): Html =>
  html`<tr>
    <td>${status}</td>
    <td>${method}</td>
    <td>${query === "" ? path : `${path}?${query}`}</td>
  </tr>`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<Html>): Html =>
  html`<div class="table" role="region" aria-label="${head.join(", ")}" tabindex="0">
    <table>
      <tr>
        ${head.map((name) => html`<th>${name}</th>`)}
      </tr>
      ${rows}
    </table>
  </div>`

const boardLink = (id: string, name: string): Html =>
  html`<a href="/__sandbox/boards/${encodeURIComponent(id)}">${name}</a>`

const boards = ({ boards }: Store): Html =>
  boards.size === 0
    ? html`<p>There are no boards.</p>`
    : table(
        ["Board", "Items", "Members"],
        Array.from(
          boards.values(),
          ({ id, items, members, name }) =>
            html`<tr>
              <td>${boardLink(id, name)}</td>
              <td>${items.size}</td>
              <td>${members.size}</td>
            </tr>`
        )
      )

const found = ({ boards }: Store, query: string): Html => {
  const wanted = query.toLowerCase()
  const rows = Array.from(boards.values()).flatMap((board) =>
    Array.from(board.items.values())
      .filter((item) => item.id === query || textOf(item).toLowerCase().includes(wanted))
      .map(
        (item) =>
          html`<tr>
            <td>${boardLink(board.id, board.name)}</td>
            <td>${textOf(item)}</td>
            <td>${item.type}</td>
            <td>${item.id}</td>
          </tr>`
      )
  )
  return rows.length === 0
    ? html`<p>Nothing on any board says “${query}”.</p>`
    : table(["Board", "Text", "Type", "Id"], rows.slice(0, 200))
}

const grants = ({ grants }: Store): Html => {
  const live = Array.from(grants.accessTokens.values())
  return live.length === 0
    ? html`<p>No tokens were issued, beside the one for quick starts.</p>`
    : html`<ul>
        ${live.map(({ grant: { scopes, teamId, userId } }) => html`<li>${users.nameOf(userId)} (${userId}), team ${teamId}, ${scopes?.join(", ") ?? "everything"}</li>`)}
      </ul>`
}

const shownRequests = 100

/** The page of a path below `/__sandbox/`, if there is one. */
export const show = (store: Store, path: string, query: URLSearchParams) => {
  if (path === "") {
    const wanted = query.get("q") ?? ""
    const requests = store.ledger.slice(-shownRequests).toReversed().map(request)
    return page(
      "The sandbox",
      html`<h1>The sandbox</h1>
        <form>
          <label>Search the boards <input type="search" name="q" value="${wanted}" /></label> <button>Search</button>
        </form>
        ${wanted === "" ? boards(store) : found(store, wanted)}
        <h2>Requests</h2>
        ${requests.length === 0 ? html`<p>None so far.</p>` : table(["Status", "Method", "Path"], requests)}
        <h2>Tokens</h2>
        ${grants(store)}`
    )
  }
  const [, id = ""] = /^boards\/([^/]+)$/.exec(path) ?? []
  const board = Array.from(store.boards.values()).find(
    (board) => encodeURIComponent(board.id) === id || board.id === id
  )
  return board === undefined
    ? undefined
    : page(
        board.name,
        html`<p><a href="/__sandbox/">All boards</a></p>
          <h1>${board.name}</h1>
          ${drawBoard(board)}`
      )
}
