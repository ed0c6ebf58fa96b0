/**
 * The URLs that a download meets: the one in an item, which the API gives and
 * is asked with the token, and the signed one of the storage, which is a secret
 * of its own.
 */
import * as Url from "effect/http/Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

// A URL parser takes a backslash for a slash, and drops white space.
const plain = /^https?:\/\/[^\s\\\p{Control}]+$/iu

const parse = (url: string): Result.Result<URL, string> =>
  Result.gen(function* () {
    const problem = "is not an absolute URL of HTTP"
    if (!plain.test(url)) return yield* Result.fail(problem)
    const parsed = yield* Result.mapError(Url.fromString(url), () => problem)
    return parsed.username === "" && parsed.password === "" ? parsed : yield* Result.fail("has a user name or password")
  })

// What a proxy in front of Miro's API passes on.
const miro = "https://api.miro.com"

const isPath = (path: string): boolean => path.startsWith("/") && !path.startsWith("//")

/** What the API is asked for. */
export interface Resource {
  /** Within the base URL. */
  readonly path: string
  readonly query: URLSearchParams
}

/**
 * The URL of a resource as a path within the API and its query: the token goes
 * with it to the base URL, whatever the item says. What is wrong with the URL is
 * said without quoting it.
 */
export const resource = (url: string | undefined, baseUrl: string): Result.Result<Resource, string> =>
  Result.gen(function* () {
    if (url === undefined || url === "") return yield* Result.fail("is missing: there is nothing to download")
    const { origin, pathname, searchParams } = yield* parse(url)
    const base = yield* parse(baseUrl)
    const prefix = base.pathname.replace(/\/+$/, "")
    const path =
      origin === base.origin && pathname.startsWith(`${prefix}/`)
        ? pathname.slice(prefix.length)
        : origin === miro
          ? pathname
          : ""
    return isPath(path) ? { path, query: searchParams } : yield* Result.fail("is not a URL of the API")
  })

/**
 * Checks a URL that is asked without the token. It may only be `http:` where the
 * API is, too.
 */
export const signed = (url: string, baseUrl: string): Result.Result<Redacted.Redacted, string> =>
  parse(url).pipe(
    Result.filterOrFail(
      ({ protocol }) => protocol === "https:" || /^http:/i.test(baseUrl),
      () => "does not begin with https://"
    ),
    Result.map(({ href }) => Redacted.make(href))
  )

/** Where a redirect points to, checked as the URL before it was. */
export const redirected = (
  from: Redacted.Redacted,
  location: string,
  baseUrl: string
): Result.Result<Redacted.Redacted, string> =>
  Url.fromString(location, Redacted.value(from)).pipe(
    Result.mapError(() => "is not a URL"),
    Result.flatMap(({ href }) => signed(href, baseUrl))
  )

/** What must not be said of a signed URL: all of it, its path, its query, and each value in that. */
export const secretsIn = (url: Redacted.Redacted): ReadonlyArray<Redacted.Redacted> =>
  Result.match(Url.fromString(Redacted.value(url)), {
    onFailure: () => [url],
    onSuccess: ({ href, pathname, search, searchParams }) =>
      // A short one would withhold every text that has it: it is the lifetime, or the name of an algorithm.
      [href, pathname, search, ...searchParams.values()]
        .filter((text) => text.length >= 8)
        .map((text) => Redacted.make(text))
  })
