import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ALL } from '../src/variables.js';
import type { Ask } from './canary-numbers.js';
import { RANGE } from './choices.js';
import { moment, tally } from './expected.js';
import {
  CONSUMPTIONS,
  DECISIONS,
  GUARDED,
  TOLERANCE_MS,
  UNKNOWN_SERVICE,
  type Decision,
  type Outcome,
  type Rule,
} from './gates.js';
import { END, history, QUOTED_SERVICE, type Attempt, type Series } from './history.js';
import { ofRate } from './intervals.js';
import { intervalOf, type TimeRange } from './macros.js';

const WEEK = { from: new Date(END.getTime() - 7 * 86_400_000), to: new Date(END.getTime() - 1000) };
const SERVICES = ['checkout', QUOTED_SERVICE, 'search'];
const OUTCOMES: readonly Outcome[] = ['error', 'deny', 'pending', 'allow'];
const TABLE_ROWS = 100;

type Standing = 'allowed' | 'expired' | 'against' | 'unnamed' | 'without';
type Standings = { attempt: Attempt; at: Date; standing: Standing; decision: Decision | undefined };

/** Checks that what is shown of gates is what they decided, and what was deployed past them. */
export function gateNumbers(ask: Ask): void {
  for (const service of [ALL, 'checkout', QUOTED_SERVICE]) {
    for (const range of [RANGE, WEEK]) {
      const whose = `${service}, from ${range.from.toISOString().slice(0, 10)}`;

      it(`at the top, of ${whose}`, () => atTheTop(ask, range, service));

      it(`over time, by reason and by policy, of ${whose}`, () => byEverything(ask, range, service));

      it(`of what was deployed, of ${whose}`, () => deployed(ask, range, service));

      it(`in the tables of decisions, of ${whose}`, () => tables(ask, range, service));
    }
  }

  it('are those of the other tenant where that is chosen', () => {
    const own = DECISIONS.filter((each) => each.tenant === 'other' && within(each.decided_at, RANGE));
    const [row] = ask('panel 301 ', RANGE, { tenant: 'other' });
    assert.equal(Number(row?.['decisions']), own.length);
    const past = standings(RANGE, 'other', ALL).filter(isBypass);
    assert.equal(ask('panel 308 ', RANGE, { tenant: 'other' }).length, past.length);
    assert.ok(past.length > 0);
  });

  it('are of no deployment where no gate was ever asked', () => {
    assert.deepEqual(ask('panel 303 ', RANGE, { environment: 'staging' }), []);
    assert.deepEqual(ask('panel 308 ', RANGE, { environment: 'staging' }), []);
  });

  it('offer every service that gates were asked about', () => {
    assert.deepEqual(
      ask('variable service of sluice-gate', RANGE, {}).map(({ service }) => service),
      ['checkout', UNKNOWN_SERVICE, QUOTED_SERVICE, 'search'],
    );
  });

  it('have all that can be seen', () => {
    const seen = standings(RANGE, 'default', ALL);
    assert.deepEqual([...new Set(seen.map(({ standing }) => standing))].sort(), [
      ...['against', 'allowed', 'expired', 'unnamed', 'without'],
    ]);
    assert.ok(
      seen.some(({ attempt }) => attempt.result !== 'SUCCESS'),
      'one that failed and did harm',
    );
    assert.ok(seen.every(({ at }) => at >= GUARDED) && history().attempts.some((a) => begin(a) < GUARDED));
    const near = seen.filter(
      ({ at, standing, decision }) => standing === 'allowed' && at > (decision?.expires_at ?? at),
    );
    assert.ok(near.length > 0, 'one within the tolerance');
    assert.deepEqual([...new Set(DECISIONS.map(({ decision }) => decision))].sort(), [...OUTCOMES].sort());
    assert.ok(CONSUMPTIONS.some(({ claims }) => claims > 1));
  });
}

function atTheTop(ask: Ask, range: TimeRange, service: string): void {
  const decisions = decided(range, service);
  const number = (outcome: Outcome): number => decisions.filter(({ decision }) => decision === outcome).length;
  const [top] = ask('panel 301 ', range, { service });
  assert.deepEqual(
    [Number(top?.['decisions']), top?.['denied'], top?.['errors'], Number(top?.['pending'])],
    [...[decisions.length, number('deny') / decisions.length, number('error') / decisions.length], number('pending')],
  );
  const overridden = decisions.filter(({ override }) => override !== null);
  const own = overridden.filter(({ override }) => override?.requester === override?.approver);
  const exempted = decisions.filter(({ rules }) => rules.some(isLifted));
  assert.deepEqual(numbers(ask('panel 302 ', range, { service })), [
    [overridden.length, own.length, exempted.length, decisions.length],
  ]);
  const successes = standings(range, 'default', service).filter(({ attempt }) => attempt.result === 'SUCCESS');
  const against = successes.filter(({ standing }) => standing === 'against');
  const row = [successes.filter(isBypass).length, against.length, successes.length];
  assert.deepEqual(numbers(ask('panel 303 ', range, { service })), successes.length === 0 ? [] : [row]);
}

function byEverything(ask: Ask, range: TimeRange, service: string): void {
  const decisions = decided(range, service);
  const step = intervalOf(range) * 1000;
  assert.deepEqual(
    tally(ask('panel 304 ', range, { service }).map((row) => [moment(row['time']), row['decision'], row['decisions']])),
    tally(
      decisions.map(({ decided_at, decision }) => [
        new Date(Math.floor(decided_at.getTime() / step) * step).toISOString(),
        ...[decision, 1],
      ]),
    ),
  );
  const rules = decisions.flatMap((decision) => decision.rules.map((rule) => ({ decision, rule })));
  const stopping = rules.filter(({ rule }) => rule.mode === 'enforce' && rule.outcome !== 'allow' && !isLifted(rule));
  const found = ask('panel 305 ', range, { service });
  assert.deepEqual(
    tally(found.map((row) => [row['outcome'], row['policy'], row['rule'], row['code'], row['decisions']])),
    tally(stopping.map(({ rule }) => [rule.outcome, rule.policy ?? '', rule.rule, rule.code, 1])),
  );
  for (const row of found) {
    const same = stopping.filter(({ rule }) => rule.rule === row['rule'] && rule.code === row['code']);
    const newest = same.sort((a, b) => Number(b.decision.decided_at) - Number(a.decision.decided_at))[0];
    assert.equal(row['last_reason'], newest?.rule.reason);
  }
  policies(ask, range, service, decisions);
  const trials = rules.filter(({ rule }) => rule.mode !== 'enforce');
  for (const row of ask('panel 312 ', range, { service })) {
    const own = trials.filter(({ rule }) => rule.rule === row['rule'] && rule.policy === row['policy']);
    const stopped = own.filter(({ rule }) => rule.outcome !== 'allow');
    const alone = stopped.filter(({ decision }) => decision.decision === 'allow');
    assert.deepEqual([row['stopped'], row['stopped_alone'], row['decisions']].map(Number), [
      stopped.length,
      alone.length,
      own.length,
    ]);
    assert.equal(row['share'], stopped.length / own.length);
  }
}

function policies(ask: Ask, range: TimeRange, service: string, decisions: readonly Decision[]): void {
  const own = decisions.flatMap(({ policies: all, rules }) =>
    all.map(({ name, version, digest }) => ({
      key: `${name} ${version} ${digest.slice(0, 19)}`,
      outcome: worst(rules.filter(({ policy, mode }) => policy === name && mode === 'enforce')),
    })),
  );
  const rows = ask('panel 306 ', range, { service });
  const keys = rows.map((row) => `${row['policy']} ${row['version']} ${row['content']}`);
  assert.deepEqual([...keys].sort(), [...new Set(own.map(({ key }) => key))].sort());
  for (const [at, row] of rows.entries()) {
    const outcomes = own.filter(({ key }) => key === keys[at]).map(({ outcome }) => outcome);
    const number = (wanted: Outcome | undefined): number => outcomes.filter((outcome) => outcome === wanted).length;
    assert.deepEqual(
      ['allowed', 'denied', 'pending', 'errors', 'not_judged', 'decisions'].map((name) => Number(row[name])),
      [...(['allow', 'deny', 'pending', 'error', undefined] as const).map(number), outcomes.length],
    );
    assert.equal(row['share'], number('deny') / outcomes.length);
  }
}

function deployed(ask: Ask, range: TimeRange, service: string): void {
  const all = standings(range, 'default', service);
  const past = all
    .filter(isBypass)
    .sort((a, b) => Number(b.at) - Number(a.at) || (a.attempt.id < b.attempt.id ? -1 : 1));
  assert.deepEqual(
    ask('panel 308 ', range, { service }).map((row) => [
      ...[moment(row['at']), row['id'], row['service'], row['version'], row['kind'], row['deployment_kind']],
      ...[row['failure'], row['decision'], row['decision_id'], moment(row['decided_at']), moment(row['expires_at'])],
    ]),
    past
      .slice(0, TABLE_ROWS)
      .map(({ attempt, at, standing, decision }) => [
        ...[at.toISOString(), attempt.id, attempt.service, attempt.version, standing, attempt.kind],
        ...[attempt.failed ? 'failed' : '', decision?.decision ?? null, decision?.id ?? null],
        ...[decision?.decided_at.toISOString(), decision?.expires_at.toISOString()],
      ]),
  );
  const rows = ask('panel 307 ', range, { service });
  assert.deepEqual(
    rows.map(({ standing }) => standing).sort(),
    [...new Set(all.map(({ standing }) => standing))].sort(),
  );
  for (const row of rows) {
    const own = all.filter(({ standing }) => standing === row['standing']).map(({ attempt }) => attempt);
    const judged = own.filter((attempt) => attempt.fail_rate_counted);
    const failed = judged.filter((attempt) => attempt.failed).length;
    const interval = ofRate(failed, judged.length);
    assert.deepEqual([row['deployments'], row['n'], row['failed']].map(Number), [
      own.filter(({ result }) => result === 'SUCCESS').length,
      judged.length,
      failed,
    ]);
    assertClose(row['value'], judged.length === 0 ? null : failed / judged.length);
    assertClose(row['lower'], interval?.lower ?? null);
    assertClose(row['upper'], interval?.upper ?? null);
  }
}

function tables(ask: Ask, range: TimeRange, service: string): void {
  const decisions = newestFirst(decided(range, service));
  assert.deepEqual(
    ask('panel 311 ', range, { service }).map((row) => [
      ...[moment(row['decided_at']), row['id'], row['service'], row['version'], row['decision'], row['code']],
      ...[row['reason'], row['principal'], row['gate']],
    ]),
    decisions
      .slice(0, TABLE_ROWS)
      .map((decision) => [
        ...[decision.decided_at.toISOString(), decision.id, decision.service, decision.artifact?.version ?? null],
        ...[decision.decision, decision.code, decision.reason, decision.principal, decision.gate],
      ]),
  );
  assert.deepEqual(
    ask('panel 309 ', range, { service }).map((row) => [
      ...[row['id'], row['requester'], row['approver'], row['approved_by'], row['reason'], row['ticket'], row['force']],
      moment(row['expires_at']),
    ]),
    decisions.flatMap(({ id, override }) =>
      override === null
        ? []
        : [
            [
              ...[id, override.requester, override.approver],
              override.approver === null ? 'nobody' : override.approver === override.requester ? 'the same' : 'another',
              ...[override.reason, override.ticket, override.expires_at < range.to ? 'expired' : 'in force'],
              override.expires_at.toISOString(),
            ],
          ],
    ),
  );
  const of = new Map(DECISIONS.map((decision) => [`${decision.tenant} ${decision.id}`, decision]));
  const consumed = CONSUMPTIONS.flatMap((each) => {
    const decision = of.get(`${each.tenant} ${each.id}`);
    return decision !== undefined && isShown(decision, service) && within(each.at, range)
      ? [{ ...each, decision }]
      : [];
  }).sort((a, b) => Number(b.at) - Number(a.at));
  assert.deepEqual(
    ask('panel 310 ', range, { service }).map((row) => [
      ...[moment(row['consumed_at']), row['decision_id'], row['consumer'], row['principal'], row['after']],
      ...[Number(row['claims']), row['version'], row['service']],
    ]),
    consumed
      .slice(0, TABLE_ROWS)
      .map(({ at, id, consumer, claims, decision }) => [
        ...[at.toISOString(), id, consumer, 'ci', (at.getTime() - decision.decided_at.getTime()) / 1000, claims],
        ...[decision.artifact?.version ?? null, decision.service],
      ]),
  );
}

/** What is deployed where gates are asked, and how it stands to the decisions; by the definition, one by one. */
function standings(range: TimeRange, tenant: string, service: string): Standings[] {
  const asked = DECISIONS.filter((each) => each.tenant === tenant && each.environment === 'production');
  const since = Math.min(...asked.map(({ decided_at: at }) => at.getTime()));
  return history()
    .attempts.filter((attempt) => attempt.result === 'SUCCESS' || attempt.fail_rate_counted)
    .filter((attempt) => attempt.tenant === tenant && isShown({ ...attempt, tenant: 'default' }, service))
    .map((attempt) => ({ attempt, at: begin(attempt) }))
    .filter(({ at }) => at.getTime() >= since && at >= range.from && at < range.to)
    .map(({ attempt, at }) => ({ attempt, at, ...standing(attempt, at, asked) }));
}

function standing(attempt: Attempt, at: Date, all: readonly Decision[]): Pick<Standings, 'standing' | 'decision'> {
  const before = newestFirst(all.filter((each) => each.service === attempt.service && each.decided_at <= at));
  const own = before.filter(({ artifact }) => artifact?.version === attempt.version);
  const holds = ({ decision, expires_at: end }: Decision): boolean =>
    decision === 'allow' && at.getTime() < end.getTime() + TOLERANCE_MS;
  const allowing = own.find(holds);
  const unnamed = before.find((each) => each.artifact === null && holds(each));
  if (allowing !== undefined) {
    return { standing: 'allowed', decision: allowing };
  }
  if (own[0] !== undefined) {
    return { standing: own[0].decision === 'allow' ? 'expired' : 'against', decision: own[0] };
  }
  return { standing: unnamed === undefined ? 'without' : 'unnamed', decision: unnamed };
}

function isBypass({ standing: how, attempt }: Standings): boolean {
  return how !== 'allowed' && attempt.result === 'SUCCESS';
}

function begin({ started_at: started, finished_at: finished }: Attempt): Date {
  return started ?? finished ?? END;
}

function decided(range: TimeRange, service: string): Decision[] {
  const found = DECISIONS.filter((each) => isShown(each, service) && within(each.decided_at, range));
  assert.ok(found.length > 0, service);
  return found;
}

/** Whether it shows where a service, or all that there are to choose from, is chosen. */
function isShown({ tenant, service, environment }: Series, wanted: string): boolean {
  const chosen = wanted === ALL ? SERVICES : [wanted];
  return tenant === 'default' && environment === 'production' && chosen.includes(service);
}

function within(at: Date, { from, to }: TimeRange): boolean {
  return at >= from && at <= to;
}

/** Whether an exemption kept a rule from deciding. */
function isLifted({ exemption, mode, outcome }: Rule): boolean {
  return exemption !== undefined && exemption !== null && mode === 'enforce' && outcome !== 'allow';
}

function worst(rules: readonly Rule[]): Outcome | undefined {
  const outcomes = rules.map(({ outcome, exemption }) => (exemption ? 'allow' : outcome));
  return OUTCOMES.find((outcome) => outcomes.includes(outcome));
}

function newestFirst(decisions: readonly Decision[]): Decision[] {
  return [...decisions].sort((a, b) => Number(b.decided_at) - Number(a.decided_at) || (a.id < b.id ? -1 : 1));
}

function numbers(rows: readonly Record<string, unknown>[]): number[][] {
  return rows.map((row) => Object.values(row).map(Number));
}

function assertClose(actual: unknown, wanted: number | null): void {
  if (wanted === null || actual === null) {
    assert.equal(actual, wanted);
    return;
  }
  assert.ok(Math.abs(Number(actual) - wanted) <= 1e-9, `${actual} is not ${wanted}`);
}
