/**
 * The users of an organization, for an identity provider: its members, without
 * its guests. On the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/scim
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import { Meta } from "./Meta.ts"
import * as PatchOp from "./PatchOp.ts"
import { ScimClient } from "./ScimClient.ts"
import * as ScimPage from "./ScimPage.ts"

const Schemas = Schema.Array(
  Open.literals([
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  ])
)

const License = Open.literals(["Full", "Free", "Free Restricted", "Full (Trial)", "Basic", "Standard", "Advanced"])

const RoleType = Open.literals(["organization_user_role", "organization_admin_role"])

const RoleValue = Open.literals([
  "ORGANIZATION_INTERNAL_ADMIN",
  "ORGANIZATION_INTERNAL_USER",
  "Content Admin",
  "User Admin",
  "Security Admin"
])

/**
 * @category schemas
 */
export class Name extends Open.named<Name>()({
  formatted: Schema.optionalKey(Schema.String),
  familyName: Schema.optionalKey(Schema.String),
  givenName: Schema.optionalKey(Schema.String)
}) {}

/**
 * @category schemas
 */
export class Email extends Open.named<Email>()({
  value: Schema.optionalKey(Schema.String),
  display: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String),
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * @category schemas
 */
export class Photo extends Open.named<Photo>()({
  type: Schema.optionalKey(Schema.String),
  /** The URL of the image. */
  value: Schema.optionalKey(Schema.String)
}) {}

/**
 * A team that a user is in.
 *
 * @category schemas
 */
export class GroupReference extends Open.named<GroupReference>()({
  /** The id of the team. */
  value: Schema.optionalKey(Schema.String),
  /** The name of the team. */
  display: Schema.optionalKey(Schema.String)
}) {}

/**
 * What a user is in the organization, or what they administer of it.
 *
 * @category schemas
 */
export class Role extends Open.named<Role>()({
  type: Schema.optionalKey(RoleType),
  value: Schema.optionalKey(RoleValue),
  display: Schema.optionalKey(Schema.String),
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * What the identity provider knows of a user as an employee.
 *
 * @category schemas
 */
export class EnterpriseUser extends Open.named<EnterpriseUser>()({
  employeeNumber: Schema.optionalKey(Schema.String),
  costCenter: Schema.optionalKey(Schema.String),
  organization: Schema.optionalKey(Schema.String),
  division: Schema.optionalKey(Schema.String),
  department: Schema.optionalKey(Schema.String),
  manager: Schema.optionalKey(
    Open.struct({
      displayName: Schema.optionalKey(Schema.String),
      /** The id of the manager. */
      value: Schema.optionalKey(Schema.String)
    })
  )
}) {}

/**
 * A user.
 *
 * @category schemas
 */
export class User extends Open.named<User>()({
  schemas: Schema.optionalKey(Schemas),
  id: Schema.String,
  meta: Schema.optionalKey(Meta),
  /** The email address. */
  userName: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Name),
  displayName: Schema.optionalKey(Schema.String),
  /** The license. */
  userType: Schema.optionalKey(License),
  /** False when the user is deactivated. */
  active: Schema.optionalKey(Schema.Boolean),
  emails: Schema.optionalKey(Schema.Array(Email)),
  photos: Schema.optionalKey(Schema.Array(Photo)),
  groups: Schema.optionalKey(Schema.Array(GroupReference)),
  roles: Schema.optionalKey(Schema.Array(Role)),
  /** Such as `en_US`. */
  preferredLanguage: Schema.optionalKey(Schema.String),
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": Schema.optionalKey(EnterpriseUser)
}) {}

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
  client: ScimClient,
  query: Schema.Struct(ScimPage.listQuery),
  success: ScimPage.of(User),
  pagination: Pagination.startIndex({ maximum: 1000 })
})

/**
 * A role to give to a user. Only one may be an `organization_user_role`, and
 * only one primary.
 *
 * @category inputs
 */
export const RoleInput = Schema.Struct({
  type: Schema.optional(RoleType),
  /** For an `organization_admin_role` also the name of one that the organization made. */
  value: Schema.optional(RoleValue),
  display: Schema.optional(Schema.String),
  primary: Schema.optional(Schema.Boolean)
})

/** @category inputs */
export interface RoleInput extends Schema.Schema.Type<typeof RoleInput> {}

/**
 * What the identity provider knows of a user as an employee.
 *
 * @category inputs
 */
export const EnterpriseUserInput = Schema.Struct({
  /** At most 20 characters. */
  employeeNumber: Schema.optional(Schema.String),
  /** At most 120 characters. */
  costCenter: Schema.optional(Schema.String),
  /** At most 120 characters. */
  organization: Schema.optional(Schema.String),
  /** At most 120 characters. */
  division: Schema.optional(Schema.String),
  /** At most 120 characters. */
  department: Schema.optional(Schema.String),
  manager: Schema.optional(
    Schema.Struct({
      /** At most 60 characters. */
      displayName: Schema.optional(Schema.String),
      /** The id of the manager. Miro ignores what is no number. */
      value: Schema.optional(Schema.String)
    })
  )
})

/** @category inputs */
export interface EnterpriseUserInput extends Schema.Schema.Type<typeof EnterpriseUserInput> {}

const sharedInput = {
  /** The URIs of the schemas whose attributes are given. */
  schemas: Schema.optional(Schemas),
  /** The full name, at most 60 characters. */
  displayName: Schema.optional(Schema.String),
  /** The license, one of those that the organization has. */
  userType: Schema.optional(License),
  active: Schema.optional(Schema.Boolean),
  photos: Schema.optional(
    Schema.Array(
      Schema.Struct({
        /** `photo`. */
        type: Schema.optional(Schema.String),
        /** Where Miro can fetch the image: JPEG, PNG, GIF or BMP, at most 30 MB. */
        value: Schema.optional(Schema.String)
      })
    )
  ),
  roles: Schema.optional(Schema.Array(RoleInput)),
  /** Such as `en_US`. */
  preferredLanguage: Schema.optional(Schema.String),
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": Schema.optional(EnterpriseUserInput)
}

/**
 * A user to create.
 *
 * @category inputs
 */
export const UserInput = Schema.Struct({
  /** The email address. */
  userName: Schema.String,
  /** For a user without a `displayName`. */
  name: Schema.optional(
    Schema.Struct({
      /** The full name, at most 60 characters. Without it, it is made of the other two. */
      formatted: Schema.optional(Schema.String),
      familyName: Schema.String,
      givenName: Schema.String
    })
  ),
  ...sharedInput
})

/** @category inputs */
export interface UserInput extends Schema.Schema.Type<typeof UserInput> {}

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
  client: ScimClient,
  query: Schema.Struct({
    /** The attributes to give, separated by commas, such as `userName,emails.value`. All of them unless set. */
    attributes: Schema.optional(Schema.String)
  }),
  success: User
})

/**
 * All that a user shall be from now on.
 *
 * @category inputs
 */
export const UserReplacement = Schema.Struct({
  /** The email address. */
  userName: Schema.optional(Schema.String),
  name: Schema.optional(
    Schema.Struct({
      formatted: Schema.optional(Schema.String),
      familyName: Schema.optional(Schema.String),
      givenName: Schema.optional(Schema.String)
    })
  ),
  ...sharedInput,
  /** Miro ignores these. */
  emails: Schema.optional(
    Schema.Array(
      Schema.Struct({
        value: Schema.optional(Schema.String),
        display: Schema.optional(Schema.String),
        type: Schema.optional(Schema.String),
        primary: Schema.optional(Schema.Boolean)
      })
    )
  ),
  /** To change the teams of a user, see `ScimGroups`. */
  groups: Schema.optional(
    Schema.Array(Schema.Struct({ value: Schema.optional(Schema.String), display: Schema.optional(Schema.String) }))
  ),
  id: Schema.optional(Schema.String),
  meta: Schema.optional(
    Schema.Struct({ resourceType: Schema.optional(Schema.String), location: Schema.optional(Schema.String) })
  )
})

/** @category inputs */
export interface UserReplacement extends Schema.Schema.Type<typeof UserReplacement> {}

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
  client: ScimClient,
  contentType: "application/scim+json",
  body: UserReplacement,
  success: User
})

/**
 * A change to a user.
 *
 * @category inputs
 */
export const UserOperation = Schema.Struct({
  op: PatchOp.Op,
  /**
   * What to change, such as `active`, `displayName`,
   * `roles[primary eq true].value` or
   * `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
   */
  path: Schema.String,
  /**
   * The roles, or what another attribute shall be; true and false may also be
   * strings, as Miro's reference has them. Not needed to remove something.
   */
  value: Schema.optional(Schema.Union([Schema.String, Schema.Boolean, Schema.Array(RoleInput)]))
})

/** @category inputs */
export interface UserOperation extends Schema.Schema.Type<typeof UserOperation> {}

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
  client: ScimClient,
  contentType: "application/scim+json",
  body: PatchOp.of(UserOperation),
  success: User
})

const delete_ = Operation.make({
  id: "deleteUser",
  name: "ScimUsers.delete",
  method: "DELETE",
  path: "/Users/{userId}",
  client: ScimClient
})

export {
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
  delete_ as delete
}
