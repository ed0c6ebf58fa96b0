/** A program as a bundler makes it for a browser, with the package as it is published. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { rolldown } from "rolldown"

/** Its code, and the modules that are in it. */
export const browserBundle = async (program: string, { treeshake = true } = {}) => {
  // Inside of the package, whose name stands for `dist` there.
  const folder = mkdtempSync("test/package/.bundle-")
  try {
    const input = join(folder, "program.js")
    writeFileSync(input, program)
    const build = await rolldown({ input, platform: "browser", treeshake })
    const { output } = await build.generate({ minify: true, codeSplitting: false })
    await build.close()
    return { code: output[0].code, modules: output[0].moduleIds }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
