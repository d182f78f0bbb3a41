import { table } from '../panels.js';
import { METRICS, ONE_SERVICE } from './columns.js';

/** Returns the numbers behind the trends. */
export function periods() {
  return [
    table(
      {
        id: 9,
        title: 'Periods (${period})',
        sql: 'dora/periods',
        gridPos: { x: 0, y: 133, w: 24, h: 9 },
        explanation: {
          definition: 'The metrics of each calendar period and service: the numbers behind the trends.',
          formula: 'as the panels above, over the local days of the period.',
          source: 'dash.periods',
          reading: 'A provisional period has not ended. A dash is the absence of data, never 0. At most 500 rows.',
        },
      },
      [{ name: 'period', title: 'Period' }, ONE_SERVICE, { name: 'state', title: 'State' }, ...METRICS],
    ),
  ];
}
