/** The teams of all organizations, which SCIM calls groups, with those who are in them. */
import type { Resource } from "./entities.ts"
import type { Store } from "./store.ts"

const collection = /^\/v2\/orgs\/[^/]+\/teams$/

export interface Team extends Resource {
  /** Where the members of the team are. */
  readonly membersPath: string
  readonly path: string
}

export const all = ({ resources }: Store): ReadonlyArray<Team> =>
  Array.from(resources)
    .filter(([path]) => collection.test(path))
    .flatMap(([path, teams]) =>
      Array.from(teams.values(), (team) => ({ ...team, path, membersPath: `${path}/${team.id}/members` }))
    )

export const nameOf = ({ fields }: Resource): string => (typeof fields["name"] === "string" ? fields["name"] : "")

/** The teams that somebody is in. */
export const of = (store: Store, personId: string) =>
  all(store)
    .filter(({ membersPath }) => store.resources.get(membersPath)?.has(personId))
    .map((team) => ({ value: team.id, display: nameOf(team) }))
