/**
 * What calls cost of the rate limit.
 */

/**
 * The rate limit level of an operation.
 *
 * @category models
 */
export type Level = 1 | 2 | 3 | 4

/**
 * What one request of each level costs, in credits.
 *
 * @category models
 */
export const credits: Readonly<Record<Level, number>> = { 1: 50, 2: 100, 3: 500, 4: 2000 }

/**
 * The level that an endpoint counts as unless one is given, in an operation of
 * your own as in `MiroClient.execute`: 2, or 100 credits. Three quarters of
 * Miro's operations cost that or less. To count too much makes a request wait;
 * to count nothing would let any number of them pass at once, up to the `429`.
 *
 * @category models
 */
export const defaultLevel: Level = 2
