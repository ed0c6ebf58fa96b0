/**
 * The teams of an organization, which SCIM calls groups, for an identity
 * provider. On the Enterprise plan.
 *
 * So Miro's OpenAPI document has it. In newer organizations, a group of SCIM
 * is said to be a user group.
 *
 * @see https://developers.miro.com/reference/scim
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import { Meta } from "./Meta.ts"
import * as PatchOp from "./PatchOp.ts"
import { ScimClient } from "./ScimClient.ts"
import * as ScimPage from "./ScimPage.ts"

/**
 * A user in a team.
 *
 * @category schemas
 */
export class Member extends Open.named<Member>()({
  /** The id of the user. */
  value: Schema.optionalKey(Schema.String),
  /** The kind of the member, such as `User`. */
  type: Schema.optionalKey(Schema.String),
  /** The name of the user. */
  display: Schema.optionalKey(Schema.String)
}) {}

/**
 * A team, with those who are members of the organization too.
 *
 * @category schemas
 */
export class Group extends Open.named<Group>()({
  /** The URIs of the SCIM schemas that the group has. */
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The id of the team. */
  id: Schema.String,
  /** Where the group is, and what kind of resource it is. */
  meta: Schema.optionalKey(Meta),
  /** The name of the team. */
  displayName: Schema.optionalKey(Schema.String),
  /** The users in the team. */
  members: Schema.optionalKey(Schema.Array(Member))
}) {}

/**
 * Lists the teams of the organization, with their members. A page has 1 to
 * 1000 teams.
 *
 * A filter cannot look into `members`. Miro takes few of these calls: 5 in 30
 * seconds.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/listgroups
 */
export const list = Operation.list({
  id: "listGroups",
  name: "ScimGroups.list",
  method: "GET",
  path: "/Groups",
  level: "none",
  client: ScimClient,
  query: Schema.Struct(ScimPage.listQuery),
  success: ScimPage.of(Group),
  pagination: Pagination.startIndex({ maximum: 1000 })
})

const AttributesQuery = Schema.Struct({
  /** The attributes to give, separated by commas, such as `id,displayName`. All of them unless set. */
  attributes: Schema.optional(Schema.String)
})

/**
 * Gets a team, with its members.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getgroup
 */
export const get = Operation.make({
  id: "getGroup",
  name: "ScimGroups.get",
  method: "GET",
  path: "/Groups/{groupId}",
  level: "none",
  client: ScimClient,
  query: AttributesQuery,
  success: Group
})

const Members = Schema.Array(
  Schema.Struct({
    /** The id of the user. */
    value: Schema.String
  })
).check(Limits.elements(0, 8000))

/**
 * A change to a team.
 *
 * @category inputs
 */
export const GroupOperation = Schema.Struct({
  /** What to do: add, replace or remove. */
  op: PatchOp.Op,
  /**
   * What to change. To remove one member, name it here, as in
   * `members[value eq 3074457364022187294]`, and give no `value`.
   */
  path: Schema.optional(Open.literals(["members", "displayName"])),
  /**
   * The users to add, to remove or to replace all members with, at most 8000;
   * or the new name. Without a `path`, an object of attributes: Miro's reference
   * has the team's id in it beside the new name.
   */
  value: Schema.optional(
    Schema.Union([
      Schema.String,
      Members,
      Schema.Struct({
        /** The id of the team. */
        id: Schema.optional(Schema.String),
        /** The name of the team. */
        displayName: Schema.optional(Schema.String),
        /** The users in the team. */
        members: Schema.optional(Members)
      })
    ])
  )
}).check(PatchOp.isComplete)

/** @category inputs */
export interface GroupOperation extends Schema.Schema.Type<typeof GroupOperation> {}

/**
 * Renames a team, or adds, removes and replaces its members.
 *
 * Who is added becomes active again, and even comes back after a deletion;
 * guests and external users become internal users with a `Full` license. Who is
 * removed loses the boards of the team too: those that they own go to the oldest
 * member who is an admin, and stay there when the user is added again. A user
 * who never completed the registration and is in no other team leaves the
 * organization. The last admin of a team cannot be removed, and of several users
 * all are removed or none.
 *
 * Miro takes at most 8000 members or 800 kB at once, and only 5 such calls in
 * 30 seconds where the request has more than 500 bytes.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/patchgroup
 */
export const update = Operation.make({
  id: "patchGroup",
  name: "ScimGroups.update",
  method: "PATCH",
  path: "/Groups/{groupId}",
  level: "none",
  client: ScimClient,
  contentType: "application/scim+json",
  query: AttributesQuery,
  body: PatchOp.of(GroupOperation),
  success: Group
})
