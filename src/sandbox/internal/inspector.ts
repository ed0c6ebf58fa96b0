/** A page that shows what is in the sandbox: boards as they look, the last requests, and who has tokens. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { drawBoard, textOf } from "./drawing.ts"
import { html, type Html } from "./html.ts"
import type { LedgerEntry } from "./ledger.ts"
import type { Store } from "./store.ts"
import * as users from "./users.ts"

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid #8a8d9455; padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; overflow-wrap: anywhere; }
  svg { background: #f2f2f2; border: 1px solid #8a8d94; max-height: 80vh; width: 100%; }
  .text { align-items: center; box-sizing: border-box; color: #1c1c1e; display: flex; font: 18px/1.3 system-ui, sans-serif; height: 100%; justify-content: center; overflow: hidden; padding: 8px; text-align: center; }
  .frame { color: #555; font: 20px/1.3 system-ui, sans-serif; padding: 8px; }
`

const page = (title: string, body: Html): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(
    html`<!doctype html>
      <html lang="en">
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${{ markup: style }}
        </style>
        <main>${body}</main>
      </html> `.markup,
    {
      contentType: "text/html; charset=utf-8",
      headers: {
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store"
      }
    }
  )

const request = ({ method, path, query, status }: LedgerEntry): Html =>
  html`<tr>
    <td>${status}</td>
    <td>${method}</td>
    <td>${query === "" ? path : `${path}?${query}`}</td>
  </tr>`

const boardLink = (id: string, name: string): Html =>
  html`<a href="/__sandbox/boards/${encodeURIComponent(id)}">${name}</a>`

const boards = ({ boards }: Store): Html =>
  boards.size === 0
    ? html`<p>There are no boards.</p>`
    : html`<table>
        <tr>
          <th>Board</th>
          <th>Items</th>
          <th>Members</th>
        </tr>
        ${Array.from(
          boards.values(),
          ({ id, items, members, name }) =>
            html`<tr>
              <td>${boardLink(id, name)}</td>
              <td>${items.size}</td>
              <td>${members.size}</td>
            </tr>`
        )}
      </table>`

const found = ({ boards }: Store, query: string): Html => {
  const wanted = query.toLowerCase()
  const rows = Array.from(boards.values()).flatMap((board) =>
    Array.from(board.items.values())
      .filter((item) => item.id === query || textOf(item).toLowerCase().includes(wanted))
      .map(
        (item) =>
          html`<tr>
            <td>${boardLink(board.id, board.name)}</td>
            <td>${item.type}</td>
            <td>${item.id}</td>
            <td>${textOf(item)}</td>
          </tr>`
      )
  )
  return rows.length === 0
    ? html`<p>Nothing on any board says “${query}”.</p>`
    : html`<table>
        <tr>
          <th>Board</th>
          <th>Type</th>
          <th>Id</th>
          <th>Text</th>
        </tr>
        ${rows.slice(0, 200)}
      </table>`
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
        ${
          requests.length === 0
            ? html`<p>None so far.</p>`
            : html`<table>
                <tr>
                  <th>Status</th>
                  <th>Method</th>
                  <th>Path</th>
                </tr>
                ${requests}
              </table>`
        }
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
