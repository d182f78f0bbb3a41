import type { Threshold } from '@grafana/schema';
import type { Column } from '../panels.js';

export const NO_DEPLOYMENTS = 'no deployments in range';
export const NO_CHANGES = 'no changes deployed in range';
export const NO_ATTEMPTS = 'no finished attempts in range';
export const NO_TIMED = 'no timed deployments in range';
export const NO_PULL_REQUESTS = 'no pull requests deployed in range';
export const NO_INCIDENTS = 'no incidents in range';
export const NO_FAILURES = 'no failed deployments in range';
export const NO_RECOVERIES = 'no recoveries in range';
export const NO_CHECKS = 'no drift checks in window';

/** Fewer than five values tell little: they are grey. */
export const FEW: readonly Threshold[] = [
  { color: '#808080', value: null },
  { color: 'text', value: 5 },
];

/** Every one is one too many. */
export const RED_FROM_ONE: readonly Threshold[] = [
  { color: 'text', value: null },
  { color: 'red', value: 1 },
];

export const PER_WEEK: Column = { name: 'per_week', title: 'Per week', unit: 'suffix:/wk', decimals: 2, min: 0 };
export const DEPLOYMENTS: Column = {
  name: 'deployments',
  title: 'Deployments (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const CHANGES: Column = {
  name: 'changes',
  title: 'Changes (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const WITH_ROLLBACKS: Column = {
  name: 'with_rollbacks',
  title: 'With rollbacks (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const PULL_REQUESTS: Column = {
  name: 'pull_requests',
  title: 'Pull requests (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const FAIL_RATE: Column = {
  name: 'fail_rate',
  title: 'Fail rate',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};
export const FAILURES: Column = { name: 'failures', title: 'Failed', unit: 'none', decimals: 0, nothing: '0' };
export const JUDGED: Column = {
  name: 'judged',
  title: 'Judged (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const UNATTRIBUTED: Column = {
  name: 'unattributed',
  title: 'Unattributed incidents',
  unit: 'none',
  decimals: 0,
  nothing: '0',
};
export const NOT_CHANGE_CAUSED: Column = {
  name: 'not_change_caused',
  title: 'Not caused by a change',
  unit: 'none',
  decimals: 0,
  nothing: '0',
};
export const RECOVERIES: Column = {
  name: 'recoveries',
  title: 'Recoveries (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const DRIFTED_SHARE: Column = {
  name: 'drifted_share',
  title: 'Drifted time',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};
export const CHECKS: Column = { name: 'checks', title: 'Drift checks (n)', unit: 'none', decimals: 0, nothing: '0' };
export const TIMED: Column = {
  name: 'timed',
  title: 'Timed (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const ATTEMPTS: Column = {
  name: 'attempts',
  title: 'Attempts (n)',
  unit: 'none',
  decimals: 0,
  nothing: '0',
  thresholds: FEW,
};
export const REWORK_RATE: Column = {
  name: 'rework_rate',
  title: 'Rework rate',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};
export const SUCCESS_RATE: Column = {
  name: 'success_rate',
  title: 'Success rate',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};

/** The metrics of a row of the stream, in the order of every table. */
export const METRICS: readonly Column[] = [
  PER_WEEK,
  DEPLOYMENTS,
  { name: 'deploy_days', title: 'Deploy days', unit: 'none', decimals: 0 },
  { name: 'lead_time_median', title: 'Lead time p50', unit: 's', decimals: 1 },
  { name: 'lead_time_p90', title: 'Lead time p90', unit: 's', decimals: 1 },
  CHANGES,
  { name: 'pull_request_median', title: 'Pull request p50', unit: 's', decimals: 1 },
  PULL_REQUESTS,
  FAIL_RATE,
  JUDGED,
  { name: 'recovery_median', title: 'Recovery p50', unit: 's', decimals: 1 },
  RECOVERIES,
  REWORK_RATE,
  WITH_ROLLBACKS,
  SUCCESS_RATE,
  ATTEMPTS,
  { name: 'time_to_deploy', title: 'Mean time to deploy', unit: 's', decimals: 1 },
  TIMED,
  DRIFTED_SHARE,
  CHECKS,
];

/** Leads on to the service of a row. */
export const ONE_SERVICE: Column = {
  name: 'service',
  title: 'Service',
  link: {
    title: 'This service',
    url:
      '/d/sluice-service/service-drill-down?var-service=${__data.fields.service}' +
      '&${clickhouse_datasource:queryparam}&${tenant:queryparam}&${environment:queryparam}&${team:queryparam}' +
      '&${period:queryparam}&${window:queryparam}&${__url_time_range}',
  },
};

/** What the numbers at the top are about. */
export const SCOPE =
  'Of the chosen service; else of the chosen team, for what its services did while they were its own; else of all ' +
  'services. Over all days that the time range touches. "95 % from" and "to" bound the value with 95 % confidence; ' +
  'fewer than five values (n, then grey) are too few for that.';

/** How a trend of the chosen service, team or all is to be read. */
export const PERIOD_MARKS =
  'Of the chosen service; else of the chosen team, for what its services did while they were its own; else of all ' +
  'services. A mark is a period that the time range touches, whole, drawn at its first day; the newest one is ' +
  'provisional while it runs. A period without data has no mark. The tooltip shows n. The band is the interval that ' +
  'covers the true value in 95 of 100 samples; a mark with fewer than five values tells little and may have none. ' +
  'Between marks the band only joins them; an interval by itself is two dots.';

/** How a trend is to be read. */
export const MARKS =
  'A mark is a period that begins in the time range, drawn at its first day; the newest period is provisional while it ' +
  'runs. A period without data has no mark. The tooltip shows n. Fewer than five values tell little.';

/** How the band of a trend is to be read. */
export const BAND =
  'With a single service in the graph, the band is the interval that covers the true value in 95 of 100 samples; a mark ' +
  'with too few observations has none. Between marks the band only joins them; an interval by itself is two dots.';

/** The colours of the stages of a pull request. */
export const STAGE_COLOURS = { coding: '#3274D9', pickup: '#FF9830', review: '#8F3BB8', deploy: '#37872D' };
