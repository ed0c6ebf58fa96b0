/**
 * Makes the site of the reference and the guides: `npm run docs`.
 *
 * The guides are the pages of this repository, and the reference is made of the declarations in `dist` and their
 * docstrings. TypeDoc would do the second, but needs the API of a compiler that this package is not compiled by. Fails
 * if a link leads nowhere, or an export has no docstring.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { rolldown } from "rolldown"
import type { Entry } from "./site/find.ts"
import { brokenLinks } from "./site/links.ts"
import { llms } from "./site/llms.ts"
import { type Context, render, sections, slug } from "./site/markdown.ts"
import { layout, modulePage, operationsPage, type Page, type Render } from "./site/pages.ts"
import { type Module, modules, placeOf } from "./site/reference.ts"

const folder = "site"
const { description, repository, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly description: string
  readonly repository: { readonly url: string }
  readonly version: string
}
const home = repository.url.replace(/^git\+/, "").replace(/\.git$/, "")

const files = [...globSync("*.md"), ...globSync("{docs,examples}/**/*.md")].toSorted()
const urls = new Map(
  files.map((file) => [file, file === "README.md" ? "index.html" : file.replace(/\.md$/, ".html")] as const)
)

const context = (file: string, module?: Module): Context => ({
  file,
  repository: home,
  urls,
  urlOf: (name) => {
    const place = placeOf(name, module)
    return place === undefined ? undefined : place.name === "" ? place.url : `${place.url}#${place.name}`
  }
})

const renderIn: Render = (markdown, module) => render(markdown, context(module.file, module))

const texts = files.map((file) => {
  const text = readFileSync(file, "utf8")
  const [first] = sections(text)
  return { file, text, title: first?.heading ?? file, url: urls.get(file) ?? file }
})

const texted = texts.map(({ file, text, title, url }): Page => ({ url, title, content: render(text, context(file)) }))
const guides = texted.filter(({ url }) => url.startsWith("docs/"))
const operations = operationsPage(modules, renderIn)
const pages = [
  ...texted,
  operations,
  ...modules.map((module) => modulePage(module, renderIn, `${home}/blob/v${version}`))
]

const entries: ReadonlyArray<Entry> = [
  ...modules.flatMap((module) => [
    { title: module.name, kind: "module", url: module.url, text: module.comment },
    ...module.exports.map(({ category, comment, fields, name, operation }) => {
      const { id = "", method = "", path = "", scopes = [] } = operation?.declared ?? {}
      const names = fields.map((field) => field.name)
      return {
        title: `${module.name}.${name}`,
        kind: operation === undefined ? category : "operation",
        url: `${module.url}#${name}`,
        text: [id, method, path, ...scopes, ...names, comment].filter((text) => text !== "").join(" ")
      }
    })
  ]),
  ...texts.flatMap(({ text, title, url }) =>
    sections(text).map(({ heading, text }, index) => ({
      title: index === 0 ? title : `${title}: ${heading}`,
      kind: "guide",
      url: `${url}#${slug(heading)}`,
      text
    }))
  )
]

const write = (file: string, text: string) => {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

rmSync(folder, { recursive: true, force: true })
for (const page of pages) write(page.url, layout(page, guides, modules))
for (const file of files) write(file, readFileSync(file, "utf8"))
for (const file of globSync("{docs,examples}/**/*.{png,svg}")) cpSync(file, join(folder, file))
cpSync("scripts/site/style.css", join(folder, "style.css"))
write("search-index.js", `globalThis.searchIndex = ${JSON.stringify(entries)}\n`)
write("llms.txt", llms(description, readFileSync("AGENTS.md", "utf8"), guides, modules))

const build = await rolldown({ input: "scripts/site/browser.ts", platform: "browser" })
await build.write({ file: join(folder, "search.js"), format: "iife", minify: true })
await build.close()

const problems = [
  ...brokenLinks(folder, home),
  ...modules.flatMap(({ exports, name }) =>
    exports
      .filter(({ comment }) => comment === "")
      .map((undocumented) => `${name}.${undocumented.name} has no docstring`)
  )
]
if (problems.length > 0) console.log(problems.join("\n"))
console.log(`${pages.length} pages in ${folder}, ${entries.length} entries of the search, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
