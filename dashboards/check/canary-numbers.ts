import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ALL } from '../src/variables.js';
import { LOG_E_TO_FAIL, LOG_E_TO_PASS, RUNS, type CanaryRun, type Look, type Reading, type State } from './canaries.js';
import { RANGE } from './choices.js';
import { moment } from './expected.js';
import { END, QUOTED_SERVICE } from './history.js';
import { ofRate } from './intervals.js';
import type { TimeRange } from './macros.js';

/** Returns the rows of the statement at a place. */
export type Ask = (where: string, range: TimeRange, chosen: Record<string, string>) => Record<string, unknown>[];

const SECOND_MS = 1000;
const HOUR = { from: new Date(END.getTime() - 3600 * SECOND_MS), to: new Date(END.getTime() - SECOND_MS) };
const STATES: readonly State[] = ['Pending', 'Running', 'Successful', 'Failed', 'Inconclusive', 'Error'];
const SHOWN = RUNS.filter(({ tenant, environment }) => tenant === 'default' && environment === 'production');
const TENANTS = [...SHOWN.filter(({ looks }) => looks.length > 1), ...RUNS.filter(({ tenant }) => tenant === 'other')];

/** Checks that what is shown of canary runs is what they did, as far as it was told last. */
export function canaryNumbers(ask: Ask): void {
  for (const run of TENANTS) {
    const chosen = { tenant: run.tenant, run: run.run };

    it(`at the top, of ${run.run} of ${run.tenant}`, () => atTheTop(ask, run, chosen));

    it(`in the scoreboard, of ${run.run} of ${run.tenant}`, () => scoreboard(ask, run, chosen));

    it(`of each metric over time, of ${run.run} of ${run.tenant}`, () => overTime(ask, run, chosen));

    it(`of evidence and states, of ${run.run} of ${run.tenant}`, () => evidenceAndStates(ask, run, chosen));
  }

  it('have all that can be seen', () => {
    const states = new Set(TENANTS.flatMap(({ looks }) => looks.map(({ state }) => state)));
    assert.deepEqual([...states].sort(), ['Failed', 'Inconclusive', 'Pending', 'Running', 'Successful']);
    const readings = TENANTS.flatMap(({ looks }) => looks.flatMap((look) => look.readings));
    assert.ok(
      readings.some(({ lower, upper }) => lower !== null && upper === null),
      'an end that is infinite',
    );
    assert.ok(readings.some((reading) => isTooWide(reading)) && readings.some(({ log_e_fail: e }) => Number(e) > 50));
    assert.ok(
      readings.some(({ log_e_pass: e }) => Number(e) < -20) && readings.some(({ log_e_fail: e }) => e === null),
    );
  });

  it('stand in the table of the runs that go on in the range', () => {
    for (const service of [ALL, 'checkout', QUOTED_SERVICE]) {
      for (const range of [RANGE, HOUR]) {
        const wanted = newestFirst(SHOWN.filter((run) => isOf(run, service) && overlaps(run, range)));
        assert.deepEqual(
          ask('panel 213 ', range, { service }).map((row) => [
            ...[moment(row['started_at']), row['service'], row['run'], row['state'], row['twin'], row['reason']],
            ...[Number(row['duration']), row['doubts'], row['until'], row['canary_version']],
          ]),
          wanted.map((run) => [
            ...[run.started_at.toISOString(), run.service, run.run, last(run).state, run.twin, run.reasons[0] ?? null],
            ...[elapsed(run), run.doubts.join(', '), run.ended ? String(last(run).at.getTime()) : 'now'],
            run.canary_version,
          ]),
        );
        assert.ok(wanted.length > 0);
      }
    }
  });

  it('are those of the A/A twins of runs that ended in the range', () => {
    for (const service of [ALL, 'checkout', QUOTED_SERVICE]) {
      const ended = SHOWN.filter((run) => isOf(run, service) && run.ended && run.twin !== null);
      const failed = ended.filter(({ twin }) => twin === 'Failed').length;
      const [row] = ask('panel 212 ', RANGE, { service });
      assert.deepEqual([row?.['failed'], row?.['n']], [failed, ended.length]);
      assertClose(row?.['value'], failed / ended.length);
      assertClose(row?.['alpha'], 0.01);
      const interval = ofRate(failed, ended.length);
      if (interval !== null) {
        assertClose(row?.['lower'], interval.lower);
        assertClose(row?.['upper'], interval.upper);
      }
      assert.equal(interval === null, service === QUOTED_SERVICE);
    }
  });

  it('are offered by run, the newest first, none that starts later, and by metric', () => {
    for (const to of [RANGE.to, new Date(END.getTime() - 20 * 86_400 * SECOND_MS)]) {
      const wanted = newestFirst(SHOWN.filter(({ started_at }) => started_at <= to));
      const found = ask('variable run of sluice-canary', { from: RANGE.from, to }, {});
      assert.deepEqual(
        found.map(({ run }) => run),
        wanted.map(({ run }) => run),
      );
      assert.ok(found.every((row, at) => String(row['label']).includes(wanted[at]?.canary_version ?? 'not said')));
    }
    assert.deepEqual(
      ask('variable metric of sluice-canary', RANGE, {}).map(({ metric }) => metric),
      ['cache hits', 'errors', 'latency', "queue o'x"],
    );
  });
}

function atTheTop(ask: Ask, run: CanaryRun, chosen: Record<string, string>): void {
  const { state, at, readings } = last(run);
  assert.deepEqual(ask('panel 201 ', RANGE, chosen), [{ state }]);
  assert.deepEqual(
    ask('panel 202 ', RANGE, chosen).map(({ doubts, ...row }) => ({ ...row, doubts: Number(doubts) })),
    [
      {
        ...{ service: run.service, baseline_version: run.baseline_version, canary_version: run.canary_version },
        ...{ rollout: run.ended ? 'has ended' : 'goes on', doubts: run.doubts.length },
      },
    ],
  );
  const { metric, baseline_n: baseline, canary_n: canary } = most(readings);
  const [traffic] = ask('panel 203 ', RANGE, chosen);
  assert.deepEqual([traffic?.['metric'], traffic?.['baseline_n'], traffic?.['canary_n']], [metric, baseline, canary]);
  assertClose(traffic?.['share'], canary === 0 ? null : 0.05);
  assert.deepEqual(
    ask('panel 204 ', RANGE, chosen).map((row) => [
      ...[Number(row['elapsed']), row['seconds_to_pass'], row['seconds_to_fail'], Number(row['at_ms'])],
    ]),
    [[elapsed(run), run.seconds_to_pass, run.seconds_to_fail, at.getTime()]],
  );
  const said = (what: string, texts: readonly string[]): object[] => texts.map((text) => ({ what, text }));
  assert.deepEqual(ask('panel 205 ', RANGE, chosen), [
    ...said('reason', run.reasons),
    ...said('doubt', run.doubts),
    ...said('condition', run.condition === null ? [] : [run.condition]),
    ...said('note', run.notes),
  ]);
}

function scoreboard(ask: Ask, run: CanaryRun, chosen: Record<string, string>): void {
  const wanted = byName(last(run).readings);
  assert.deepEqual(
    ask('panel 206 ', RANGE, chosen),
    wanted.map(({ metric, kind, direction, verdict, reason }) => ({ metric, kind, direction, verdict, reason })),
  );
  const share = (events: number | null, n: number): number | null => (events === null || n === 0 ? null : events / n);
  const rows = ask('panel 207 ', RANGE, chosen);
  assert.equal(rows.length, wanted.length);
  for (const [at, { reason: _, scale: __, kind: ___, direction: ____, ...reading }] of wanted.entries()) {
    const columns = {
      ...reading,
      ...{ log_e_to_fail: LOG_E_TO_FAIL, log_e_to_pass: LOG_E_TO_PASS },
      baseline_share: share(reading.baseline_events, reading.baseline_n),
      canary_share: share(reading.canary_events, reading.canary_n),
    };
    assert.deepEqual(Object.keys(rows[at] ?? {}).sort(), Object.keys(columns).sort());
    for (const [name, value] of Object.entries(columns)) {
      assertClose(rows[at]?.[name], value);
    }
  }
  const [one] = ask('panel 207 ', RANGE, { ...chosen, metric: "queue o'x" });
  assert.equal(one?.['metric'], "queue o'x");
}

function overTime(ask: Ask, run: CanaryRun, chosen: Record<string, string>): void {
  for (const { metric } of last(run).readings) {
    for (const range of [RANGE, HOUR]) {
      const looks = run.looks.filter(({ at }) => at >= range.from && at <= range.to);
      const rows = ask('panel 208 ', range, { ...chosen, metric });
      assert.deepEqual(
        rows.map(({ time }) => moment(time)),
        looks.map(({ at }) => at.toISOString()),
      );
      for (const [at, look] of looks.entries()) {
        const reading = readingOf(look, metric);
        const wanted = { ...effect(reading), ...lines(reading) };
        for (const [name, value] of Object.entries(wanted)) {
          assertClose(rows[at]?.[name], value);
        }
        assert.equal(Object.keys(rows[at] ?? {}).length, Object.keys(wanted).length + 1);
      }
    }
    assert.deepEqual(
      ask('panel 214 ', RANGE, { ...chosen, metric }).map((row) => [moment(row['time']), row['arm'], row['samples']]),
      within(run).flatMap((look) => [
        [look.at.toISOString(), 'baseline', readingOf(look, metric).baseline_n],
        [look.at.toISOString(), 'canary', readingOf(look, metric).canary_n],
      ]),
    );
  }
}

function evidenceAndStates(ask: Ask, run: CanaryRun, chosen: Record<string, string>): void {
  const failing = within(run).flatMap((look) => [
    [look, 'Σ all metrics', look.log_e] as const,
    [look, '≥ fails', LOG_E_TO_FAIL] as const,
    ...look.readings.map((reading) => [look, reading.metric, reading.log_e_fail] as const),
  ]);
  assertSeries(ask('panel 209 ', RANGE, chosen), 'evidence', 'e_value', failing, eValue);
  const passing = within(run).flatMap((look) => [
    [look, '≥ proven', LOG_E_TO_PASS] as const,
    ...look.readings.map((reading) => [look, reading.metric, reading.log_e_pass] as const),
  ]);
  assertSeries(ask('panel 210 ', RANGE, chosen), 'evidence', 'e_value', passing, eValue);
  const standing = within(run).flatMap((look) => [
    [look, 'The run', look.state] as const,
    ...look.readings.map(({ metric, verdict }) => [look, metric, verdict] as const),
  ]);
  assertSeries(ask('panel 211 ', RANGE, chosen), 'subject', 'standing', standing, (state) => STATES.indexOf(state) + 1);
}

/** Compares a series for each text, whatever the order of those of one time. */
function assertSeries<T>(
  rows: readonly Record<string, unknown>[],
  label: string,
  value: string,
  wanted: readonly (readonly [Look, string, T])[],
  of: (told: T) => number | null,
): void {
  const found = new Map(rows.map((row) => [`${moment(row['time'])} ${row[label]}`, row[value]]));
  assert.equal(found.size, rows.length);
  assert.equal(rows.length, wanted.length);
  for (const [{ at }, text, told] of wanted) {
    assertClose(found.get(`${at.toISOString()} ${text}`), of(told));
  }
}

function eValue(log: number | null): number | null {
  return log === null ? null : Math.exp(Math.min(50, Math.max(-50, log)));
}

/** The estimate and its interval, unless that is so wide that it says little. */
function effect(reading: Reading): Record<string, number | null> {
  const { estimate, lower, upper } = reading;
  return isTooWide(reading) ? { estimate: null, lower: null, upper: null } : { estimate, lower, upper };
}

function isTooWide({ lower, upper, margin }: Reading): boolean {
  return lower !== null && upper !== null && upper - lower > 10 * margin;
}

function lines({ metric, tolerance, margin }: Reading): Record<string, number | null> {
  switch (metric) {
    case "queue o'x": // a difference, of which either direction is bad
      return {
        ...{ no_difference: 0, tolerated: tolerance, too_bad: margin },
        ...{ tolerated_below: -tolerance, too_bad_below: -margin },
      };
    case 'cache hits': // a ratio, of which a decrease is bad
      return { ...{ no_difference: 1, tolerated: 1 - tolerance, too_bad: 1 - margin }, ...NONE_BELOW };
    default:
      return { ...{ no_difference: 1, tolerated: 1 + tolerance, too_bad: 1 + margin }, ...NONE_BELOW };
  }
}

const NONE_BELOW = { tolerated_below: null, too_bad_below: null };

function last({ looks, run }: CanaryRun): Look {
  return looks.at(-1) ?? assert.fail(run);
}

/** The looks that the range of the checks has: not the one at its end. */
function within({ looks }: CanaryRun): Look[] {
  return looks.filter(({ at }) => at <= RANGE.to);
}

function readingOf({ readings }: Look, metric: string): Reading {
  return readings.find((reading) => reading.metric === metric) ?? assert.fail(metric);
}

/** The metric with the most samples; a gauge has none. */
function most(readings: readonly Reading[]): Reading {
  const total = (reading: Reading): number => reading.baseline_n + reading.canary_n;
  const counted = byName(readings).filter(({ kind }) => kind !== 'gauge');
  return counted.sort((a, b) => total(b) - total(a))[0] ?? assert.fail();
}

function byName(readings: readonly Reading[]): Reading[] {
  return [...readings].sort((a, b) => (a.metric < b.metric ? -1 : 1));
}

function newestFirst(runs: readonly CanaryRun[]): CanaryRun[] {
  return [...runs].sort((a, b) => b.started_at.getTime() - a.started_at.getTime());
}

function isOf({ service }: CanaryRun, wanted: string): boolean {
  return wanted === ALL || wanted === service;
}

function overlaps(run: CanaryRun, { from, to }: TimeRange): boolean {
  return run.started_at <= to && last(run).at >= from;
}

function elapsed(run: CanaryRun): number {
  return (last(run).at.getTime() - run.started_at.getTime()) / SECOND_MS;
}

function assertClose(actual: unknown, wanted: unknown): void {
  if (typeof wanted !== 'number') {
    assert.equal(actual, wanted);
    return;
  }
  assert.ok(typeof actual === 'number', `${actual} is not ${wanted}`);
  assert.ok(Math.abs(actual - wanted) <= 1e-9 * Math.abs(wanted), `${actual} is not ${wanted}`);
}
