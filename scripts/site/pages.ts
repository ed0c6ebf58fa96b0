/** The pages of the site as HTML. */
import { Array as Arr } from "effect"
import { escape, type Html, table } from "./html.ts"
import type { Export, Field, Module, Operation } from "./reference.ts"

/** Of a page, what stands around its content. */
export interface Page {
  readonly url: string
  readonly title: string
  readonly content: Html
}

/** Markdown as HTML. The names in it may be those of a module. */
export type Render = (markdown: string, module: Module) => Html

const plural: Readonly<Record<string, string>> = { "": "Others" }

const title = (category: string): string => plural[category] ?? category.charAt(0).toUpperCase() + category.slice(1)

const groups: ReadonlyArray<readonly [title: string, folders: ReadonlyArray<string>]> = [
  ["Boards", ["boards"]],
  ["Client", ["", "client", "auth"]],
  ["Enterprise", ["enterprise"]],
  ["SCIM", ["scim"]],
  ["Experimental", ["experimental"]],
  ["Testing", ["sandbox"]],
  ["Models", ["models"]]
]

const folderOf = ({ file }: Module): string => file.split("/").slice(1, -1).join("/")

/** The modules by the parts of the package that they are in. */
export const grouped = (modules: ReadonlyArray<Module>) =>
  groups.map(([title, folders]) => ({
    title,
    modules: modules
      .filter((module) => folders.includes(folderOf(module)))
      .toSorted((a, b) => shortName(a).localeCompare(shortName(b), "en"))
  }))

const shortName = ({ name }: Module): string => name.split("/").at(-1) ?? name

const list = (items: ReadonlyArray<Html>): Html => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`

const menu = (current: string, guides: ReadonlyArray<Page>, modules: ReadonlyArray<Module>): Html => {
  const entry = (url: string, text: string) =>
    `<a href="${url}"${url === current ? ' aria-current="page"' : ""}>${escape(text)}</a>`
  const parts = [
    { title: "Guides", items: guides.map(({ title, url }) => entry(url, title)) },
    { title: "Reference", items: [entry("operations.html", "All operations")] },
    ...grouped(modules).map(({ modules, title }) => ({
      title,
      items: modules.map((module) => entry(module.url, shortName(module)))
    }))
  ]
  return parts.map(({ items, title }) => `<h2>${title}</h2>\n${list(items)}`).join("\n")
}

/** A whole page. Links in it begin at the root of the site until here. */
export const layout = (
  { content, title, url }: Page,
  guides: ReadonlyArray<Page>,
  modules: ReadonlyArray<Module>
): Html => {
  const root = "../".repeat(url.split("/").length - 1)
  const html = `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}${url === "index.html" ? "" : " – effect-miro"}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script src="search.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<a href="index.html">effect-miro</a>
<a class="to-menu" href="#menu">Menu</a>
<search>
<form id="search-form">
<input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off">
</form>
<ol id="results" hidden></ol>
<p id="found" role="status"></p>
</search>
</header>
<div class="columns">
<main id="content">
${content}
</main>
<nav class="menu" id="menu" aria-label="All pages">
${menu(url, guides, modules)}
</nav>
</div>
</body>
</html>
`
  return html.replaceAll(/ (href|src)="(?![a-z]+:|#)([^"]*)"/g, ` $1="${root}$2"`)
}

const fieldList = (fields: ReadonlyArray<Field>, module: Module, render: Render): Html =>
  `<dl class="fields">${fields
    .map(
      ({ comment, isOptional, name, type }) =>
        `<dt><code>${escape(name)}${isOptional ? "?" : ""}</code> <span class="type"><code>${type}</code></span></dt>
<dd>${render(comment, module)}</dd>`
    )
    .join("\n")}</dl>`

/** What is known of an operation before its fields; its docstring has the scope and level. */
const facts = ({ declared: { id, method, path } }: Operation): Html =>
  `<p><code>${method} ${escape(path)}</code></p>
<p class="facts">Miro’s name <code>${escape(id)}</code> · fails with <a href="api/MiroError.html#MiroError">MiroError</a>: <a href="docs/errors.html">what each reason means</a></p>`

const details = (summary: Html, content: Html, open = false): Html =>
  `<details${open ? " open" : ""}><summary>${summary}</summary>\n${content}\n</details>`

const linkList = ({ links, source: { file, line } }: Export, sources: string): Html => {
  const pages = links.map(
    (url) => `<a href="${escape(url)}">${url.includes("miro.com") ? "Miro’s page" : escape(url)}</a>`
  )
  return `<p class="facts">${[...pages, `<a href="${sources}/${file}#L${line}">Source</a>`].join(" · ")}</p>`
}

const exportSection = (exported: Export, module: Module, render: Render, sources: string): Html => {
  const { comment, fields, name, operation, signature } = exported
  const code = `<pre tabindex="0"><code>${signature}</code></pre>`
  const isLong = signature.split("\n").length > 12
  const parts =
    operation === undefined
      ? [
          isLong ? `<details class="signature"><summary>Signature</summary>\n${code}\n</details>` : code,
          fields.length === 0 ? "" : details("Fields", fieldList(fields, module, render), true)
        ]
      : [
          fields.length === 0 ? "<p>Takes no input.</p>" : details("Input", fieldList(fields, module, render), true),
          `<p>Gives <code>${operation.value}</code></p>`,
          operation.valueFields.length === 0
            ? ""
            : details("Fields of what it gives", fieldList(operation.valueFields, module, render)),
          `<details class="signature"><summary>Signature</summary>\n${code}\n</details>`
        ]
  return `<section class="export" id="${name}">
<h3>${escape(name)}</h3>
${operation === undefined ? "" : facts(operation)}
${render(comment, module)}
${parts.join("\n")}
${linkList(exported, sources)}
</section>`
}

/** The exports by category: what a module is for goes first, what it is made of last. */
const order = ["operations", "downloads", "constructors", "layers", "services", "configuration"]
const rank = (category: string): number => {
  const place = order.indexOf(category)
  return place === -1 ? order.length + (["models", "schemas", "inputs"].includes(category) ? 1 : 0) : place
}

const categories = (module: Module): ReadonlyArray<readonly [string, ReadonlyArray<Export>]> =>
  Object.entries(Arr.groupBy(module.exports, ({ category }) => category)).toSorted(([a], [b]) => rank(a) - rank(b))

export const modulePage = (module: Module, render: Render, sources: string): Page => {
  const parts = categories(module)
  const contents = parts.map(
    ([category, exports]) =>
      `<p><strong>${title(category)}</strong>: ${exports.map(({ name }) => `<a href="#${name}">${name}</a>`).join(", ")}</p>`
  )
  return {
    url: module.url,
    title: shortName(module),
    content: `<h1>${escape(shortName(module))}</h1>
${render(module.comment, module)}
<pre tabindex="0"><code>${escape(module.importedBy)}</code></pre>
${contents.join("\n")}
${parts
  .map(
    ([category, exports]) =>
      `<h2>${title(category)}</h2>\n${exports.map((exported) => exportSection(exported, module, render, sources)).join("\n")}`
  )
  .join("\n")}`
  }
}

/** The first sentence of a docstring. */
export const firstSentence = (comment: string): string =>
  (/^[^]*?[.:](?=\s|$)/.exec(comment)?.[0] ?? comment).replaceAll(/\s+/g, " ").replace(/:$/, ".")

const headings = ["Operation", "Miro’s name", "Request", "What it does"].map((text) => ({ html: text, text }))

/** All operations, by Miro's names too. */
export const operationsPage = (modules: ReadonlyArray<Module>, render: Render): Page => {
  const rows = modules.flatMap((module) =>
    module.exports.flatMap(({ comment, name, operation }) =>
      operation === undefined
        ? []
        : [
            [
              `<a href="${module.url}#${name}"><code>${module.name}.${name}</code></a>`,
              `<code>${escape(operation.declared.id)}</code>`,
              `<code>${operation.declared.method} ${escape(operation.declared.path)}</code>`,
              render(firstSentence(comment), module)
            ]
          ]
    )
  )
  return {
    url: "operations.html",
    title: "All operations",
    content: `<h1>All operations</h1>
<p>${rows.length} operations, with Miro’s own names for them.</p>
${table("Operations", headings, rows)}`
  }
}
