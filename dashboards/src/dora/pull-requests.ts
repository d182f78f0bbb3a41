import { GraphDrawStyle, type GridPos, type Panel } from '@grafana/schema';
import { Interval, table, trend } from '../panels.js';
import { BAND, MARKS, NO_PULL_REQUESTS, ONE_SERVICE, STAGE_COLOURS } from './columns.js';

/** Returns what pull request lead time is made of. */
export function pullRequests(top: number) {
  return [
    trend(
      {
        id: 36,
        title: 'Pull request lead time p50 by period',
        sql: 'dora/pull-request-lead-time-trend',
        gridPos: { x: 0, y: top, w: 12, h: 9 },
        explanation: {
          definition: 'The median lead time of the pull requests deployed in each calendar period, for each service.',
          formula: 'median of deployed − first commit over counted pull requests; n pull requests.',
          source: 'dash.dora_series',
          reading: `${MARKS} ${BAND}`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.BAND,
    ),
    stages(37, { x: 12, y: top, w: 12, h: 9 }),
    slowestPullRequests(38, { x: 0, y: top + 9, w: 24, h: 10 }),
  ];
}

/** Returns the graph of where the time of pull requests goes. */
export function stages(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Stages of pull requests by period',
      sql: 'dora/pull-request-stages-trend',
      gridPos,
      explanation: {
        definition:
          'Where the time of pull requests goes: coding until ready for review, pickup until another human reviewed, ' +
          'review until merged, deploy until deployed.',
        formula: 'mean of each stage over the pull requests of all chosen services in the period; n pull requests.',
        source: 'dash.periods',
        reading: `${MARKS} The stages of a bar add up to the mean lead time; medians would not add up.`,
      },
    },
    GraphDrawStyle.Bars,
    { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
    Interval.NONE,
    'stage',
    STAGE_COLOURS,
  );
}

/** Returns the table of the pull requests that took longest. */
export function slowestPullRequests(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Slowest pull requests',
      sql: 'dora/slowest-pull-requests',
      gridPos,
      explanation: {
        definition: 'The pull requests with the longest lead time, and its four stages.',
        formula: 'the 50 longest among counted pull requests whose deployment finished in the time range.',
        source: 'dash.pull_requests',
        reading:
          'The stages add up to the lead time. CLOCK_SKEW: a stage would be negative and is 0. SQUASHED: the first ' +
          'commit is the one that the merge made. DEPLOYED_BEFORE_MERGE: the stage deploy is 0.',
      },
    },
    [
      { name: 'lead_time', title: 'Lead time', unit: 's', decimals: 1 },
      { name: 'coding', title: 'Coding', unit: 's', decimals: 1 },
      { name: 'pickup', title: 'Pickup', unit: 's', decimals: 1 },
      { name: 'review', title: 'Review', unit: 's', decimals: 1 },
      { name: 'deploy', title: 'Deploy', unit: 's', decimals: 1 },
      ONE_SERVICE,
      { name: 'repository', title: 'Repository' },
      { name: 'id', title: 'Pull request' },
      { name: 'title', title: 'Title' },
      { name: 'finished_at', title: 'Deployed', unit: 'dateTimeAsIso', width: 170 },
      { name: 'flags', title: 'Flags' },
    ],
    NO_PULL_REQUESTS,
  );
}
