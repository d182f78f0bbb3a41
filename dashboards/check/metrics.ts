/**
 * The metrics of a history by their written definitions, computed without SQL: what the statements of the dashboards are
 * held against.
 */

import {
  BEGINNING,
  END,
  isChecked,
  LINK_WINDOW_MS,
  SERIES,
  type Attempt,
  type Episode,
  type History,
  type Incident,
  type Series,
} from './history.js';
import { ofMedian, ofRate, type Interval } from './intervals.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The part of a history that a metric looks at. */
export type Part = History & {
  /** Failed deployments that were recovered from in the time. */
  restored: Attempt[];
  /** Incidents that were resolved in the time. */
  resolved: Incident[];
  /** Episodes that ended in the time. */
  reconciled: Episode[];
  /** Time that checks tell of, and how much of it was drifted, in milliseconds; a check an hour. */
  observedMs: number;
  driftedMs: number;
};

export type Metrics = {
  deployments: number;
  deployDays: number;
  byKind: Record<'FORWARD' | 'CONFIG' | 'ROLLBACK' | 'REDEPLOY', number>;
  byResult: Record<Attempt['result'], number>;
  changes: number;
  medianMs: number | null;
  p90Ms: number | null;
  clockSkew: number;
  rangeIncomplete: number;
  attempts: number;
  successRate: number | null;
  successInterval: Interval | null;
  medianInterval: Interval | null;
  rework: number;
  withRollbacks: number;
  reworkRate: number | null;
  reworkInterval: Interval | null;
  timed: number;
  withoutStart: number;
  meanDeployMs: number | null;
  medianDeployMs: number | null;
  medianDeployInterval: Interval | null;
  p90DeployMs: number | null;
  judged: number;
  failures: number;
  failRate: number | null;
  failInterval: Interval | null;
  linkedByTime: number;
  failedWithin: { day: number; threeDays: number; week: number };
  provisionalUntil: Date | null;
  incidents: number;
  unattributed: number;
  notChangeCaused: number;
  recoveries: number;
  recoveryMs: number | null;
  recoveryInterval: Interval | null;
  recoveryP90Ms: number | null;
  recoveryMeanMs: number | null;
  pullRequests: number;
  pullRequestMs: number | null;
  pullRequestInterval: Interval | null;
  pullRequestP90Ms: number | null;
  /** Mean of each stage; they add up to the mean lead time. */
  stagesMs: Record<Stage, number | null>;
  withoutCommits: number;
  checks: number;
  observedMs: number;
  driftedMs: number;
  driftedShare: number | null;
  episodes: number;
  reconciled: number;
  reconcileMs: number | null;
  reconcileInterval: Interval | null;
};

/** The stages of a pull request, in their order. */
export const STAGES = ['coding', 'pickup', 'review', 'deploy'] as const;

export type Stage = (typeof STAGES)[number];

/** Returns the part of a history that happened in [from, to) and belongs to the series that are asked for. */
export function part(whole: History, from: Date, to: Date, wanted: (series: Series) => boolean): Part {
  const inside = (at: Date | null): boolean => at !== null && at >= from && at < to;
  const overlap = (begin: Date, end: Date): number =>
    Math.max(0, Math.min(end.getTime(), to.getTime(), END.getTime()) - Math.max(begin.getTime(), from.getTime()));
  const episodes = whole.episodes.filter(wanted);
  return {
    attempts: whole.attempts.filter((attempt) => wanted(attempt) && inside(attempt.finished_at)),
    changes: whole.changes.filter((change) => wanted(change) && inside(change.finished_at)),
    incidents: whole.incidents.filter((incident) => wanted(incident) && inside(incident.started_at)),
    pullRequests: whole.pullRequests.filter((request) => wanted(request) && inside(request.finished_at)),
    episodes: episodes.filter(({ opened_at }) => inside(opened_at)),
    restored: whole.attempts.filter((attempt) => wanted(attempt) && inside(attempt.restored_at)),
    resolved: whole.incidents.filter((incident) => wanted(incident) && inside(incident.resolved_at)),
    reconciled: episodes.filter(({ closed_at }) => inside(closed_at)),
    observedMs: SERIES.filter((series) => wanted(series) && isChecked(series)).length * overlap(BEGINNING, END),
    driftedMs: episodes.reduce((sum, { opened_at, closed_at }) => sum + overlap(opened_at, closed_at ?? END), 0),
  };
}

/** Returns the metrics of a history, by definition. */
export function metricsOf(whole: Part): Metrics {
  const { attempts, changes } = whole;
  const counted = attempts.filter((attempt) => attempt.counted);
  const leadTimes = changes.filter((change) => change.counted).map((change) => change.lead_time_ms ?? Number.NaN);
  const success = attempts.filter(({ result }) => result === 'SUCCESS').length;
  const judged = success + attempts.filter(({ result }) => result === 'FAILURE').length;
  const withRollbacks = attempts.filter(({ kind }) => kind !== null && kind !== 'REDEPLOY');
  const rework = withRollbacks.filter((attempt) => attempt.rework).length;
  const deployTimes = attempts
    .filter(({ result, started_at }) => result === 'SUCCESS' && started_at !== null)
    .map(({ started_at, finished_at }) => Number(finished_at) - Number(started_at));
  const ofKind = (kind: Attempt['kind']): number => attempts.filter((attempt) => attempt.kind === kind).length;
  const ofResult = (result: Attempt['result']): number => attempts.filter((a) => a.result === result).length;
  return {
    deployments: counted.length,
    deployDays: new Set(counted.map(({ finished_at }) => finished_at?.toISOString().slice(0, 10))).size,
    byKind: {
      FORWARD: ofKind('FORWARD'),
      CONFIG: ofKind('CONFIG'),
      ROLLBACK: ofKind('ROLLBACK'),
      REDEPLOY: ofKind('REDEPLOY'),
    },
    byResult: {
      SUCCESS: success,
      FAILURE: ofResult('FAILURE'),
      CANCELLED: ofResult('CANCELLED'),
      SKIPPED: ofResult('SKIPPED'),
      TIMED_OUT: ofResult('TIMED_OUT'),
      IN_PROGRESS: ofResult('IN_PROGRESS'),
    },
    changes: leadTimes.length,
    medianMs: quantile(leadTimes, 0.5),
    p90Ms: quantile(leadTimes, 0.9),
    clockSkew: changes.filter(({ excluded_reason }) => excluded_reason === 'CLOCK_SKEW').length,
    rangeIncomplete: attempts.filter(({ flags }) => flags.includes('RANGE_INCOMPLETE')).length,
    attempts: judged,
    successRate: judged === 0 ? null : success / judged,
    successInterval: ofRate(success, judged),
    medianInterval: ofMedian(leadTimes),
    rework,
    withRollbacks: withRollbacks.length,
    reworkRate: withRollbacks.length === 0 ? null : rework / withRollbacks.length,
    reworkInterval: ofRate(rework, withRollbacks.length),
    timed: deployTimes.length,
    withoutStart: success - deployTimes.length,
    meanDeployMs: mean(deployTimes),
    medianDeployMs: quantile(deployTimes, 0.5),
    medianDeployInterval: ofMedian(deployTimes),
    p90DeployMs: quantile(deployTimes, 0.9),
    ...failuresOf(whole),
    ...pullRequestTimesOf(whole),
    ...driftOf(whole),
  };
}

/** Whether there is anything to make a row of. */
export function hasData({ byResult, incidents, recoveries, checks }: Metrics): boolean {
  return Object.values(byResult).some((count) => count > 0) || incidents + recoveries + checks > 0;
}

function failuresOf({ attempts, incidents, restored }: Part) {
  const judged = attempts.filter((attempt) => attempt.fail_rate_counted);
  const failures = judged.filter((attempt) => attempt.failed);
  const within = (window: number): number =>
    judged.filter(
      ({ failure_rules, failure_distance_ms }) =>
        failure_rules.some((rule) => rule !== 'TIME') ||
        (failure_distance_ms !== null && failure_distance_ms <= window),
    ).length;
  const recoveries = restored.flatMap(({ recovery_ms }) => (recovery_ms === null ? [] : [recovery_ms]));
  const newest = judged.reduce((latest, { finished_at }) => Math.max(latest, Number(finished_at)), 0);
  return {
    judged: judged.length,
    failures: failures.length,
    failRate: judged.length === 0 ? null : failures.length / judged.length,
    failInterval: ofRate(failures.length, judged.length),
    linkedByTime: failures.filter(({ failure_rules }) => failure_rules.every((rule) => rule === 'TIME')).length,
    failedWithin: { day: within(DAY_MS), threeDays: within(3 * DAY_MS), week: within(7 * DAY_MS) },
    provisionalUntil: newest === 0 ? null : new Date(newest + LINK_WINDOW_MS),
    incidents: incidents.length,
    unattributed: incidents.filter(({ change_caused, rule }) => change_caused && rule === null).length,
    notChangeCaused: incidents.filter(({ change_caused }) => !change_caused).length,
    recoveries: recoveries.length,
    recoveryMs: quantile(recoveries, 0.5),
    recoveryInterval: ofMedian(recoveries),
    recoveryP90Ms: quantile(recoveries, 0.9),
    recoveryMeanMs: mean(recoveries),
  };
}

function pullRequestTimesOf({ pullRequests }: Part) {
  const counted = pullRequests.filter((request) => request.counted);
  const leadTimes = counted.map(({ lead_time_ms }) => lead_time_ms ?? Number.NaN);
  const stage = (name: Stage): number | null => mean(counted.map((request) => request[`${name}_ms`] ?? Number.NaN));
  return {
    pullRequests: counted.length,
    pullRequestMs: quantile(leadTimes, 0.5),
    pullRequestInterval: ofMedian(leadTimes),
    pullRequestP90Ms: quantile(leadTimes, 0.9),
    stagesMs: { coding: stage('coding'), pickup: stage('pickup'), review: stage('review'), deploy: stage('deploy') },
    withoutCommits: pullRequests.filter(({ excluded_reason }) => excluded_reason === 'NO_COMMITS').length,
  };
}

function driftOf({ episodes, reconciled, observedMs, driftedMs }: Part) {
  const lengths = reconciled.map(({ reconcile_ms }) => reconcile_ms ?? Number.NaN);
  return {
    checks: Math.round(observedMs / HOUR_MS),
    observedMs,
    driftedMs,
    driftedShare: observedMs === 0 ? null : driftedMs / observedMs,
    episodes: episodes.length,
    reconciled: lengths.length,
    reconcileMs: quantile(lengths, 0.5),
    reconcileInterval: ofMedian(lengths),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns a quantile of type 7 (Hyndman and Fan 1996): linear between order statistics, ends included. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)];
  const upper = sorted[Math.ceil(place)];
  return lower === undefined || upper === undefined ? null : lower + (upper - lower) * (place - Math.floor(place));
}
