/**
 * The sessions in which users are signed in. For company admins, on the
 * Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-post-user-sessions-reset
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"

/**
 * Signs a user out on all devices, as when the user leaves the company or the
 * account is in the wrong hands.
 *
 * Scope `sessions:delete`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-post-user-sessions-reset
 */
export const reset = Operation.make({
  id: "enterprise-post-user-sessions-reset",
  name: "Sessions.reset",
  method: "POST",
  path: "/v2/sessions/reset_all",
  scope: "sessions:delete",
  level: 3,
  status: 200,
  query: Schema.Struct({
    /** The email address of the user who is signed out. */
    email: Schema.String
  })
})
