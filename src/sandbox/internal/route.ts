import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Level } from "./credits.ts"
import type { Refusable } from "./errors.ts"
import type { Session } from "./grants.ts"
import type { Instant } from "./instant.ts"
import type { Store } from "./store.ts"
import type { Uploads } from "./upload.ts"

/** A request that has found its route. */
export interface Call {
  readonly store: Store
  readonly instant: Instant
  readonly path: string
  readonly rawQuery: string
  readonly query: URLSearchParams
  /** The path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly contentType: string | undefined
  readonly authorization: string | undefined
  readonly body: string
  readonly uploads?: Uploads | undefined
  /** What a PKCE challenge must be for the code verifier in the body, if it has one. */
  readonly hashedVerifier: string | undefined
  /** Scheme and host that the caller knows the sandbox by. */
  readonly origin: string
}

/** A call with a token that is good. */
export interface AuthenticatedCall extends Call {
  readonly session: Session
}

/** The id of the board that a path is about: routes of the contract name the parameter as it does. */
export const boardIdIn = ({ params }: Call): string => params["board_id"] ?? params["boardId"] ?? ""

export type FullResponse = Refusable<HttpServerResponse.HttpServerResponse>

interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly path: string
}

/** A route that needs no token and costs nothing. */
interface OpenRoute extends Endpoint {
  readonly level?: undefined
  readonly handle: (call: Call) => FullResponse
}

export interface MeteredRoute extends Endpoint {
  readonly level: Level
  /** How many times a call costs what its level does: once unless set. */
  readonly times?: (call: Call) => number
  /** Whether the body may be a form with files. */
  readonly takesFiles?: boolean
  readonly handle: (call: AuthenticatedCall) => FullResponse
}

export type Route = OpenRoute | MeteredRoute
