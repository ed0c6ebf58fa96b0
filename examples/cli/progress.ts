/** How far long work has come, on a terminal; where the output goes into a file or a pipe, nothing. */
import { Effect } from "effect"

const width = 30

/** `total` is undefined where nobody knows it before the end. */
export const make = (label: string, total?: number) => {
  let done = 0
  const draw = () => {
    if (!process.stderr.isTTY) return
    const share = total === undefined ? 0 : Math.min(1, done / Math.max(1, total))
    const bar = total === undefined ? "" : ` [${"#".repeat(share * width).padEnd(width, ".")}]`
    process.stderr.write(`\r${label}${bar} ${done}${total === undefined ? "" : `/${total}`}`)
  }
  return {
    advance: (by: number) =>
      Effect.sync(() => {
        done += by
        draw()
      }),
    end: Effect.sync(() => {
      if (process.stderr.isTTY) process.stderr.write("\n")
    })
  }
}
