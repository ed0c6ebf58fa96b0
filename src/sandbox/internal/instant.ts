import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** The present, as one request or one command sees it. */
export interface Instant {
  readonly now: number
  readonly random: Random.Random
}

/**
 * Runs `f` in a single turn. All the state of the sandbox changes in such
 * turns, so no fiber ever sees a change half done.
 */
export const atomically = <A>(f: (instant: Instant) => A): Effect.Effect<A> =>
  Effect.withFiberSucceed((fiber) =>
    f({ now: fiber.getRef(Clock.Clock).currentTimeMillisUnsafe(), random: fiber.getRef(Random.Random) })
  )

/** Miro's timestamps have no fraction of a second. */
export const timestamp = (millis: number): string =>
  DateTime.formatIso(DateTime.makeUnsafe(millis)).replace(/\.\d+Z$/, "Z")

const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

const randomText = (random: Random.Random, length: number, characters = urlSafe): string =>
  Array.from({ length }, () => characters[Math.floor(random.nextDoubleUnsafe() * characters.length)]).join("")

/**
 * Draws until the text is not taken yet: a program that seeds each of its
 * steps alike would be given the same token twice.
 */
export const unusedText = (
  random: Random.Random,
  length: number,
  isTaken: (text: string) => boolean,
  format: (text: string) => string
): string => {
  let text = format(randomText(random, length))
  while (isTaken(text)) {
    text = format(randomText(random, length))
  }
  return text
}

const randomUuid = (random: Random.Random): string => {
  const digits = (length: number) => randomText(random, length, "0123456789abcdef")
  return [digits(8), digits(4), `4${digits(3)}`, `8${digits(3)}`, digits(12)].join("-")
}

/** A UUID that is not taken. */
export const unusedUuid = (random: Random.Random, isTaken: (uuid: string) => boolean): string => {
  let uuid = randomUuid(random)
  while (isTaken(uuid)) {
    uuid = randomUuid(random)
  }
  return uuid
}
