import * as Config from "effect/Config"
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

// Effect's own `ConfigError` is no `Error`: of a promise that is rejected with one, and that nobody handles, Node prints
// `[object Object]`, and not which setting is at fault.
class PrintableConfigError extends Data.TaggedError("ConfigError")<Pick<Config.ConfigError, "cause">> {
  override get message(): string {
    return this.cause.message
  }
}

/** The same error, which says what is wrong wherever it is printed. */
export const readable = ({ cause }: Config.ConfigError): Config.ConfigError => new PrintableConfigError({ cause })

/** A token, secret or key in the environment, which may not be empty. */
export const secret = (name: string): Config.Config<Redacted.Redacted> =>
  Config.schema(Schema.Redacted(Schema.NonEmptyString), name)
