/**
 * How far Miro's clock is ahead of this one, as far as responses show.
 *
 * A response was made after its request left and before it came, and in the
 * second that its date names. With each one the difference is known better.
 */
export interface Skew {
  /** Takes in a response. Times are in milliseconds, `date` by Miro's clock. */
  readonly learn: (date: number, sentAt: number, receivedAt: number) => void
  /** 0 as long as that explains all responses, and otherwise the least that does: too much would end waits too early. */
  readonly get: () => number
}

export const make = (): Skew => {
  let least = -Infinity
  let most = Infinity
  return {
    learn: (date, sentAt, receivedAt) => {
      const from = date - receivedAt
      const to = date + 1000 - sentAt
      // No one difference explains this response and those before.
      const wasClockSet = from > most || to < least
      least = wasClockSet ? from : Math.max(least, from)
      most = wasClockSet ? to : Math.min(most, to)
    },
    get: () => (least <= 0 && most >= 0 ? 0 : least)
  }
}
