import { VizOrientation, type GridPos, type Panel } from '@grafana/schema';
import { stat, type Column } from '../panels.js';
import {
  ATTEMPTS,
  CHANGES,
  DEPLOYMENTS,
  FAIL_RATE,
  JUDGED,
  NO_ATTEMPTS,
  NO_CHANGES,
  NO_DEPLOYMENTS,
  NO_PULL_REQUESTS,
  NO_RECOVERIES,
  NO_TIMED,
  PER_WEEK,
  PULL_REQUESTS,
  RECOVERIES,
  REWORK_RATE,
  SCOPE,
  SUCCESS_RATE,
  TIMED,
  WITH_ROLLBACKS,
} from './columns.js';

/** What is told of a metric beside its number. */
type Answer = {
  title: string;
  definition: string;
  formula: string;
  reading?: string;
  value: Column;
  n: Column;
  nothing: string;
  /** From the unit of the view to that of the panel. */
  factor: string;
};

const MEDIAN: Column = { name: 'value', title: 'p50', unit: 's', decimals: 1, min: 0 };
const A_WEEK_FROM_A_DAY = '7';
const SECONDS_FROM_MILLISECONDS = '0.001';
const AS_IT_IS = '1';

const ANSWERS = {
  deployment_frequency: {
    title: 'Deployment frequency',
    definition:
      'How often a change was deployed successfully: deployments that brought new commits or a new configuration. ' +
      'Rollbacks and redeployments of the running version do not count.',
    formula: 'counted deployments of the days / their number in weeks.',
    reading: 'All days divide, also those before the first deployment and the rest of today.',
    value: PER_WEEK,
    n: DEPLOYMENTS,
    nothing: NO_DEPLOYMENTS,
    factor: A_WEEK_FROM_A_DAY,
  },
  change_lead_time: {
    title: 'Change lead time',
    definition:
      'The time from authoring a commit to the end of the first successful deployment that holds it. Merge commits and ' +
      'the commits of the first deployment do not count.',
    formula: 'median (p50, type 7) of the lead times of changes whose deployment finished on the days.',
    reading: 'Half of the changes took no longer.',
    value: MEDIAN,
    n: CHANGES,
    nothing: NO_CHANGES,
    factor: SECONDS_FROM_MILLISECONDS,
  },
  change_fail_rate: {
    title: 'Change fail rate',
    definition:
      'The share of deployments that degraded the service and needed immediate intervention: an incident is linked to ' +
      'them, or another deployment went back from them or repaired them.',
    formula:
      'failed / (FORWARD + CONFIG + failed attempts with impact) over deployments that finished on the days; each ' +
      'counts once, when it finished, not when it was found to have failed.',
    reading:
      'Not final while an incident may still be linked by time; see "Change fail rate by link window" for what other ' +
      'windows make of it.',
    value: FAIL_RATE,
    n: { ...JUDGED, title: 'Deployments (n)' },
    nothing: NO_DEPLOYMENTS,
    factor: AS_IT_IS,
  },
  failed_deployment_recovery_time: {
    title: 'Failed deployment recovery time',
    definition: 'The time from the start of the impact of a failed deployment until it was recovered from.',
    formula: 'median (p50, type 7) over failed deployments that were recovered from on the days.',
    reading: 'Failures that are still open are not in it: see what is open now.',
    value: MEDIAN,
    n: RECOVERIES,
    nothing: NO_RECOVERIES,
    factor: SECONDS_FROM_MILLISECONDS,
  },
  deployment_rework_rate: {
    title: 'Deployment rework rate',
    definition:
      'The share of deployments that were not planned: a rollback, one that the source calls unplanned or a repair of ' +
      'another, or one that reverts a commit which an earlier deployment had brought.',
    formula:
      'rework / (FORWARD + CONFIG + ROLLBACK) over successful deployments that finished on the days; each counts once, ' +
      'redeployments of the running version are in neither.',
    reading:
      'Repairs show only where the source says so or a revert names its commit: a low rate may be a lack of such signs.',
    value: REWORK_RATE,
    n: WITH_ROLLBACKS,
    nothing: NO_DEPLOYMENTS,
    factor: AS_IT_IS,
  },
  pull_request_lead_time: {
    title: 'Pull request lead time',
    definition:
      'The time from the first commit of a pull request to the end of the first successful deployment that holds it.',
    formula: 'median (p50, type 7) of the lead times of pull requests whose deployment finished on the days.',
    reading: '"Stages of pull requests" shows where the time goes.',
    value: MEDIAN,
    n: PULL_REQUESTS,
    nothing: NO_PULL_REQUESTS,
    factor: SECONDS_FROM_MILLISECONDS,
  },
  deployment_success_rate: {
    title: 'Deployment success rate',
    definition:
      'The share of finished deployment attempts that succeeded. It is about the act of deploying and is not ' +
      "DORA's change fail rate, which asks whether users were harmed afterwards.",
    formula:
      'SUCCESS / (SUCCESS + FAILURE) over attempts of any kind that finished on the days; cancelled, skipped and ' +
      'timed-out attempts are in neither.',
    reading: 'A failed attempt and its successful repetition are two attempts: 50 %.',
    value: SUCCESS_RATE,
    n: ATTEMPTS,
    nothing: NO_ATTEMPTS,
    factor: AS_IT_IS,
  },
} satisfies Record<string, Answer>;

/** Returns the big number of a metric with its interval and n. */
export function answer(metric: keyof typeof ANSWERS, id: number, gridPos: GridPos): Panel {
  const { title, definition, formula, reading, value, n, nothing, factor } = ANSWERS[metric];
  const end = (name: string, label: string): Column => ({ ...value, name, title: label, nothing: 'too few' });
  return stat(
    {
      id,
      title,
      sql: 'dora/answer',
      values: { metric: `'${metric}'`, factor },
      gridPos,
      explanation: { definition, formula, source: 'dash.dora_ranges', reading: `${SCOPE} ${reading}` },
    },
    [{ ...value, name: 'value' }, end('lower', '95 % from'), end('upper', '95 % to'), { ...n, name: 'n' }],
    nothing,
    VizOrientation.Horizontal,
  );
}

/** Returns the big number of mean time to deploy, which is a mean and has no interval. */
export function meanTimeToDeploy(id: number, gridPos: GridPos): Panel {
  return stat(
    {
      id,
      title: 'Mean time to deploy',
      sql: 'dora/mean-time-to-deploy',
      gridPos,
      explanation: {
        definition: 'The time from the start of a successful deployment attempt to its end.',
        formula:
          'mean and 90th percentile (p90, type 7) over successful attempts of any kind that finished on the days and ' +
          'whose start is known.',
        source: 'dash.dora_ranges',
        reading:
          `${SCOPE} A mean has no interval here. Waiting before the start and failed tries are not in it. One slow ` +
          'deployment moves it: see "Slowest deployments".',
      },
    },
    [
      { name: 'mean', title: 'Mean', unit: 's', decimals: 1, min: 0 },
      { name: 'p90', title: 'p90', unit: 's', decimals: 1, min: 0 },
      TIMED,
    ],
    NO_TIMED,
    VizOrientation.Horizontal,
  );
}
