import type { ClickHouse } from './clickhouse.js';
import { END, history, metricsOf, part, periods, SERIES, type Metrics, type Series } from './history.js';
import { ofFrequency, type Interval } from './intervals.js';

const DAY_MS = 86_400_000;

/** How far the store says that it is behind, in seconds. */
export const BEHIND_SECONDS = 600;

/**
 * Fills the tables with the made-up history: facts, the rows that the stream would compute from them, deliveries. Some
 * rows have an older version and some are deleted, which no view may show.
 */
export function seed(clickHouse: ClickHouse): void {
  // expiry goes by the wall clock, the history is of a fixed time
  clickHouse.command('ALTER TABLE sluice.deliveries REMOVE TTL');
  facts(clickHouse);
  streamRows(clickHouse);
  deliveries(clickHouse);
  const through = new Date(Date.now() - BEHIND_SECONDS * 1000);
  clickHouse.insert('sluice.store_progress', [{ generation: 1, writer: 0, writers: 1, through }]);
}

function facts(clickHouse: ClickHouse): void {
  const { attempts, changes } = history();
  const rows = attempts.map((attempt, at) => versioned(attempt, 1000 + at));
  const replaced = attempts
    .filter((_, at) => at % 7 === 0)
    .map((attempt, at) => versioned({ ...attempt, result: 'FAILURE', kind: null, counted: false }, at));
  const deleted = attempts
    .filter((_, at) => at % 11 === 0)
    .map((attempt, at) => ({ ...versioned({ ...attempt, id: `gone-${attempt.id}` }, 5000 + at), is_deleted: 1 }));
  clickHouse.insert('sluice.deployments', rows);
  clickHouse.insert('sluice.deployments', [...replaced, ...deleted]);
  clickHouse.insert(
    'sluice.changes',
    changes.map((change, at) => versioned(change, at)),
  );
}

function streamRows(clickHouse: ClickHouse): void {
  const whole = history();
  const windows = [7, 30, 90].flatMap((days) =>
    SERIES.map((series) => {
      const from = new Date(END.getTime() - days * DAY_MS);
      const last = day(new Date(END.getTime() - DAY_MS));
      const metrics = metricsOf(part(whole, from, END, same(series)));
      const head = { ...series, days, zone: 'UTC', as_of_day: last, from_day: day(from), to_day: last };
      return versioned({ ...head, ...columns(metrics, days) }, 1);
    }),
  );
  const rows = periods().flatMap(({ kind, label, start, end }) =>
    SERIES.map((series) => ({ series, metrics: metricsOf(part(whole, start, end, same(series))) }))
      .filter(({ metrics }) => Object.values(metrics.byResult).some((count) => count > 0))
      .map(({ series, metrics }) => {
        const days = (end.getTime() - start.getTime()) / DAY_MS;
        const head = {
          ...series,
          period: kind,
          label,
          zone: 'UTC',
          start: day(start),
          end: day(end),
          provisional: end > END,
        };
        return versioned({ ...head, ...columns(metrics, days) }, 1);
      }),
  );
  clickHouse.insert('sluice.dora_windows', windows);
  clickHouse.insert('sluice.periods', rows);
  clickHouse.insert(
    'sluice.current',
    SERIES.map((series) => versioned({ ...series, version: '1.0' }, 1)),
  );
}

function deliveries(clickHouse: ClickHouse): void {
  const receivedAt = new Date(END.getTime() - 12 * 3_600_000);
  const outcomes = ['events', 'events', 'DEAD_LETTER', 'IGNORED', 'DUPLICATE', 'pending'];
  for (const tenant of ['default', 'other']) {
    const ids = outcomes.map((outcome, at) => ({ outcome, id: `d-${tenant}-${at}`, at }));
    clickHouse.insert(
      'sluice.deliveries',
      ids.map(({ id, at }) => ({
        ...{ tenant, partition: tenant === 'default' ? 0 : 1, offset: at, id, source: 'github', connection: 'main' },
        ...{ delivery_key: id, event: 'deployment', principal: 'local', content_type: 'application/json', body: '{}' },
        ...{ accepted_at: receivedAt, received_at: receivedAt },
      })),
    );
    clickHouse.insert(
      'sluice.events',
      ids
        .filter(({ outcome }) => outcome === 'events')
        .map(({ id, at }) =>
          versioned(
            {
              ...{
                tenant,
                delivery: id,
                id: `e-${at}`,
                type: 'dev.cdevents.service.deployed',
                subject: 's',
                source: '/x',
              },
              ...{ occurred_at: receivedAt, received_at: receivedAt, body: '{}' },
            },
            at,
          ),
        ),
    );
    clickHouse.insert(
      'sluice.dead_letters',
      ids
        .filter(({ outcome }) => outcome === outcome.toUpperCase())
        .map(({ id, outcome, at }) =>
          versioned(
            {
              ...{ tenant, delivery: id, disposition: outcome, source: 'github', connection: 'main', delivery_key: id },
              ...{ event: 'deployment', reason: 'UNKNOWN_STATE', detail: 'no such state', received_at: receivedAt },
            },
            at,
          ),
        ),
    );
  }
}

function columns(metrics: Metrics, days: number): object {
  return {
    deployment_frequency_count: metrics.deployments,
    deployment_frequency_per_day: metrics.deployments / days,
    deployment_frequency_deploy_days: metrics.deployDays,
    deployment_frequency_forward: metrics.byKind.FORWARD,
    deployment_frequency_config: metrics.byKind.CONFIG,
    deployment_frequency_rollback: metrics.byKind.ROLLBACK,
    deployment_frequency_redeploy: metrics.byKind.REDEPLOY,
    change_lead_time_n: metrics.changes,
    change_lead_time_median_ms: metrics.medianMs,
    change_lead_time_p90_ms: metrics.p90Ms,
    change_lead_time_clock_skew: metrics.clockSkew,
    change_lead_time_range_incomplete: metrics.rangeIncomplete,
    change_lead_time_reason: metrics.changes === 0 ? 'no_changes' : null,
    deployment_success_rate_n: metrics.attempts,
    deployment_success_rate_value: metrics.successRate,
    deployment_success_rate_success: metrics.byResult.SUCCESS,
    deployment_success_rate_failure: metrics.byResult.FAILURE,
    deployment_success_rate_cancelled: metrics.byResult.CANCELLED,
    deployment_success_rate_skipped: metrics.byResult.SKIPPED,
    deployment_success_rate_timed_out: metrics.byResult.TIMED_OUT,
    deployment_success_rate_reason: metrics.attempts === 0 ? 'no_attempts' : null,
    ...ends('deployment_frequency_per_day', ofFrequency(metrics.deployments, days)),
    ...ends('change_lead_time_median', metrics.medianInterval),
    deployment_rework_rate_n: metrics.withRollbacks,
    deployment_rework_rate_value: metrics.reworkRate,
    ...ends('deployment_rework_rate', metrics.reworkInterval),
    deployment_rework_rate_rework: metrics.rework,
    deployment_rework_rate_reason: metrics.withRollbacks === 0 ? 'no_deployments' : null,
    ...ends('deployment_success_rate', metrics.successInterval),
    mean_time_to_deploy_n: metrics.timed,
    mean_time_to_deploy_mean_ms: metrics.meanDeployMs,
    mean_time_to_deploy_median_ms: metrics.medianDeployMs,
    ...ends('mean_time_to_deploy_median', metrics.medianDeployInterval),
    mean_time_to_deploy_p90_ms: metrics.p90DeployMs,
    mean_time_to_deploy_without_start: metrics.withoutStart,
    mean_time_to_deploy_reason: metrics.timed === 0 ? noTimes(metrics) : null,
  };
}

function ends(column: string, interval: Interval | null): object {
  return { [`${column}_lower`]: interval?.lower ?? null, [`${column}_upper`]: interval?.upper ?? null };
}

function noTimes({ byResult }: Metrics): string {
  return byResult.SUCCESS === 0 ? 'no_deployments' : 'no_start_known';
}

function versioned<T extends object>(row: T, offset: number): T & { is_deleted?: number } {
  return { ...row, computed_at: END, appended_at: END, row_generation: 1, row_partition: 0, row_offset: offset };
}

function same(series: Series): (other: Series) => boolean {
  return (other) =>
    other.tenant === series.tenant && other.service === series.service && other.environment === series.environment;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
