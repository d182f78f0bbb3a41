import { GraphDrawStyle } from '@grafana/schema';
import { Interval, table, trend } from '../panels.js';
import { DRIFTED_SHARE, MARKS, ONE_SERVICE } from './columns.js';

/** Returns what configuration drift is made of. */
export function drift(ids: number, top: number) {
  return [
    trend(
      {
        id: ids + 39,
        title: 'Configuration drift by period',
        sql: 'dora/configuration-drift-trend',
        gridPos: { x: 0, y: top, w: 12, h: 9 },
        explanation: {
          definition: 'The share of the observed time of each calendar period that was drifted, by service.',
          formula: 'drifted time / observed time of the period; n drift checks.',
          source: 'dash.dora_series',
          reading: `${MARKS} A share of time has no interval here: it was measured, not sampled.`,
        },
      },
      GraphDrawStyle.Points,
      { ...DRIFTED_SHARE, name: 'value' },
      Interval.NONE,
    ),
    table(
      {
        id: ids + 40,
        title: 'Drift episodes',
        sql: 'dora/drift-episodes',
        gridPos: { x: 12, y: top, w: 12, h: 9 },
        explanation: {
          definition: 'Times during which what ran was not what was declared, by resource.',
          formula: 'the 100 newest by their first drifted check in the time range; to reconcile is closed − opened.',
          source: 'dash.drift_episodes',
          reading: 'A dash under "Closed": the drift goes on, or nobody has checked since "Last check".',
        },
      },
      [
        { name: 'opened_at', title: 'Opened', unit: 'dateTimeAsIso', width: 170 },
        ONE_SERVICE,
        { name: 'resource', title: 'Resource' },
        { name: 'closed_at', title: 'Closed', unit: 'dateTimeAsIso', width: 170 },
        { name: 'reconcile', title: 'To reconcile', unit: 's', decimals: 1 },
        { name: 'last_check_at', title: 'Last check', unit: 'dateTimeAsIso', width: 170 },
        { name: 'checks', title: 'Checks', unit: 'none', decimals: 0 },
        { name: 'detectors', title: 'Seen by' },
        { name: 'fingerprints', title: 'Fingerprints' },
      ],
      'no drift in range',
    ),
  ];
}
