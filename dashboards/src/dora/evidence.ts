import { table } from '../panels.js';
import { METRICS, ONE_SERVICE } from './columns.js';

/** Returns the tables: what the numbers are made of. */
export function evidence() {
  return [
    table(
      {
        id: 8,
        title: 'Services, last ${window} days',
        sql: 'dora/services',
        gridPos: { x: 0, y: 28, w: 24, h: 9 },
        explanation: {
          definition: 'The rolling window that gates answer from, one row for each service.',
          formula: 'as the panels above, over the whole local days of the window that ends with "As of".',
          source: 'dash.dora_windows',
          reading:
            'Does not follow the time range. A dash is the absence of data, never 0. Click a service to see it alone.',
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
        id: 9,
        title: 'Periods (${period})',
        sql: 'dora/periods',
        gridPos: { x: 0, y: 37, w: 24, h: 9 },
        explanation: {
          definition: 'The metrics of each calendar period and service: the numbers behind the trends.',
          formula: 'as the panels above, over the local days of the period.',
          source: 'dash.periods',
          reading: 'A provisional period has not ended. A dash is the absence of data, never 0. At most 500 rows.',
        },
      },
      [{ name: 'period', title: 'Period' }, ONE_SERVICE, { name: 'state', title: 'State' }, ...METRICS],
    ),
    table(
      {
        id: 10,
        title: 'Latest deployments',
        sql: 'dora/latest-deployments',
        gridPos: { x: 0, y: 46, w: 24, h: 10 },
        explanation: {
          definition: 'The newest finished deployment attempts, each with its judgement.',
          formula: 'the 100 newest by finish in the time range; duration is finish − start.',
          source: 'dash.deployments',
          reading:
            '"Frequency" says whether deployment frequency counts the attempt, or why not. "Rework" is empty where ' +
            'deployment rework rate does not look at it.',
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
        { name: 'commits', title: 'Commits', unit: 'short', decimals: 0 },
        { name: 'duration', title: 'Duration', unit: 's' },
        { name: 'flags', title: 'Flags' },
        { name: 'id', title: 'Deployment' },
      ],
    ),
    table(
      {
        id: 11,
        title: 'Slowest changes',
        sql: 'dora/slowest-changes',
        gridPos: { x: 0, y: 56, w: 12, h: 10 },
        explanation: {
          definition: 'The changes with the longest lead time.',
          formula:
            'the 50 longest of finished − authored among counted changes whose deployment finished in the range.',
          source: 'dash.changes',
          reading: 'These pull p90 up. Old commits that a late merge brought are normal; many of one day are a batch.',
        },
      },
      [
        { name: 'lead_time', title: 'Lead time', unit: 's', decimals: 1 },
        ONE_SERVICE,
        { name: 'repository', title: 'Repository' },
        { name: 'sha', title: 'Commit' },
        { name: 'authored_at', title: 'Authored', unit: 'dateTimeAsIso', width: 170 },
        { name: 'finished_at', title: 'Deployed', unit: 'dateTimeAsIso', width: 170 },
        { name: 'deployment_id', title: 'Deployment' },
      ],
    ),
    table(
      {
        id: 16,
        title: 'Slowest deployments',
        sql: 'dora/slowest-deployments',
        gridPos: { x: 12, y: 56, w: 12, h: 10 },
        explanation: {
          definition: 'The successful deployment attempts that took the longest from start to end.',
          formula: 'the 50 longest of deploy_time_ms among attempts that finished in the time range.',
          source: 'dash.deployments',
          reading:
            'These pull the mean up. "Waited" is from acceptance to start; "To success" is from the first try of the ' +
            'version, where this is its first success. A dash: not known, or not its first success.',
        },
      },
      [
        { name: 'deploy_time', title: 'Time to deploy', unit: 's', decimals: 1 },
        { name: 'queue_time', title: 'Waited', unit: 's', decimals: 1 },
        { name: 'time_to_success', title: 'To success', unit: 's', decimals: 1 },
        ONE_SERVICE,
        { name: 'version', title: 'Version' },
        { name: 'kind', title: 'Kind' },
        { name: 'finished_at', title: 'Finished', unit: 'dateTimeAsIso', width: 170 },
        { name: 'id', title: 'Deployment' },
      ],
    ),
  ];
}
