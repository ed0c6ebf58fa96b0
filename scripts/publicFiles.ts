import { globSync, readFileSync } from "node:fs"

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>
}

const hidden = Object.keys(exports).flatMap((path) =>
  exports[path] === null && path.endsWith("/*") ? [path.slice(2, -1)] : []
)

/** The files in `src` or `dist` that a user can import. */
export const publicFiles = (folder: string, extension: string): ReadonlyArray<string> =>
  globSync(`${folder}/**/*${extension}`)
    .filter((file) => !hidden.some((path) => file.startsWith(`${folder}/${path}`)))
    .toSorted()
