/** The web app of the examples on real sockets, beside a sandbox, and browsers that use it. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ConfigProvider, Effect, FileSystem, Layer, References } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import * as Server from "../../examples/web-app/server.ts"
import { freePort } from "../support/servers.ts"

const address = HttpServer.addressFormattedWith(Effect.succeed)

const Listener = NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })

export interface Page {
  readonly status: number
  readonly url: string
  readonly headers: Headers
  readonly text: string
}

interface Sending {
  readonly form?: Readonly<Record<string, string>>
  /** What a page of the app sends unless set; `null` sends none. */
  readonly origin?: string | null
}

const unescape = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

/** The fields that a form of a page has from the start. */
export const hiddenFields = ({ text }: Page, action: string): Record<string, string> => {
  const form = Array.from(text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)).find(
    ([, at]) => unescape(at ?? "") === action
  )
  const inputs = (form?.[2] ?? "").matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries(Array.from(inputs, ([, name = "", value = ""]) => [name, unescape(value)]))
}

/** A browser with cookies of its own, which keeps those that are sent by `origin`. */
export class Browser {
  readonly cookies = new Map<string, string>()
  /** The process of the app that it talks to. */
  server: string
  readonly #origin: string
  constructor(origin: string) {
    this.#origin = origin
    this.server = origin
  }

  /** One request, whose redirect is not followed. */
  readonly request = (path: string, { form, origin = this.#origin }: Sending = {}): Effect.Effect<Page> =>
    Effect.promise(async () => {
      const url = path.startsWith("/") ? `${this.server}${path}` : path.replace(this.#origin, this.server)
      const isApp = url.startsWith(this.server)
      const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join("; ")
      const response = await fetch(url, {
        redirect: "manual",
        headers: {
          ...(isApp && cookie !== "" && { cookie }),
          ...(form !== undefined && origin !== null && { origin })
        },
        ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) })
      })
      for (const line of isApp ? response.headers.getSetCookie() : []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (/max-age=0/i.test(line)) this.cookies.delete(name)
        else this.cookies.set(name, value)
      }
      return { status: response.status, url, headers: response.headers, text: await response.text() }
    })

  /** A request and all redirects after it. */
  readonly visit = (path: string, sending?: Sending): Effect.Effect<Page> =>
    Effect.flatMap(this.request(path, sending), (page) => {
      const location = page.headers.get("location")
      return location === null ? Effect.succeed(page) : this.visit(location)
    })

  /** Begins to sign in, and gives the URL of the consent page. */
  readonly consentPage = (path = "/sign-in") =>
    Effect.map(this.request(path), ({ headers }) => headers.get("location") ?? "")

  /** Clicks a link of the consent page, and gives the URL that Miro sends the browser to. */
  readonly decide = (consentPage: string, label: string) =>
    Effect.gen({ self: this }, function* () {
      const { text } = yield* this.request(consentPage)
      const [, link = ""] = new RegExp(`href="([^"]*)">${label}<`).exec(text) ?? []
      const { headers } = yield* this.request(new URL(unescape(link), consentPage).href)
      return headers.get("location") ?? ""
    })

  readonly signIn = (label = "Allow", path = "/sign-in") =>
    Effect.gen({ self: this }, function* () {
      return yield* this.visit(yield* this.decide(yield* this.consentPage(path), label))
    })

  /** Sends a form of a page, with what is typed into it. */
  readonly submit = (page: Page, action: string, typed: Readonly<Record<string, string>> = {}) =>
    this.visit(action, { form: { ...hiddenFields(page, action), ...typed } })
}

/** Starts the app by its command. Its process is killed at the end of the scope, if not before. */
export const startCommand = (env: Readonly<Record<string, string | undefined>>) =>
  Effect.acquireRelease(
    Effect.callback<ChildProcess>((resume) => {
      const child = spawn(process.execPath, ["--conditions=effect-miro-source", "examples/web-app/main.ts"], { env })
      child.stdout.on("data", (text) => String(text).includes("Listening") && resume(Effect.succeed(child)))
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** What the processes of an app have in common, and how to start one. */
export const makeApp = Effect.fnUntraced(function* (more: Readonly<Record<string, string>> = {}) {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const { redirectUrl } = yield* MiroSandbox.Settings
  const miro = yield* address
  const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
  const { origin, port } = new URL(redirectUrl)
  const settings = {
    MIRO_BASE_URL: miro,
    MIRO_WEB_URL: miro,
    MIRO_CLIENT_ID: "sandbox-client",
    MIRO_CLIENT_SECRET: "sandbox-secret",
    MIRO_REDIRECT_URL: redirectUrl,
    MIRO_TOKEN_KEYS: `test:${randomBytes(32).toString("base64")}`,
    SESSION_KEY: randomBytes(32).toString("base64"),
    SQLITE_FILE: `${directory}/tokens.db`,
    ...more
  }
  /** Starts a process of the app, which ends with its scope. */
  const start = Effect.fnUntraced(function* (listenAt: string = port) {
    const Process = Server.layer.pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ ...settings, PORT: listenAt })))
    )
    yield* Layer.build(Layer.fresh(Process))
    return `http://127.0.0.1:${listenAt}`
  })
  return { sandbox, origin, settings, start, browser: Effect.sync(() => new Browser(origin)) }
})

/** A running app. */
export const app = Effect.tap(makeApp(), ({ start }) => start())

/** A sandbox on a socket, whose only app is the one of the test, and nothing in the log. */
export const sandboxed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(freePort, (port) => sandboxedFor(effect, `http://127.0.0.1:${port}/callback`))

export const sandboxedFor = <A, E, R>(effect: Effect.Effect<A, E, R>, redirectUrl: string) =>
  Effect.provide(
    effect,
    MiroSandbox.layerServer.pipe(
      Layer.provideMerge(Listener),
      Layer.provideMerge(MiroSandbox.layerSettings({ redirectUrl })),
      Layer.merge(NodeFileSystem.layer),
      Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "None")),
      Layer.fresh
    )
  )
