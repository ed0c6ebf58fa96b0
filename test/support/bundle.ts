/**
 * A program of several hundred modules in one file, which begins in a third of
 * the time: some tests start dozens of processes.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rolldown } from "rolldown"
import { afterAll } from "vitest"

/** Bundles a program for the tests of this file, and gives where it is. */
export const bundle = async (input: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-miro-"))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = join(folder, "program.mjs")
  const build = await rolldown({
    input,
    platform: "node",
    resolve: { conditionNames: ["effect-miro-source", "node", "import", "default"] }
  })
  await build.write({ file, codeSplitting: false })
  await build.close()
  return file
}
