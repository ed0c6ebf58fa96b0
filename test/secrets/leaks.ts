/**
 * What a program shows of its secrets.
 *
 * A secret of eight characters or more is in what is shown if any of its
 * spellings is, or half of one: by chance none of them is. A shorter one can
 * stand in ordinary words. So the program is run a second time with other
 * secrets, and shows the first ones if there are fewer of them then.
 */
import { assert } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { inspect } from "node:util"
import * as http from "../support/http.ts"
import type { Program, Secrets } from "./programs.ts"
import { shown } from "./shown.ts"
import { spellings } from "./spellings.ts"

// With everything that some encoding writes in another way, but for the token, which a header has to carry, and the code.
const alphabet = Array.from("aZ9/b+=c%Xk3&\"q'Q7\\<f> жЖ☃鯁d😀.~-Tz4mW")

const codeAlphabet = alphabet.filter((character) => /^[!-~]$/.test(character))

const tokenAlphabet = Array.from("aZ9/b+Xk3qQ7f.~-Tz4mW_")

const alphabets: Partial<Record<keyof Secrets, ReadonlyArray<string>>> = {
  accessToken: tokenAlphabet,
  code: codeAlphabet
}

// Not the characters that ordinary words have, but for the token, whose are few.
const rare: Readonly<Record<keyof Secrets, string>> = {
  accessToken: "~+~/~",
  refreshToken: "☃%鯁",
  clientSecret: "ж&ю",
  code: "|!^",
  state: "ф+龘"
}

const otherRare: typeof rare = {
  accessToken: "QXZQX",
  refreshToken: "♞:♘",
  clientSecret: "ψ;ξ",
  code: "Q;Z",
  state: "ζ^δ"
}

const short = 8

// Numbers that look like any, and are the same in every run.
const from = (characters: ReadonlyArray<string>, length: number, seed: number): string => {
  let text = ""
  let state = seed
  while (text.length < length) {
    state = (state * 1103515245 + 12345) % 2147483648
    text += characters[Math.floor(state / 65536) % characters.length] ?? ""
  }
  // Half a character is none.
  return text.length > length ? `${text.slice(0, length - 1)}z` : text
}

export const secretsOf = (length: number, isOther = false): Secrets => {
  const make = (name: keyof Secrets, seed: number) =>
    length < short
      ? (isOther ? otherRare : rare)[name].repeat(length).slice(0, length)
      : from(alphabets[name] ?? alphabet, length, seed + length * 10 + (isOther ? 5 : 0))
  return {
    accessToken: make("accessToken", 1),
    refreshToken: make("refreshToken", 2),
    clientSecret: make("clientSecret", 3),
    code: make("code", 4),
    state: make("state", 5)
  }
}

const quoted = (text: string): ReadonlyArray<string> => [
  text,
  JSON.stringify(text).slice(1, -1),
  JSON.stringify(JSON.stringify(text)).slice(2, -2),
  inspect(text).slice(1, -1)
]

/** All in which a secret would be seen. */
const tracesOf = (secret: string): ReadonlySet<string> => {
  const characters = Array.from(secret)
  const middle = Math.ceil(characters.length / 2)
  const parts =
    secret.length < 2 * short
      ? [secret]
      : [characters.slice(0, middle), characters.slice(middle)].map((half) => half.join(""))
  // Of base64 the ends also depend on what is beside them.
  const spelled = parts.flatMap((part) =>
    Object.entries(spellings).flatMap(([name, spell]) => {
      const text = spell(part)
      return name.includes("base64") || name.includes("Basic")
        ? [part.length < short ? text : text.slice(4, -4)]
        : quoted(text)
    })
  )
  const words = secret.length < 24 ? [] : (secret.match(/[\p{L}\p{N}]{6,}/gu) ?? [])
  return new Set([...spelled, ...words])
}

const count = (text: string, part: string): number => text.split(part).length - 1

const run = Effect.fnUntraced(function* (program: Program, spelling: string, secrets: Secrets) {
  const spell = spellings[spelling] ?? assert.fail()
  const echo = program.holds
    .map((name, index) => `${"it said so ".slice(0, index * 5)} ${spell(secrets[name])}`)
    .join(" ")
  const { exit, text } = yield* shown(http.inTime(program.run(echo, secrets)))
  assert.isTrue(Exit.isFailure(exit))
  return text
})

/** The secrets that a program shows when they come back in a spelling, each with what is around it. */
export const leaks = Effect.fnUntraced(function* (program: Program, spelling: string, length: number) {
  const secrets = secretsOf(length)
  const text = yield* run(program, spelling, secrets)
  const other = length < short ? yield* run(program, spelling, secretsOf(length, true)) : ""
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Array.from(tracesOf(secret)).flatMap((trace) => {
      const [before = ""] = text.split(trace, 1)
      return count(text, trace) > count(other, trace)
        ? [`${name}: ${text.slice(Math.max(0, before.length - 60), before.length + trace.length + 20)}`]
        : []
    })
  )
})
