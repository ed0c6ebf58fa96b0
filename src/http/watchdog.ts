/**
 * Timeouts. Hardly one of many calls passes one, so a single timer for each
 * clock looks after all of them, and not one for each call.
 *
 * A process can be held up: by a busy event loop, a signal or the suspension of
 * its machine. Its timer runs out before it reads what arrived meanwhile, and
 * time in which it could not even send its request is no time in which nobody
 * responded. So a timeout that comes late is put off by as much as it is late,
 * once, and what has arrived is read before any of them counts.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"

// More than a timer is late on a busy machine.
const noticeable = 100

/** Gives the event loop the turns in which what has arrived is read, a head and a body after it. */
const lastLook: Effect.Effect<void> = Effect.asVoid(Effect.repeat(Effect.yieldNow, { times: 20 }))

const timeOf = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** The time of the clock in context, in milliseconds. */
export const now = (context: Context.Context<never>): number => timeOf(Context.get(context, Clock.Clock))

/** When something has to be done. */
export class Deadline {
  /** In milliseconds of the clock. */
  due: number
  /** By how many milliseconds it was put off. */
  putOff = 0
  readonly #longest: number

  /** @param longest by how many milliseconds it is put off at most */
  constructor(due: number, longest: number) {
    this.due = due
    this.#longest = longest
  }

  /** Puts off what is noticed late, once. */
  putOffIfLate(now: number): void {
    const late = now - this.due
    if (late < noticeable || this.putOff > 0) return
    this.putOff = late + Math.min(late, this.#longest)
    this.due += this.putOff
  }
}

class Watchdog {
  readonly #clock: Clock.Clock
  readonly #run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
  readonly #watched = new Map<Deadline, () => void>()
  #timer: Fiber.Fiber<void> | undefined
  #wakesAt = Infinity

  constructor(clock: Clock.Clock, scheduler: Scheduler.Scheduler) {
    this.#clock = clock
    this.#run = (effect) => Effect.runFork(effect, { scheduler })
  }

  watch(deadline: Deadline, pass: () => void): void {
    this.#watched.set(deadline, pass)
    this.hurry(deadline)
  }

  /** To be told when a deadline comes sooner than before. */
  hurry(deadline: Deadline): void {
    if (deadline.due < this.#wakesAt && this.#watched.has(deadline)) this.#sleepUntil(deadline.due)
  }

  forget(deadline: Deadline): void {
    this.#watched.delete(deadline)
    // The next call of a program that makes one after the other is there by then.
    if (this.#watched.size === 0) queueMicrotask(this.#rest)
  }

  // A timer that is left would keep the process running.
  readonly #rest = (): void => {
    if (this.#watched.size === 0) this.#sleepUntil(Infinity)
  }

  #sleepUntil(time: number): void {
    this.#timer?.interruptUnsafe()
    this.#wakesAt = time
    this.#timer = time === Infinity ? undefined : this.#run(this.#clock.sleep(this.#until(time)))
    this.#timer?.addObserver((exit) => {
      if (Exit.isSuccess(exit)) this.#look()
    })
  }

  #until(time: number): Duration.Duration {
    return Duration.millis(Math.max(1, Math.ceil(time - timeOf(this.#clock))))
  }

  #look(): void {
    const time = timeOf(this.#clock)
    const deadlines = [...this.#watched.keys()]
    for (const deadline of deadlines) deadline.putOffIfLate(time)
    const passed = deadlines.filter(({ due }) => due <= time)
    if (passed.length > 0) this.#run(lastLook).addObserver(() => passed.forEach((deadline) => this.#end(deadline)))
    this.#sleepUntil(deadlines.reduce((next, { due }) => (due > time && due < next ? due : next), Infinity))
  }

  #end(deadline: Deadline): void {
    if (deadline.due <= timeOf(this.#clock)) this.#watched.get(deadline)?.()
  }
}

const watchdogs = new WeakMap<Clock.Clock, WeakMap<Scheduler.Scheduler, Watchdog>>()

// Each scheduler has its own: that of a clock for tests knows when what the clock woke has come to rest, and one that a
// program has stopped is to stop nobody else.
const watchdogOf = (context: Context.Context<never>): Watchdog => {
  const clock = Context.get(context, Clock.Clock)
  const scheduler = Context.get(context, Scheduler.Scheduler)
  const ofClock = watchdogs.get(clock) ?? new WeakMap<Scheduler.Scheduler, Watchdog>()
  const watchdog = ofClock.get(scheduler) ?? new Watchdog(clock, scheduler)
  watchdogs.set(clock, ofClock.set(scheduler, watchdog))
  return watchdog
}

/** To be told when a deadline comes sooner than before. */
export const hurry = (context: Context.Context<never>, deadline: Deadline): void => watchdogOf(context).hurry(deadline)

/** Ends an effect that is not done by its deadline. */
export const watch = <A, E, R, E2>(
  self: Effect.Effect<A, E, R>,
  context: Context.Context<never>,
  deadline: Deadline,
  orElse: () => E2
): Effect.Effect<A, E | E2, R> =>
  Effect.flatMap(Effect.forkChild(self, { startImmediately: true }), (fiber) => {
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return exit
    return Effect.callback((resume) => {
      const watchdog = watchdogOf(context)
      watchdog.watch(deadline, () => resume(Effect.andThen(Fiber.interrupt(fiber), Effect.failSync(orElse))))
      fiber.addObserver((exit) => {
        watchdog.forget(deadline)
        resume(exit)
      })
      return Fiber.interrupt(fiber)
    })
  })

/** Ends an effect that is not done within that time. */
export const within = <A, E, R, E2>(
  self: Effect.Effect<A, E, R>,
  time: Duration.Duration,
  orElse: () => E2
): Effect.Effect<A, E | E2, R> =>
  Duration.isFinite(time)
    ? Effect.contextWith((context: Context.Context<never>) => {
        const millis = Duration.toMillis(time)
        return watch(self, context, new Deadline(now(context) + millis, millis), orElse)
      })
    : self
