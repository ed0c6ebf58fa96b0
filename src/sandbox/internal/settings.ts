import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/**
 * What an app at the sandbox is, and how strict the sandbox is with it.
 *
 * @category configuration
 */
export interface Settings {
  /** The id of the app: `sandbox-client` unless set. */
  readonly clientId: string
  /** The secret of the app: `sandbox-secret` unless set. */
  readonly clientSecret: Redacted.Redacted
  /** Where a user is sent back to: `http://localhost:8000/callback` unless set. Requests must name it to the letter. */
  readonly redirectUrl: string
  /**
   * A token for quick starts: `sandbox-token` unless set. It needs no
   * authorization, never expires and survives every revocation.
   */
  readonly accessToken: Redacted.Redacted
  /** How long an access token is good: an hour unless set. */
  readonly accessTokenLifetime: Duration.Input
  /** How long a refresh token is good: 60 days unless set. */
  readonly refreshTokenLifetime: Duration.Input
  /**
   * What a refresh token does that is presented a second time: it is only
   * refused (`reject`, unless set), it takes the whole grant with it, or it
   * gives another pair for a while after it was first presented.
   */
  readonly reuse:
    | "reject"
    | "revokeGrant"
    | {
        /** For how long it gives another pair. */
        readonly grace: Duration.Input
      }
  /**
   * Whether the token endpoint refuses what Miro takes though it should not be
   * sent: secrets in the URL, as Miro's own clients send them.
   */
  readonly strict: boolean
  /** The scopes that users grant the app. Unless set, a token may be used for everything. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /** The plan of the organization: `enterprise` unless set. With another one, what needs that plan is refused. */
  readonly plan: "enterprise" | "business"
  /** How many credits a user may spend in a minute: 100,000 unless set. */
  readonly creditsPerMinute: number
  /** How many requests the ledger has at most, and the last half of them at least: 10,000 unless set. */
  readonly ledgerSize: number
  /** How long the sandbox takes for each response: no time unless set. */
  readonly latency: Duration.Input
}

const defaults = () =>
  ({
    clientId: "sandbox-client",
    clientSecret: Redacted.make("sandbox-secret"),
    redirectUrl: "http://localhost:8000/callback",
    accessToken: Redacted.make("sandbox-token"),
    accessTokenLifetime: "1 hour",
    refreshTokenLifetime: "60 days",
    reuse: "reject",
    strict: false,
    plan: "enterprise",
    creditsPerMinute: 100_000,
    ledgerSize: 10_000,
    latency: 0
  }) satisfies Settings

/**
 * The settings of the sandbox, read once, when its layer is built.
 *
 * @category configuration
 */
export const Settings = Context.Reference<Settings>("effect-miro/sandbox/Settings", { defaultValue: defaults })

/**
 * Provides {@link Settings} with some of the defaults overridden.
 *
 * **Example** (A sandbox whose tokens live for a minute)
 *
 * ```ts
 * import { Layer } from "effect"
 * import { MiroSandbox } from "effect-miro/sandbox"
 *
 * const Sandbox = MiroSandbox.layerHttpClient.pipe(
 *   Layer.provide(MiroSandbox.layerSettings({ accessTokenLifetime: "1 minute" }))
 * )
 * ```
 *
 * @category configuration
 */
export const layerSettings = (settings: Partial<Settings>): Layer.Layer<never> =>
  Layer.succeed(Settings, { ...defaults(), ...settings })
