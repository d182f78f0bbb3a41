import type { GridPos, Panel } from '@grafana/schema';
import { table, type Column } from '../panels.js';
import {
  FAILURES,
  FAIL_RATE,
  FEW,
  JUDGED,
  METRICS,
  NOT_CHANGE_CAUSED,
  ONE_SERVICE,
  PER_WEEK,
  UNATTRIBUTED,
} from './columns.js';

const VERDICTS = {
  IMPROVEMENT: { text: '▲ better', color: 'green' },
  DETERIORATION: { text: '▼ worse', color: 'red' },
  withdrawn: { text: 'withdrawn', color: '#808080' },
};

/** Returns the tables that are always there: each service by itself, what has lastingly changed, what was deployed last. */
export function evidence() {
  return [
    table(
      {
        id: 8,
        title: 'Services, last ${window} days',
        sql: 'dora/services',
        gridPos: { x: 0, y: 33, w: 24, h: 9 },
        explanation: {
          definition: 'The rolling window that gates answer from, one row for each service.',
          formula: 'as the panels above, over the whole local days of the window that ends with "As of".',
          source: 'dash.dora_windows',
          reading:
            'Does not follow the time range. A dash is the absence of data, never 0. Click a service to see all of it.',
        },
      },
      [
        ONE_SERVICE,
        ...METRICS,
        { name: 'as_of_day', title: 'As of', width: 110 },
        { name: 'zone', title: 'Zone', width: 110 },
      ],
    ),
    table(
      {
        id: 33,
        title: 'Change fail rate by link window, last ${window} days',
        sql: 'dora/change-fail-rate-windows',
        gridPos: { x: 0, y: 42, w: 24, h: 9 },
        explanation: {
          definition:
            'The change fail rate of each service with its interval, and what it would be if incidents were linked ' +
            'by time within 24 h, 72 h or 7 days of a deployment.',
          formula: 'failed / n; Wilson interval of 95 %; the same with the failed deployments of each link window.',
          source: 'dash.dora_windows',
          reading:
            'Does not follow the time range. Where the three windows differ much, the rate hangs on "By time only": ' +
            'let incidents name their deployment. Until "Final from" an incident may still be linked by time.',
        },
      },
      [
        ONE_SERVICE,
        FAIL_RATE,
        { ...FAIL_RATE, name: 'lower', title: 'From' },
        { ...FAIL_RATE, name: 'upper', title: 'To' },
        FAILURES,
        { ...JUDGED, title: 'Deployments (n)' },
        { ...FAIL_RATE, name: 'within_day', title: 'Within 24 h' },
        { ...FAIL_RATE, name: 'within_three_days', title: 'Within 72 h' },
        { ...FAIL_RATE, name: 'within_week', title: 'Within 7 d' },
        { name: 'linked_by_time', title: 'By time only', unit: 'none', decimals: 0 },
        UNATTRIBUTED,
        NOT_CHANGE_CAUSED,
        { name: 'provisional_until', title: 'Final from', unit: 'dateTimeAsIso', width: 170 },
      ],
    ),
    shifts(44, { x: 0, y: 51, w: 24, h: 8 }),
    latestDeployments(10, { x: 0, y: 59, w: 24, h: 10 }),
  ];
}

/** Returns the table of the newest attempts. */
export function latestDeployments(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Latest deployments',
      sql: 'dora/latest-deployments',
      gridPos,
      explanation: {
        definition: 'The newest finished deployment attempts, each with its judgement.',
        formula: 'the 100 newest by finish in the time range; duration is finish − start.',
        source: 'dash.deployments',
        reading:
          '"Frequency" says whether deployment frequency counts the attempt, or why not. "Rework" is empty where ' +
          'deployment rework rate does not look at it; "Failure" tells the rules that make it a failed one, and is empty ' +
          'where change fail rate does not look at it.',
      },
    },
    [
      { name: 'finished_at', title: 'Finished', unit: 'dateTimeAsIso', width: 170 },
      ONE_SERVICE,
      { name: 'version', title: 'Version' },
      { name: 'result', title: 'Result' },
      { name: 'kind', title: 'Kind' },
      { name: 'frequency', title: 'Frequency' },
      { name: 'reworked', title: 'Rework' },
      { name: 'failure', title: 'Failure' },
      { name: 'commits', title: 'Commits', unit: 'none', decimals: 0 },
      { name: 'duration', title: 'Duration', unit: 's', decimals: 1 },
      { name: 'flags', title: 'Flags' },
      { name: 'id', title: 'Deployment' },
    ],
  );
}

/** Returns the table of lasting changes of a metric. */
export function shifts(id: number, gridPos: GridPos): Panel {
  const side = (name: string, title: string, column: Column): Column => ({ ...column, name, title, width: 105 });
  const time: Column = { name: '', title: '', unit: 's', decimals: 1 };
  return table(
    {
      id,
      title: 'Shifts: what has lastingly changed',
      sql: 'dora/shifts',
      gridPos,
      explanation: {
        definition:
          'Changes of a metric that chance does not well explain, found while values came in: what it amounted to before ' +
          'and since.',
        formula:
          'evidence of at least 200 that the values since "Began" are not like the reference; the 100 newest that were ' +
          'detected in the time range. "Factor" is since / before.',
        source: 'dash.shifts',
        reading:
          '"Since" leans towards the extreme, because extreme values complete the evidence. Withdrawn: a correction of ' +
          'the past took the shift away. The values stand in the columns of their unit: shares, times, deployments a week.',
      },
    },
    [
      { name: 'detected', title: 'Detected', unit: 'dateTimeAsIso', width: 170 },
      ONE_SERVICE,
      { name: 'shifted', title: 'Metric', width: 200 },
      { name: 'verdict', title: 'Now', width: 100, texts: VERDICTS },
      { name: 'began', title: 'Began', unit: 'dateTimeAsIso', width: 170 },
      { name: 'factor', title: 'Factor', unit: 'suffix:×', decimals: 2, width: 85 },
      side('share_before', 'Share before', FAIL_RATE),
      side('share_after', 'Share since', FAIL_RATE),
      side('time_before', 'Time before', time),
      side('time_after', 'Time since', time),
      side('weekly_before', 'Weekly before', PER_WEEK),
      side('weekly_after', 'Weekly since', PER_WEEK),
      { name: 'before_n', title: 'n before', unit: 'none', decimals: 0, width: 85, thresholds: FEW },
      { name: 'after_n', title: 'n since', unit: 'none', decimals: 0, width: 85, thresholds: FEW },
      { name: 'evidence', title: 'Evidence', unit: 'none', decimals: 0, width: 85 },
    ],
    'no shift in range',
  );
}
