/**
 * How those who waited for a new window go: in groups, so that not all of them
 * are sent at once.
 */
export interface Pace {
  readonly group: number
  readonly interval: number
  /** How many have yet to go, in all and of this group. */
  readonly waiting: number
  readonly inGroup: number
  readonly nextAt: number
}

// At most a tenth in any 100 milliseconds: in so many steps that those who are late do not gang up.
export const make = (waiting: number, now: number): Pace => {
  const share = Math.max(1, Math.floor(waiting / 10))
  const isCrowd = share > 20
  const group = isCrowd ? Math.floor(share / 5) : 1
  return { group, interval: isCrowd ? 26 : Math.ceil(100 / share) + 1, waiting, inGroup: group, nextAt: now }
}

export const afterOne = (pace: Pace, now: number): Pace | undefined => {
  const waiting = pace.waiting - 1
  if (waiting === 0) return undefined
  return pace.inGroup > 1
    ? { ...pace, waiting, inGroup: pace.inGroup - 1 }
    : { ...pace, waiting, inGroup: pace.group, nextAt: now + pace.interval }
}
