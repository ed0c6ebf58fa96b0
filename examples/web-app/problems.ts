/** The pages for what goes wrong. */
import { Duration, Effect } from "effect"
import type { MiroError } from "effect-miro"
import { HttpServerResponse } from "effect/http"
import { problem, signIn } from "./pages.ts"
import { Sessions } from "./sessions.ts"

export const notFound = problem(404, "Not found", "There is no such board, or none that you may see.")
export const notYours = problem(
  403,
  "Not accepted",
  "This form did not come from a page of yours. Go back, and try again."
)
const notSignedIn = problem(400, "Not signed in", "This sign-in was not begun here, or too long ago. Try again.")
const declined = problem(403, "Not signed in", "You did not let the app use Miro, so there is nothing to show.")
const refused = problem(400, "Not accepted", "Miro does not accept this.")
const down = problem(503, "Miro is not available", "Miro does not respond as it should. Try again in a minute.")

const tooMany = (wait = Duration.minutes(1)) => {
  const seconds = Math.max(1, Math.ceil(Duration.toSeconds(wait)))
  const text = `Miro takes no more requests of yours for now. Try again in ${Duration.format(Duration.seconds(seconds))}.`
  return HttpServerResponse.setHeader(problem(429, "Too many requests", text), "retry-after", String(seconds))
}

/** The page for a call that failed. `here` is where to go after signing in. */
export const failurePage = (here: string) =>
  Effect.fnUntraced(function* (error: MiroError.MiroError) {
    switch (error.reason._tag) {
      case "AuthorizationRequired":
      case "ReauthorizationRequired":
      case "Unauthorized":
        return (yield* Sessions).session.expire(signIn(here, "Miro does not know this app any more as yours."))
      case "RateLimited":
      case "CreditsSpent":
        return tooMany(error.retryAfter)
      case "NotFound":
      case "Forbidden":
      case "InvalidInput":
        return notFound
      case "CallbackRejected":
        return error.reason.problem === "Denied" ? declined : notSignedIn
      case "InvalidRequest":
        return refused
      default:
        yield* Effect.logError(error)
        return down
    }
  })
