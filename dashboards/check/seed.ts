import assert from 'node:assert/strict';
import { LOG_E_TO_FAIL, LOG_E_TO_PASS, RUNS, type CanaryRun } from './canaries.js';
import type { ClickHouse } from './clickhouse.js';
import { CONSUMPTIONS, DECISIONS, type Consumption, type Decision } from './gates.js';
import { BEGINNING, END, history, isChecked, MEMBERSHIPS, periods, SERIES, SHIFTS, type Series } from './history.js';
import { ofFrequency, ofMedian, type Interval } from './intervals.js';
import { hasData, metricsOf, part, type Metrics } from './metrics.js';

const DAY_MS = 86_400_000;

/** How far the store says that it is behind, in seconds. */
export const BEHIND_SECONDS = 600;

/**
 * Fills the tables with the made-up history: facts, the rows that the stream would compute from them, deliveries. Some
 * rows have an older version and some are deleted, which no view may show.
 */
export function seed(clickHouse: ClickHouse): void {
  // expiry goes by the wall clock, the history is of a fixed time
  for (const table of ['deliveries', 'canary_runs', 'canary_evidence', 'claims']) {
    clickHouse.command(`ALTER TABLE sluice.${table} REMOVE TTL`);
  }
  facts(clickHouse);
  streamRows(clickHouse);
  clickHouse.insert('sluice.canary_runs', RUNS.flatMap(standings));
  clickHouse.insert('sluice.canary_evidence', RUNS.flatMap(evidenceOf));
  clickHouse.insert('sluice.decisions', DECISIONS.flatMap(recorded));
  clickHouse.insert('sluice.claims', CONSUMPTIONS.flatMap(claims));
  deliveries(clickHouse);
  clickHouse.insert('sluice.interval_bounds', bounds());
  clickHouse.insert('sluice.assignments', assignments());
  const through = new Date(Date.now() - BEHIND_SECONDS * 1000);
  clickHouse.insert('sluice.store_progress', [{ generation: 1, writer: 0, writers: 1, through }]);
}

function facts(clickHouse: ClickHouse): void {
  const { attempts, changes, incidents, pullRequests, episodes } = history();
  const judged = attempts.map((attempt) => ({
    ...attempt,
    finished_day: dayOf(attempt.finished_at),
    restored_day: dayOf(attempt.restored_at),
    rework_rate_counted: attempt.kind !== null && attempt.kind !== 'REDEPLOY',
  }));
  const rows = judged.map((attempt, at) => versioned(attempt, 1000 + at));
  const replaced = judged
    .filter((_, at) => at % 7 === 0)
    .map((attempt, at) => versioned({ ...attempt, result: 'FAILURE', kind: null, counted: false }, at));
  const deleted = judged
    .filter((_, at) => at % 11 === 0)
    .map((attempt, at) => ({ ...versioned({ ...attempt, id: `gone-${attempt.id}` }, 5000 + at), is_deleted: 1 }));
  clickHouse.insert('sluice.deployments', rows);
  clickHouse.insert('sluice.deployments', [...replaced, ...deleted]);
  clickHouse.insert(
    'sluice.changes',
    changes.map((change, at) => versioned({ ...change, finished_day: dayOf(change.finished_at) }, at)),
  );
  const begun = incidents.map((incident) => ({ ...incident, started_day: dayOf(incident.started_at) }));
  insertFacts(clickHouse, 'sluice.incidents', begun, { rule: null, change_caused: true });
  const deployed = pullRequests.map((request) => ({ ...request, finished_day: dayOf(request.finished_at) }));
  insertFacts(clickHouse, 'sluice.pull_requests', deployed, { counted: true, lead_time_ms: 1 });
  insertFacts(clickHouse, 'sluice.drift_episodes', episodes, { checks: 0 });
  insertFacts(clickHouse, 'sluice.shifts', SHIFTS, { after_value: 0 });
}

/** Inserts facts; every seventh was judged otherwise before, and every eleventh belongs to a service that is gone. */
function insertFacts(clickHouse: ClickHouse, table: string, rows: readonly Series[], older: object): void {
  const replaced = rows.filter((_, at) => at % 7 === 0).map((row) => versioned({ ...row, ...older }, 0));
  const deleted = rows
    .filter((_, at) => at % 11 === 0)
    .map((row, at) => ({ ...versioned({ ...row, service: 'gone' }, 5000 + at), is_deleted: 1 }));
  clickHouse.insert(table, [...rows.map((row, at) => versioned(row, 1000 + at)), ...deleted]);
  clickHouse.insert(table, replaced);
}

/** The bounds of intervals that the program writes, for as many values as the history has. */
function bounds(): object[] {
  return Array.from({ length: 400 }, (_, n) => {
    const frequency = ofFrequency(n, 1);
    return {
      ...{ n, median_rank: ofMedian(Array.from({ length: n }, (_value, at) => at + 1))?.lower ?? 0 },
      ...{ frequency_lower: frequency.lower, frequency_upper: frequency.upper },
    };
  });
}

function assignments(): object[] {
  return MEMBERSHIPS.map(({ tenant, service, team, from, to }, at) =>
    versioned(
      {
        ...{ tenant, kind: 'SERVICE_TEAM', subject: service, from_day: dayOf(from), value: team },
        ...{ valid_from: from, valid_to: to },
      },
      at,
    ),
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
      .filter(({ metrics }) => hasData(metrics))
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
    SERIES.map((series) => versioned({ ...series, version: '1.0', since: BEGINNING, ...openAtTheEnd(series) }, 1)),
  );
}

/** What is wrong with a series when the history ends. */
export function openAtTheEnd(series: Series): {
  open_failures: number;
  oldest_open_failure_at: Date | null;
  open_incidents: number;
  drifted: boolean | null;
  last_drift_check_at: Date | null;
} {
  const { attempts, incidents, episodes } = history();
  const failures = attempts.filter((a) => same(series)(a) && a.failed && a.restored_at === null);
  const since = failures.map(({ impact_started_at }) => Number(impact_started_at));
  return {
    open_failures: failures.length,
    oldest_open_failure_at: since.length === 0 ? null : new Date(Math.min(...since)),
    open_incidents: incidents.filter((incident) => same(series)(incident) && incident.resolved_at === null).length,
    drifted: isChecked(series) ? episodes.some((episode) => same(series)(episode) && episode.closed_at === null) : null,
    last_drift_check_at: isChecked(series) ? END : null,
  };
}

/** A run as it stood at its first look, at its last one, and what was said of both before; the first one is told again. */
function standings(run: CanaryRun): object[] {
  const { looks, ...said } = run;
  const row = (at: number, offset: number, changed: object): object => {
    const { readings: _, ...look } = looks.at(at) ?? assert.fail(`${run.run} has no looks`);
    return versioned({ ...said, ...look, ...NEEDED, alpha: 0.01, ...changed }, offset);
  };
  const outdated = { service: 'gone', state: 'Error', twin: 'Failed', ended: true };
  return [row(-1, 5000, {}), row(-1, 4000, outdated), ...(looks.length > 1 ? [row(0, 9000, outdated)] : [])];
}

/** Every metric of every look; every seventh look was told otherwise before a restart, and is told once more. */
function evidenceOf({ tenant, run, looks }: CanaryRun): object[] {
  return looks.flatMap(({ readings, ...look }, at) =>
    readings.flatMap((reading) => {
      const row = versioned({ tenant, run, ...look, ...NEEDED, ...reading }, at);
      const outdated = { ...row, estimate: 99, canary_n: 99, verdict: 'Error', state: 'Error', log_e: 40 };
      return at % 7 === 0 ? [{ ...outdated, row_generation: 0, row_offset: 9000 }, row, row] : [row];
    }),
  );
}

/** A decision as it was recorded last; every fifth one was pending before, and is told again in the wrong order. */
function recorded(decision: Decision, at: number): object[] {
  const { artifact, rules, policies, override, code, ...head } = decision;
  const row = versioned(
    {
      ...head,
      ...{ artifact_version: artifact?.version, artifact_digest: artifact?.digest, artifact_commit: artifact?.commit },
      ...{
        allowed: decision.decision === 'allow',
        status: '',
        body: JSON.stringify({ code, rules, policies, override }),
      },
    },
    1000 + at,
  );
  const before = { decision: 'pending', allowed: false, decided_at: new Date(decision.decided_at.getTime() - 1000) };
  const outdated = { ...row, ...before, body: JSON.stringify({ code: 'stale', rules: [], policies }), row_offset: at };
  return at % 5 === 0 ? [row, outdated] : [row];
}

/** The claims to a decision: the first one in the log has it. */
function claims({ tenant, id, consumer, at, claims: count }: Consumption): object[] {
  return Array.from({ length: count }, (_, number) => {
    const moment = new Date(at.getTime() + number * 1000);
    return versioned(
      {
        ...{ tenant, record: `${id}-${number}`, what: 'consumption', id, principal: number === 0 ? 'ci' : 'thief' },
        ...{ claimant: number === 0 ? consumer : `late-${number}`, at: moment, valid_until: moment },
      },
      number,
    );
  });
}

const NEEDED = { log_e_to_fail: LOG_E_TO_FAIL, log_e_to_pass: LOG_E_TO_PASS };

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
    ...failureColumns(metrics),
    pull_request_lead_time_n: metrics.pullRequests,
    pull_request_lead_time_median_ms: metrics.pullRequestMs,
    ...ends('pull_request_lead_time_median', metrics.pullRequestInterval),
    pull_request_lead_time_p90_ms: metrics.pullRequestP90Ms,
    pull_request_lead_time_coding_mean_ms: metrics.stagesMs.coding,
    pull_request_lead_time_pickup_mean_ms: metrics.stagesMs.pickup,
    pull_request_lead_time_review_mean_ms: metrics.stagesMs.review,
    pull_request_lead_time_deploy_mean_ms: metrics.stagesMs.deploy,
    pull_request_lead_time_without_commits: metrics.withoutCommits,
    pull_request_lead_time_reason: metrics.pullRequests === 0 ? 'no_pull_requests' : null,
    configuration_drift_observed_ms: metrics.observedMs,
    configuration_drift_drifted_share: metrics.driftedShare,
    configuration_drift_drifted_ms: metrics.driftedMs,
    configuration_drift_checks: metrics.checks,
    configuration_drift_episodes: metrics.episodes,
    configuration_drift_reconcile_n: metrics.reconciled,
    configuration_drift_reconcile_median_ms: metrics.reconcileMs,
    ...ends('configuration_drift_reconcile_median', metrics.reconcileInterval),
    configuration_drift_reason: metrics.checks === 0 ? 'no_checks' : null,
  };
}

function failureColumns(metrics: Metrics): object {
  return {
    change_fail_rate_n: metrics.judged,
    change_fail_rate_value: metrics.failRate,
    ...ends('change_fail_rate', metrics.failInterval),
    change_fail_rate_failed: metrics.failures,
    change_fail_rate_linked_by_time: metrics.linkedByTime,
    change_fail_rate_failed_within_day: metrics.failedWithin.day,
    change_fail_rate_failed_within_three_days: metrics.failedWithin.threeDays,
    change_fail_rate_failed_within_week: metrics.failedWithin.week,
    change_fail_rate_unattributed: metrics.unattributed,
    change_fail_rate_not_change_caused: metrics.notChangeCaused,
    change_fail_rate_provisional_until: metrics.provisionalUntil,
    change_fail_rate_reason: metrics.judged === 0 ? 'no_deployments' : null,
    failed_deployment_recovery_time_n: metrics.recoveries,
    failed_deployment_recovery_time_median_ms: metrics.recoveryMs,
    ...ends('failed_deployment_recovery_time_median', metrics.recoveryInterval),
    failed_deployment_recovery_time_p90_ms: metrics.recoveryP90Ms,
    failed_deployment_recovery_time_mean_ms: metrics.recoveryMeanMs,
    failed_deployment_recovery_time_reason: metrics.recoveries === 0 ? 'no_recoveries' : null,
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

function dayOf(at: Date | null): string | null {
  return at && day(at);
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
