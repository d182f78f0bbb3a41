import type { Column } from '../panels.js';

export const NO_RUN = 'no canary run chosen';
export const NO_RUNS = 'no canary runs in range';
export const NO_EVIDENCE = 'no evidence in range';
export const NOT_IN_SIGHT = 'not in sight';

/** The arms, in every graph. */
export const BASELINE = '#3274D9';
export const CANARY = '#FF9830';
/** What a failure and a pass look like. */
export const BAD = 'red';
export const GOOD = 'green';
export const GREY = '#808080';

/** How a run or a metric stands, in the order of the numbers that a graph of them has. */
const STATES: readonly [string, string][] = [
  ['Pending', 'blue'],
  ['Running', 'blue'],
  ['Successful', GOOD],
  ['Failed', BAD],
  ['Inconclusive', GREY],
  ['Error', 'orange'],
];

/** What stands for each state, and its colour. */
export const STATE_TEXTS = Object.fromEntries(STATES.map(([text, color]) => [text, { text, color }]));

/** The same, of states that are numbers from 1 on. */
export const STATE_NUMBERS = Object.fromEntries(STATES.map(([text, color], at) => [String(at + 1), { text, color }]));

export const VERSION_IN_PLACE: Column = { name: 'baseline_version', title: 'Baseline', nothing: 'not said' };
export const NEW_VERSION: Column = { name: 'canary_version', title: 'Canary', nothing: 'not said' };

/** What does not follow the time range. */
export const OF_THE_RUN = 'Of the chosen run as it stands, whatever the time range.';

/** How the lines of a graph of a run come about. */
export const LOOKS =
  'There is a value for every ten seconds of buckets, for the moment of a decision and for the end of the run. Nothing is ' +
  'drawn where the time range does not touch the run: "Runs in range" leads to its time.';
