/**
 * A real browser, in which pages are tried. `MIRO_TEST_CHROMIUM` says where it
 * is; without one its tests are skipped, but not in CI.
 */
import axe from "axe-core"
import { Context, Effect, Layer, type Scope } from "effect"
import { existsSync } from "node:fs"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"

const ofDebian = "/usr/bin/chromium"

const executable = process.env["MIRO_TEST_CHROMIUM"] ?? (existsSync(ofDebian) ? ofDebian : undefined)

if (executable === undefined && process.env["CI"] !== undefined) {
  throw new Error("MIRO_TEST_CHROMIUM has to be set in CI, see .ci/services")
}

export const hasChromium = executable !== undefined

export class Chromium extends Context.Service<Chromium, Browser>()("test/Chromium") {}

export const layer = Layer.effect(
  Chromium,
  Effect.acquireRelease(
    Effect.promise(() => chromium.launch({ executablePath: executable ?? ofDebian })),
    (browser) => Effect.promise(() => browser.close())
  )
)

/** Does something with the page of a person. */
export type Person = <A>(step: (page: Page) => Promise<A>) => Effect.Effect<A>

/** Somebody at the browser, with cookies of their own. */
export const person = (options: BrowserContextOptions = {}): Effect.Effect<Person, never, Chromium | Scope.Scope> =>
  Effect.gen(function* () {
    const browser = yield* Chromium
    const context = yield* Effect.acquireRelease(
      Effect.promise(() => browser.newContext(options)),
      (context) => Effect.promise(() => context.close())
    )
    context.setDefaultTimeout(20_000)
    const page = yield* Effect.promise(() => context.newPage())
    return (step) => Effect.promise(() => step(page))
  })

const phone = { width: 390, height: 844 }
const desktop = { width: 1280, height: 800 }

// The rows of a long table are alike. What passes need not be told in detail, which takes far longer than to look.
const run = 'axe.run({ exclude: ["tr:nth-child(n + 30)"] }, { resultTypes: ["violations"] })'

/** What axe has against the page that is open: on a desk and on a phone, in light and in dark. */
export const barriers = async (page: Page): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  await page.evaluate(axe.source)
  for (const viewport of [phone, desktop]) {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      const { violations } = await page.evaluate<axe.AxeResults>(run)
      for (const { help, nodes } of violations) {
        const where = nodes.map(({ html }) => html).join("\n  ")
        found.push(`${page.url()}, ${viewport.width} pixels wide, ${colorScheme}: ${help}\n  ${where}`)
      }
    }
  }
  return found
}
