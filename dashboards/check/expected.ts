/** What the statements are to return, of the metrics of a history; in the units of the panels. */

import assert from 'node:assert/strict';
import { periods, type Attempt } from './history.js';
import { ofFrequency, type Interval } from './intervals.js';
import type { Metrics } from './metrics.js';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** The metrics of a table, in its order, and those of them that count and so can be 0. */
export const METRICS = [
  ...['per_week', 'deployments', 'deploy_days', 'lead_time_median', 'lead_time_p90', 'changes', 'pull_request_median'],
  ...['pull_requests', 'fail_rate', 'judged', 'recovery_median', 'recoveries', 'rework_rate', 'with_rollbacks'],
  ...['success_rate', 'attempts', 'time_to_deploy', 'timed', 'drifted_share', 'checks'],
];
export const COUNTS = new Set([
  ...['deployments', 'deploy_days', 'changes', 'pull_requests', 'judged', 'recoveries', 'with_rollbacks', 'attempts'],
  ...['timed', 'checks'],
]);

/** What a big number shows of a range of 90 days. */
export type Answer = {
  where: string;
  n: (metrics: Metrics) => number;
  of: (metrics: Metrics) => number | null;
  interval: (metrics: Metrics) => Interval | null;
};

export const ANSWERS: readonly Answer[] = [
  {
    where: 'panel 1 ',
    n: ({ deployments }) => deployments,
    of: ({ deployments }) => (deployments * 7) / 90,
    interval: ({ deployments }) => (deployments === 0 ? null : ofFrequency(deployments, 90 / 7)),
  },
  {
    where: 'panel 2 ',
    n: ({ changes }) => changes,
    of: ({ medianMs }) => seconds(medianMs),
    interval: ({ medianInterval }) => inSeconds(medianInterval),
  },
  {
    where: 'panel 25 ',
    n: ({ judged }) => judged,
    of: ({ failRate }) => failRate,
    interval: ({ failInterval }) => failInterval,
  },
  {
    where: 'panel 26 ',
    n: ({ recoveries }) => recoveries,
    of: ({ recoveryMs }) => seconds(recoveryMs),
    interval: ({ recoveryInterval }) => inSeconds(recoveryInterval),
  },
  {
    where: 'panel 12 ',
    n: ({ withRollbacks }) => withRollbacks,
    of: ({ reworkRate }) => reworkRate,
    interval: ({ reworkInterval }) => reworkInterval,
  },
  {
    where: 'panel 29 ',
    n: ({ pullRequests }) => pullRequests,
    of: ({ pullRequestMs }) => seconds(pullRequestMs),
    interval: ({ pullRequestInterval }) => inSeconds(pullRequestInterval),
  },
  {
    where: 'panel 3 ',
    n: ({ attempts }) => attempts,
    of: ({ successRate }) => successRate,
    interval: ({ successInterval }) => successInterval,
  },
];

/** What a trend shows of a period. */
export type Trend = {
  where: string;
  n: (metrics: Metrics) => number;
  of: (metrics: Metrics, days: number) => number | null;
  interval?: (metrics: Metrics, days: number) => Interval | null;
};

export const TRENDS: readonly Trend[] = [
  {
    where: 'panel 5 ',
    n: ({ deployments }) => deployments,
    of: ({ deployments }, days) => (deployments * 7) / days,
    interval: ({ deployments }, days) => ofFrequency(deployments, days / 7),
  },
  {
    where: 'panel 6 ',
    n: ({ changes }) => changes,
    of: ({ medianMs }) => seconds(medianMs),
    interval: ({ medianInterval }) => inSeconds(medianInterval),
  },
  {
    where: 'panel 31 ',
    n: ({ judged }) => judged,
    of: ({ failRate }) => failRate,
    interval: ({ failInterval }) => failInterval,
  },
  {
    where: 'panel 32 ',
    n: ({ recoveries }) => recoveries,
    of: ({ recoveryMs }) => seconds(recoveryMs),
    interval: ({ recoveryInterval }) => inSeconds(recoveryInterval),
  },
  {
    where: 'panel 36 ',
    n: ({ pullRequests }) => pullRequests,
    of: ({ pullRequestMs }) => seconds(pullRequestMs),
    interval: ({ pullRequestInterval }) => inSeconds(pullRequestInterval),
  },
  { where: 'panel 39 ', n: ({ checks }) => checks, of: ({ driftedShare }) => driftedShare },
  {
    where: 'panel 14 ',
    n: ({ withRollbacks }) => withRollbacks,
    of: ({ reworkRate }) => reworkRate,
    interval: ({ reworkInterval }) => reworkInterval,
  },
  {
    where: 'panel 7 ',
    n: ({ attempts }) => attempts,
    of: ({ successRate }) => successRate,
    interval: ({ successInterval }) => successInterval,
  },
  { where: 'panel 15 ', n: ({ timed }) => timed, of: ({ meanDeployMs }) => seconds(meanDeployMs) },
];

/** Adds up the last column by the others. */
export function tally(rows: readonly (readonly unknown[])[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const row of rows) {
    const key = row.slice(0, -1).join(' ');
    found[key] = (found[key] ?? 0) + Number(row.at(-1));
  }
  return found;
}

/** The start of the period in which something happened, as the engine writes it. */
export function startOf(kind: string, at: Date | null): string {
  const found = periods().find(
    (period) => period.kind === kind && at !== null && period.start <= at && at < period.end,
  );
  assert.ok(found !== undefined, `${kind} of ${at?.toISOString()}`);
  return found.start.toISOString().slice(0, 19).replace('T', ' ');
}

export function outcomeOf({ failed, kind, result }: Attempt): string {
  if (failed) {
    return 'failed';
  }
  return result === 'SUCCESS' ? (kind === 'ROLLBACK' ? 'rollback' : 'good') : result.toLowerCase();
}

export function classOf(leadTimeMs: number): string {
  const limits: [number, string][] = [
    [DAY_MS / 24, 'below 1 hour'],
    [DAY_MS, '1 hour to 1 day'],
    [7 * DAY_MS, '1 to 7 days'],
    [30 * DAY_MS, '7 to 30 days'],
  ];
  return limits.find(([limit]) => leadTimeMs < limit)?.[1] ?? '30 days or more';
}

export function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / SECOND_MS;
}

export function inSeconds(interval: Interval | null): Interval | null {
  return interval && { lower: interval.lower / SECOND_MS, upper: interval.upper / SECOND_MS };
}

/** A time of the engine, which has no zone in its text but UTC. */
export function moment(value: unknown): string | undefined {
  return value === null ? undefined : new Date(`${String(value).replace(' ', 'T')}Z`).toISOString();
}
