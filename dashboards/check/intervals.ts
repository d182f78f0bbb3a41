/** Intervals of 95 %, by their definitions: what the stream's columns hold. */

export type Interval = { lower: number; upper: number };

const ALPHA = 0.05;
/** The 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054;
const LEAST_TRIALS = 5;

/** Returns Wilson's interval of a rate: the solutions p of |k/n − p| = z·√(p(1−p)/n); none for few trials. */
export function ofRate(successes: number, trials: number): Interval | null {
  if (trials < LEAST_TRIALS) {
    return null;
  }
  const p = successes / trials;
  const share = (Z * Z) / trials;
  const root = Z * Math.sqrt((p * (1 - p)) / trials + share / (4 * trials));
  return {
    // at the ends the solution is the end itself, of which rounding would leave a little
    lower: successes === 0 ? 0 : (p + share / 2 - root) / (1 + share),
    upper: successes === trials ? 1 : (p + share / 2 + root) / (1 + share),
  };
}

/** Returns the order statistics that bound the median of a sample; none where none are that sure. */
export function ofMedian(values: readonly number[]): Interval | null {
  const sorted = [...values].sort((a, b) => a - b);
  let rank = 0;
  let probability = 0.5 ** sorted.length;
  for (let below = probability; below <= ALPHA / 2; below += probability) {
    rank++;
    probability *= (sorted.length - rank + 1) / rank;
  }
  const lower = sorted[rank - 1];
  const upper = sorted[sorted.length - rank];
  return lower === undefined || upper === undefined ? null : { lower, upper };
}

/** Returns Garwood's interval of the rate of so many events in a time: the rates at which they are just not rare. */
export function ofFrequency(events: number, time: number): Interval {
  const lower = events === 0 ? 0 : meanAt((mean) => atMost(events - 1, mean) < 1 - ALPHA / 2);
  return { lower: lower / time, upper: meanAt((mean) => atMost(events, mean) < ALPHA / 2) / time };
}

/** The probability of at most so many events of a Poisson process. */
function atMost(events: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let event = 1; event <= events; event++) {
    term *= mean / event;
    sum += term;
  }
  return sum;
}

/** The mean from which on something holds, by halving. */
function meanAt(holds: (mean: number) => boolean): number {
  let [below, above] = [0, 500];
  for (let step = 0; step < 100; step++) {
    const middle = (below + above) / 2;
    [below, above] = holds(middle) ? [below, middle] : [middle, above];
  }
  return above;
}
