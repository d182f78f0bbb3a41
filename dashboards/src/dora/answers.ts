import { stat } from '../panels.js';
import {
  ATTEMPTS,
  BLENDED,
  CHANGES,
  DEPLOYMENTS,
  NO_ATTEMPTS,
  NO_CHANGES,
  NO_DEPLOYMENTS,
  NO_TIMED,
  PER_WEEK,
  REWORK_RATE,
  SUCCESS_RATE,
  TIMED,
  WITH_ROLLBACKS,
} from './columns.js';

/** Returns the big numbers: every metric over the time range. */
export function answers() {
  return [
    stat(
      {
        id: 1,
        title: 'Deployment frequency',
        sql: 'dora/deployment-frequency',
        gridPos: { x: 0, y: 0, w: 8, h: 5 },
        explanation: {
          definition:
            'How often a change was deployed successfully: deployments that brought new commits or a new ' +
            'configuration. Rollbacks and redeployments of the running version do not count.',
          formula: 'counted deployments that finished in the time range / length of the range in weeks.',
          source: 'dash.deployments',
          reading: `${BLENDED} The whole range divides, also days before the first deployment.`,
        },
      },
      [PER_WEEK, DEPLOYMENTS],
      NO_DEPLOYMENTS,
    ),
    stat(
      {
        id: 2,
        title: 'Change lead time',
        sql: 'dora/change-lead-time',
        gridPos: { x: 8, y: 0, w: 8, h: 5 },
        explanation: {
          definition:
            'The time from authoring a commit to the end of the first successful deployment that holds it. Merge ' +
            'commits and the commits of the first deployment do not count.',
          formula:
            'median (p50) and 90th percentile (p90) of the lead times of changes whose deployment finished in the ' +
            'time range, interpolated between neighbours (type 7).',
          source: 'dash.changes',
          reading: `${BLENDED} Half of the changes took no longer than p50. With few changes (n) one of them decides.`,
        },
      },
      [
        { name: 'median', title: 'p50', unit: 's', decimals: 1, min: 0 },
        { name: 'p90', title: 'p90', unit: 's', decimals: 1, min: 0 },
        CHANGES,
      ],
      NO_CHANGES,
    ),
    stat(
      {
        id: 12,
        title: 'Deployment rework rate',
        sql: 'dora/deployment-rework-rate',
        gridPos: { x: 16, y: 0, w: 8, h: 5 },
        explanation: {
          definition:
            'The share of deployments that were not planned: a rollback, one that the source calls unplanned or a ' +
            'repair of another, or one that reverts a commit which an earlier deployment had brought.',
          formula:
            'rework / (FORWARD + CONFIG + ROLLBACK) over successful deployments that finished in the time range; each ' +
            'counts once, redeployments of the running version are in neither.',
          source: 'dash.deployments',
          reading:
            `${BLENDED} Repairs show only where the source says so or a revert names its commit: a low rate may be ` +
            'a lack of such signs.',
        },
      },
      [REWORK_RATE, { ...WITH_ROLLBACKS, title: 'Deployments with rollbacks (n)' }],
      NO_DEPLOYMENTS,
    ),
    stat(
      {
        id: 3,
        title: 'Deployment success rate',
        sql: 'dora/deployment-success-rate',
        gridPos: { x: 0, y: 5, w: 8, h: 5 },
        explanation: {
          definition:
            'The share of finished deployment attempts that succeeded. It is about the act of deploying and is not ' +
            "DORA's change fail rate, which asks whether users were harmed afterwards.",
          formula:
            'SUCCESS / (SUCCESS + FAILURE) over attempts of any kind that finished in the time range; cancelled, ' +
            'skipped and timed-out attempts are in neither.',
          source: 'dash.deployments',
          reading: `${BLENDED} A failed attempt and its successful repetition are two attempts: 50 %.`,
        },
      },
      [SUCCESS_RATE, ATTEMPTS],
      NO_ATTEMPTS,
    ),
    stat(
      {
        id: 13,
        title: 'Mean time to deploy',
        sql: 'dora/mean-time-to-deploy',
        gridPos: { x: 8, y: 5, w: 8, h: 5 },
        explanation: {
          definition: 'The time from the start of a successful deployment attempt to its end.',
          formula:
            'mean, median (p50) and 90th percentile (p90, type 7) over successful attempts of any kind that finished ' +
            'in the time range and whose start is known.',
          source: 'dash.deployments',
          reading:
            `${BLENDED} Waiting before the start and failed tries are not in it. A mean far above p50 comes from a ` +
            'few slow ones: see "Slowest deployments".',
        },
      },
      [
        { name: 'mean', title: 'Mean', unit: 's', decimals: 1, min: 0 },
        { name: 'median', title: 'p50', unit: 's', decimals: 1, min: 0 },
        { name: 'p90', title: 'p90', unit: 's', decimals: 1, min: 0 },
        TIMED,
      ],
      NO_TIMED,
    ),
    stat(
      {
        id: 4,
        title: 'Data freshness',
        sql: 'dora/freshness',
        gridPos: { x: 16, y: 5, w: 8, h: 5 },
        explanation: {
          definition: 'How far the stored data is behind: everything received before "Complete up to" is in this page.',
          formula: 'the time of the query minus stored_through.',
          source: 'dash.freshness',
          reading:
            'Green below 15 minutes, orange below 2 hours, red above: then the page is old, while gates, which answer ' +
            'from the stream, need not be.',
        },
      },
      [
        {
          name: 'behind',
          title: 'Behind',
          unit: 's',
          decimals: 0,
          thresholds: [
            { color: 'green', value: null },
            { color: 'orange', value: 900 },
            { color: 'red', value: 7200 },
          ],
        },
        { name: 'stored_through_ms', title: 'Complete up to', unit: 'dateTimeAsIso' },
      ],
      'nothing stored yet',
    ),
  ];
}
