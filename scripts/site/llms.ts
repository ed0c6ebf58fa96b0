/** `llms.txt`: the site for language models. */
import { firstSentence, grouped, type Page } from "./pages.ts"
import type { Module } from "./reference.ts"

const line = (comment: string): string => firstSentence(comment)

const operationsOf = (module: Module): ReadonlyArray<string> =>
  module.exports.flatMap(({ comment, name, operation }) => {
    if (operation === undefined) return []
    const { id, level, method, path, scopes } = operation.declared
    const needs = [...scopes, ...(level === undefined ? [] : [`level ${level}`])].join(", ")
    return [
      `- \`${module.name}.${name}\` (\`${id}\`, \`${method} ${path}\`${needs === "" ? "" : `, ${needs}`}): ${line(comment)}`
    ]
  })

/** The text, with what assistants are told in the package first. */
export const llms = (
  description: string,
  advice: string,
  guides: ReadonlyArray<Page>,
  modules: ReadonlyArray<Module>
): string =>
  [
    `# effect-miro\n\n> ${description}`,
    advice.replace(/^# .*\n/, "").trim(),
    `## Guides\n\n${guides.map(({ title, url }) => `- [${title}](${url.replace(/\.html$/, ".md")})`).join("\n")}`,
    ...grouped(modules).map(
      ({ modules, title }) =>
        `## ${title}\n\n${modules.map(({ comment, name, url }) => `- [${name}](${url}): ${line(comment)}`).join("\n")}`
    ),
    `## Operations\n\n${modules.flatMap(operationsOf).join("\n")}`
  ].join("\n\n") + "\n"
