/**
 * A user of an organization, as SCIM has it.
 */
import * as Schema from "effect/Schema"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import { Meta } from "./Meta.ts"
import * as PatchOp from "./PatchOp.ts"

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
 * The name of a user in its parts, any of which may be absent.
 *
 * @category schemas
 */
export class Name extends Open.named<Name>()({
  /** The whole name, as it is written. */
  formatted: Schema.optionalKey(Schema.String),
  /** The last name. */
  familyName: Schema.optionalKey(Schema.String),
  /** The first name. */
  givenName: Schema.optionalKey(Schema.String)
}) {}

/**
 * An email address of a user.
 *
 * @category schemas
 */
export class Email extends Open.named<Email>()({
  /** The email address. */
  value: Schema.optionalKey(Schema.String),
  /** The email address as it is shown. */
  display: Schema.optionalKey(Schema.String),
  /** What the address is for, such as `work`. */
  type: Schema.optionalKey(Schema.String),
  /** Whether it is the user's main address. */
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * A picture of a user.
 *
 * @category schemas
 */
export class Photo extends Open.named<Photo>()({
  /** What the picture is, such as `photo`. */
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
  /** Which kind of role it is. */
  type: Schema.optionalKey(RoleType),
  /** The role. */
  value: Schema.optionalKey(RoleValue),
  /** The name of the role as it is shown. */
  display: Schema.optionalKey(Schema.String),
  /** Whether it is the user's main role. */
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * What the identity provider knows of a user as an employee.
 *
 * @category schemas
 */
export class EnterpriseUser extends Open.named<EnterpriseUser>()({
  /** The number that the company gave the user. */
  employeeNumber: Schema.optionalKey(Schema.String),
  /** The cost centre that the user belongs to. */
  costCenter: Schema.optionalKey(Schema.String),
  /** The organization that the user works for. */
  organization: Schema.optionalKey(Schema.String),
  /** The division that the user works in. */
  division: Schema.optionalKey(Schema.String),
  /** The department that the user works in. */
  department: Schema.optionalKey(Schema.String),
  /** The user's manager. */
  manager: Schema.optionalKey(
    Open.struct({
      /** The name of the manager. */
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
  /** The URIs of the SCIM schemas that the user has. */
  schemas: Schema.optionalKey(Schemas),
  /** The id of the user. */
  id: Schema.String,
  /** Where the user is, and what kind of resource it is. */
  meta: Schema.optionalKey(Meta),
  /** The email address, which is the name that the user signs in with. */
  userName: Schema.optionalKey(Schema.String),
  /** The user's name in its parts. */
  name: Schema.optionalKey(Name),
  /** The user's name as it is shown. */
  displayName: Schema.optionalKey(Schema.String),
  /** The license that the user has. */
  userType: Schema.optionalKey(License),
  /** False when the user is deactivated. */
  active: Schema.optionalKey(Schema.Boolean),
  /** The user's email addresses. */
  emails: Schema.optionalKey(Schema.Array(Email)),
  /** The user's pictures. */
  photos: Schema.optionalKey(Schema.Array(Photo)),
  /** The teams that the user is in. */
  groups: Schema.optionalKey(Schema.Array(GroupReference)),
  /** The roles that the user has in the organization. */
  roles: Schema.optionalKey(Schema.Array(Role)),
  /** The language of the user, such as `en_US`. */
  preferredLanguage: Schema.optionalKey(Schema.String),
  /** What the company says of the user, SCIM's enterprise extension. */
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": Schema.optionalKey(EnterpriseUser)
}) {}

/**
 * A role to give to a user. Only one may be an `organization_user_role`, and
 * only one primary.
 *
 * @category inputs
 */
export const RoleInput = Schema.Struct({
  /** Which kind of role it is. */
  type: Schema.optional(RoleType),
  /** The role; for an `organization_admin_role` also the name of one that the organization made. */
  value: Schema.optional(RoleValue),
  /** The name of the role as it is shown. */
  display: Schema.optional(Schema.String),
  /** Whether it is the user's main role. */
  primary: Schema.optional(Schema.Boolean)
})

/** @category inputs */
export interface RoleInput extends Schema.Schema.Type<typeof RoleInput> {}

const DisplayName = Schema.String.check(Limits.characters(0, 60))
const Line = Schema.String.check(Limits.characters(0, 120))

/**
 * What the identity provider knows of a user as an employee.
 *
 * @category inputs
 */
export const EnterpriseUserInput = Schema.Struct({
  /** At most 20 characters. */
  employeeNumber: Schema.optional(Schema.String.check(Limits.characters(0, 20))),
  /** At most 120 characters. */
  costCenter: Schema.optional(Line),
  /** At most 120 characters. */
  organization: Schema.optional(Line),
  /** At most 120 characters. */
  division: Schema.optional(Line),
  /** At most 120 characters. */
  department: Schema.optional(Line),
  /** The user's manager. */
  manager: Schema.optional(
    Schema.Struct({
      /** At most 60 characters. */
      displayName: Schema.optional(DisplayName),
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
  /** The full name. */
  displayName: Schema.optional(Schema.String),
  /** The license, one of those that the organization has. */
  userType: Schema.optional(License),
  /** Whether the user is active, or deactivated. */
  active: Schema.optional(Schema.Boolean),
  /** The user's pictures. */
  photos: Schema.optional(
    Schema.Array(
      Schema.Struct({
        /** What the picture is: `photo`. */
        type: Schema.optional(Schema.String),
        /** Where Miro can fetch the image: JPEG, PNG, GIF or BMP, at most 30 MB. */
        value: Schema.optional(Schema.String)
      })
    )
  ),
  /** The roles that the user has in the organization. */
  roles: Schema.optional(Schema.Array(RoleInput)),
  /** The language of the user, such as `en_US`. */
  preferredLanguage: Schema.optional(Schema.String),
  /** What the company says of the user, SCIM's enterprise extension. */
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": Schema.optional(EnterpriseUserInput)
}

interface Named {
  /** The full name. */
  readonly displayName?: string | undefined
  /** The name in its parts. */
  readonly name?:
    | { readonly formatted?: string | undefined; readonly familyName: string; readonly givenName: string }
    | undefined
}

const isShort = Schema.is(DisplayName)

// Miro takes the first of these that is given, and has a limit for each.
const hasShortName = Schema.makeFilter(({ displayName = "", name }: Named) => {
  if (displayName !== "" || name === undefined) return undefined
  const { familyName, formatted = "", givenName } = name
  if (formatted !== "") {
    return isShort(formatted) ? undefined : { path: ["name", "formatted"], issue: "Expected at most 60 characters" }
  }
  return isShort(givenName + familyName)
    ? undefined
    : { path: ["name"], issue: "Expected at most 60 characters in givenName and familyName" }
})

/**
 * A user to create.
 *
 * @category inputs
 */
export const UserInput = Schema.Struct({
  /** The email address. */
  userName: Schema.String,
  /** The name in its parts, for a user without a `displayName`. */
  name: Schema.optional(
    Schema.Struct({
      /** The full name, at most 60 characters. Without it, it is made of the other two, which have 60 together. */
      formatted: Schema.optional(Schema.String),
      /** The last name. */
      familyName: Schema.String,
      /** The first name. */
      givenName: Schema.String
    })
  ),
  ...sharedInput,
  /** The full name, at most 60 characters. */
  displayName: Schema.optional(DisplayName)
}).check(hasShortName)

/** @category inputs */
export interface UserInput extends Schema.Schema.Type<typeof UserInput> {}

/**
 * All that a user shall be from now on.
 *
 * @category inputs
 */
export const UserReplacement = Schema.Struct({
  /** The email address. */
  userName: Schema.optional(Schema.String),
  /** The user's name in its parts. */
  name: Schema.optional(
    Schema.Struct({
      /** The whole name, as it is written. */
      formatted: Schema.optional(Schema.String),
      /** The last name. */
      familyName: Schema.optional(Schema.String),
      /** The first name. */
      givenName: Schema.optional(Schema.String)
    })
  ),
  ...sharedInput,
  /** Miro ignores these. */
  emails: Schema.optional(
    Schema.Array(
      Schema.Struct({
        /** The email address. */
        value: Schema.optional(Schema.String),
        /** The email address as it is shown. */
        display: Schema.optional(Schema.String),
        /** What the address is for, such as `work`. */
        type: Schema.optional(Schema.String),
        /** Whether it is the user's main address. */
        primary: Schema.optional(Schema.Boolean)
      })
    )
  ),
  /** To change the teams of a user, see `ScimGroups`. */
  groups: Schema.optional(
    Schema.Array(
      Schema.Struct({
        /** The id of the team. */
        value: Schema.optional(Schema.String),
        /** The name of the team. */
        display: Schema.optional(Schema.String)
      })
    )
  ),
  /** The id of the user, as Miro gave it. */
  id: Schema.optional(Schema.String),
  /** Where the user is, and what kind of resource it is, as Miro gave it. */
  meta: Schema.optional(
    Schema.Struct({
      /** The kind of the resource: `User`. */
      resourceType: Schema.optional(Schema.String),
      /** The URL of the user in the SCIM API. */
      location: Schema.optional(Schema.String)
    })
  )
})

/** @category inputs */
export interface UserReplacement extends Schema.Schema.Type<typeof UserReplacement> {}

const { id: _id, meta: _meta, schemas: _schemas, ...attributes } = UserReplacement.fields

/**
 * Attributes of a user by their names, which may be those of parts of them, such
 * as `name.givenName`, or have the URI of a schema before them.
 *
 * @category inputs
 */
export const UserAttributes = Schema.StructWithRest(Schema.Struct(attributes), [
  Schema.Record(Schema.String, Schema.Unknown)
])

/** @category inputs */
export type UserAttributes = typeof UserAttributes.Type

/**
 * A change to a user.
 *
 * @category inputs
 */
export const UserOperation = Schema.Struct({
  /** What to do: add, replace or remove. */
  op: PatchOp.Op,
  /**
   * What to change, such as `active`, `displayName`,
   * `roles[primary eq true].value` or
   * `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
   * Without it, the attributes in `value` are changed.
   */
  path: Schema.optional(Schema.String),
  /**
   * The roles, or what another attribute shall be; true and false may also be
   * strings, as Miro's reference has them. Without a `path`, an object of
   * attributes. Not needed to remove something.
   */
  value: Schema.optional(Schema.Union([Schema.String, Schema.Boolean, Schema.Array(RoleInput), UserAttributes]))
}).check(PatchOp.isComplete)

/** @category inputs */
export interface UserOperation extends Schema.Schema.Type<typeof UserOperation> {}
