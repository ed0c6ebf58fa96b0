/** Draws lines over a logarithmic axis, as SVG. */

export interface Line {
  readonly name: string
  readonly points: ReadonlyArray<readonly [x: number, y: number]>
}

interface Plot {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly lines: ReadonlyArray<Line>
}

const width = 640
const height = 320
const left = 56
const right = 40
const top = 48
const bottom = 48

const colours = ["#2563eb", "#c2410c"]

/** At least as much as the largest figure, and a round number. */
const roundUp = (figure: number): number => {
  const magnitude = 10 ** Math.floor(Math.log10(figure))
  return ([1, 1.5, 2.5, 4, 6, 10].find((factor) => factor * magnitude >= figure) ?? 10) * magnitude
}

const text = (x: number, y: number, content: string, more = "") => `<text x="${x}" y="${y}" ${more}>${content}</text>`

export const plot = ({ lines, title, x, y }: Plot): string => {
  const points = lines.flatMap(({ points }) => points)
  const [first, last] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]
  const most = roundUp(Math.max(...points.map(([, y]) => y)))
  const atX = (value: number) =>
    Math.round(left + ((width - left - right) * Math.log(value / first)) / Math.log(last / first))
  const atY = (value: number) => Math.round(height - bottom - ((height - top - bottom) * value) / most)
  const levels = [0, most / 2, most].map(
    (level) =>
      `<line x1="${left}" x2="${width - right}" y1="${atY(level)}" y2="${atY(level)}" stroke="#94a3b8" stroke-opacity="0.4"/>` +
      text(left - 8, atY(level) + 4, level.toLocaleString("en"), `text-anchor="end"`)
  )
  const places = [...new Set(points.map(([x]) => x))].map((place) =>
    text(atX(place), height - bottom + 18, place.toLocaleString("en"), `text-anchor="middle"`)
  )
  const drawn = lines.map(({ name, points }, index) => {
    const colour = colours[index % colours.length]
    const path = points.map(([x, y]) => `${atX(x)},${atY(y)}`).join(" ")
    const dots = points.map(([x, y]) => `<circle cx="${atX(x)}" cy="${atY(y)}" r="3" fill="${colour}"/>`).join("")
    const label = text(width - right, 24 + 16 * index, name, `text-anchor="end" fill="${colour}"`)
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}${lines.length > 1 ? label : ""}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#334155">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(left, 24, title, `font-size="15" font-weight="600"`)}
${text(left, 40, y)}
${text(width - right, height - 12, x, `text-anchor="end"`)}
${[...levels, ...places, ...drawn].join("\n")}
</svg>
`
}
