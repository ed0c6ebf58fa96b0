/**
 * What `src/auth/TokenStorageSqlite.ts`, `src/command` and `src/undici` use of Node and undici, for the build alone: with
 * the types of Node themselves, all their globals would be there for the rest of `src` too. `npm run check` holds these
 * modules against the real ones.
 */
declare module "node:fs" {
  export function openSync(path: string, flags: "a", mode: number): number
  export function chmodSync(path: string, mode: number): void
  export function closeSync(file: number): void
  export function readFileSync(path: string | URL, encoding: "utf8"): string
}

declare module "node:process" {
  export const argv: ReadonlyArray<string>
  export function exit(code: number): never
}

declare module "node:http" {
  export interface IncomingMessage {
    readonly method?: string | undefined
    readonly url?: string | undefined
    readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
    on(event: "data", listener: (chunk: Uint8Array) => void): void
    on(event: "end" | "error", listener: () => void): void
  }
  export interface ServerResponse {
    writeHead(status: number, headers: Readonly<Record<string, string>>): void
    write(body: Uint8Array): void
    end(): void
    destroy(): void
  }
  export interface Server {
    on(event: "error", listener: (error: Error) => void): void
    listen(port: number, host: string, listener: () => void): void
    address(): { readonly port: number } | string | null
    closeAllConnections(): void
    close(): void
  }
  export function createServer(listener: (request: IncomingMessage, response: ServerResponse) => void): Server
}

declare module "node:path" {
  export function resolve(path: string): string
}

declare module "node:stream" {
  export const Readable: { from(source: AsyncIterable<unknown>): object }
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

// Its own types bring all those of Node with them.
declare module "undici" {
  export class Agent {
    dispatch(options: object, handler: object): boolean
    destroy(): Promise<void>
  }
}
