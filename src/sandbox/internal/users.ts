import type { Person } from "./entities.ts"
import { defaultSession } from "./grants.ts"
import type { Store } from "./store.ts"

/** Who can sign in on the consent page, the sandbox's own user first. */
export const known = [
  { id: defaultSession.userId, name: "Sandbox User" },
  { id: "3074457353169356301", name: "Anna" },
  { id: "3074457353169356302", name: "Ben" }
]

export const nameOf = (userId: string): string => known.find(({ id }) => id === userId)?.name ?? `User ${userId}`

export const teamName = (teamId: string): string =>
  teamId === defaultSession.teamId ? "Sandbox team" : `Team ${teamId}`

export const reference = (userId: string) => ({ type: "user", id: userId, name: nameOf(userId) })

/** The address of a user whom nobody invited. */
export const emailOf = (userId: string): string => `${userId}@sandbox.invalid`

const firstId = 3074457353169400000n

/** The name that an address has before its `@`. */
export const nameIn = (email: string): string => email.slice(0, email.indexOf("@"))

/** Takes somebody in. */
export const add = (store: Store, email: string, attributes: Person["attributes"] = {}): Person => {
  store.peopleCreated += 1
  const id = String(firstId + BigInt(store.peopleCreated))
  const person = { id, serial: store.peopleCreated, email, attributes }
  store.people.set(id, person)
  return person
}

/** The sandbox's own user, the admin of every organization. */
export const owner: Person = {
  id: defaultSession.userId,
  serial: 1,
  email: emailOf(defaultSession.userId),
  attributes: {
    displayName: nameOf(defaultSession.userId),
    roles: [{ type: "organization_user_role", value: "ORGANIZATION_INTERNAL_ADMIN", primary: true }]
  }
}

/** Everybody in the organization: the sandbox's own user, and who was invited or created. */
export const everybody = ({ people }: Store): ReadonlyArray<Person> => [
  people.get(owner.id) ?? owner,
  ...Array.from(people.values()).filter(({ id }) => id !== owner.id)
]

export const find = (store: Store, id: string): Person | undefined =>
  everybody(store).find((person) => person.id === id)

export const findByEmail = (store: Store, email: string): Person | undefined =>
  everybody(store).find((person) => person.email.toLowerCase() === email.toLowerCase())

/** The user with an address, who is known from then on. */
export const byEmail = (store: Store, email: string): Person & { readonly name: string } => ({
  ...(findByEmail(store, email) ?? add(store, email)),
  name: nameIn(email)
})
