import { defaultSession } from "./grants.ts"
import type { Store } from "./store.ts"

export const nameOf = (userId: string): string => (userId === defaultSession.userId ? "Sandbox User" : `User ${userId}`)

export const teamName = (teamId: string): string =>
  teamId === defaultSession.teamId ? "Sandbox team" : `Team ${teamId}`

export const reference = (userId: string) => ({ type: "user", id: userId, name: nameOf(userId) })

const firstInvited = 3074457353169400000n

/** The user with an address, who is known from then on. */
export const byEmail = ({ invited }: Store, email: string): { readonly id: string; readonly name: string } => {
  const id = invited.get(email) ?? String(firstInvited + BigInt(invited.size))
  invited.set(email, id)
  return { id, name: email.slice(0, email.indexOf("@")) }
}
