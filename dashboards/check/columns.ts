/** A big number with its interval. */
const ANSWER = ['value Float64', 'lower Nullable(Float64)', 'upper Nullable(Float64)', 'n UInt32'];
/** A trend of what is chosen, with its interval. */
const TREND = [
  "time DateTime('UTC')",
  'value Float64',
  'n UInt32',
  'lower Nullable(Float64)',
  'upper Nullable(Float64)',
];
/** The ends of the interval of a trend. */
const ENDS = ['lower Nullable(Float64)', 'upper Nullable(Float64)'];

/**
 * What every statement returns, by the place where it stands: the columns that Grafana gets, with their types. A change
 * here is a change of what a panel shows.
 */
export const COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['panel 1 Deployment frequency', ANSWER],
  ['panel 2 Change lead time', ANSWER],
  ['panel 25 Change fail rate', ANSWER],
  ['panel 26 Failed deployment recovery time', ANSWER],
  ['panel 12 Deployment rework rate', ANSWER],
  ['panel 29 Pull request lead time', ANSWER],
  ['panel 27 Incidents', ['incidents UInt64', 'unattributed UInt64', 'not_change_caused UInt64']],
  ['panel 28 Open now', ['failures UInt64', 'oldest_ms Nullable(Int64)', 'incidents UInt64', 'drifted UInt64']],
  [
    'panel 30 Configuration drift, last ${window} days',
    ['drifted_share Nullable(Float64)', 'episodes UInt64', 'checks UInt64'],
  ],
  ['panel 3 Deployment success rate', ANSWER],
  ['panel 13 Mean time to deploy', ['mean Float64', 'p90 Nullable(Float64)', 'timed UInt32']],
  ['panel 43 How sure are we', ['measured UInt64', 'bounded UInt64', 'insufficient UInt64', 'fewest UInt32']],
  ['panel 4 Data freshness', ['behind Nullable(Int64)', 'stored_through_ms Nullable(Int64)']],
  ['panel 5 Deployment frequency by period', TREND],
  ['panel 6 Change lead time p50 by period', TREND],
  ['panel 31 Change fail rate by period', TREND],
  ['panel 32 Failed deployment recovery time p50 by period', TREND],
  ['panel 36 Pull request lead time p50 by period', [...trend('value'), ...ENDS]],
  [
    'panel 37 Stages of pull requests by period',
    ["time DateTime('UTC')", 'stage String', 'value Nullable(Float64)', 'n UInt64'],
  ],
  ['panel 39 Configuration drift by period', trend('value')],
  ['panel 14 Deployment rework rate by period', TREND],
  ['panel 7 Deployment success rate by period', [...trend('value'), ...ENDS]],
  ['panel 15 Mean time to deploy by period', trend('value')],
  [
    'panel 8 Services, last ${window} days',
    ['service LowCardinality(String)', ...metrics(), 'as_of_day String', 'zone LowCardinality(String)'],
  ],
  [
    'panel 33 Change fail rate by link window, last ${window} days',
    [
      'service LowCardinality(String)',
      'fail_rate Nullable(Float64)',
      'lower Nullable(Float64)',
      'upper Nullable(Float64)',
      'failures UInt32',
      'judged UInt32',
      'within_day Nullable(Float64)',
      'within_three_days Nullable(Float64)',
      'within_week Nullable(Float64)',
      'linked_by_time UInt32',
      'unattributed UInt32',
      'not_change_caused UInt32',
      "provisional_until Nullable(DateTime64(3, 'UTC'))",
    ],
  ],
  [
    'panel 34 Failed deployments',
    [
      "finished_at Nullable(DateTime64(3, 'UTC'))",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'rules String',
      'distance Nullable(Float64)',
      "impact_started_at Nullable(DateTime64(3, 'UTC'))",
      "restored_at Nullable(DateTime64(3, 'UTC'))",
      'recovery Nullable(Float64)',
      'lifetime Nullable(Float64)',
      'incidents String',
      'id String',
    ],
  ],
  [
    'panel 35 Incidents in range',
    [
      "started_at Nullable(DateTime64(3, 'UTC'))",
      'service LowCardinality(String)',
      'title Nullable(String)',
      'severity LowCardinality(Nullable(String))',
      'judgement String',
      'deployments String',
      'distance Nullable(Float64)',
      "resolved_at Nullable(DateTime64(3, 'UTC'))",
      'time_to_restore Nullable(Float64)',
      'id String',
    ],
  ],
  [
    'panel 38 Slowest pull requests',
    [
      ...['lead_time', 'coding', 'pickup', 'review', 'deploy'].map((name) => `${name} Nullable(Float64)`),
      'service LowCardinality(String)',
      'repository LowCardinality(String)',
      'id String',
      'title Nullable(String)',
      "finished_at Nullable(DateTime64(3, 'UTC'))",
      'flags String',
    ],
  ],
  [
    'panel 40 Drift episodes',
    [
      "opened_at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'resource String',
      "closed_at Nullable(DateTime64(3, 'UTC'))",
      'reconcile Nullable(Float64)',
      "last_check_at Nullable(DateTime64(3, 'UTC'))",
      'checks UInt32',
      'detectors String',
      'fingerprints String',
    ],
  ],
  [
    'panel 9 Periods (${period})',
    ['period String', 'service LowCardinality(String)', 'state String', ...metrics(), 'day String'],
  ],
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
      'failure String',
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
      'failure String',
      'attempts UInt64',
      'timed UInt64',
    ],
  ],
  ['panel 24 Changes: counted, or why not', ['judgement String', 'changes UInt64']],
  ['panel 41 Incidents: linked, or why not', ['judgement String', 'cause String', 'incidents UInt64']],
  ['panel 42 Pull requests: counted, or why not', ['judgement String', 'pull_requests UInt64']],
  [
    'panel 44 Shifts: what has lastingly changed',
    [
      "detected DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'shifted LowCardinality(String)',
      'verdict String',
      "began DateTime64(3, 'UTC')",
      'factor Nullable(Float64)',
      ...['share_before', 'share_after', 'time_before', 'time_after', 'weekly_before', 'weekly_after'].map(
        (name) => `${name} Nullable(Float64)`,
      ),
      'before_n UInt32',
      'after_n UInt32',
      'evidence Float64',
    ],
  ],
  [
    'panel 106 Now',
    [
      'version Nullable(String)',
      'since_ms Nullable(Int64)',
      'failures UInt32',
      'oldest_ms Nullable(Int64)',
      'incidents UInt32',
      'drift String',
    ],
  ],
  ['panel 107 Rolling windows', ['days UInt16', ...metrics(), 'as_of_day String', 'zone LowCardinality(String)']],
  ['panel 108 Deployment timeline', ["time Nullable(DateTime64(3, 'UTC'))", 'deployment String']],
  ['panel 121 Deployment attempts by outcome', ["time DateTime('UTC')", 'outcome String', 'attempts UInt64']],
  ['panel 114 Lead times of changes', ["time DateTime('UTC')", 'took String', 'changes UInt64']],
  [
    'panel 116 Stages of pull requests, medians: they do not add up',
    ["time DateTime('UTC')", 'stage String', 'value Nullable(Float64)', 'n UInt64'],
  ],
  ['panel 201 Verdict now', ['state LowCardinality(String)']],
  [
    'panel 202 The run',
    [
      'service LowCardinality(String)',
      'baseline_version Nullable(String)',
      'canary_version Nullable(String)',
      'rollout String',
      'doubts UInt64',
    ],
  ],
  [
    'panel 203 Traffic split and samples',
    [
      ...['share', 'baseline_n', 'canary_n'].map((name) => `${name} Nullable(Float64)`),
      'metric LowCardinality(String)',
    ],
  ],
  [
    'panel 204 Time',
    ['elapsed Int64', 'seconds_to_pass Nullable(Float64)', 'seconds_to_fail Nullable(Float64)', 'at_ms Int64'],
  ],
  ['panel 205 Why', ['what String', 'text String']],
  [
    'panel 206 What each metric says',
    [...['metric', 'kind', 'direction', 'verdict'].map((name) => `${name} LowCardinality(String)`), 'reason String'],
  ],
  [
    'panel 207 Scoreboard',
    [
      'metric LowCardinality(String)',
      'verdict LowCardinality(String)',
      ...[
        ...['estimate', 'lower', 'upper', 'tolerance', 'margin', 'resolution_floor'],
        ...['log_e_fail', 'log_e_to_fail', 'log_e_pass', 'log_e_to_pass'],
        ...['baseline_n', 'baseline_events', 'baseline_share', 'canary_n', 'canary_events', 'canary_share'],
      ].map((name) => `${name} Nullable(Float64)`),
    ],
  ],
  [
    'panel 208 Confidence sequence of ${metric}',
    [
      "time DateTime64(3, 'UTC')",
      ...['estimate', 'lower', 'upper'].map((name) => `${name} Nullable(Float64)`),
      'no_difference Float64',
      ...['tolerated', 'too_bad', 'tolerated_below', 'too_bad_below'].map((name) => `${name} Nullable(Float64)`),
    ],
  ],
  ['panel 209 Evidence for a failure', eValues()],
  ['panel 210 Evidence for a pass', eValues()],
  [
    'panel 211 States of the run and of its metrics',
    ["time DateTime64(3, 'UTC')", 'subject String', 'standing Nullable(UInt8)'],
  ],
  [
    'panel 212 False alarms of A/A twins in range',
    [...['value Float64', 'lower Float64', 'upper Float64', 'alpha Float64'], ...['failed UInt32', 'n UInt32']],
  ],
  [
    'panel 213 Runs in range',
    [
      "started_at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'run String',
      'state LowCardinality(String)',
      'baseline_version Nullable(String)',
      'canary_version Nullable(String)',
      'duration Int64',
      'twin LowCardinality(Nullable(String))',
      'reason Nullable(String)',
      'doubts String',
      'until String',
    ],
  ],
  ['panel 214 Samples of ${metric}', ["time DateTime64(3, 'UTC')", 'arm String', 'samples Nullable(Float64)']],
  ['panel 301 Decisions', ['decisions UInt64', 'denied Float64', 'errors Float64', 'pending UInt64']],
  ['panel 302 Overrides and exemptions', ['overrides UInt64', 'by_one UInt64', 'exempted UInt64', 'decisions UInt64']],
  ['panel 303 Deployed without a decision', ['bypasses UInt64', 'against UInt64', 'deployments UInt64']],
  ['panel 304 Decisions by outcome', ["time DateTime('UTC')", 'decision LowCardinality(String)', 'decisions UInt64']],
  [
    'panel 305 Why not allowed',
    ['decisions UInt64', ...['outcome', 'policy', 'rule', 'code', 'last_reason'].map((name) => `${name} String`)],
  ],
  [
    'panel 306 By policy',
    [
      ...['policy', 'version', 'content'].map((name) => `${name} String`),
      ...['allowed', 'denied', 'pending', 'errors', 'not_judged'].map((name) => `${name} UInt64`),
      'share Float64',
      'decisions UInt64',
    ],
  ],
  [
    'panel 307 What the gates were worth',
    [
      'standing String',
      'deployments UInt32',
      ...['value', 'lower', 'upper'].map((name) => `${name} Nullable(Float64)`),
      'failed UInt32',
      'n UInt32',
    ],
  ],
  [
    'panel 308 Deployed past the gates',
    [
      "at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'kind String',
      'deployment_kind Nullable(String)',
      'failure String',
      'gate Nullable(String)',
      'decision Nullable(String)',
      "decided_at Nullable(DateTime64(3, 'UTC'))",
      "expires_at Nullable(DateTime64(3, 'UTC'))",
      'decision_id Nullable(String)',
      'id String',
    ],
  ],
  [
    'panel 309 Override audit',
    [
      "decided_at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'gate LowCardinality(String)',
      'requester Nullable(String)',
      'approver Nullable(String)',
      'approved_by String',
      'reason Nullable(String)',
      'ticket Nullable(String)',
      "expires_at Nullable(DateTime64(3, 'UTC'))",
      'force String',
      'id String',
    ],
  ],
  [
    'panel 310 Consumed decisions',
    [
      "consumed_at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'consumer String',
      'principal String',
      'after Float64',
      'claims UInt64',
      'decision_id String',
    ],
  ],
  [
    'panel 311 Latest decisions',
    [
      "decided_at DateTime64(3, 'UTC')",
      'service LowCardinality(String)',
      'version Nullable(String)',
      'gate LowCardinality(String)',
      'decision LowCardinality(String)',
      'code LowCardinality(String)',
      'reason String',
      'principal LowCardinality(String)',
      'id String',
    ],
  ],
  [
    'panel 312 Rules on trial',
    [
      ...['policy', 'rule', 'mode'].map((name) => `${name} String`),
      'stopped UInt64',
      'stopped_alone UInt64',
      'share Float64',
      'decisions UInt64',
    ],
  ],
  ['variable tenant of sluice-dora', ['tenant LowCardinality(String)']],
  ['variable environment of sluice-dora', ['environment LowCardinality(String)']],
  ['variable team of sluice-dora', ['team LowCardinality(Nullable(String))']],
  ['variable service of sluice-dora', ['service LowCardinality(String)']],
  ['variable tenant of sluice-canary', ['tenant LowCardinality(String)']],
  ['variable environment of sluice-canary', ['environment LowCardinality(String)']],
  ['variable service of sluice-canary', ['service LowCardinality(String)']],
  ['variable run of sluice-canary', ['run String', 'label String']],
  ['variable metric of sluice-canary', ['metric LowCardinality(String)']],
  ['variable tenant of sluice-gate', ['tenant LowCardinality(String)']],
  ['variable environment of sluice-gate', ['environment LowCardinality(String)']],
  ['variable service of sluice-gate', ['service LowCardinality(String)']],
  ['annotation Rollbacks', annotation()],
  ['annotation Deployments', annotation()],
  [
    'annotation Incidents',
    [
      "time Nullable(DateTime64(3, 'UTC'))",
      "timeEnd DateTime64(3, 'UTC')",
      'title LowCardinality(String)',
      'text String',
      'tags String',
    ],
  ],
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
    'pull_request_median Nullable(Float64)',
    'pull_requests UInt32',
    'fail_rate Nullable(Float64)',
    'judged UInt32',
    'recovery_median Nullable(Float64)',
    'recoveries UInt32',
    'rework_rate Nullable(Float64)',
    'with_rollbacks UInt32',
    'success_rate Nullable(Float64)',
    'attempts UInt32',
    'time_to_deploy Nullable(Float64)',
    'timed UInt32',
    'drifted_share Nullable(Float64)',
    'checks UInt32',
  ];
}

function eValues(): string[] {
  return ["time DateTime64(3, 'UTC')", 'evidence String', 'e_value Nullable(Float64)'];
}

function annotation(): string[] {
  return [
    "time Nullable(DateTime64(3, 'UTC'))",
    'title LowCardinality(String)',
    'text Nullable(String)',
    'tags String',
  ];
}
