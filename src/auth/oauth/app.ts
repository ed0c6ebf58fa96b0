import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { InvalidInput, type Issue } from "../../MiroError.ts"
import * as BaseUrl from "../../http/baseUrl.ts"

/**
 * The app, as its settings in Miro have it.
 *
 * @category configuration
 */
export interface Options {
  /** The client id in the app's settings. */
  readonly clientId: string
  /** Must not be empty. */
  readonly clientSecret: Redacted.Redacted
  /**
   * Exactly as in the app's settings, to the letter: a whole URL without a
   * fragment. With any other one every login fails with `InvalidInput`.
   */
  readonly redirectUrl: string
  /**
   * Where the API is: `https://api.miro.com` unless set. Must begin with
   * `https://`, unless it is on this machine (`localhost`, `127.0.0.0/8`,
   * `[::1]`), and have no user name, query or fragment. With any other one
   * every call fails with `InvalidInput`, and nothing is sent.
   */
  readonly baseUrl?: string | undefined
  /** Where users authorize apps: `https://miro.com` unless set. The same holds for it. */
  readonly webUrl?: string | undefined
  /** Lets the URLs be `http://` on other machines, which sends secrets in the clear. */
  readonly allowInsecure?: boolean | undefined
  /**
   * For a program with many users: every call and every operation of
   * `MiroOAuth` has to be made for one of them, with `MiroClient.as`. One that
   * is made for nobody fails with `InvalidInput`, and nothing is sent. Otherwise
   * it is made for the user `"default"`.
   */
  readonly requireUser?: boolean | undefined
}

/** The options with their defaults. */
export interface App extends Options {
  readonly baseUrl: string
  readonly webUrl: string
}

export const make = (options: Options): App => ({
  ...options,
  baseUrl: options.baseUrl ?? "https://api.miro.com",
  webUrl: options.webUrl ?? "https://miro.com"
})

type Problem = (app: App) => Issue | undefined

const issue = (name: keyof Options, message: string | undefined): Issue | undefined =>
  message === undefined ? undefined : { path: [name], message }

const clientId: Problem = (app) => issue("clientId", app.clientId === "" ? "must not be empty" : undefined)

const clientSecret: Problem = (app) =>
  issue("clientSecret", Redacted.value(app.clientSecret) === "" ? "must not be empty" : undefined)

const redirectUrl: Problem = ({ redirectUrl }) =>
  issue(
    "redirectUrl",
    URL.canParse(redirectUrl) && !/[\s#]/.test(redirectUrl)
      ? undefined
      : "must be a whole URL without a fragment, as in the app's settings"
  )

const baseUrl: Problem = (app) => issue("baseUrl", BaseUrl.problem(app.baseUrl, app.allowInsecure))

const webUrl: Problem = (app) => issue("webUrl", BaseUrl.problem(app.webUrl, app.allowInsecure))

const check =
  (...problems: ReadonlyArray<Problem>) =>
  (app: App): Effect.Effect<void, InvalidInput> => {
    const issues = problems.flatMap((problem) => problem(app) ?? [])
    return issues.length === 0 ? Effect.void : Effect.fail(new InvalidInput({ issues }))
  }

/** What every request to the API needs. */
export const checkRequest = check(baseUrl, clientId, clientSecret)

/** What the page at Miro needs, where a user authorizes the app. */
export const checkPage = check(webUrl, clientId, redirectUrl)

/** What a callback needs, and the code in it. */
export const checkCallback = check(baseUrl, clientId, clientSecret, redirectUrl)
