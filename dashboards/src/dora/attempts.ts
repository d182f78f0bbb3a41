import { GraphDrawStyle, type GridPos, type Panel } from '@grafana/schema';
import { Interval, table, trend } from '../panels.js';
import { answer, meanTimeToDeploy } from './answers.js';
import { BAND, MARKS, ONE_SERVICE, SUCCESS_RATE } from './columns.js';

/** Returns the metrics of the act of deploying, and what was slow. */
export function attempts(top: number) {
  return [
    answer('deployment_success_rate', 3, { x: 0, y: top, w: 12, h: 5 }),
    meanTimeToDeploy(13, { x: 12, y: top, w: 12, h: 5 }),
    trend(
      {
        id: 7,
        title: 'Deployment success rate by period',
        sql: 'dora/deployment-success-rate-trend',
        gridPos: { x: 0, y: top + 5, w: 12, h: 9 },
        explanation: {
          definition: 'The share of finished deployment attempts that succeeded in each calendar period, by service.',
          formula: 'SUCCESS / (SUCCESS + FAILURE) of the period; n attempts.',
          source: 'dash.dora_series',
          reading: `${MARKS} With one or two attempts 0 %, 50 % and 100 % say little. ${BAND}`,
        },
      },
      GraphDrawStyle.Points,
      { ...SUCCESS_RATE, name: 'value' },
      Interval.BAND,
    ),
    trend(
      {
        id: 15,
        title: 'Mean time to deploy by period',
        sql: 'dora/mean-time-to-deploy-trend',
        gridPos: { x: 12, y: top + 5, w: 12, h: 9 },
        explanation: {
          definition: 'The mean time from start to end of the successful attempts of each calendar period, by service.',
          formula:
            'mean of finished − started over the successful attempts of the period with a known start; n of them.',
          source: 'dash.dora_series',
          reading: `${MARKS} A mean has no interval here, and one slow deployment moves it.`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.NONE,
    ),
    slowestChanges(11, { x: 0, y: top + 14, w: 12, h: 10 }),
    table(
      {
        id: 16,
        title: 'Slowest deployments',
        sql: 'dora/slowest-deployments',
        gridPos: { x: 12, y: top + 14, w: 12, h: 10 },
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

/** Returns the table of the changes that took longest. */
export function slowestChanges(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Slowest changes',
      sql: 'dora/slowest-changes',
      gridPos,
      explanation: {
        definition: 'The changes with the longest lead time.',
        formula: 'the 50 longest of finished − authored among counted changes whose deployment finished in the range.',
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
  );
}
