import { globSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { configDefaults, defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const include = ["test/**/*.test.ts", "examples/**/*.test.ts"]

const long = "test/long/**"

// A mock of a module would be there for the files after it too, and not for a module that one before it has loaded.
const mocking = globSync("test/**/*.test.ts").filter((file) =>
  /\bvi\.(?:mock|doMock)\(/.test(readFileSync(file, "utf8"))
)

const isLong = ({ moduleId }: TestSpecification): boolean =>
  /\/test\/(?:processes|package|command|examples)\/|\/(?:decode|faults|fuzz|generated|model|path|refresh|sockets)\.test\.ts$/.test(
    moduleId
  )

/** Long files come first: at the end, one of them would leave a processor with nothing to do. */
class LongFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    // oxlint-disable-next-line unicorn/no-array-sort -- that of the class makes a new one
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig(({ mode }) => ({
  ssr: { resolve: { conditions: ["effect-miro-source"] } },
  test: {
    globalSetup: ["test/support/run.ts"],
    sequence: { sequencer: LongFirst },
    // One more than there are processors, since some tests wait for processes of their own most of the time.
    maxWorkers: availableParallelism() + 1,
    // Far more than any takes: a machine can be busy with something else.
    testTimeout: 60_000,
    projects:
      mode === "long"
        ? // `npm run test:long` is for what takes minutes. They measure, and have processes of their own.
          [{ extends: true, test: { name: "long", include: ["test/long/**/*.test.ts"], fileParallelism: false } }]
        : [
            { extends: true, test: { name: "alone", include: mocking, exclude: [long] } },
            {
              extends: true,
              test: {
                name: "together",
                include,
                exclude: [...configDefaults.exclude, long, ...mocking],
                // To load Effect and the package takes longer than most files do. `shared.ts` holds that none changes what
                // the others share.
                isolate: false,
                setupFiles: ["test/support/shared.ts"]
              }
            }
          ]
  }
}))
