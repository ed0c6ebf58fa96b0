/**
 * A stateful fake Miro for demos and tests.
 */
export * as MiroSandbox from "./MiroSandbox.ts"
/**
 * A fake at the level of operations.
 */
export * as MiroTest from "./MiroTest.ts"
