/**
 * The mark of a refresh token that Miro refused.
 *
 * A refusal can be a mistake, of Miro or of whoever changed the app's secret.
 * So a mark does not hold for ever: it is tried again when the app has other
 * credentials, and after a while, ever more rarely.
 */
import type { TokenRecord } from "../TokenRecord.ts"

type Refused = NonNullable<TokenRecord["refused"]>

const minute = 60_000

// One minute, then two, then four, up to an hour: nothing that a server would notice.
const pause = (times: number): number => Math.min(60 * minute, minute * 2 ** (times - 1))

/** Whether the refresh token need not be presented again, as things stand. */
export const isFinal = ({ app = "", at, times = 1 }: Refused, credentials: string, now: number): boolean =>
  // Who wrote it knew nothing of this.
  at === undefined ||
  // The clock of who wrote it may be ahead of this one.
  (app === credentials && Math.abs(now - at) < pause(times))

/** The mark after a refusal. */
export const mark = (
  before: Refused | undefined,
  { credentials, ...said }: Pick<Refused, "outcomeUnknown" | "description"> & { readonly credentials: string },
  now: number
): Refused => ({
  ...before,
  outcomeUnknown: said.outcomeUnknown || before?.outcomeUnknown === true,
  description: said.description,
  app: credentials,
  at: now,
  times: before?.app === credentials ? (before.times ?? 1) + 1 : 1
})
