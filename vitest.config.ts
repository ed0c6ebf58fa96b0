import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => ({
  ssr: { resolve: { conditions: ["effect-miro-source"] } },
  test: {
    // `npm run test:long` is for what takes minutes.
    include: mode === "long" ? ["test/long/**/*.test.ts"] : ["test/**/*.test.ts", "examples/**/*.test.ts"],
    exclude: mode === "long" ? [] : ["test/long/**"],
    testTimeout: 30_000
  }
}))
