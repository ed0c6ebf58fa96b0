import * as Config from "effect/Config"
import * as Url from "effect/http/Url"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * What is wrong with the URL of a server that is to get tokens, without quoting
 * it: it may have a password in it.
 */
export const problem = (baseUrl: string, allowInsecure = false): string | undefined => {
  const parsed = Url.fromString(baseUrl)
  if (Result.isFailure(parsed) || !/^https?:\/\/[^\s\\]+$/i.test(baseUrl)) {
    return "must be a URL that begins with https://"
  }
  const { hostname, password, protocol, username } = parsed.success
  if (username !== "" || password !== "") return "must not have a user name or password"
  if (/[?#]/.test(baseUrl)) return "must not have a query or fragment"
  return protocol === "https:" || loopback.test(hostname) || allowInsecure
    ? undefined
    : "must begin with https://, unless the server is on this machine or allowInsecure is set"
}

const normalize = (baseUrl: string): string =>
  Result.match(Url.fromString(baseUrl), {
    onFailure: () => baseUrl,
    // The parser writes the host in lower case, and a port only where it is not the default.
    onSuccess: ({ origin, pathname }) => origin + pathname.replace(/\/+$/, "")
  })

/** Whether two base URLs are of the same API, however they are written. */
export const isSame = (one: string, other: string): boolean => normalize(one) === normalize(other)

/** A base URL in the environment, unless another `Config` is given. */
export const fromConfig = (
  given: Config.Config<string> | undefined,
  name: string,
  allowInsecure?: boolean
): Config.Config<string | undefined> => given ?? Config.map(config(name, allowInsecure), Option.getOrUndefined)

const config = (name: string, allowInsecure?: boolean): Config.Config<Option.Option<string>> =>
  Config.option(
    Config.schema(
      Schema.NonEmptyString.check(Schema.makeFilter((baseUrl) => problem(baseUrl, allowInsecure) ?? true)),
      name
    )
  )
