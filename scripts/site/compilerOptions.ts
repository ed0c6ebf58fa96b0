/** How a strict program compiles that uses the package: what the site and an editor show of it depends on that. */
export const compilerOptions = {
  module: "nodenext",
  target: "es2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: []
}
