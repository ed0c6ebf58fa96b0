/** Whether the links of the site lead somewhere. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { posix } from "node:path"

const linksOf = (html: string): ReadonlyArray<string> =>
  Array.from(html.matchAll(/ (?:href|src)="([^"]*)"/g), ([, link = ""]) => link)

const idsOf = (html: string): ReadonlySet<string> =>
  new Set(Array.from(html.matchAll(/ id="([^"]*)"/g), ([, id = ""]) => id))

/** The links that lead to no file of the site, to no place on a page, or to no file of the repository. */
export const brokenLinks = (folder: string, repository: string): ReadonlyArray<string> => {
  const pages = new Map(
    globSync(`${folder}/**/*.html`).map((file) => [posix.relative(folder, file), readFileSync(file, "utf8")])
  )
  const ids = new Map([...pages].map(([url, html]) => [url, idsOf(html)]))
  const isBroken = (url: string, link: string): boolean => {
    if (link.startsWith(`${repository}/`)) {
      const [, , ...path] =
        link
          .slice(repository.length + 1)
          .split("#")[0]
          ?.split("/") ?? []
      return !existsSync(path.join("/"))
    }
    if (/^[a-z]+:/.test(link)) return false
    const [path = "", id] = link.split("#")
    const to = path === "" ? url : posix.join(posix.dirname(url), path)
    return id === undefined ? !existsSync(posix.join(folder, to)) : ids.get(to)?.has(id) !== true
  }
  return [...pages].flatMap(([url, html]) =>
    [...new Set(linksOf(html))].filter((link) => isBroken(url, link)).map((link) => `${url}: ${link} leads nowhere`)
  )
}
