/**
 * Whose tokens a call uses.
 */
import * as Context from "effect/Context"

/**
 * The user of a program that has only one.
 *
 * @category references
 */
export const defaultUser = "default"

/**
 * The key under which the tokens of the current user are stored: any string of
 * your own, such as the id of a user in your database.
 *
 * A program with one user needs none and uses the default, `"default"`. A
 * program with many provides it around the calls of each, best with
 * `MiroClient.as`, and has `requireUser` of `MiroOAuth` refuse calls that are
 * made for nobody. It is read on the fiber that makes the call.
 *
 * @category references
 */
export const CurrentUser = Context.Reference<string>("effect-miro/CurrentUser", {
  defaultValue: () => defaultUser
})
