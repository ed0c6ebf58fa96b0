/**
 * What the workers of one run share: a folder for the programs that they bundle, and for what Node compiles of those that
 * they start. It goes with the run.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    readonly programs: string
  }
}

export default ({ provide }: TestProject) => {
  const folder = mkdtempSync(join(tmpdir(), "effect-miro-tests-"))
  // Many tests start processes, which would each compile the sources anew.
  process.env["NODE_COMPILE_CACHE"] ??= join(folder, "compiled")
  // A bundled program is as deep in this folder as its source is in ours, and finds its version as it does there.
  cpSync("package.json", join(folder, "package.json"))
  provide("programs", join(folder, "programs"))
  // Not before: a worker writes what was compiled for it when it ends.
  process.once("exit", () => rmSync(folder, { recursive: true, maxRetries: 5 }))
}
