/** What the pages of the sandbox have in common. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { html, type Html } from "./html.ts"

const style = `
  :root { color-scheme: light dark; --page: #fff; --text: #1c1c1e; --link: #3859d6; --line: #d5d7e0; }
  @media (prefers-color-scheme: dark) { :root { --page: #16171c; --text: #f0f1f5; --link: #9db1ff; --line: #3d404c; } }
  body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
  h1 { line-height: 1.2; overflow-wrap: anywhere; }
  a { color: var(--link); }
  form, .choices { align-items: center; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; margin: 1rem 0; }
  button, input, .choices a { border: 1px solid var(--link); border-radius: 0.5rem; font: inherit; padding: 0.4rem 0.8rem; }
  .table, .board { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
  td:last-child { min-width: 10rem; overflow-wrap: anywhere; }
  .board { background: #f2f2f2; border: 1px solid var(--line); }
  svg { display: block; max-height: 80vh; min-width: 40rem; width: 100%; }
  .text { align-items: center; box-sizing: border-box; display: flex; height: 100%; justify-content: center; line-height: 1.3; overflow: hidden; overflow-wrap: anywhere; padding: 0.5em; text-align: center; }
  .frame { padding: 0.5em; }
`

/** A page that loads nothing, and runs no script. */
export const page = (title: string, body: Html, status = 200): HttpServerResponse.HttpServerResponse =>
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
      status,
      contentType: "text/html; charset=utf-8",
      headers: {
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store"
      }
    }
  )
