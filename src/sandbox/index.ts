/**
 * A stateful fake Miro for demos and tests.
 */
export * as MiroSandbox from "./MiroSandbox.ts"
