/** What the sandbox keeps of an organization, through the package's own operations. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import {
  Cases,
  LegalHolds,
  MiroClient,
  ProjectMembers,
  ProjectSettings,
  Projects,
  TeamMembers,
  TeamSettings,
  TeamUserGroups,
  Teams,
  UserGroupMembers,
  UserGroups
} from "effect-miro"
import { layerHttpClient } from "./documented.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provide(layerHttpClient))

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Miro))

const orgId = "3074457346704692800"

const ids = <A extends { readonly id: string }, E, R>(items: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(items), (all) => all.map(({ id }) => id))

const isNotFound = <A, E extends { readonly reason: { readonly _tag: string } }, R>(call: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(call), ({ reason }) => assert.strictEqual(reason._tag, "NotFound"))

describe("an organization", () => {
  it.effect("has teams with projects and members, which go with them", () =>
    Effect.gen(function* () {
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      const other = yield* Teams.create({ orgId, name: "Sales" })
      assert.deepStrictEqual(yield* ids(Teams.list.items({ orgId, limit: 1 })), [teamId, other.id])
      assert.deepStrictEqual(yield* ids(Teams.list.items({ orgId, name: "ALE" })), [other.id])
      assert.strictEqual((yield* Teams.update({ orgId, teamId, name: "Research" })).name, "Research")
      assert.strictEqual((yield* Teams.get({ orgId, teamId })).name, "Research")

      const member = yield* TeamMembers.invite({ orgId, teamId, email: "ada@example.com", role: "member" })
      assert.deepInclude(yield* TeamMembers.update({ orgId, teamId, memberId: member.id, role: "admin" }), {
        id: member.id,
        teamId,
        role: "admin"
      })
      assert.deepStrictEqual(yield* ids(TeamMembers.list.items({ orgId, teamId, role: "member" })), [])
      const again = yield* TeamMembers.invite({ orgId, teamId: other.id, email: "ada@example.com" })
      assert.strictEqual(again.id, member.id)
      const twice = yield* Effect.flip(TeamMembers.invite({ orgId, teamId, email: "ada@example.com" }))
      assert.strictEqual(twice.reason._tag, "Conflict")
      assert.strictEqual((yield* TeamMembers.get({ orgId, teamId, memberId: member.id })).role, "admin")

      const { id: projectId } = yield* Projects.create({ orgId, teamId, name: "Spring" })
      const added = yield* ProjectMembers.add({ orgId, teamId, projectId, email: "bob@example.com", role: "editor" })
      assert.deepStrictEqual(yield* ids(ProjectMembers.list.items({ orgId, teamId, projectId })), [added.id])
      yield* ProjectMembers.remove({ orgId, teamId, projectId, memberId: added.id })
      assert.deepStrictEqual(yield* ids(ProjectMembers.list.items({ orgId, teamId, projectId })), [])

      yield* Teams.delete({ orgId, teamId })
      yield* isNotFound(Teams.get({ orgId, teamId }))
      yield* isNotFound(Projects.get({ orgId, teamId, projectId }))
      yield* isNotFound(TeamMembers.list({ orgId, teamId }))
    }).pipe(strictly)
  )

  it.effect("has settings of teams and projects, which change only in what is sent", () =>
    Effect.gen(function* () {
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      const teamSharingPolicySettings = { sharingViaPublicLink: "not_allowed" } as const
      const changed = yield* TeamSettings.update({ orgId, teamId, teamSharingPolicySettings })
      assert.deepInclude(changed.teamSharingPolicySettings, {
        sharingViaPublicLink: "not_allowed",
        defaultBoardAccess: "private"
      })
      assert.deepStrictEqual(yield* TeamSettings.get({ orgId, teamId }), changed)
      assert.strictEqual(
        (yield* TeamSettings.getDefault({ orgId })).teamSharingPolicySettings?.sharingViaPublicLink,
        "allowed"
      )
      const { id: projectId } = yield* Projects.create({ orgId, teamId, name: "Spring" })
      const sharingPolicySettings = { teamAccess: "view" } as const
      yield* ProjectSettings.update({ orgId, teamId, projectId, sharingPolicySettings })
      const settings = yield* ProjectSettings.get({ orgId, teamId, projectId })
      assert.deepStrictEqual({ ...settings.sharingPolicySettings }, sharingPolicySettings)
      yield* isNotFound(TeamSettings.get({ orgId, teamId: "7" }))
    }).pipe(strictly)
  )

  it.effect("has user groups with members", () =>
    Effect.gen(function* () {
      const { id: groupId } = yield* UserGroups.create({ orgId, name: "Designers", description: "All of them" })
      const changed = yield* UserGroups.update({ orgId, groupId, description: null })
      assert.isUndefined(changed.description)
      assert.strictEqual(changed.name, "Designers")
      const { id: memberId } = yield* UserGroupMembers.add({ orgId, groupId, email: "ada@example.com" })
      assert.deepStrictEqual(yield* ids(UserGroupMembers.list.items({ orgId, groupId })), [memberId])
      yield* UserGroupMembers.remove({ orgId, groupId, memberId })
      yield* isNotFound(UserGroupMembers.get({ orgId, groupId, memberId }))
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      yield* TeamUserGroups.add({ orgId, teamId, userGroupId: groupId, role: "member" })
      assert.deepStrictEqual(yield* ids(TeamUserGroups.list.items({ orgId, teamId })), [groupId])
      yield* UserGroups.delete({ orgId, groupId })
      assert.deepStrictEqual(yield* ids(TeamUserGroups.list.items({ orgId, teamId })), [])
      yield* isNotFound(TeamUserGroups.remove({ orgId, teamId, groupId }))
      const gone = yield* Effect.flip(TeamUserGroups.add({ orgId, teamId, userGroupId: groupId, role: "member" }))
      assert.strictEqual(gone.reason._tag, "InvalidRequest")
      assert.deepStrictEqual(yield* ids(UserGroups.list.items({ orgId })), [])
    }).pipe(strictly)
  )

  it.effect("has cases with legal holds", () =>
    Effect.gen(function* () {
      const { id: caseId } = yield* Cases.create({ orgId, name: "Case 7" })
      const scope = { users: [{ email: "ada@example.com" }] }
      const hold = yield* LegalHolds.create({ orgId, caseId, name: "Hold", scope })
      assert.deepInclude(hold, { caseId, organizationId: orgId, name: "Hold", state: "ACTIVE" })
      assert.strictEqual(hold.scope?.users?.[0]?.email, "ada@example.com")
      assert.strictEqual((yield* Cases.update({ orgId, caseId, name: "Case 8" })).name, "Case 8")
      yield* LegalHolds.update({ orgId, caseId, legalHoldId: hold.id, name: "Hold on", scope })
      assert.strictEqual((yield* LegalHolds.get({ orgId, caseId, legalHoldId: hold.id })).name, "Hold on")
      yield* LegalHolds.delete({ orgId, caseId, legalHoldId: hold.id })
      assert.deepStrictEqual(yield* ids(LegalHolds.list.items({ orgId, caseId })), [])
      yield* Cases.delete({ orgId, caseId })
      yield* isNotFound(LegalHolds.list({ orgId, caseId }))
    }).pipe(strictly)
  )
})
