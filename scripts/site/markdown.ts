/** Markdown as HTML: pages of the repository, and docstrings. */
import { existsSync, statSync } from "node:fs"
import { posix } from "node:path"
import { Marked, Renderer, type Tokens } from "marked"
import { escape, type Html, table } from "./html.ts"

export interface Context {
  /** The file that the text is in: its links begin there. */
  readonly file: string
  /** Of the repository, where the site has no page for a file. */
  readonly repository: string
  /** The pages of the site, by their files. */
  readonly urls: ReadonlyMap<string, string>
  /** Where the site shows what is named in code, such as `Boards.create`. */
  readonly urlOf: (name: string) => string | undefined
}

/** What GitHub makes of a heading, so that links work there too. */
export const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .trim()
    .replaceAll(/\s/g, "-")

const isElsewhere = (href: string): boolean => /^[a-z]+:/.test(href)

/** Links within the site begin at its root, and are made relative when a page is written. */
const target = (href: string, { file, repository, urls }: Context): string => {
  // What the package does not have its pages show in the repository.
  const isInRepository = href.startsWith(`${repository}/blob/main/`)
  if (isElsewhere(href) && !isInRepository) return href
  const [path = "", hash] = (isInRepository ? href.slice(`${repository}/blob/main/`.length) : href).split("#")
  const to = path === "" ? file : posix.join(isInRepository ? "" : posix.dirname(file), path)
  const end = hash === undefined ? "" : `#${hash}`
  const url = urls.get(to)
  if (url !== undefined) return url + end
  const kind = existsSync(to) && statSync(to).isDirectory() ? "tree" : "blob"
  return `${repository}/${kind}/main/${to}${end}`
}

class SiteRenderer extends Renderer {
  readonly #context: Context

  constructor(context: Context) {
    super()
    this.#context = context
  }

  override heading({ depth, text, tokens }: Tokens.Heading): Html {
    const id = slug(text)
    return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`
  }

  override code({ text }: Tokens.Code): Html {
    // Whoever has no mouse scrolls it by keys.
    return `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`
  }

  override codespan({ text }: Tokens.Codespan): Html {
    const url = this.#context.urlOf(text)
    const code = `<code>${escape(text)}</code>`
    return url === undefined ? code : `<a href="${url}">${code}</a>`
  }

  override link({ href, tokens }: Tokens.Link): Html {
    const text = this.parser.parseInline(tokens).replaceAll(/<\/?a\b[^>]*>/g, "")
    return `<a href="${escape(target(href, this.#context))}">${text}</a>`
  }

  override image({ href, text }: Tokens.Image): Html {
    const src = posix.join(posix.dirname(this.#context.file), href)
    return `<img src="${escape(src)}" alt="${escape(text)}">`
  }

  override table({ header, rows }: Tokens.Table): Html {
    const cell = ({ tokens }: Tokens.TableCell) => this.parser.parseInline(tokens)
    const headings = header.map((heading) => ({ html: cell(heading), text: heading.text.replaceAll("`", "") }))
    return table(
      "Table",
      headings,
      rows.map((row) => row.map(cell))
    )
  }
}

export const render = (markdown: string, context: Context): Html => {
  const linked = markdown.replaceAll(/\{@link ([\w.]+)\s*\}/g, "`$1`")
  return new Marked().parse(linked, { async: false, renderer: new SiteRenderer(context) })
}

/** The parts of a page, each under its heading, for the search. */
export const sections = (markdown: string): ReadonlyArray<{ readonly heading: string; readonly text: string }> =>
  new Marked().lexer(markdown).reduce<Array<{ heading: string; text: string }>>((sections, token) => {
    const last = sections.at(-1)
    if (token.type === "heading") sections.push({ heading: String(token.text), text: "" })
    else if (last !== undefined) last.text += token.raw
    return sections
  }, [])
