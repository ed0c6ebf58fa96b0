/** What Miro's messages leave out of the reason for which a call fails. */
import { Forbidden, NotFound, type Reason } from "../MiroError.ts"

const doubledVersion = /\/v\d[\w-]*\/+v\d[\w-]*(?=[/?#]|$)/

/** A `404` is most puzzling where the base URL ends in a version, which paths have too. */
export const absence = (reason: Reason, url: string): Reason => {
  if (reason._tag !== "NotFound") return reason
  const [doubled] = doubledVersion.exec(url) ?? []
  return doubled === undefined
    ? reason
    : new NotFound({
        ...reason,
        message: `${reason.message} (the URL has ${doubled}: does the base URL end in a version?)`
      })
}

const otherwise = "the role of the user or the plan may be the reason too"

/** A `403` does not say what is missing. */
export const permission = (reason: Reason, operation: string, scopes: ReadonlyArray<string> = []): Reason => {
  if (reason._tag !== "Forbidden") return reason
  const hint =
    scopes.length === 0
      ? `the token may lack a scope; ${otherwise}`
      : `${operation} needs the ${scopes.length === 1 ? "scope" : "scopes"} ${scopes.join(", ")}; ${otherwise}`
  return new Forbidden({ ...reason, message: `${reason.message} (${hint})`, ...(scopes.length > 0 && { scopes }) })
}
