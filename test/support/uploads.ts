/**
 * A server on the loopback interface that reads multipart bodies as browsers
 * and servers do, by the standard parser of the platform.
 */
import { Effect } from "effect"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"

export interface Part {
  readonly name: string
  readonly filename: string | undefined
  readonly contentType: string | undefined
  readonly bytes: Uint8Array
}

export interface Upload {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly contentType: string
  readonly parts: ReadonlyArray<Part>
}

const partOf = async ([name, value]: readonly [string, File | string]): Promise<Part> =>
  typeof value === "string"
    ? { name, filename: undefined, contentType: undefined, bytes: new TextEncoder().encode(value) }
    : { name, filename: value.name, contentType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) }

const read = async (request: Http.IncomingMessage): Promise<Upload> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of request) chunks.push(chunk)
  const contentType = request.headers["content-type"] ?? ""
  const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": contentType } }).formData()
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    contentType: contentType.replace(/;.*/, ""),
    parts: await Promise.all(Array.from(form, partOf))
  }
}

/** Responds to each upload with the status that comes next, or with this body once there is none left. */
export const serve = (body: unknown, statuses: ReadonlyArray<number> = []) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly origin: string; readonly uploads: ReadonlyArray<Upload>; readonly close: () => void }>(
      (resume) => {
        const uploads: Array<Upload> = []
        const server = Http.createServer((request, response) => {
          void read(request).then((upload) => {
            uploads.push(upload)
            const status = statuses[uploads.length - 1]
            response.writeHead(status ?? 201, { "content-type": "application/json" })
            response.end(JSON.stringify(status === undefined ? body : { status, message: "not now" }))
          })
        })
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo
          resume(
            Effect.succeed({
              origin: `http://127.0.0.1:${port}`,
              uploads,
              close: () => {
                server.closeAllConnections()
                server.close()
              }
            })
          )
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

/** The JSON in a part. */
export const jsonOf = (part: Part | undefined): unknown => JSON.parse(new TextDecoder().decode(part?.bytes))
