import type { GridPos, Panel } from '@grafana/schema';
import { stat } from '../panels.js';
import { RED_FROM_ONE } from '../dora/columns.js';

/** Returns what runs, and what is wrong with it. */
export function now(id: number, gridPos: GridPos): Panel {
  return stat(
    {
      id,
      title: 'Now',
      sql: 'service/state',
      gridPos,
      explanation: {
        definition:
          'The version that runs, failed deployments that have not been recovered from, incidents that are not ' +
          'resolved, and whether some resource has drifted.',
        formula: 'the newest row of the service; the oldest failure is the one that failed first.',
        source: 'dash.current',
        reading: 'Does not follow the time range. "never checked" is not "as declared": nobody looked.',
      },
    },
    [
      { name: 'version', title: 'Version', nothing: 'not known' },
      { name: 'since_ms', title: 'Since', unit: 'dateTimeAsIso', nothing: 'not known' },
      { name: 'failures', title: 'Open failures', unit: 'none', decimals: 0, thresholds: RED_FROM_ONE },
      { name: 'oldest_ms', title: 'Oldest since', unit: 'dateTimeFromNow', nothing: 'none' },
      { name: 'incidents', title: 'Open incidents', unit: 'none', decimals: 0, thresholds: RED_FROM_ONE },
      {
        name: 'drift',
        title: 'Configuration',
        texts: {
          drifted: { text: 'drifted', color: 'red' },
          'as declared': { text: 'as declared', color: 'green' },
          'never checked': { text: 'never checked', color: '#808080' },
        },
      },
    ],
    'nothing runs yet',
  );
}
