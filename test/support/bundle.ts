/**
 * A program of several hundred modules in one file, which begins in a third of
 * the time: some tests start dozens of processes.
 */
import { existsSync, renameSync } from "node:fs"
import { join, relative } from "node:path"
import { rolldown } from "rolldown"
import { inject } from "vitest"

/** Bundles a program, once in a run, and gives where it is. */
export const bundle = async (input: string): Promise<string> => {
  const folder = join(inject("programs"), relative(".", input).replaceAll(/\W/g, "-"))
  const file = join(folder, "program.mjs")
  if (existsSync(file)) return file
  const build = await rolldown({
    input,
    platform: "node",
    resolve: { conditionNames: ["effect-miro-source", "node", "import", "default"] }
  })
  // Other workers look for the file, and find all of it or nothing.
  const unfinished = join(folder, `${process.pid}.mjs`)
  await build.write({ file: unfinished, codeSplitting: false })
  await build.close()
  renameSync(unfinished, file)
  return file
}
