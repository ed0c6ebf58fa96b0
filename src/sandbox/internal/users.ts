import { defaultSession } from "./grants.ts"

const name = (userId: string): string => (userId === defaultSession.userId ? "Sandbox User" : `User ${userId}`)

export const teamName = (teamId: string): string =>
  teamId === defaultSession.teamId ? "Sandbox team" : `Team ${teamId}`

export const reference = (userId: string) => ({ type: "user", id: userId, name: name(userId) })
