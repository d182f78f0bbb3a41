import type { Dashboard } from '@grafana/schema';
import { ALL } from '../src/variables.js';
import { RUNS, SHOWN_RUN } from './canaries.js';
import { END, QUOTED_SERVICE } from './history.js';
import type { Choice, Choices, TimeRange } from './macros.js';
import type { Statement } from './model.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The dashboard's default: 90 days, to the end of the history. */
export const RANGE = { from: new Date(END.getTime() - 90 * DAY_MS), to: new Date(END.getTime() - 1000) };

/** The default of a dashboard of what is going on: an hour. */
const HOUR = { from: new Date(END.getTime() - HOUR_MS), to: END };

/** Returns the range that a dashboard is drawn with: an hour where that is its default, else 90 days. */
export function rangeOf({ time }: Dashboard): TimeRange {
  return time?.from === 'now-1h' ? HOUR : RANGE;
}

/** The teams of the tenant that is shown. */
export const TEAMS = ["o'x team", 'payments', 'storefront'];
/** The service of a dashboard that shows one. */
const ONE = 'checkout';

/** The metrics of the runs. */
const METRICS = [
  ...new Set(RUNS.flatMap(({ looks }) => looks.flatMap(({ readings }) => readings.map((r) => r.metric)))),
];

/** Each variable of the dashboards: what there is, and what is chosen at first. */
export const OPTIONS = new Map<string, Choice>([
  ['tenant', { value: 'default', options: ['default', 'other'] }],
  ['environment', { value: 'production', options: ['production', 'staging'] }],
  ['team', { value: ALL, options: [...TEAMS] }],
  ['service', { value: ALL, options: ['checkout', QUOTED_SERVICE, 'search'] }],
  ['period', { value: 'week', options: ['week', 'month', 'quarter'] }],
  ['window', { value: '30', options: ['7', '30', '90'] }],
  ['run', { value: SHOWN_RUN, options: RUNS.map(({ run }) => run) }],
  ['metric', { value: [ALL], options: METRICS }],
]);

/**
 * Returns what is chosen for a statement: as the dashboard has it at first, but for what is given. A panel that is there
 * for each value of a variable has one of them.
 */
export function choices({ ofOneService, panel }: Statement, chosen: Record<string, string>): Choices {
  const values: Record<string, string | undefined> = {
    ...(ofOneService ? { service: ONE } : {}),
    ...(panel?.repeat === undefined ? {} : { [panel.repeat]: OPTIONS.get(panel.repeat)?.options[0] }),
    ...chosen,
  };
  return new Map([...OPTIONS].map(([name, option]) => [name, { ...option, value: values[name] ?? option.value }]));
}
