/** Teams and their members as a list wants them: what is missing, and making it. */
import { Array, Effect, Stream } from "effect"
import { OrganizationMembers, TeamMembers, Teams } from "effect-miro"

/** A line of the list. */
export interface Wanted {
  readonly team: string
  readonly email: string
}

/** What is to be done, in this order. */
export type Step =
  | { readonly _tag: "CreateTeam"; readonly team: string }
  | { readonly _tag: "Invite"; readonly team: string; readonly email: string }

const lowerCase = (email: string) => email.trim().toLowerCase()

const emailsIn = Effect.fn(function* (orgId: string, teamId: string, emailOf: ReadonlyMap<string, string>) {
  const members = yield* Stream.runCollect(TeamMembers.list.items({ orgId, teamId }))
  return new Set(members.map(({ id }) => emailOf.get(id)))
})

/** Compares the list with the organization. Nothing is changed. */
export const plan = Effect.fn(function* (orgId: string, wanted: ReadonlyArray<Wanted>) {
  const people = yield* Stream.runCollect(OrganizationMembers.list.items({ orgId }))
  const emailOf = new Map(people.map(({ email, id }) => [id, lowerCase(email)]))
  const teams = yield* Stream.runCollect(Teams.list.items({ orgId }))
  const lines = Object.entries(Array.groupBy(wanted, ({ team }) => team))
  const steps = yield* Effect.forEach(
    lines,
    ([name, lines]) =>
      Effect.gen(function* () {
        const team = teams.find((team) => team.name === name)
        const present = team === undefined ? new Set() : yield* emailsIn(orgId, team.id, emailOf)
        const missing = new Set(lines.map(({ email }) => lowerCase(email)).filter((email) => !present.has(email)))
        const invitations = globalThis.Array.from(missing, (email): Step => ({ _tag: "Invite", team: name, email }))
        return team === undefined ? [{ _tag: "CreateTeam", team: name } as const, ...invitations] : invitations
      }),
    { concurrency: 4 }
  )
  return steps.flat()
})

/** Does what a plan says. A plan that was interrupted is made anew, and has what is left. */
export const apply = Effect.fn(function* (orgId: string, steps: ReadonlyArray<Step>) {
  const teams = yield* Stream.runCollect(Teams.list.items({ orgId }))
  const idOf = new Map(teams.map(({ id, name }) => [name, id]))
  yield* Effect.forEach(
    steps,
    (step) =>
      Effect.gen(function* () {
        if (step._tag === "CreateTeam") {
          const { id } = yield* Teams.create({ orgId, name: step.team })
          return idOf.set(step.team, id)
        }
        const teamId = idOf.get(step.team) ?? ""
        return yield* TeamMembers.invite({ orgId, teamId, email: step.email })
      }),
    { discard: true }
  )
})
