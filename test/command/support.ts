import { Effect } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { bundle } from "../support/bundle.ts"

const program = await bundle("src/command/main.ts")

/** A started command, and what it has printed. */
export interface Started {
  readonly child: ChildProcess
  readonly printed: { out: string; err: string }
}

export const start = (...flags: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync((): Started => {
      const child = spawn(process.execPath, [program, ...flags])
      const printed = { out: "", err: "" }
      child.stdout.on("data", (chunk) => (printed.out += String(chunk)))
      child.stderr.on("data", (chunk) => (printed.err += String(chunk)))
      return { child, printed }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** What a command has printed when it ends, and its exit code. */
export const ended = ({ child, printed }: Started) =>
  Effect.callback<{ readonly code: number | null; readonly out: string; readonly err: string }>((resume) => {
    child.once("close", (code) => resume(Effect.succeed({ code, ...printed })))
  })

/** Stops a command as Ctrl-C does, and gives the signal that ended it. */
export const interrupted = ({ child }: Started) =>
  Effect.callback<string | null>((resume) => {
    child.once("close", (_, signal) => resume(Effect.succeed(signal)))
    child.kill("SIGINT")
  })

/** The variables that it prints once it listens. */
export const variables = Effect.fnUntraced(function* ({ child, printed }: Started) {
  yield* Effect.callback<void>((resume) => {
    const look = () => {
      if (printed.out.includes("MIRO_SCIM_TOKEN=")) resume(Effect.void)
    }
    child.stdout?.on("data", look)
    look()
  })
  return Object.fromEntries(
    Array.from(printed.out.matchAll(/^export (\w+)=(.*)$/gm), ([, name, value]) => [name, value])
  )
})
