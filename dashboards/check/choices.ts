import { ALL } from '../src/variables.js';
import { END, QUOTED_SERVICE } from './history.js';
import type { Choice, Choices } from './macros.js';
import type { Statement } from './model.js';

const DAY_MS = 86_400_000;

/** The dashboard's default: 90 days, to the end of the history. */
export const RANGE = { from: new Date(END.getTime() - 90 * DAY_MS), to: new Date(END.getTime() - 1000) };

/** The teams of the tenant that is shown. */
export const TEAMS = ["o'x team", 'payments', 'storefront'];
/** The service of a dashboard that shows one. */
const ONE = 'checkout';

/** Each variable of the dashboards: what there is, and what is chosen at first. */
export const OPTIONS = new Map<string, Choice>([
  ['tenant', { value: 'default', options: ['default', 'other'] }],
  ['environment', { value: 'production', options: ['production', 'staging'] }],
  ['team', { value: ALL, options: [...TEAMS] }],
  ['service', { value: ALL, options: ['checkout', QUOTED_SERVICE, 'search'] }],
  ['period', { value: 'week', options: ['week', 'month', 'quarter'] }],
  ['window', { value: '30', options: ['7', '30', '90'] }],
]);

/** Returns what is chosen for a statement: as the dashboard has it at first, but for what is given. */
export function choices({ ofOneService }: Statement, chosen: Record<string, string>): Choices {
  const values: Record<string, string> = { ...(ofOneService ? { service: ONE } : {}), ...chosen };
  return new Map([...OPTIONS].map(([name, option]) => [name, { ...option, value: values[name] ?? option.value }]));
}
