import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => ({
  ssr: { resolve: { conditions: ["effect-miro-source"] } },
  test: {
    // `npm run test:long` is for what takes minutes.
    include: mode === "long" ? ["test/long/**/*.test.ts"] : ["test/**/*.test.ts", "examples/**/*.test.ts"],
    exclude: mode === "long" ? [] : ["test/long/**"],
    // They measure, and have processes of their own.
    fileParallelism: mode !== "long",
    // Many tests start processes, which would each compile the sources anew.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "effect-miro-tests") },
    // One more than there are processors, since some tests wait for processes of their own most of the time.
    maxWorkers: availableParallelism() + 1,
    // Far more than any takes: a machine can be busy with something else.
    testTimeout: 60_000
  }
}))
