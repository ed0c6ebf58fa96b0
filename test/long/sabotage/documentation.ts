/** Faults in the check of the documentation. */
import type { Sabotage } from "./sabotage.ts"

const tests = ["test/package/documentation.test.ts"]
const operations = "scripts/documentation/operations.ts"
const declarations = "scripts/documentation/declarations.ts"

export const documentation: ReadonlyArray<Sabotage> = [
  {
    name: "a docstring whose scope and level nobody compares",
    file: operations,
    find: "!sentence.startsWith(need)",
    replace: "false",
    tests
  },
  {
    name: "an operation whose name nobody compares",
    file: operations,
    find: "name !== expected",
    replace: "false",
    tests
  },
  {
    name: "a link to Miro's reference that nobody compares",
    file: operations,
    find: '!docstring.split(" ").includes(page)',
    replace: "false",
    tests
  },
  {
    name: "a module with operations that may be missing from the index",
    file: operations,
    find: "operations.length === 0",
    replace: "operations.length === 0 || module === undefined",
    tests
  },
  {
    name: "a field that needs no comment inside of another one",
    file: declarations,
    find: "children(node).flatMap((child) => fieldsWithout(child, name))",
    replace: "isField ? [] : children(node).flatMap((child) => fieldsWithout(child, name))",
    tests
  },
  {
    name: "a docstring that may consist of tags",
    file: "scripts/documentation/syntax.ts",
    find: 'docstring.replace(/@(?:category|see)\\b.*$/, "").trim() !== ""',
    replace: 'docstring !== ""',
    tests
  }
]
