/**
 * A made-up delivery history and its metrics by the written definitions, computed here without SQL: what the statements
 * of the dashboards are held against.
 */

import { ofMedian, ofRate, type Interval } from './intervals.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The seed of every random choice. */
export const SEED = 20_261_002;
/** First day of the history. */
export const BEGINNING = new Date('2026-04-01T00:00:00Z');
/** Last day of the history; whole quarters end before it. */
export const END = new Date('2026-10-03T00:00:00Z');
/** A service whose name is an attack on careless quoting. */
export const QUOTED_SERVICE = "o'x";
/** The days at the end in which that service does nothing: its window of 7 days has no data. */
const QUIET_DAYS = 10;

export type Series = { tenant: string; service: string; environment: string };

export type Attempt = Series & {
  id: string;
  result: 'SUCCESS' | 'FAILURE' | 'CANCELLED' | 'SKIPPED' | 'TIMED_OUT' | 'IN_PROGRESS';
  kind: 'FORWARD' | 'CONFIG' | 'ROLLBACK' | 'REDEPLOY' | null;
  counted: boolean;
  excluded_reason: string | null;
  seed: boolean;
  queued_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  version: string;
  commits: number;
  flags: string[];
  planned: boolean | null;
  rework: boolean;
  deploy_time_ms: number | null;
  queue_time_ms: number | null;
  time_to_success_ms: number | null;
};

export type Change = Series & {
  repository: string;
  sha: string;
  deployment_id: string;
  authored_at: Date | null;
  finished_at: Date;
  lead_time_ms: number | null;
  counted: boolean;
  excluded_reason: string | null;
};

export type History = { attempts: Attempt[]; changes: Change[] };

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
};

/** The series of the history: three services of one environment, and two that must not show among them. */
export const SERIES: readonly Series[] = [
  { tenant: 'default', service: 'checkout', environment: 'production' },
  { tenant: 'default', service: 'search', environment: 'production' },
  { tenant: 'default', service: QUOTED_SERVICE, environment: 'production' },
  { tenant: 'default', service: 'checkout', environment: 'staging' },
  { tenant: 'other', service: 'checkout', environment: 'production' },
];

/** Returns the history; the same at every call. */
export function history(): History {
  const random = mulberry32(SEED);
  const attempts: Attempt[] = [];
  const changes: Change[] = [];
  for (const [number, series] of SERIES.entries()) {
    let at = BEGINNING.getTime() + number * HOUR_MS;
    const end = END.getTime() - (series.service === QUOTED_SERVICE ? QUIET_DAYS : 1) * DAY_MS;
    for (let count = 0; at < end; count++) {
      const attempt = attemptAt(series, `${number}-${count}`, new Date(at), count === 0, random);
      attempts.push(attempt);
      if (attempt.kind === 'FORWARD') {
        changes.push(...changesOf(attempt, random));
      }
      at += Math.floor(8 * HOUR_MS + random() * 4 * DAY_MS);
    }
  }
  return { attempts, changes };
}

function attemptAt(series: Series, id: string, startedAt: Date, seed: boolean, random: () => number): Attempt {
  const finishedAt = new Date(startedAt.getTime() + Math.floor(60_000 + random() * HOUR_MS));
  const roll = seed ? 0 : random();
  const [result, kind] = outcomeOf(roll);
  const counted = kind === 'FORWARD' || kind === 'CONFIG';
  const planned = random() < 0.5 ? null : random() < 0.7;
  const startKnown = random() < 0.8;
  const queueTimeMs = startKnown && random() < 0.7 ? Math.floor(random() * HOUR_MS) : null;
  const deployTimeMs = result === 'SUCCESS' && startKnown ? finishedAt.getTime() - startedAt.getTime() : null;
  return {
    ...series,
    id,
    result,
    kind,
    counted,
    excluded_reason: counted ? null : (kind ?? result),
    seed,
    queued_at: queueTimeMs === null ? null : new Date(startedAt.getTime() - queueTimeMs),
    started_at: startKnown ? startedAt : null,
    finished_at: result === 'IN_PROGRESS' ? null : finishedAt,
    version: `1.${id}`,
    commits: kind === 'FORWARD' ? 1 + Math.floor(random() * 5) : 0,
    flags: random() < 0.1 ? ['RANGE_INCOMPLETE'] : [],
    planned,
    rework: kind === 'ROLLBACK' || (counted && planned === false),
    deploy_time_ms: deployTimeMs,
    queue_time_ms: result === 'SUCCESS' ? queueTimeMs : null,
    time_to_success_ms: deployTimeMs === null || !counted ? null : deployTimeMs + Math.floor(random() * DAY_MS),
  };
}

function outcomeOf(roll: number): [Attempt['result'], Attempt['kind']] {
  const outcomes: [number, Attempt['result'], Attempt['kind']][] = [
    [0.55, 'SUCCESS', 'FORWARD'],
    [0.65, 'SUCCESS', 'CONFIG'],
    [0.72, 'SUCCESS', 'ROLLBACK'],
    [0.77, 'SUCCESS', 'REDEPLOY'],
    [0.9, 'FAILURE', null],
    [0.93, 'CANCELLED', null],
    [0.95, 'SKIPPED', null],
    [0.97, 'TIMED_OUT', null],
    [1, 'IN_PROGRESS', null],
  ];
  const [, result, kind] = outcomes.find(([limit]) => roll < limit) ?? [1, 'FAILURE', null];
  return [result, kind];
}

function changesOf(attempt: Attempt, random: () => number): Change[] {
  const finishedAt = attempt.finished_at;
  if (finishedAt === null) {
    throw new Error(`${attempt.id} has not finished`);
  }
  return Array.from({ length: attempt.commits }, (_, index) => {
    const leadTimeMs = Math.floor(HOUR_MS + random() ** 3 * 30 * DAY_MS);
    const roll = random();
    const reason = attempt.seed ? 'SEED' : roll < 0.1 ? 'MERGE' : roll < 0.15 ? 'CLOCK_SKEW' : null;
    const sign = reason === 'CLOCK_SKEW' ? -1 : 1;
    return {
      tenant: attempt.tenant,
      service: attempt.service,
      environment: attempt.environment,
      repository: `acme/${attempt.service}`,
      sha: `${attempt.id}-${index}`.padEnd(40, '0'),
      deployment_id: attempt.id,
      authored_at: new Date(finishedAt.getTime() - sign * leadTimeMs),
      finished_at: finishedAt,
      lead_time_ms: reason === null ? leadTimeMs : null,
      counted: reason === null,
      excluded_reason: reason,
    };
  });
}

/** Returns the part of a history that finished in [from, to) and belongs to the series that are asked for. */
export function part(whole: History, from: Date, to: Date, wanted: (series: Series) => boolean): History {
  const inside = (at: Date | null): boolean => at !== null && at >= from && at < to;
  return {
    attempts: whole.attempts.filter((attempt) => wanted(attempt) && inside(attempt.finished_at)),
    changes: whole.changes.filter((change) => wanted(change) && inside(change.finished_at)),
  };
}

/** Returns the metrics of a history, by definition. */
export function metricsOf({ attempts, changes }: History): Metrics {
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
    meanDeployMs: deployTimes.length === 0 ? null : deployTimes.reduce((sum, ms) => sum + ms, 0) / deployTimes.length,
    medianDeployMs: quantile(deployTimes, 0.5),
    medianDeployInterval: ofMedian(deployTimes),
    p90DeployMs: quantile(deployTimes, 0.9),
  };
}

/** Returns a quantile of type 7 (Hyndman and Fan 1996): linear between order statistics, ends included. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)];
  const upper = sorted[Math.ceil(place)];
  return lower === undefined || upper === undefined ? null : lower + (upper - lower) * (place - Math.floor(place));
}

/** A calendar period: [start, end). */
export type Period = { kind: 'week' | 'month' | 'quarter'; label: string; start: Date; end: Date };

/** Returns the calendar periods of UTC that overlap the history. */
export function periods(): Period[] {
  const found: Period[] = [];
  const { year, month } = { year: BEGINNING.getUTCFullYear(), month: BEGINNING.getUTCMonth() };
  for (let m = month; new Date(Date.UTC(year, m)) < END; m++) {
    const start = new Date(Date.UTC(year, m));
    found.push({ kind: 'month', label: start.toISOString().slice(0, 7), start, end: new Date(Date.UTC(year, m + 1)) });
    if (m % 3 === 0) {
      found.push({ kind: 'quarter', label: `${year}-Q${m / 3 + 1}`, start, end: new Date(Date.UTC(year, m + 3)) });
    }
  }
  const monday = BEGINNING.getTime() - ((BEGINNING.getUTCDay() + 6) % 7) * DAY_MS;
  for (let at = monday; at < END.getTime(); at += 7 * DAY_MS) {
    const start = new Date(at);
    found.push({ kind: 'week', label: isoWeek(start), start, end: new Date(at + 7 * DAY_MS) });
  }
  return found;
}

function isoWeek(monday: Date): string {
  const thursday = new Date(monday.getTime() + 3 * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0)) / (7 * DAY_MS));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** A small generator of uniform numbers in [0, 1), after Tommy Ettinger. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
