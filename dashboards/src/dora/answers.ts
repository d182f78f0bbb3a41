import type { Threshold } from '@grafana/schema';
import { stat } from '../panels.js';
import {
  ATTEMPTS,
  BLENDED,
  CHANGES,
  CHECKS,
  DEPLOYMENTS,
  DRIFTED_SHARE,
  FAILURES,
  FAIL_RATE,
  JUDGED,
  NOT_CHANGE_CAUSED,
  NO_ATTEMPTS,
  NO_CHANGES,
  NO_CHECKS,
  NO_DEPLOYMENTS,
  NO_INCIDENTS,
  NO_PULL_REQUESTS,
  NO_RECOVERIES,
  NO_TIMED,
  PER_WEEK,
  PULL_REQUESTS,
  RECOVERIES,
  REWORK_RATE,
  SUCCESS_RATE,
  TIMED,
  UNATTRIBUTED,
  WITH_ROLLBACKS,
} from './columns.js';

const RED_FROM_ONE: readonly Threshold[] = [
  { color: 'text', value: null },
  { color: 'red', value: 1 },
];

/** Returns the big numbers: every metric over the time range, and what is open now. */
export function answers() {
  return [
    stat(
      {
        id: 1,
        title: 'Deployment frequency',
        sql: 'dora/deployment-frequency',
        gridPos: { x: 0, y: 0, w: 6, h: 5 },
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
        gridPos: { x: 6, y: 0, w: 6, h: 5 },
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
        id: 25,
        title: 'Change fail rate',
        sql: 'dora/change-fail-rate',
        gridPos: { x: 12, y: 0, w: 6, h: 5 },
        explanation: {
          definition:
            'The share of deployments that degraded the service and needed immediate intervention: an incident is ' +
            'linked to them, or another deployment went back from them or repaired them.',
          formula:
            'failed / (FORWARD + CONFIG + failed attempts with impact) over deployments that finished in the time ' +
            'range; each counts once, when it finished, not when it was found to have failed.',
          source: 'dash.deployments',
          reading:
            `${BLENDED} Not final while an incident may still be linked by time; see "Change fail rate by link ` +
            'window" for the interval and for what other windows make of it.',
        },
      },
      [FAIL_RATE, FAILURES, { ...JUDGED, title: 'Deployments (n)' }],
      NO_DEPLOYMENTS,
    ),
    stat(
      {
        id: 26,
        title: 'Failed deployment recovery time',
        sql: 'dora/failed-deployment-recovery-time',
        gridPos: { x: 18, y: 0, w: 6, h: 5 },
        explanation: {
          definition: 'The time from the start of the impact of a failed deployment until it was recovered from.',
          formula:
            'median (p50) and 90th percentile (p90, type 7) over failed deployments that were recovered from in the ' +
            'time range.',
          source: 'dash.deployments',
          reading: `${BLENDED} Failures that are still open are not in it: see "Open now".`,
        },
      },
      [
        { name: 'median', title: 'p50', unit: 's', decimals: 1, min: 0 },
        { name: 'p90', title: 'p90', unit: 's', decimals: 1, min: 0 },
        RECOVERIES,
      ],
      NO_RECOVERIES,
    ),
    stat(
      {
        id: 12,
        title: 'Deployment rework rate',
        sql: 'dora/deployment-rework-rate',
        gridPos: { x: 0, y: 5, w: 6, h: 5 },
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
        id: 29,
        title: 'Pull request lead time',
        sql: 'dora/pull-request-lead-time',
        gridPos: { x: 6, y: 5, w: 6, h: 5 },
        explanation: {
          definition:
            'The time from the first commit of a pull request to the end of the first successful deployment that ' +
            'holds it.',
          formula:
            'median (p50) and 90th percentile (p90, type 7) of the lead times of pull requests whose deployment ' +
            'finished in the time range.',
          source: 'dash.pull_requests',
          reading: `${BLENDED} "Stages of pull requests" shows where the time goes.`,
        },
      },
      [
        { name: 'median', title: 'p50', unit: 's', decimals: 1, min: 0 },
        { name: 'p90', title: 'p90', unit: 's', decimals: 1, min: 0 },
        PULL_REQUESTS,
      ],
      NO_PULL_REQUESTS,
    ),
    stat(
      {
        id: 27,
        title: 'Incidents',
        sql: 'dora/incidents',
        gridPos: { x: 12, y: 5, w: 6, h: 5 },
        explanation: {
          definition:
            'Incidents that began in the time range, and those of them that make no deployment a failed one: nothing ' +
            'links them (unattributed), or something else than a change of the service caused them.',
          formula: 'number of incidents by their start; unattributed are change-caused and linked by no rule.',
          source: 'dash.incidents',
          reading:
            'Unattributed incidents are in no change fail rate: many of them beside a low rate mean that it says ' +
            'little. See "Incidents in range" for the reason of each.',
        },
      },
      [
        { name: 'incidents', title: 'Began', unit: 'short', decimals: 0 },
        { ...UNATTRIBUTED, title: 'Unattributed' },
        NOT_CHANGE_CAUSED,
      ],
      NO_INCIDENTS,
    ),
    stat(
      {
        id: 28,
        title: 'Open now',
        sql: 'dora/open-now',
        gridPos: { x: 18, y: 5, w: 6, h: 5 },
        explanation: {
          definition:
            'Failed deployments that have not been recovered from, incidents that are not resolved, and services of ' +
            'which some resource has drifted.',
          formula: 'sums over what runs in the chosen services; the oldest failure is the one that failed first.',
          source: 'dash.current',
          reading: 'Does not follow the time range. Services that were never checked for drift are not among them.',
        },
      },
      [
        { ...FAILURES, title: 'Failures', thresholds: RED_FROM_ONE },
        { name: 'oldest_ms', title: 'Oldest since', unit: 'dateTimeFromNow', nothing: 'none' },
        { name: 'incidents', title: 'Incidents', unit: 'short', decimals: 0, thresholds: RED_FROM_ONE },
        { name: 'drifted', title: 'Drifted services', unit: 'short', decimals: 0, thresholds: RED_FROM_ONE },
      ],
      'nothing runs yet',
    ),
    stat(
      {
        id: 3,
        title: 'Deployment success rate',
        sql: 'dora/deployment-success-rate',
        gridPos: { x: 0, y: 10, w: 6, h: 5 },
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
        gridPos: { x: 6, y: 10, w: 6, h: 5 },
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
        id: 30,
        title: 'Configuration drift, last ${window} days',
        sql: 'dora/configuration-drift',
        gridPos: { x: 12, y: 10, w: 6, h: 5 },
        explanation: {
          definition: 'The share of the observed time during which what ran was not what was declared.',
          formula: 'drifted time / observed time over all resources of the chosen services, in the rolling window.',
          source: 'dash.dora_windows',
          reading:
            'Follows the window, not the time range. Time counts as observed from one check until its next one was ' +
            'due; what nobody checked is in neither.',
        },
      },
      [DRIFTED_SHARE, { name: 'episodes', title: 'Episodes', unit: 'short', decimals: 0 }, CHECKS],
      NO_CHECKS,
    ),
    stat(
      {
        id: 4,
        title: 'Data freshness',
        sql: 'dora/freshness',
        gridPos: { x: 18, y: 10, w: 6, h: 5 },
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
