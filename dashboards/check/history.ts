/** A made-up delivery history: what the tables are filled with. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Within which an incident is linked to a deployment by its time. */
export const LINK_WINDOW_MS = 3 * DAY_MS;

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
  fail_rate_counted: boolean;
  failed: boolean;
  failure_rules: string[];
  incident_ids: string[];
  failure_distance_ms: number | null;
  impact: boolean | null;
  impact_started_at: Date | null;
  restored_at: Date | null;
  recovery_ms: number | null;
  failure_lifetime_ms: number | null;
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

export type Incident = Series & {
  id: string;
  started_at: Date;
  resolved_at: Date | null;
  closed_gap_ms: number;
  severity: string | null;
  title: string | null;
  change_caused: boolean;
  rule: string | null;
  deployment_ids: string[];
  distance_ms: number | null;
  unattributed_reason: string | null;
  time_to_restore_ms: number | null;
};

export type PullRequest = Series & {
  repository: string;
  id: string;
  title: string;
  deployment_id: string;
  first_commit_at: Date | null;
  ready_at: Date;
  first_review_at: Date;
  merged_at: Date;
  finished_at: Date;
  lead_time_ms: number | null;
  coding_ms: number | null;
  pickup_ms: number | null;
  review_ms: number | null;
  deploy_ms: number | null;
  counted: boolean;
  excluded_reason: string | null;
  flags: string[];
};

export type Episode = Series & {
  resource: string;
  opened_at: Date;
  closed_at: Date | null;
  reconcile_ms: number | null;
  last_check_at: Date;
  checks: number;
  fingerprints: string[];
  detectors: string[];
};

/** The series of the history: three services of one environment, and two that must not show among them. */
export const SERIES: readonly Series[] = [
  { tenant: 'default', service: 'checkout', environment: 'production' },
  { tenant: 'default', service: 'search', environment: 'production' },
  { tenant: 'default', service: QUOTED_SERVICE, environment: 'production' },
  { tenant: 'default', service: 'checkout', environment: 'staging' },
  { tenant: 'other', service: 'checkout', environment: 'production' },
];

/** Which team a service belongs to, for a time. */
export type Membership = { tenant: string; service: string; team: string; from: Date; to: Date | null };

/** A team whose name is an attack, too. */
const QUOTED_TEAM = "o'x team";
const MOVE = new Date('2026-08-15T00:00:00Z');

/** A service moves from one team to the other; one belongs to no team at first. */
export const MEMBERSHIPS: readonly Membership[] = [
  { tenant: 'default', service: 'checkout', team: 'payments', from: BEGINNING, to: MOVE },
  { tenant: 'default', service: 'checkout', team: 'storefront', from: MOVE, to: null },
  { tenant: 'default', service: 'search', team: 'storefront', from: BEGINNING, to: null },
  { tenant: 'default', service: QUOTED_SERVICE, team: QUOTED_TEAM, from: MOVE, to: null },
  { tenant: 'other', service: 'checkout', team: 'strangers', from: BEGINNING, to: null },
];

/** A lasting change of a metric. */
export type Shift = Series & {
  metric: string;
  direction: 'IMPROVEMENT' | 'DETERIORATION';
  began: Date;
  detected: Date;
  before_n: number;
  before_value: number;
  after_n: number;
  after_value: number;
  log_evidence: number;
  withdrawn: boolean;
};

/** Shifts of each unit; one of them was withdrawn, and some belong elsewhere. */
export const SHIFTS: readonly Shift[] = [
  shift(0, 'change_fail_rate', 'DETERIORATION', '2026-08-20', [0.125, 0.375], false),
  shift(0, 'change_lead_time', 'IMPROVEMENT', '2026-09-10', [4 * DAY_MS, DAY_MS], true),
  shift(1, 'deployment_frequency', 'IMPROVEMENT', '2026-09-01', [1.5, 3], false),
  shift(2, 'mean_time_to_deploy', 'DETERIORATION', '2026-09-05', [HOUR_MS, 2 * HOUR_MS], false),
  shift(3, 'deployment_rework_rate', 'DETERIORATION', '2026-09-02', [0.1, 0.3], false),
  shift(4, 'deployment_success_rate', 'DETERIORATION', '2026-09-03', [0.9, 0.5], false),
];

export type History = {
  attempts: Attempt[];
  changes: Change[];
  incidents: Incident[];
  pullRequests: PullRequest[];
  episodes: Episode[];
};

/** Returns the history; the same at every call. */
export function history(): History {
  const random = mulberry32(SEED);
  const later = mulberry32(SEED + 1);
  const attempts: Attempt[] = [];
  const changes: Change[] = [];
  const incidents: Incident[] = [];
  const pullRequests: PullRequest[] = [];
  for (const [number, series] of SERIES.entries()) {
    let at = BEGINNING.getTime() + number * HOUR_MS;
    const end = END.getTime() - (series.service === QUOTED_SERVICE ? QUIET_DAYS : 1) * DAY_MS;
    for (let count = 0; at < end; count++) {
      const attempt = judged(attemptAt(series, `${number}-${count}`, new Date(at), count === 0, random), later);
      attempts.push(attempt);
      incidents.push(...incidentsAfter(attempt, later));
      if (attempt.kind === 'FORWARD') {
        changes.push(...changesOf(attempt, random));
        pullRequests.push(...pullRequestsOf(attempt, later));
      }
      at += Math.floor(8 * HOUR_MS + random() * 4 * DAY_MS);
    }
  }
  const episodes = SERIES.filter(isChecked).flatMap((series) => episodesOf(series, later));
  return { attempts, changes, incidents, pullRequests, episodes };
}

/** What a service did while it belonged to a team. */
export function ofTeam(whole: History, team: string): History {
  const own = <T extends Series>(rows: readonly T[], at: (row: T) => Date | null): T[] =>
    rows.filter((row) => {
      const moment = at(row);
      return MEMBERSHIPS.some(
        (membership) =>
          membership.team === team &&
          membership.tenant === row.tenant &&
          membership.service === row.service &&
          moment !== null &&
          moment >= membership.from &&
          (membership.to === null || moment < membership.to),
      );
    });
  return {
    attempts: own(whole.attempts, ({ finished_at }) => finished_at),
    changes: own(whole.changes, ({ finished_at }) => finished_at),
    incidents: own(whole.incidents, ({ started_at }) => started_at),
    pullRequests: own(whole.pullRequests, ({ finished_at }) => finished_at),
    episodes: own(whole.episodes, ({ opened_at }) => opened_at),
  };
}

/** Whether anyone checks a series for drift. */
export function isChecked(series: Series): boolean {
  return series.service !== QUOTED_SERVICE;
}

type Unjudged = Omit<Attempt, keyof typeof NOT_FAILED>;

const NOT_FAILED = {
  fail_rate_counted: false,
  failed: false,
  failure_rules: [] as string[],
  incident_ids: [] as string[],
  failure_distance_ms: null as number | null,
  impact: null as boolean | null,
  impact_started_at: null as Date | null,
  restored_at: null as Date | null,
  recovery_ms: null as number | null,
  failure_lifetime_ms: null as number | null,
};

/** Lets some deployments fail: by rules other than time, or by an incident within a link window of 72 h. */
function judged(attempt: Unjudged, random: () => number): Attempt {
  const impact = attempt.result === 'FAILURE' && random() < 0.5 ? true : null;
  const finishedAt = attempt.finished_at;
  if (finishedAt === null || !(attempt.counted || impact === true)) {
    return { ...attempt, ...NOT_FAILED, impact };
  }
  const named = impact === true || random() < 0.12;
  const incidentAt = before(END, finishedAt.getTime() + Math.floor(random() * 7 * DAY_MS));
  const distanceMs =
    attempt.counted && incidentAt !== null && random() < 0.3 ? incidentAt.getTime() - finishedAt.getTime() : null;
  const linked = distanceMs !== null && distanceMs <= LINK_WINDOW_MS;
  const rules = [
    ...(named ? [impact === true ? 'IMPACT' : random() < 0.5 ? 'ROLLED_BACK' : 'DEPLOYMENT'] : []),
    ...(linked ? ['TIME'] : []),
  ];
  const failed = rules.length > 0;
  const impactAt = failed ? new Date(finishedAt.getTime() + (linked ? distanceMs : 0)) : null;
  const restoredAt =
    impactAt !== null && random() < 0.85 ? before(END, impactAt.getTime() + Math.floor(random() * DAY_MS)) : null;
  const skewed = random() < 0.1;
  return {
    ...attempt,
    fail_rate_counted: true,
    failed,
    failure_rules: rules,
    incident_ids: linked ? [`i-${attempt.id}`] : [],
    failure_distance_ms: distanceMs,
    impact,
    impact_started_at: impactAt,
    restored_at: restoredAt,
    recovery_ms: restoredAt === null || impactAt === null || skewed ? null : restoredAt.getTime() - impactAt.getTime(),
    failure_lifetime_ms: restoredAt === null ? null : restoredAt.getTime() - finishedAt.getTime(),
  };
}

/** The incident that follows a deployment within a week, linked or too late, and sometimes one of another cause. */
function incidentsAfter(attempt: Attempt, random: () => number): Incident[] {
  const finishedAt = attempt.finished_at;
  if (finishedAt === null) {
    return [];
  }
  const incident = (id: string, startedAt: Date, rest: Partial<Incident>): Incident => {
    const resolvedAt = random() < 0.8 ? before(END, startedAt.getTime() + Math.floor(random() * DAY_MS)) : null;
    return {
      ...{ tenant: attempt.tenant, service: attempt.service, environment: attempt.environment, id },
      ...{ started_at: startedAt, resolved_at: resolvedAt, closed_gap_ms: 0 },
      ...{ severity: random() < 0.5 ? 'major' : null, title: random() < 0.9 ? `Trouble ${id}` : null },
      ...{ change_caused: true, rule: null, deployment_ids: [], distance_ms: null, unattributed_reason: null },
      time_to_restore_ms: resolvedAt === null ? null : resolvedAt.getTime() - startedAt.getTime(),
      ...rest,
    };
  };
  const found: Incident[] = [];
  const distance = attempt.failure_distance_ms;
  if (distance !== null) {
    const linked = attempt.failure_rules.includes('TIME');
    found.push(
      incident(`i-${attempt.id}`, new Date(finishedAt.getTime() + distance), {
        ...{ rule: linked ? 'TIME' : null, deployment_ids: linked ? [attempt.id] : [], distance_ms: distance },
        unattributed_reason: linked ? null : 'too_late',
      }),
    );
  }
  if (random() < 0.1) {
    found.push(
      incident(`cloud-${attempt.id}`, new Date(finishedAt.getTime() + HOUR_MS), {
        ...{ change_caused: false, unattributed_reason: 'not_change_caused' },
      }),
    );
  }
  return found;
}

/** Returns the time, or nothing where it has not come yet. */
function before(end: Date, time: number): Date | null {
  return time < end.getTime() ? new Date(time) : null;
}

function pullRequestsOf(attempt: Attempt, random: () => number): PullRequest[] {
  const finishedAt = attempt.finished_at;
  if (finishedAt === null) {
    throw new Error(`${attempt.id} has not finished`);
  }
  return Array.from({ length: Math.floor(random() * 3) }, (_, index) => {
    const [coding, pickup, review, deploy] = [10, 2, 4, 1].map((days) => Math.floor(random() ** 2 * days * DAY_MS)) as [
      number,
      number,
      number,
      number,
    ];
    const excluded = attempt.seed ? 'SEED' : random() < 0.1 ? 'NO_COMMITS' : null;
    const counted = excluded === null;
    const [mergedAt, reviewedAt, readyAt, begunAt] = [
      deploy,
      deploy + review,
      deploy + review + pickup,
      deploy + review + pickup + coding,
    ].map((before) => new Date(finishedAt.getTime() - before)) as [Date, Date, Date, Date];
    return {
      ...{ tenant: attempt.tenant, service: attempt.service, environment: attempt.environment },
      ...{ repository: `acme/${attempt.service}`, id: `${attempt.id}-${index}`, title: `Change ${index}` },
      ...{ deployment_id: attempt.id, first_commit_at: excluded === 'NO_COMMITS' ? null : begunAt, ready_at: readyAt },
      ...{ first_review_at: reviewedAt, merged_at: mergedAt, finished_at: finishedAt },
      lead_time_ms: counted ? coding + pickup + review + deploy : null,
      coding_ms: counted ? coding : null,
      pickup_ms: counted ? pickup : null,
      review_ms: counted ? review : null,
      deploy_ms: counted ? deploy : null,
      counted,
      excluded_reason: excluded,
      flags: random() < 0.2 ? ['SQUASHED'] : [],
    };
  });
}

/** A resource that drifts now and then, seen by hourly checks; the last episode goes on at the end. */
function episodesOf(series: Series, random: () => number): Episode[] {
  const hours = (most: number): number => (1 + Math.floor(random() * most)) * HOUR_MS;
  const found: Episode[] = [];
  for (let at = BEGINNING.getTime() + hours(240); at < END.getTime(); at += hours(240)) {
    const openedAt = at;
    at += hours(48);
    const closedAt = at < END.getTime() ? new Date(at) : null;
    found.push({
      ...series,
      ...{ resource: 'deployment/web', opened_at: new Date(openedAt), closed_at: closedAt },
      reconcile_ms: closedAt === null ? null : closedAt.getTime() - openedAt,
      last_check_at: closedAt ?? END,
      checks: ((closedAt ?? END).getTime() - openedAt) / HOUR_MS,
      ...{ fingerprints: ['replicas'], detectors: random() < 0.5 ? ['argocd'] : ['argocd', 'flux'] },
    });
  }
  return found;
}

function attemptAt(series: Series, id: string, startedAt: Date, seed: boolean, random: () => number): Unjudged {
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

function shift(
  series: number,
  metric: string,
  direction: Shift['direction'],
  began: string,
  [before, after]: [number, number],
  withdrawn: boolean,
): Shift {
  const found = SERIES[series];
  if (found === undefined) {
    throw new Error(`no series ${series}`);
  }
  const at = new Date(`${began}T00:00:00Z`);
  return {
    ...found,
    ...{ metric, direction, began: at, detected: new Date(at.getTime() + 7 * DAY_MS), log_evidence: Math.log(250) },
    ...{ before_n: 40, before_value: before, after_n: series === 2 ? 3 : 20, after_value: after, withdrawn },
  };
}
