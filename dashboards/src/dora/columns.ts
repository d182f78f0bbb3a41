import type { Column } from '../panels.js';

export const NO_DEPLOYMENTS = 'no deployments in range';
export const NO_CHANGES = 'no changes deployed in range';
export const NO_ATTEMPTS = 'no finished attempts in range';
export const NO_TIMED = 'no timed deployments in range';

export const PER_WEEK: Column = { name: 'per_week', title: 'Per week', unit: 'suffix:/wk', decimals: 2, min: 0 };
export const DEPLOYMENTS: Column = {
  name: 'deployments',
  title: 'Deployments (n)',
  unit: 'short',
  decimals: 0,
  nothing: '0',
};
export const CHANGES: Column = { name: 'changes', title: 'Changes (n)', unit: 'short', decimals: 0, nothing: '0' };
export const WITH_ROLLBACKS: Column = {
  name: 'with_rollbacks',
  title: 'With rollbacks (n)',
  unit: 'short',
  decimals: 0,
  nothing: '0',
};
export const TIMED: Column = { name: 'timed', title: 'Timed (n)', unit: 'short', decimals: 0, nothing: '0' };
export const ATTEMPTS: Column = { name: 'attempts', title: 'Attempts (n)', unit: 'short', decimals: 0, nothing: '0' };
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
  { name: 'deploy_days', title: 'Deploy days', unit: 'short', decimals: 0 },
  { name: 'lead_time_median', title: 'Lead time p50', unit: 's', decimals: 1 },
  { name: 'lead_time_p90', title: 'Lead time p90', unit: 's', decimals: 1 },
  CHANGES,
  REWORK_RATE,
  WITH_ROLLBACKS,
  SUCCESS_RATE,
  ATTEMPTS,
  { name: 'time_to_deploy', title: 'Mean time to deploy', unit: 's', decimals: 1 },
  TIMED,
];

export const ONE_SERVICE: Column = {
  name: 'service',
  title: 'Service',
  link: {
    title: 'Only this service',
    url:
      '/d/sluice-dora/dora-overview?var-service=${__data.fields.service}&${clickhouse_datasource:queryparam}' +
      '&${tenant:queryparam}&${environment:queryparam}&${period:queryparam}&${window:queryparam}&${__url_time_range}',
  },
};

export const BLENDED =
  'Over all chosen services together; DORA means one service at a time: choose one, or read the table below.';
