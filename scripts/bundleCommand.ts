/**
 * Puts the command into one file, with what it uses of Effect: `npm run build` runs it.
 *
 * To load some five hundred modules takes longer than all else that the command does until it is ready.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { rolldown } from "rolldown"

const folder = "dist/command"

const bundle = await rolldown({ input: `${folder}/main.js`, platform: "node" })
const {
  output: [{ code, moduleIds }]
} = await bundle.generate({ format: "esm", minify: true, codeSplitting: false })
await bundle.close()

// The license of what is bundled has to be there too.
const packages = new Set(moduleIds.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []))
const licenses = Array.from(packages, (name) => {
  const license = readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()
  return `/*!\n${name}\n\n${license}\n*/\n`
})

const [shebang = "", ...rest] = code.split("\n")
rmSync(folder, { recursive: true })
mkdirSync(folder)
writeFileSync(`${folder}/main.js`, [shebang, licenses.join("") + rest.join("\n")].join("\n"))
