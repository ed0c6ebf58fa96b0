/** A Miro that always responds alike, in a process of its own: what it costs is not what is measured. */
import { createServer } from "node:http"
import * as payloads from "./payloads.ts"

const board = JSON.stringify(payloads.board)
const created = JSON.stringify(payloads.page().data[0])
const onePage = JSON.stringify(payloads.page())

const bodyFor = (method: string | undefined, { pathname, searchParams }: URL) => {
  if (method === "POST") return created
  if (!pathname.endsWith("/items")) return board
  const pages = payloads.pagesOf(pathname)
  return pages === 1 ? onePage : JSON.stringify(payloads.page(Number(searchParams.get("cursor") ?? 0), pages))
}

const headers = {
  "content-type": "application/json",
  "x-ratelimit-limit": "100000000000",
  "x-ratelimit-remaining": "100000000000"
}

const server = createServer((request, response) => {
  const body = bodyFor(request.method, new URL(request.url ?? "/", "http://miro"))
  request.resume()
  response
    .writeHead(request.method === "POST" ? 201 : 200, { ...headers, "content-length": Buffer.byteLength(body) })
    .end(body)
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") process.send?.(`http://127.0.0.1:${address.port}`)
})

process.on("disconnect", () => process.exit())
