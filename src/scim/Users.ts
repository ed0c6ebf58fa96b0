/**
 * The users of an organization, for an identity provider: its members, without
 * its guests. On the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/scim
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as PatchOp from "./PatchOp.ts"
import { ScimClient } from "./ScimClient.ts"
import * as ScimPage from "./ScimPage.ts"
import { User, UserInput, UserOperation, UserReplacement } from "./User.ts"

export * from "./User.ts"

/**
 * Lists the members of the organization. A page has 1 to 1000 users.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/listusers
 */
export const list = Operation.list({
  id: "listUsers",
  name: "ScimUsers.list",
  method: "GET",
  path: "/Users",
  level: "none",
  client: ScimClient,
  query: Schema.Struct(ScimPage.listQuery),
  success: ScimPage.of(User),
  pagination: Pagination.startIndex({ maximum: 1000 })
})

/**
 * Creates a user, who is added to the default team. Without any other name,
 * the user is called by the email address. Without a `userType`, Miro chooses
 * the license by the plan.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/createuser
 */
export const create = Operation.make({
  id: "createUser",
  name: "ScimUsers.create",
  method: "POST",
  path: "/Users",
  level: "none",
  client: ScimClient,
  status: 201,
  contentType: "application/scim+json",
  body: UserInput,
  success: User
})

/**
 * Gets a user. Guests of the organization are not found.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getuser
 */
export const get = Operation.make({
  id: "getUser",
  name: "ScimUsers.get",
  method: "GET",
  path: "/Users/{userId}",
  level: "none",
  client: ScimClient,
  query: Schema.Struct({
    /** The attributes to give, separated by commas, such as `userName,emails.value`. All of them unless set. */
    attributes: Schema.optional(Schema.String)
  }),
  success: User
})

/**
 * Puts all that is given in the place of what Miro has of a user. Give what
 * shall stay too, or use `update`.
 *
 * The email address, license and roles of a deactivated user cannot be changed.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/replaceuser
 */
export const replace = Operation.make({
  id: "replaceUser",
  name: "ScimUsers.replace",
  method: "PUT",
  path: "/Users/{userId}",
  level: "none",
  client: ScimClient,
  contentType: "application/scim+json",
  body: UserReplacement,
  success: User
})

/**
 * Makes some changes to a user, and leaves the rest as it is.
 *
 * A license can be raised to `Full` but not lowered, and no user becomes a
 * guest.
 *
 * Needs the SCIM token.
 *
 * **Example** (Deactivating a user)
 *
 * ```ts
 * import { ScimUsers } from "effect-miro"
 *
 * const deactivate = ScimUsers.update({
 *   userId: "3074457365265951581",
 *   Operations: [{ op: "Replace", path: "active", value: false }]
 * })
 * ```
 *
 * @category operations
 * @see https://developers.miro.com/reference/patchuser
 */
export const update = Operation.make({
  id: "patchUser",
  name: "ScimUsers.update",
  method: "PATCH",
  path: "/Users/{userId}",
  level: "none",
  client: ScimClient,
  contentType: "application/scim+json",
  body: PatchOp.of(UserOperation),
  success: User
})

/**
 * Deletes a user from the organization. Their boards go to the oldest member
 * of the team who is an admin. The last admin of the organization or of a
 * team cannot be deleted, nor can a guest.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/deleteuser
 */
const delete_ = Operation.make({
  id: "deleteUser",
  name: "ScimUsers.delete",
  method: "DELETE",
  path: "/Users/{userId}",
  level: "none",
  client: ScimClient
})

export { delete_ as delete }
