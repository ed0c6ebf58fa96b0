/**
 * A record as the text that a storage keeps, and whose it is.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { TokenStorageFailure } from "../../MiroError.ts"
import * as BaseUrl from "../../http/baseUrl.ts"
import { Refreshing, Refused, Refuser, TokenRecord } from "../TokenRecord.ts"

/** The app whose tokens are read and written. */
export interface App {
  /** The client id in the app's settings. */
  readonly clientId: string
  /** The API that the tokens are for. */
  readonly baseUrl: string
}

/**
 * The format that this version writes. It is counted up when older versions
 * could no longer be trusted with a record; a field that they may ignore is no
 * reason for it.
 */
const format = 1

// Fields of newer versions are kept by those who write the record again, also those inside of its parts.
const open = <Fields extends Schema.Struct.Fields>(struct: Schema.Struct<Fields>) =>
  Schema.StructWithRest(struct, [Schema.Record(Schema.String, Schema.Unknown)])

const Text = open(
  Schema.Struct({
    ...TokenRecord.fields,
    format: Schema.Literal(format),
    refused: Schema.optionalKey(open(Refused)),
    refusers: Schema.optionalKey(Schema.Array(open(Refuser))),
    refreshing: Schema.optionalKey(open(Refreshing))
  })
)
const encodeText = Schema.encodeEffect(Schema.fromJsonString(Text))
const decode = Schema.decodeUnknownEffect(Text)
const parse = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

/** What is wrong with the content of a record. */
export type Problem = Pick<TokenStorageFailure, "problem" | "description">

/** A record, and whether it says whose app's it is: those of older versions do not. */
export interface Content {
  /** The tokens of the user. */
  readonly record: TokenRecord
  /** Whether the record says whose app's it is. */
  readonly isClaimed: boolean
}

export const notARecord = (user: string): Problem => ({
  problem: "Unreadable",
  description: `what is stored for user ${JSON.stringify(user)} is not a token record`
})

// Whose it is comes first: about a record of another app, nothing else is to be found out. What an older version wrote
// does not say whose app's it is, and counts as that of whoever asks.
const parseContent = Effect.fnUntraced(function* (
  text: Redacted.Redacted,
  user: string,
  app: App
): Effect.fn.Return<Content, Problem> {
  const subject = `what is stored for user ${JSON.stringify(user)}`
  const noRecord = notARecord(user)
  // Not the errors of the schemas, which repeat the content.
  const json = yield* Effect.mapError(parse(Redacted.value(text)), () => noRecord)
  const { baseUrl = app.baseUrl, clientId = app.clientId } = json
  if (typeof clientId !== "string" || typeof baseUrl !== "string") return yield* Effect.fail(noRecord)
  if (clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)) {
    const whose = `belongs to another app (client id ${JSON.stringify(clientId)} at ${JSON.stringify(baseUrl)})`
    const description = `${subject} ${whose}; each app needs a storage of its own`
    return yield* Effect.fail({ problem: "AnotherApp", description } as const)
  }
  if (typeof json["user"] === "string" && json["user"] !== user) {
    const description = `${subject} belongs to another user`
    return yield* Effect.fail({ problem: "AnotherUser", description } as const)
  }
  if (typeof json["format"] === "number" && json["format"] > format) {
    const versions = `has the format ${json["format"]}, and this version of effect-miro knows ${format}`
    const description = `${subject} was written by a newer version: it ${versions}`
    return yield* Effect.fail({ problem: "NewerFormat", description } as const)
  }
  const record = yield* Effect.mapError(decode({ format, ...json, clientId, baseUrl }), () => noRecord)
  return { record, isClaimed: json["clientId"] !== undefined && json["baseUrl"] !== undefined }
})

/** What was read of a user before. */
interface Known {
  readonly text: Redacted.Redacted
  readonly content: Content
}

// A record is read with every call, and changes once in an hour.
const lastRead = new WeakMap<App, Map<string, Known>>()

const mostUsers = 1000

const keep = (app: App, user: string, known: Known): void => {
  const users = lastRead.get(app) ?? new Map<string, Known>()
  lastRead.set(app, users)
  users.delete(user)
  const [eldest] = users.keys()
  if (users.size >= mostUsers && eldest !== undefined) users.delete(eldest)
  users.set(user, known)
}

/** Reads the text of a record of a user of the app. */
export const contentOf = (text: Redacted.Redacted, user: string, app: App): Effect.Effect<Content, Problem> =>
  Effect.suspend(() => {
    const known = lastRead.get(app)?.get(user)
    return known !== undefined && Redacted.value(known.text) === Redacted.value(text)
      ? Effect.succeed(known.content)
      : Effect.tap(parseContent(text, user, app), (content) => Effect.sync(() => keep(app, user, { text, content })))
  })

/** The text of a record. */
export const textOf = (record: TokenRecord): Effect.Effect<Redacted.Redacted> =>
  Effect.map(Effect.orDie(encodeText({ ...record, format })), (text) => Redacted.make(text))
