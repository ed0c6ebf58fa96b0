/**
 * What `src/auth/TokenStorageSqlite.ts` uses of Node, for the build alone: with the types of Node themselves, all
 * their globals would be there for the rest of `src` too. `npm run check` holds that module against the real ones.
 */
declare module "node:fs" {
  export function openSync(path: string, flags: "a", mode: number): number
  export function chmodSync(path: string, mode: number): void
  export function closeSync(file: number): void
}

declare module "node:path" {
  export function resolve(path: string): string
}

declare module "node:sqlite" {
  export class StatementSync {
    get(...parameters: ReadonlyArray<string>): Record<string, unknown> | undefined
    run(...parameters: ReadonlyArray<string>): { readonly changes: number | bigint }
  }
  export class DatabaseSync {
    constructor(path: string, options: { readonly timeout: number })
    exec(sql: string): void
    prepare(sql: string): StatementSync
    close(): void
  }
}
