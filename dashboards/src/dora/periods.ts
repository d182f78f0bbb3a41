import { table } from '../panels.js';
import { METRICS, ONE_SERVICE } from './columns.js';

/** Returns the numbers behind the trends. */
export function periods(ids: number, top: number, metrics = METRICS) {
  return [
    table(
      {
        id: ids + 9,
        title: 'Periods (${period})',
        sql: 'dora/periods',
        gridPos: { x: 0, y: top, w: 24, h: 9 },
        explanation: {
          definition: 'The metrics of each calendar period and service: the numbers behind the trends.',
          formula: 'as the panels above, over the local days of the period.',
          source: 'dash.periods',
          reading: 'A provisional period has not ended. A dash is the absence of data, never 0. At most 500 rows.',
        },
      },
      [
        { name: 'period', title: 'Period' },
        ONE_SERVICE,
        { name: 'state', title: 'State' },
        ...metrics,
        { name: 'day', title: 'From', width: 110 },
      ],
    ),
  ];
}
