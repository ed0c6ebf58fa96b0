/** The pages of the app. */
import { DateTime } from "effect"
import type { Boards, Items } from "effect-miro"
import { HttpServerResponse } from "effect/http"
import { textOfItem } from "../shared/drawing.ts"
import { html, type Html } from "../shared/html.ts"
import { drawBoard } from "./drawing.ts"
import type { Session } from "./sessions.ts"

const csrfField = (session: Session) => html`<input type="hidden" name="csrf" value="${session.csrf}" />`

const account = (session: Session) => html`
  <form method="post" action="/sign-out">
    ${csrfField(session)}
    <span>${session.name}</span>
    <button class="quiet">Sign out</button>
  </form>
`

const page = (
  {
    session,
    status = 200,
    title
  }: { readonly title: string; readonly session?: Session | undefined; readonly status?: number },
  body: Html
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title} · Board viewer</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="/style.css" />
        </head>
        <body>
          <header><a href="/">Board viewer</a>${session === undefined ? undefined : account(session)}</header>
          <main>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html>`.markup,
    { status, contentType: "text/html; charset=utf-8" }
  )

export const welcome = page(
  { title: "Your Miro boards, here" },
  html`<p>See your boards, look at what is on them, and add a sticky note.</p>
    <p><a class="button" href="/sign-in">Sign in with Miro</a></p>`
)

const card = ({ description, id, modifiedAt, name, picture }: Boards.Board): Html => html`
  <li>
    <a href="/boards/${encodeURIComponent(id)}">
      ${
        picture?.imageURL === undefined
          ? html`<span class="picture" aria-hidden="true">${name.slice(0, 1)}</span>`
          : html`<img class="picture" src="${picture.imageURL}" alt="" loading="lazy" />`
      }
      <strong>${name}</strong>
    </a>
    <p>${description}</p>
    <small>${modifiedAt === undefined ? undefined : `Changed on ${DateTime.formatIsoDateUtc(modifiedAt)}`}</small>
  </li>
`

export const boards = (session: Session, boards: ReadonlyArray<Boards.Board>) =>
  page(
    { title: "Your boards", session },
    boards.length === 0
      ? html`<p class="empty">You have no boards yet. Create one in Miro, and it will be here.</p>`
      : html`<ul class="boards">
          ${boards.map(card)}
        </ul>`
  )

const listed = (item: Items.Item): Html =>
  html`<li><span class="kind">${item.type.replaceAll("_", " ")}</span> ${textOfItem(item)}</li>`

export const board = (session: Session, board: Boards.Board, items: ReadonlyArray<Items.Item>) => {
  const { picture, room } = drawBoard(board.name, items)
  return page(
    { title: board.name, session },
    html`<p>${board.description}</p>
      ${picture}
      <form method="post" action="/boards/${encodeURIComponent(board.id)}/sticky-notes" class="add">
        ${csrfField(session)}
        <input type="hidden" name="x" value="${room.x}" />
        <input type="hidden" name="y" value="${room.y}" />
        <label for="content">New sticky note</label>
        <textarea id="content" name="content" rows="3" maxlength="6000" required></textarea>
        <button>Add</button>
      </form>
      <details>
        <summary>What is on it, as text (${items.length})</summary>
        <ul>
          ${items.map(listed)}
        </ul>
      </details>
      <p><a href="/">All boards</a></p>`
  )
}

export const signIn = (returnTo: string, reason: string) =>
  page(
    { title: "Please sign in", status: 401 },
    html`<p>${reason}</p>
      <p><a class="button" href="/sign-in?to=${encodeURIComponent(returnTo)}">Sign in with Miro</a></p>`
  )

export const problem = (status: number, title: string, text: string) =>
  page(
    { title, status },
    html`<p>${text}</p>
      <p><a href="/">To the start</a></p>`
  )
