/**
 * Keeps CHANGELOG in step with releases. `npm version` runs the first two, and the workflow of a release the third.
 *
 *     node scripts/changelog.ts check        fails unless there is something to release
 *     node scripts/changelog.ts release      gives what is unreleased the version in package.json
 *     node scripts/changelog.ts notes v0.2.0 prints the section of a tag, which has to be that of package.json
 */
import { readFileSync, writeFileSync } from "node:fs"

const file = "CHANGELOG.md"
const changelog = readFileSync(file, "utf8")
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string }

const [, heading = "", notes = ""] = /^## (.+)\n([^]*?)(?=^## |(?![^]))/m.exec(changelog) ?? []

const refuse = (problem: string) => {
  console.error(problem)
  process.exitCode = 1
}

const [command, tag] = process.argv.slice(2)
if (command === "notes") {
  if (tag !== `v${version}`) refuse(`the tag is ${tag}, and package.json has the version ${version}`)
  else if (heading !== version) refuse(`${file} begins with ${heading}, and not with ${version}`)
  else console.log(notes.trim())
} else if (heading !== "Unreleased" || notes.trim() === "") {
  refuse(`${file} has to begin with "## Unreleased", and a line of what a user gets`)
} else if (command === "release") {
  writeFileSync(file, changelog.replace("## Unreleased", `## ${version}`))
}
