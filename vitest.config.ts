import { globSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { configDefaults, defineConfig } from "vitest/config"

const include = ["test/**/*.test.ts", "examples/**/*.test.ts"]

const isLong = "test/long/**"

// A mock of a module would be there for the files after it too, and not for a module that one before it has loaded.
const mocking = globSync("test/**/*.test.ts").filter((file) =>
  /\bvi\.(?:mock|doMock)\(/.test(readFileSync(file, "utf8"))
)

export default defineConfig(({ mode }) => ({
  ssr: { resolve: { conditions: ["effect-miro-source"] } },
  test: {
    globalSetup: ["test/support/run.ts"],
    // One more than there are processors, since some tests wait for processes of their own most of the time.
    maxWorkers: availableParallelism() + 1,
    // Far more than any takes: a machine can be busy with something else.
    testTimeout: 60_000,
    projects:
      mode === "long"
        ? // `npm run test:long` is for what takes minutes. They measure, and have processes of their own.
          [{ extends: true, test: { name: "long", include: ["test/long/**/*.test.ts"], fileParallelism: false } }]
        : [
            { extends: true, test: { name: "alone", include: mocking, exclude: [isLong] } },
            {
              extends: true,
              test: {
                name: "together",
                include,
                exclude: [...configDefaults.exclude, isLong, ...mocking],
                // To load Effect and the package takes longer than most files do. `shared.ts` holds that none changes what
                // the others share.
                isolate: false,
                setupFiles: ["test/support/shared.ts"]
              }
            }
          ]
  }
}))
