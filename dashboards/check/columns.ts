/** The ends of the interval of a trend. */
const ENDS = ['lower Nullable(Float64)', 'upper Nullable(Float64)'];

/**
 * What every statement returns, by the place where it stands: the columns that Grafana gets, with their types. A change
 * here is a change of what a panel shows.
 */
export const COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['panel 1 Deployment frequency', ['per_week Float64', 'deployments UInt64']],
  ['panel 2 Change lead time', ['median Nullable(Float64)', 'p90 Nullable(Float64)', 'changes UInt64']],
  ['panel 12 Deployment rework rate', ['rework_rate Float64', 'with_rollbacks UInt64']],
  ['panel 3 Deployment success rate', ['success_rate Float64', 'attempts UInt64']],
  [
    'panel 13 Mean time to deploy',
    ['mean Nullable(Float64)', 'median Nullable(Float64)', 'p90 Nullable(Float64)', 'timed UInt64'],
  ],
  ['panel 4 Data freshness', ['behind Nullable(Int64)', 'stored_through_ms Nullable(Int64)']],
  ['panel 5 Deployment frequency by period', [...trend('per_week'), ...ENDS]],
  ['panel 6 Change lead time p50 by period', [...trend('value'), ...ENDS]],
  ['panel 14 Deployment rework rate by period', [...trend('value'), ...ENDS]],
  ['panel 7 Deployment success rate by period', [...trend('value'), ...ENDS]],
  ['panel 15 Mean time to deploy by period', trend('value')],
  [
    'panel 8 Services, last ${window} days',
    ['service LowCardinality(String)', ...metrics(), 'as_of_day String', 'zone LowCardinality(String)'],
  ],
  ['panel 9 Periods (${period})', ['period String', 'service LowCardinality(String)', 'state String', ...metrics()]],
  [
    'panel 10 Latest deployments',
    [
      "finished_at Nullable(DateTime64(3, 'UTC'))",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'result LowCardinality(String)',
      'kind LowCardinality(Nullable(String))',
      'frequency String',
      'reworked String',
      'commits UInt32',
      'duration Nullable(Float64)',
      'flags String',
      'id String',
    ],
  ],
  [
    'panel 11 Slowest changes',
    [
      'lead_time Nullable(Float64)',
      'service LowCardinality(String)',
      'repository LowCardinality(String)',
      'sha String',
      "authored_at Nullable(DateTime64(3, 'UTC'))",
      "finished_at Nullable(DateTime64(3, 'UTC'))",
      'deployment_id Nullable(String)',
    ],
  ],
  [
    'panel 16 Slowest deployments',
    [
      'deploy_time Nullable(Float64)',
      'queue_time Nullable(Float64)',
      'time_to_success Nullable(Float64)',
      'service LowCardinality(String)',
      'version Nullable(String)',
      'kind LowCardinality(Nullable(String))',
      "finished_at Nullable(DateTime64(3, 'UTC'))",
      'id String',
    ],
  ],
  [
    'panel 21 Deliveries received',
    [
      'source LowCardinality(String)',
      ...['received', 'accepted', 'duplicate', 'ignored', 'dead_letter', 'pending'].map((name) => `${name} UInt64`),
    ],
  ],
  [
    'panel 22 Dead letters by reason',
    [
      'reason LowCardinality(String)',
      'source LowCardinality(String)',
      'deliveries UInt64',
      "last_received DateTime64(3, 'UTC')",
      'last_detail String',
      'last_delivery String',
    ],
  ],
  [
    'panel 23 Attempts: counted, or why not',
    [
      'result LowCardinality(String)',
      'kind LowCardinality(Nullable(String))',
      'judgement String',
      'reworked String',
      'attempts UInt64',
      'timed UInt64',
    ],
  ],
  ['panel 24 Changes: counted, or why not', ['judgement String', 'changes UInt64']],
  ['variable tenant', ['tenant LowCardinality(String)']],
  ['variable environment', ['environment LowCardinality(String)']],
  ['variable service', ['service LowCardinality(String)']],
  ['annotation Rollbacks', annotation()],
  ['annotation Deployments', annotation()],
]);

function trend(value: string): string[] {
  return ["time DateTime('UTC')", 'service LowCardinality(String)', `${value} Nullable(Float64)`, 'n UInt32'];
}

function metrics(): string[] {
  return [
    'per_week Nullable(Float64)',
    'deployments UInt32',
    'deploy_days UInt32',
    'lead_time_median Nullable(Float64)',
    'lead_time_p90 Nullable(Float64)',
    'changes UInt32',
    'rework_rate Nullable(Float64)',
    'with_rollbacks UInt32',
    'success_rate Nullable(Float64)',
    'attempts UInt32',
    'time_to_deploy Nullable(Float64)',
    'timed UInt32',
  ];
}

function annotation(): string[] {
  return [
    "time Nullable(DateTime64(3, 'UTC'))",
    'title LowCardinality(String)',
    'text Nullable(String)',
    'tags String',
  ];
}
