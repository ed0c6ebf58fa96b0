/**
 * Runs after an install. The dev dependency `node` comes with the headers of C++, which nothing here compiles against and
 * which are a seventh of all that is installed.
 */
import { existsSync, readdirSync, rmSync } from "node:fs"

const folder = "node_modules/node/node_modules"

// A Node of any age runs this, since somebody may install the package from its repository.
for (const name of existsSync(folder) ? readdirSync(folder) : []) {
  rmSync(`${folder}/${name}/include`, { recursive: true, force: true })
}
