import * as Equal from "effect/Equal"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { CallbackRejected } from "../../MiroError.ts"
import * as Redaction from "../../http/redaction.ts"

/** What Miro sends a user back with who agreed. */
export interface Callback {
  readonly code: string
  /** Empty if there is none. Not checked yet. */
  readonly state: string
}

interface App {
  readonly clientId: string
  readonly redirectUrl: string
}

// Origin, path and query, taken apart by hand: a URL parser takes a backslash for a slash, drops line breaks and
// resolves dots, so that what it says is equal need not be. The fragment is nobody's: a browser may carry over an old one.
const parts = /^([a-z][a-z\d+.-]*:\/\/[^/\\?#@\s]+)?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/is

const isAt = (redirect: URL, origin: string | undefined, path: string | undefined): boolean => {
  if (origin === undefined) return path === redirect.pathname
  if (!URL.canParse(origin)) return false
  // Of the origin alone: the case of a host and a default port mean nothing.
  const { host, pathname, protocol } = new URL(origin)
  return protocol === redirect.protocol && host === redirect.host && (path ?? pathname) === redirect.pathname
}

/** Whether this can be a code (RFC 6749, appendix A.11), and one that fits into a URL. */
export const isCode = (text: string): boolean => /^[!-~]{1,2048}$/.test(text)

/** Whether this is meant to be a URL and not a code alone, whatever else is wrong with it. */
export const isUrl = (text: string): boolean => /^\/|:\/\/|[?&](?:code|error|state)=/.test(text)

const hasParametersOf = (redirect: URL, parameters: URLSearchParams): boolean =>
  Array.from(redirect.searchParams.keys()).every((name) =>
    Equal.equals(parameters.getAll(name), redirect.searchParams.getAll(name))
  )

const names = ["code", "state", "error", "error_description", "client_id", "team_id"]

const rejected = (problem: CallbackRejected["problem"], description: string) =>
  Result.fail(new CallbackRejected({ problem, description }))

const invalid = (description: string) => rejected("InvalidUrl", description)

/** Reads the URL of a callback, whole or from its path on, and checks all of it but the state. */
export const parse = (url: string, { clientId, redirectUrl }: App): Result.Result<Callback, CallbackRejected> => {
  if (!URL.canParse(redirectUrl)) return invalid("the redirect URL of the app is not a URL")
  const redirect = new URL(redirectUrl)
  const [, origin, path, query] = parts.exec(url) ?? []
  const parameters = new URLSearchParams(query)
  if (!isAt(redirect, origin, path) || !hasParametersOf(redirect, parameters)) {
    if (isCode(url) && !isUrl(url)) return invalid("this is no URL; if it is the code alone, give it to exchangeCode")
    return invalid(
      `the callback is not at the redirect URL ${redirectUrl}; ` +
        "a program that sees another origin, as behind a proxy, should give the path and the query only"
    )
  }
  const repeated = names.find((name) => parameters.getAll(name).length > 1)
  if (repeated !== undefined) return invalid(`the callback has several parameters ${repeated}`)
  // An authorization of another app, mixed up with ours.
  if ((parameters.get("client_id") ?? clientId) !== clientId) return invalid("the callback is for another app")
  const code = parameters.get("code")
  const error = parameters.get("error")
  if (error !== null) {
    if (code !== null) return invalid("the callback has both a code and an error")
    // Quoted, since anybody can have written it.
    const redaction = Redaction.make(parameters.getAll("state").map((state) => Redacted.make(state)))
    const description = redaction.quote(parameters.get("error_description") ?? error)
    return rejected("Denied", `Miro responded with ${JSON.stringify(description)}`)
  }
  if (code === null || code === "") return invalid("the callback has no code in its query")
  if (!isCode(code)) return invalid("what the callback has for a code cannot be one")
  return Result.succeed({ code, state: parameters.get("state") ?? "" })
}
