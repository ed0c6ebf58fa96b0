/** Microseconds of processor time for each of so many calls. */
export const cost = async (calls: number, run: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await run()
  const { system, user } = process.cpuUsage(before)
  return (user + system) / calls
}
