/**
 * What the files of a user are called.
 */

// More writes than there can ever be have more digits, but somebody else may have put such a file there.
const versionName = /^[1-9]\d{0,11}$/
const temporaryName = /^([1-9]\d{0,11})\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/

/** The first version after the last one that is not taken, if a file of it would be found again. */
export const versionAfter = (last: number, taken: ReadonlySet<number>): number | undefined => {
  let version = last + 1
  while (taken.has(version)) version++
  return versionName.test(String(version)) ? version : undefined
}

/** The versions among the names of a folder, the highest first. */
export const versionsIn = (names: ReadonlyArray<string>): ReadonlyArray<number> =>
  names
    .filter((name) => versionName.test(name))
    .map(Number)
    .toSorted((a, b) => b - a)

/** The names of temporary files for versions up to this one. */
export const temporariesIn = (names: ReadonlyArray<string>, version: number): ReadonlyArray<string> =>
  names.filter((name) => Number(temporaryName.exec(name)?.[1]) <= version)
