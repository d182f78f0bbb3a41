import { DashboardCursorSync, GraphDrawStyle, type AnnotationQuery, type Dashboard } from '@grafana/schema';
import { collapsed, Interval, stat, table, trend, type Column } from './panels.js';
import { CLICKHOUSE, Format, target } from './query.js';
import { anyOf, choice, clickHouseDataSource, oneOf } from './variables.js';

const NO_DEPLOYMENTS = 'no deployments in range';
const NO_CHANGES = 'no changes deployed in range';
const NO_ATTEMPTS = 'no finished attempts in range';
const NO_TIMED = 'no timed deployments in range';

const PER_WEEK: Column = { name: 'per_week', title: 'Per week', unit: 'suffix:/wk', decimals: 2, min: 0 };
const DEPLOYMENTS: Column = { name: 'deployments', title: 'Deployments (n)', unit: 'short', decimals: 0, nothing: '0' };
const CHANGES: Column = { name: 'changes', title: 'Changes (n)', unit: 'short', decimals: 0, nothing: '0' };
const WITH_ROLLBACKS: Column = {
  name: 'with_rollbacks',
  title: 'With rollbacks (n)',
  unit: 'short',
  decimals: 0,
  nothing: '0',
};
const TIMED: Column = { name: 'timed', title: 'Timed (n)', unit: 'short', decimals: 0, nothing: '0' };
const ATTEMPTS: Column = { name: 'attempts', title: 'Attempts (n)', unit: 'short', decimals: 0, nothing: '0' };
const REWORK_RATE: Column = {
  name: 'rework_rate',
  title: 'Rework rate',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};
const SUCCESS_RATE: Column = {
  name: 'success_rate',
  title: 'Success rate',
  unit: 'percentunit',
  decimals: 1,
  min: 0,
  max: 1,
};

/** The metrics of a row of the stream, in the order of every table. */
const METRICS: readonly Column[] = [
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

const ONE_SERVICE: Column = {
  name: 'service',
  title: 'Service',
  link: {
    title: 'Only this service',
    url:
      '/d/sluice-dora/dora-overview?var-service=${__data.fields.service}&${clickhouse_datasource:queryparam}' +
      '&${tenant:queryparam}&${environment:queryparam}&${period:queryparam}&${window:queryparam}&${__url_time_range}',
  },
};

const BLENDED =
  'Over all chosen services together; DORA means one service at a time: choose one, or read the table below.';

/** Returns the dashboard "DORA overview": how often, how fast and how reliably is delivered. */
export function doraOverview(): Dashboard {
  return {
    uid: 'sluice-dora',
    title: 'DORA overview',
    description:
      'How often, how fast and how reliably services are delivered: deployment frequency, change lead time, ' +
      'deployment rework rate, deployment success rate and mean time to deploy. Every number comes from the contract views (dash.*) of Sluice.',
    tags: ['sluice', 'dora'],
    schemaVersion: 42,
    timezone: 'utc',
    weekStart: 'monday',
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-90d', to: 'now' },
    refresh: '5m',
    timepicker: { refresh_intervals: ['1m', '5m', '15m', '1h'] },
    templating: {
      list: [
        clickHouseDataSource(),
        oneOf(
          'dora/variable-tenant',
          { name: 'tenant', label: 'Tenant', description: 'Whose data. A choice, not a boundary of access.' },
          'default',
        ),
        oneOf(
          'dora/variable-environment',
          { name: 'environment', label: 'Environment', description: 'Each environment is a series of its own.' },
          'production',
        ),
        anyOf('dora/variable-service', {
          name: 'service',
          label: 'Service',
          description: 'The services that are shown; the numbers at the top take them together.',
        }),
        choice(
          { name: 'period', label: 'Trend by', description: 'Length of the calendar periods of trends and tables.' },
          [
            ['week', 'week'],
            ['month', 'month'],
            ['quarter', 'quarter'],
          ],
          'week',
        ),
        choice(
          {
            name: 'window',
            label: 'Window',
            description: 'The rolling window of the services table, as gates use it.',
          },
          [
            ['7', '7 days'],
            ['30', '30 days'],
            ['90', '90 days'],
          ],
          '30',
        ),
      ],
    },
    annotations: {
      list: [
        annotation('Rollbacks', 'red', true, 'dora/annotation-rollbacks'),
        annotation('Deployments', 'green', false, 'dora/annotation-deployments'),
      ],
    },
    links: [
      {
        type: 'dashboards',
        title: 'Sluice',
        tooltip: 'Other dashboards of Sluice, for the same time and choices',
        tags: ['sluice'],
        asDropdown: true,
        icon: 'external link',
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        url: '',
      },
    ],
    panels: [...answers(), ...trends(), ...evidence(), collapsed(20, 'Reconcile', 66, reconcile())],
  } satisfies Dashboard;
}

function answers() {
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

function trends() {
  const edges =
    'A mark is a period that begins in the time range, drawn at its first day; the newest period is provisional ' +
    'while it runs. A period without data has no mark. The tooltip shows n.';
  const band =
    'With a single service in the graph, the band is the interval that covers the true value in 95 of 100 samples; a ' +
    'mark with too few observations has none. Between marks the band only joins them.';
  return [
    trend(
      {
        id: 5,
        title: 'Deployment frequency by period',
        sql: 'dora/deployment-frequency-trend',
        gridPos: { x: 0, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'Deployments a week in each calendar period, one series for each service.',
          formula: 'deployments a day in the period × 7; n is their number.',
          source: 'dash.dora_series',
          reading: `${edges} Bars are stacked: their height is the sum over the chosen services. ${band}`,
        },
      },
      GraphDrawStyle.Bars,
      { ...PER_WEEK, decimals: 1 },
      Interval.BAND,
    ),
    trend(
      {
        id: 6,
        title: 'Change lead time p50 by period',
        sql: 'dora/change-lead-time-trend',
        gridPos: { x: 8, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'The median lead time of the changes deployed in each calendar period, for each service.',
          formula: 'median of finished − authored over counted changes, by the end of their deployment; n changes.',
          source: 'dash.dora_series',
          reading: `${edges} Points are not joined: a line would claim values for periods without changes. ${band}`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.BAND,
    ),
    trend(
      {
        id: 14,
        title: 'Deployment rework rate by period',
        sql: 'dora/deployment-rework-rate-trend',
        gridPos: { x: 16, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'The share of deployments that were not planned in each calendar period, by service.',
          formula: 'rework / (FORWARD + CONFIG + ROLLBACK) of the period; n deployments.',
          source: 'dash.dora_series',
          reading: `${edges} A period with deployments and no rework is 0 %. ${band}`,
        },
      },
      GraphDrawStyle.Points,
      { ...REWORK_RATE, name: 'value' },
      Interval.BAND,
    ),
    trend(
      {
        id: 7,
        title: 'Deployment success rate by period',
        sql: 'dora/deployment-success-rate-trend',
        gridPos: { x: 0, y: 19, w: 12, h: 9 },
        explanation: {
          definition: 'The share of finished deployment attempts that succeeded in each calendar period, by service.',
          formula: 'SUCCESS / (SUCCESS + FAILURE) of the period; n attempts.',
          source: 'dash.dora_series',
          reading: `${edges} With one or two attempts 0 %, 50 % and 100 % say little. ${band}`,
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
        gridPos: { x: 12, y: 19, w: 12, h: 9 },
        explanation: {
          definition: 'The mean time from start to end of the successful attempts of each calendar period, by service.',
          formula:
            'mean of finished − started over the successful attempts of the period with a known start; n of them.',
          source: 'dash.dora_series',
          reading: `${edges} A mean has no interval here, and one slow deployment moves it.`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.NONE,
    ),
  ];
}

function evidence() {
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

function reconcile() {
  return [
    table(
      {
        id: 21,
        title: 'Deliveries received',
        sql: 'dora/deliveries',
        gridPos: { x: 0, y: 67, w: 12, h: 8 },
        explanation: {
          definition: 'Step 1: what the sources delivered in the time range and what became of it, by time of receipt.',
          formula: 'received = accepted + duplicate + ignored + dead letters + pending.',
          source: 'dash.ingest_minute',
          reading:
            'Accepted ones gave events. Dead letters could not be understood. For all services and environments, ' +
            'and by receipt, while every metric goes by the time at which things happened.',
        },
      },
      ['received', 'accepted', 'duplicate', 'ignored', 'dead_letter', 'pending'].map((name) => ({
        name,
        title: name.charAt(0).toUpperCase() + name.slice(1).replace('_', ' '),
        unit: 'short',
        decimals: 0,
      })),
      'nothing received in range',
    ),
    table(
      {
        id: 22,
        title: 'Dead letters by reason',
        sql: 'dora/dead-letters',
        gridPos: { x: 12, y: 67, w: 12, h: 8 },
        explanation: {
          definition: 'Step 2: deliveries that could not be understood, by reason.',
          formula: 'the number of dead letters received in the time range, and the newest one of each reason.',
          source: 'dash.dead_letters',
          reading: 'What stands here is in no metric. The delivery can be looked up by its id.',
        },
      },
      [
        { name: 'reason', title: 'Reason' },
        { name: 'deliveries', title: 'Deliveries', unit: 'short', decimals: 0 },
        { name: 'last_received', title: 'Last received', unit: 'dateTimeAsIso', width: 170 },
        { name: 'last_detail', title: 'Last detail' },
        { name: 'last_delivery', title: 'Last delivery' },
      ],
      'no dead letters in range',
    ),
    table(
      {
        id: 23,
        title: 'Attempts: counted, or why not',
        sql: 'dora/attempts-judged',
        gridPos: { x: 0, y: 75, w: 12, h: 9 },
        explanation: {
          definition:
            'Step 3: every finished attempt of the chosen services with the judgements of deployment frequency and ' +
            'of deployment rework rate.',
          formula: 'attempts that finished in the time range by result, kind, judgement and rework.',
          source: 'dash.deployments',
          reading:
            'The rows "counted" add up to n of deployment frequency; the results SUCCESS and FAILURE to n of the ' +
            'success rate; "rework" and "no rework" to n of the rework rate; "Timed" to n of mean time to deploy. ' +
            'Attempts that are still running have not finished and are not here.',
        },
      },
      [
        { name: 'judgement', title: 'Judgement' },
        { name: 'reworked', title: 'Rework' },
        { name: 'attempts', title: 'Attempts', unit: 'short', decimals: 0 },
        { name: 'timed', title: 'Timed', unit: 'short', decimals: 0 },
      ],
      NO_ATTEMPTS,
    ),
    table(
      {
        id: 24,
        title: 'Changes: counted, or why not',
        sql: 'dora/changes-judged',
        gridPos: { x: 12, y: 75, w: 12, h: 9 },
        explanation: {
          definition: 'Step 4: every deployed commit of the chosen services with the judgement of change lead time.',
          formula: 'commits whose first deployment finished in the time range, by judgement.',
          source: 'dash.changes',
          reading:
            'The row "counted" is n of change lead time. MERGE joins lines of history, SEED came with the first ' +
            'deployment, CLOCK_SKEW was authored after its deployment, NOT_RECORDED was only named by another commit.',
        },
      },
      [
        { name: 'judgement', title: 'Judgement' },
        { name: 'changes', title: 'Changes', unit: 'short', decimals: 0 },
      ],
      NO_CHANGES,
    ),
  ];
}

function annotation(name: string, iconColor: string, enable: boolean, sqlFile: string): AnnotationQuery {
  return {
    name,
    iconColor,
    enable,
    hide: false,
    datasource: CLICKHOUSE,
    target: target(sqlFile, Format.TABLE, 'anno'),
  };
}
