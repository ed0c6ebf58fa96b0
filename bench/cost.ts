const { gc } = globalThis
if (gc === undefined) throw new Error("run it with --expose-gc, as the scripts of package.json do")

/** Collects all garbage. */
export const collect: () => void = gc

/** Microseconds of processor time for each of so many calls. */
export const cost = async (calls: number, run: () => Promise<unknown>): Promise<number> => {
  // Nobody pays for what another one left.
  collect()
  const before = process.cpuUsage()
  await run()
  const { system, user } = process.cpuUsage(before)
  return (user + system) / calls
}
