/** Text that is HTML already. */
export type Html = string

export const escape = (text: string): Html =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** A heading of a table: as it is shown above its column, and as text. */
export interface Heading {
  readonly html: Html
  readonly text: string
}

/**
 * A table that somebody without a mouse can scroll. On a phone its rows are
 * shown as lists, where each cell begins with its heading; a browser would take
 * them for no table any more, so all roles are said.
 */
export const table = (
  label: string,
  headings: ReadonlyArray<Heading>,
  rows: ReadonlyArray<ReadonlyArray<Html>>
): Html => {
  const head = headings.map(({ html }) => (html === "" ? "<td></td>" : `<th role="columnheader">${html}</th>`)).join("")
  const body = rows.map((cells) => {
    const shown = cells.map((cell, index) => {
      const heading = index === 0 ? "" : (headings[index]?.text ?? "")
      return `<td role="cell"${heading === "" ? "" : ` data-heading="${escape(heading)}"`}>${cell}</td>`
    })
    return `<tr role="row">${shown.join("")}</tr>`
  })
  return `<div class="wide" role="group" aria-label="${escape(label)}" tabindex="0"><table role="table">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${body.join("\n")}</tbody>
</table></div>
`
}
