import * as Schema from "effect/Schema"
import type { Policy } from "./entities.ts"
import type { Session } from "./grants.ts"
import type { Board } from "./store.ts"

const accesses = ["private", "view", "edit", "comment"]

/** What a request may change of the policy of a board. */
export const PolicyChange = Schema.Struct({
  permissionsPolicy: Schema.optionalKey(
    Schema.Struct({
      collaborationToolsStartAccess: Schema.optionalKey(Schema.Literals(["all_editors", "board_owners_and_coowners"])),
      copyAccess: Schema.optionalKey(Schema.Literals(["anyone", "team_members", "team_editors", "board_owner"])),
      sharingAccess: Schema.optionalKey(Schema.Literals(["team_members_with_editing_rights", "owner_and_coowners"]))
    })
  ),
  sharingPolicy: Schema.optionalKey(
    Schema.Struct({
      access: Schema.optionalKey(Schema.Literals(accesses)),
      inviteToAccountAndBoardLinkAccess: Schema.optionalKey(
        Schema.Literals(["viewer", "commenter", "editor", "no_access"])
      ),
      organizationAccess: Schema.optionalKey(Schema.Literals(accesses)),
      teamAccess: Schema.optionalKey(Schema.Literals(accesses))
    })
  )
})

export const initialPolicy: Policy = {
  permissionsPolicy: {
    collaborationToolsStartAccess: "all_editors",
    copyAccess: "anyone",
    copyAccessLevel: "anyone",
    sharingAccess: "team_members_with_editing_rights"
  },
  sharingPolicy: {
    access: "private",
    inviteToAccountAndBoardLinkAccess: "no_access",
    organizationAccess: "private",
    teamAccess: "private"
  }
}

const roles = ["viewer", "commenter", "editor", "coowner", "owner"]

const rolesOfAccess: Readonly<Record<string, string>> = { view: "viewer", comment: "commenter", edit: "editor" }

/** What a user is on a board, by a membership or by its sharing policy: the most of it. Nothing if they may not see it. */
export const roleOn = (
  { members, policy: { sharingPolicy }, teamId }: Pick<Board, "members" | "policy" | "teamId">,
  session: Session
): string | undefined => {
  const own = members.get(session.userId)?.role
  if (own === "owner") return own
  // All teams are of the one organization.
  const levels = ["access", "organizationAccess", ...(teamId === session.teamId ? ["teamAccess"] : [])]
  const shared = levels.map((level) => rolesOfAccess[String(sharingPolicy[level])])
  const all = [own, ...shared]
  return roles.findLast((role) => all.includes(role))
}

// The access to copies is set by one name, and given by that and another.
const withCopyAccess = ({ copyAccess }: { readonly copyAccess?: string }) =>
  copyAccess === undefined ? {} : { copyAccess, copyAccessLevel: copyAccess }

export const changePolicy = (policy: Policy, change: typeof PolicyChange.Type): Policy => ({
  permissionsPolicy: {
    ...policy.permissionsPolicy,
    ...change.permissionsPolicy,
    ...withCopyAccess(change.permissionsPolicy ?? {})
  },
  sharingPolicy: { ...policy.sharingPolicy, ...change.sharingPolicy }
})
