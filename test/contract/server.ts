/**
 * A server on the loopback interface that holds what it gets against the
 * document, and responses from a script.
 */
import { Context, Effect, Layer } from "effect"
import * as Http from "node:http"
import { buffer } from "node:stream/consumers"
import type { Contract } from "./openapi.ts"
import { type Problems, validateRequest } from "./validate.ts"

export interface Reply {
  readonly status: number
  readonly contentType?: string | undefined
  /** JSON, byte for byte. */
  readonly body?: string | undefined
}

export interface Received {
  /** Percent-decoded, with the prefix of the SCIM API if there was one. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: string
  readonly problems: Problems
}

/** The prefix that the SCIM API has at Miro too, where the document gives none. */
export const scimPrefix = "/scim"

const isScim = (contract: Contract): boolean => !/^\/v\d/.test(contract.path)

export class Server extends Context.Service<
  Server,
  {
    readonly origin: string
    /**
     * From now on every request should fit this contract, and gets the next
     * of these replies. Gives what was received, which grows with each request.
     */
    readonly expect: (contract: Contract, replies: ReadonlyArray<Reply>) => ReadonlyArray<Received>
  }
>()("test/contract/server/Server") {}

interface Expected {
  readonly contract: Contract
  readonly replies: ReadonlyArray<Reply>
  readonly received: Array<Received>
}

const headersOf = (request: Http.IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))

const receive = async (request: Http.IncomingMessage, contract: Contract): Promise<Received> => {
  const { method = "", url: target = "" } = request
  const { pathname, searchParams } = new URL(target, "http://localhost")
  const body = new Uint8Array(await buffer(request))
  const isPrefixed = target.startsWith(scimPrefix)
  const problems = await validateRequest(contract, {
    method,
    target: isPrefixed ? target.slice(scimPrefix.length) : target,
    headers: headersOf(request),
    body
  }).catch((error: unknown) => [String(error)])
  return {
    path: decodeURIComponent(pathname),
    query: Object.fromEntries(searchParams),
    body: new TextDecoder().decode(body),
    problems: isPrefixed === isScim(contract) ? problems : [...problems, `${target} is of another API`]
  }
}

export const layerServer: Layer.Layer<Server> = Layer.effect(
  Server,
  Effect.gen(function* () {
    let expected: Expected | undefined
    const respond = async (request: Http.IncomingMessage, response: Http.ServerResponse) => {
      if (expected === undefined) throw new Error("no request is expected")
      const { contract, received, replies } = expected
      received.push(await receive(request, contract))
      const reply = replies[received.length - 1]
      // A request too many.
      if (reply === undefined) return response.writeHead(410).end()
      response.writeHead(reply.status, reply.contentType === undefined ? {} : { "content-type": reply.contentType })
      response.end(reply.body)
    }
    const server = Http.createServer((request, response) => {
      respond(request, response).catch((error: unknown) => response.writeHead(410).end(String(error)))
    })
    yield* Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    })
    yield* Effect.addFinalizer(() =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
    )
    const address = server.address()
    if (typeof address !== "object" || address === null) return yield* Effect.die(new Error("no port"))
    return Server.of({
      origin: `http://127.0.0.1:${address.port}`,
      expect: (contract, replies) => {
        const received: Array<Received> = []
        expected = { contract, replies, received }
        return received
      }
    })
  })
)
