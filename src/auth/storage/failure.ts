import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Redaction from "../../http/redaction.ts"
import { TokenStorageError } from "./service.ts"

/**
 * The error of a storage, for whatever reason. What a driver throws can hold
 * the command that failed, and so the record that was to be written.
 */
export const failure = (
  cause: unknown,
  record: Option.Option<Redacted.Redacted> = Option.none(),
  /** Of a record that cannot be read. */
  version?: string
): TokenStorageError => {
  const secrets = Option.match(record, {
    onNone: () => [],
    onSome: (record) => [record, ...Redaction.secretsIn(Redacted.value(record))]
  })
  return new TokenStorageError({ cause: Redaction.make(secrets).quoteCause(cause), version })
}
