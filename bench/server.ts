/** A Miro that always responds alike, in a process of its own: what it costs is not what is measured. */
import { createServer } from "node:http"
import * as payloads from "../test/support/payloads.ts"

const items = Array.from({ length: 50 }, (_, index) => ({ ...payloads.stickyNote, id: String(index) }))
const bodies = {
  board: JSON.stringify(payloads.board),
  items: JSON.stringify({ data: items, total: 50, size: 50, limit: 50, links: {}, type: "cursor-list" })
}

const headers = {
  "content-type": "application/json",
  "x-ratelimit-limit": "100000000000",
  "x-ratelimit-remaining": "100000000000"
}

const server = createServer((request, response) => {
  const body = request.url?.includes("/items") === true ? bodies.items : bodies.board
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) }).end(body)
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") process.send?.(`http://127.0.0.1:${address.port}`)
})

process.on("disconnect", () => process.exit())
