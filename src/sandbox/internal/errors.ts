import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Result from "effect/Result"

/** What a handler asks for; a refusal is the response that it ends with. */
export type Refusable<A> = Result.Result<A, HttpServerResponse.HttpServerResponse>

/** One complaint of a 400. The field may be empty. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

export const invalidParameters = (fields: ReadonlyArray<FieldError>) =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "2.0703", context: { fields }, message: "Invalid parameters", status: 400 },
    { status: 400 }
  )

export const invalidParameter = (field: string, message: string) => invalidParameters([{ field, message }])

const unauthorized = (code: string, message: string) =>
  HttpServerResponse.jsonUnsafe({ type: "error", code, message, status: 401 }, { status: 401 })

export const tokenNotProvided = () => unauthorized("tokenNotProvided", "No authorization token was provided")

export const tokenExpired = () => unauthorized("tokenExpired", "The access token is invalid or has expired")

// The token endpoint orders the keys of its envelope in another way, and
// responds with 401 where OAuth asks for 400.
export const oauthError = (message: string, status: 400 | 401 = 401) =>
  HttpServerResponse.jsonUnsafe({ status, code: "oauthError", message, type: "error" }, { status })

export const tokenNotFound = () =>
  HttpServerResponse.jsonUnsafe(
    { status: 404, code: "tokenNotFound", message: "Token not found", type: "error" },
    { status: 404 }
  )

/** Not a response of Miro: a fault asks for the status, and the body says so. */
export const ofStatus = (status: number) =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "injectedFault", message: `The sandbox was told to respond with ${status}`, status },
    { status }
  )

export const forbidden = (message: string) =>
  HttpServerResponse.jsonUnsafe({ type: "error", code: "forbiddenAccess", message, status: 403 }, { status: 403 })

const absent = (boardId: string, message: string) =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "3.0201", context: { boardId: { value: boardId } }, message, status: 404 },
    { status: 404 }
  )

export const boardNotFound = (boardId: string) => absent(boardId, "Board not found")

export const itemNotFound = (boardId: string) => absent(boardId, "Item not found")

export const connectorNotFound = (boardId: string) => absent(boardId, "Connector not found")

export const groupNotFound = (boardId: string) => absent(boardId, "Group not found")

export const memberNotFound = (boardId: string) => absent(boardId, "Board member not found")

export const tagNotFound = (boardId: string) => absent(boardId, "Tag not found")

export const conflict = () =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "conflict", message: "It is there already", status: 409 },
    { status: 409 }
  )

export const tooLarge = (message: string) =>
  HttpServerResponse.jsonUnsafe({ type: "error", code: "payloadTooLarge", message, status: 413 }, { status: 413 })

export const tooEarly = (message: string) =>
  HttpServerResponse.jsonUnsafe({ type: "error", code: "tooEarly", message, status: 425 }, { status: 425 })

export const notFound = () =>
  HttpServerResponse.jsonUnsafe({ type: "error", code: "notFound", message: "Not found", status: 404 }, { status: 404 })

/** The response of the servlet in front of the API, whose status is a string. */
export const noSuchPath = (path: string) =>
  HttpServerResponse.jsonUnsafe(
    { servlet: "dispatcherServlet", message: "Not Found", url: path, status: "404" },
    { status: 404 }
  )

/** Not a response of Miro: the sandbox says what it lacks. */
export const notServed = (operation: string, endpoint: string) =>
  HttpServerResponse.jsonUnsafe(
    {
      type: "error",
      code: "sandboxNotServed",
      message: `The sandbox of effect-miro does not serve ${operation} (${endpoint})`,
      status: 501
    },
    { status: 501 }
  )

export const methodNotSupported = (method: string, allowed: ReadonlyArray<string>) =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "methodNotSupported", message: `Method ${method} is not supported`, status: 405 },
    { status: 405, headers: { allow: [...new Set(allowed)].join(", ") } }
  )

export const unsupportedMediaType = (what: string) =>
  HttpServerResponse.jsonUnsafe(
    { type: "error", code: "unsupportedMediaType", message: `${what} is not supported`, status: 415 },
    { status: 415 }
  )

export const tooManyRequests = () =>
  HttpServerResponse.jsonUnsafe(
    { status: 429, code: "tooManyRequests", message: "Request rate limit exceed", context: null, type: "error" },
    { status: 429 }
  )
