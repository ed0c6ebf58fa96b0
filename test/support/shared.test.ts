import { assert, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** What a test may do, and what is said of it. */
const leaks = {
  "globalThis.fetch": "globalThis.fetch = () => {}",
  "globalThis.leak": "globalThis.leak = 1",
  "process.env.LEAK": 'process.env.LEAK = "1"',
  "process.cwd()": 'process.chdir("..")',
  "process.exitCode": "process.exitCode = 0",
  "listeners of SIGUSR2": 'process.on("SIGUSR2", () => {})',
  "Date.now": "Date.now = () => 0",
  "Math.random": "Math.random = () => 0",
  "Error.stackTraceLimit": "Error.stackTraceLimit = 1",
  "console.log": "console.log = () => {}",
  "https.request": 'vi.spyOn(https, "request")'
}

it("a test file that leaves a change to the files after it fails", () => {
  const folder = "test/support/.leaks"
  mkdirSync(folder, { recursive: true })
  try {
    const imports = ['import https from "node:https"', 'import { it, vi } from "vitest"']
    const tests = Object.values(leaks).map((leak, index) => `it("${index}", () => { ${leak} })`)
    writeFileSync(join(folder, "leaking.test.ts"), [...imports, ...tests].join("\n"))
    writeFileSync(join(folder, "innocent.test.ts"), 'import { it } from "vitest"\nit("passes", () => {})\n')
    const { status, stderr, stdout } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", folder], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" }
    })
    assert.match(stdout, /Test Files +1 failed \| 1 passed/)
    assert.match(stdout, new RegExp(`Tests +${Object.keys(leaks).length + 1} passed`))
    for (const name of Object.keys(leaks)) assert.include(stderr, `"${name}"`)
    assert.strictEqual(status, 1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
