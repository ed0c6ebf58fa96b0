/** A fault that somebody could make in the source, which the tests named have to notice. */
export interface Sabotage {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly tests: ReadonlyArray<string>
}
