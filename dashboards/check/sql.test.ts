import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Panel } from '@grafana/schema';
import { projectFile } from '../src/files.js';
import { Format } from '../src/query.js';
import { ALL } from '../src/variables.js';
import { canaryNumbers } from './canary-numbers.js';
import { ClickHouse, type Result } from './clickhouse.js';
import { choices, OPTIONS, RANGE, TEAMS } from './choices.js';
import { COLUMNS } from './columns.js';
import {
  BEGINNING,
  END,
  history,
  ofTeam,
  periods,
  QUOTED_SERVICE,
  SEED,
  SERIES,
  SHIFTS,
  type Period,
  type Series,
} from './history.js';
import {
  ANSWERS,
  classOf,
  COUNTS,
  METRICS,
  moment,
  outcomeOf,
  seconds,
  startOf,
  tally,
  TRENDS,
  type Answer,
} from './expected.js';
import { expand, type Choice, type TimeRange } from './macros.js';
import { gateNumbers } from './gate-numbers.js';
import { hasData, metricsOf, part, quantile, STAGES, type Metrics, type Part } from './metrics.js';
import { dashboardFiles, statements, targets, variables, type Statement } from './model.js';
import { BEHIND_SECONDS, openAtTheEnd, seed } from './seed.js';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
const BEFORE_EVERYTHING = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-03-31T00:00:00Z') };
const QUARTER = { from: new Date('2026-07-01T00:00:00Z'), to: new Date('2026-09-30T23:59:59Z') };
/** Views whose rows do not follow the time range. */
const TIMELESS = /FROM dash\.(current|dora_windows|freshness|gate_services|services|teams)\b/;
/** Statements of one canary run, or of what runs there are to choose from, may not follow it either. */
const OF_CANARIES = /FROM dash\.canary_(runs|evidence)\b/;
/** Texts that end a quoted value that is not escaped. */
const ATTACKS = [QUOTED_SERVICE, "') OR (1=1", "x' OR 1=1 OR service='x"];
/** Types that Grafana would show as JSON or not at all. */
const UNREADABLE_TYPE = /Array|Map|Tuple|Nested|Variant|Dynamic|JSON|Object|AggregateFunction/;

const HISTORY = history();
const everywhere = dashboardFiles().flatMap(({ dashboard }) => statements(dashboard));
/** Each statement where it stands first. */
const all = everywhere.filter(({ sql }, at) => everywhere.findIndex((other) => other.sql === sql) === at);
/** Statements that differ in the metric only: what is chosen goes the same way into each, so one stands for all. */
const alike = new Map(all.map(({ sql }) => [sql.replace(/metric = '\w+'/, '').replaceAll(/\* [\d.]+ AS/g, ''), sql]));
const exemplary = new Set(alike.values());
let clickHouse: ClickHouse;

before(() => {
  clickHouse = ClickHouse.migrated();
});
after(() => clickHouse.close());

describe('the checks know every statement', () => {
  it('by its columns', () => {
    assert.deepEqual([...COLUMNS.keys()].sort(), all.map(({ where }) => where).sort());
  });

  it('by every variable', () => {
    const names = new Set(
      dashboardFiles().flatMap(({ dashboard }) =>
        variables(dashboard)
          .filter(({ type }) => type === 'query' || type === 'custom')
          .map(({ name }) => name),
      ),
    );
    assert.deepEqual([...names].sort(), [...OPTIONS.keys()].sort());
  });

  it('on the engine that Sluice brings along', () => {
    const dependencies = (file: string): Record<string, string> =>
      (JSON.parse(readFileSync(projectFile(file), 'utf8')) as { optionalDependencies: Record<string, string> })
        .optionalDependencies;
    assert.deepEqual(
      dependencies('../deploy/embedded/clickhouse/package.json'),
      dependencies('node_modules/chdb/package.json'),
    );
  });
});

describe('on an empty database', () => {
  for (const statement of all) {
    it(`${statement.where}: no row, no error`, () => {
      assert.deepEqual(run(statement, RANGE).rows, []);
    });
  }
});

describe(`on a made-up history (seed ${SEED})`, () => {
  before(() => seed(clickHouse));

  for (const statement of all) {
    describe(statement.where, () => {
      it('returns rows, with the columns and types that are written down', () => {
        const { columns, rows } = run(statement, RANGE);
        assert.ok(rows.length > 0, 'no rows');
        assert.deepEqual(
          columns.map(({ name, type }) => `${name} ${type}`),
          COLUMNS.get(statement.where),
        );
        assert.deepEqual(
          columns.filter(({ type }) => UNREADABLE_TYPE.test(type)),
          [],
        );
      });

      if (followsTime(statement) && exemplary.has(statement.sql)) {
        it('returns no row, and no error, for a range without data', () => {
          assert.deepEqual(run(statement, BEFORE_EVERYTHING).rows, []);
        });
      }

      if (exemplary.has(statement.sql)) {
        it('runs for every choice of every variable', () => {
          for (const [name, { options }] of usedBy(statement)) {
            for (const option of options) {
              run(statement, RANGE, { [name]: option });
            }
          }
        });

        it('takes what is chosen as a value, whatever it holds', () => {
          for (const [name, { options }] of usedBy(statement)) {
            for (const attack of ATTACKS.filter((text) => !options.includes(text))) {
              assertNothing(statement, name, attack);
            }
          }
        });
      }

      const shownBy = everywhere.filter(({ sql, panel }) => sql === statement.sql && panel !== undefined);
      for (const { where, panel } of shownBy) {
        it(`returns every column that ${where} refers to, and each number has its unit`, () => {
          const { columns } = run(statement, RANGE);
          assertReferences(panel, columns, seriesOf(statement, columns));
        });
      }

      if (statement.panel !== undefined && targets(statement.panel)[0]?.format === Format.TIME_SERIES) {
        it('makes series: ascending times, one text for the label, one row for each', () => {
          const all = OPTIONS.get('period')?.options ?? [];
          for (const period of exemplary.has(statement.sql) ? all : ['week']) {
            assertSeries(run(statement, { from: BEGINNING, to: END }, { period }));
          }
        });
      }
    });
  }

  describe('numbers are those of the definitions', () => {
    for (const service of [ALL, 'checkout', QUOTED_SERVICE]) {
      it(`at the top, for ${service}`, () => {
        const metrics = expected(RANGE, service);
        assertAnswers({ service }, metrics, ANSWERS);
        assertRow(
          'panel 13 ',
          { service },
          {
            ...{ mean: seconds(metrics.meanDeployMs), p90: seconds(metrics.p90DeployMs), timed: metrics.timed },
          },
        );
        assertRow(
          'panel 27 ',
          { service },
          {
            incidents: metrics.incidents,
            unattributed: metrics.unattributed,
            not_change_caused: metrics.notChangeCaused,
          },
        );
        assert.ok(metrics.rework > 0 && metrics.timed > 0 && metrics.withoutStart > 0, 'the history has all of it');
        assert.ok(metrics.failures > 0 && metrics.recoveries > 0 && metrics.unattributed > 0, 'and failures');
        assert.ok(metrics.notChangeCaused > 0 && metrics.pullRequests > 0, 'and all else');
      });

      it(`of how sure they are, for ${service}`, () => {
        const metrics = expected(RANGE, service);
        const counts = [...ANSWERS.map(({ n }) => n(metrics)), metrics.timed].filter((n) => n > 0);
        assertRow(
          'panel 43 ',
          { service },
          {
            measured: counts.length,
            bounded: ANSWERS.filter(({ interval }) => interval(metrics) !== null).length,
            insufficient: counts.filter((n) => n < 5).length,
            fewest: Math.min(...counts),
          },
        );
      });

      it(`of what is open, for ${service}`, () => {
        const open = SERIES.filter((series) => isShown(series, service)).map(openAtTheEnd);
        const oldest = open.flatMap(({ oldest_open_failure_at: at }) => (at === null ? [] : [at.getTime()]));
        assertRow(
          'panel 28 ',
          { service },
          {
            failures: open.reduce((sum, { open_failures }) => sum + open_failures, 0),
            oldest_ms: oldest.length === 0 ? null : Math.min(...oldest),
            incidents: open.reduce((sum, { open_incidents }) => sum + open_incidents, 0),
            drifted: open.filter(({ drifted }) => drifted).length,
          },
        );
      });
    }

    it('of a team are of what its services did while they were its own', () => {
      for (const team of TEAMS) {
        const whole = ofTeam(HISTORY, team);
        const metrics = metricsOf(part(whole, RANGE.from, new Date(RANGE.to.getTime() + 1), (s) => isShown(s, ALL)));
        // a recovery is of the team that the service has when it comes, which this history of failures does not tell
        assertAnswers(
          { team },
          metrics,
          ANSWERS.filter(({ where }) => where !== 'panel 26 '),
        );
        assert.ok(metrics.deployments > 0 && metrics.deployments < expected(RANGE, ALL).deployments, team);
      }
      const services = (team: string): unknown[] =>
        run(statementAt('variable service of sluice-dora'), RANGE, { team }).rows.map(([service]) => service);
      assert.deepEqual(TEAMS.map(services), [[QUOTED_SERVICE], ['checkout'], ['checkout', 'search']]);
      assert.deepEqual(services(ALL), ['checkout', QUOTED_SERVICE, 'search']);
      assert.deepEqual(run(statementAt('variable team of sluice-dora'), RANGE).rows.flat(), TEAMS);
    });

    it('of drift in each window, and nothing where nobody checks', () => {
      for (const window of ['7', '30', '90']) {
        const from = new Date(END.getTime() - Number(window) * DAY_MS);
        for (const service of [ALL, 'checkout']) {
          const metrics = expected({ from, to: END }, service);
          const [row] = records(run(statementAt('panel 30 '), RANGE, { window, service }));
          assertClose(row?.['drifted_share'], metrics.driftedShare, 1e-9);
          assert.equal(Number(row?.['episodes']), metrics.episodes);
          assert.equal(Number(row?.['checks']), metrics.checks);
        }
        assert.deepEqual(run(statementAt('panel 30 '), RANGE, { window, service: QUOTED_SERVICE }).rows, []);
      }
    });

    it('of each link window are what would have failed with it', () => {
      for (const window of ['7', '30', '90']) {
        const from = new Date(END.getTime() - Number(window) * DAY_MS);
        for (const row of records(run(statementAt('panel 33 '), RANGE, { window }))) {
          const metrics = expected({ from, to: END }, String(row['service']));
          const { judged, failedWithin } = metrics;
          const rate = (failed: number): number | null => (judged === 0 ? null : failed / judged);
          assertClose(row['fail_rate'], metrics.failRate, 1e-9);
          assertClose(row['lower'], metrics.failInterval?.lower ?? null, 1e-9);
          assertClose(row['upper'], metrics.failInterval?.upper ?? null, 1e-9);
          assertClose(row['within_day'], rate(failedWithin.day), 1e-9);
          assertClose(row['within_three_days'], rate(failedWithin.threeDays), 1e-9);
          assertClose(row['within_week'], rate(failedWithin.week), 1e-9);
          assert.deepEqual(
            ['failures', 'judged', 'linked_by_time', 'unattributed', 'not_change_caused'].map((name) => row[name]),
            [metrics.failures, judged, metrics.linkedByTime, metrics.unattributed, metrics.notChangeCaused],
          );
          assert.equal(moment(row['provisional_until']), metrics.provisionalUntil?.toISOString());
          assert.equal(failedWithin.threeDays, metrics.failures);
        }
      }
      const { day, threeDays, week } = expected(RANGE, ALL).failedWithin;
      assert.ok(day < threeDays && threeDays < week, `${day}, ${threeDays}, ${week}`);
    });

    it('of a whole quarter at the top, and in the row that the stream computed', () => {
      for (const service of ['checkout', 'search', QUOTED_SERVICE]) {
        const choice = { service, period: 'quarter' };
        const [streamed] = records(run(statementAt('panel 9 '), QUARTER, choice));
        assert.ok(streamed !== undefined);
        assert.equal(streamed['period'], '2026-Q3');
        for (const [where, value, n] of [
          ['panel 1 ', 'per_week', 'deployments'],
          ['panel 2 ', 'lead_time_median', 'changes'],
          ['panel 25 ', 'fail_rate', 'judged'],
          ['panel 26 ', 'recovery_median', 'recoveries'],
          ['panel 12 ', 'rework_rate', 'with_rollbacks'],
          ['panel 29 ', 'pull_request_median', 'pull_requests'],
          ['panel 3 ', 'success_rate', 'attempts'],
        ] as const) {
          const [top] = records(run(statementAt(where), QUARTER, choice));
          assertClose(top?.['value'], streamed[value], 1e-9);
          assert.equal(top?.['n'], streamed[n]);
        }
        const [top] = records(run(statementAt('panel 13 '), QUARTER, choice));
        assertClose(top?.['mean'], streamed['time_to_deploy'], 1e-9);
        assert.equal(top?.['timed'], streamed['timed']);
      }
    });

    it('in each rolling window', () => {
      for (const window of ['7', '30', '90']) {
        const from = new Date(END.getTime() - Number(window) * DAY_MS);
        const rows = records(run(statementAt('panel 8 '), RANGE, { window }));
        assert.deepEqual(
          rows.map(({ service }) => service),
          ['checkout', QUOTED_SERVICE, 'search'],
        );
        for (const row of rows) {
          assertMetrics(row, expected({ from, to: END }, String(row['service'])), Number(window));
        }
      }
      const [quiet] = records(run(statementAt('panel 8 '), RANGE, { window: '7', service: QUOTED_SERVICE }));
      assert.deepEqual(
        METRICS.map((name) => [name, quiet?.[name]]),
        METRICS.map((name) => [name, COUNTS.has(name) ? 0 : null]),
      );
    });

    it('in each period', () => {
      const rows = records(run(statementAt('panel 9 '), { from: BEGINNING, to: END }));
      for (const row of rows) {
        const week = periods().find(({ label }) => label === row['period']);
        assert.ok(week !== undefined);
        const range = { from: week.start, to: new Date(week.end.getTime() - 1) };
        assertMetrics(row, expected(range, String(row['service'])), 7);
      }
      for (const name of [
        ...['per_week', 'lead_time_median', 'pull_request_median', 'fail_rate', 'recovery_median', 'rework_rate'],
        ...['time_to_deploy', 'drifted_share'],
      ]) {
        assert.ok(rows.some((row) => row[name] === null) && rows.some((row) => Number(row[name]) > 0), name);
      }
      assert.ok(
        rows.some((row) => row['rework_rate'] === 0),
        'no rework among deployments is 0',
      );
    });

    it('add up in the reconciliation', () => {
      const metrics = expected(RANGE, ALL);
      const attempts = records(run(statementAt('panel 23 '), RANGE));
      const total = (rows: Record<string, unknown>[], column: string): number =>
        rows.reduce((sum, row) => sum + Number(row[column]), 0);
      assert.equal(
        total(
          attempts.filter((row) => row['judgement'] === 'counted'),
          'attempts',
        ),
        metrics.deployments,
      );
      assert.equal(
        total(
          attempts.filter((row) => ['SUCCESS', 'FAILURE'].includes(String(row['result']))),
          'attempts',
        ),
        metrics.attempts,
      );
      const rework = total(
        attempts.filter((row) => row['reworked'] === 'rework'),
        'attempts',
      );
      const others = total(
        attempts.filter((row) => row['reworked'] === 'no rework'),
        'attempts',
      );
      assert.deepEqual([rework, rework + others], [metrics.rework, metrics.withRollbacks]);
      const withFailure = (failure: string): number =>
        total(
          attempts.filter((row) => row['failure'] === failure),
          'attempts',
        );
      assert.equal(withFailure('failed'), metrics.failures);
      assert.equal(withFailure('failed') + withFailure('not failed'), metrics.judged);
      assert.equal(total(attempts, 'timed'), metrics.timed);
      const changes = records(run(statementAt('panel 24 '), RANGE));
      assert.equal(
        total(
          changes.filter((row) => row['judgement'] === 'counted'),
          'changes',
        ),
        metrics.changes,
      );
      const requests = records(run(statementAt('panel 42 '), RANGE));
      assert.equal(
        total(
          requests.filter((row) => row['judgement'] === 'counted'),
          'pull_requests',
        ),
        metrics.pullRequests,
      );
      assert.ok(requests.some((row) => row['judgement'] === 'NO_COMMITS'));
      const incidents = records(run(statementAt('panel 41 '), RANGE));
      assert.equal(total(incidents, 'incidents'), metrics.incidents);
      assert.equal(
        total(
          incidents.filter((row) => row['cause'] === 'a change' && row['judgement'] !== 'TIME'),
          'incidents',
        ),
        metrics.unattributed,
      );
      const [received] = records(run(statementAt('panel 21 '), RANGE));
      const { source, received: sum, ...outcomes } = received ?? {};
      assert.equal(source, 'github');
      assert.equal(
        total(
          [outcomes].flatMap((row) => Object.values(row).map((n) => ({ n }))),
          'n',
        ),
        Number(sum),
      );
    });

    it('of the freshness are the age of what is stored', () => {
      const [row] = records(run(statementAt('panel 4 '), RANGE));
      const behind = Number(row?.['behind']);
      assert.ok(behind >= BEHIND_SECONDS && behind < BEHIND_SECONDS + 540, `${behind} s`);
      const age = (Date.now() - Number(row?.['stored_through_ms'])) / SECOND_MS;
      assert.ok(Math.abs(age - behind) < 60, `${age} s against ${behind} s`);
    });

    it('by period are one row for each period and service with data', () => {
      const wanted: [string, (metrics: Metrics) => boolean][] = [
        ['panel 7 ', ({ attempts }) => attempts > 0],
        ['panel 15 ', ({ timed }) => timed > 0],
        ['panel 36 ', ({ pullRequests }) => pullRequests > 0],
        ['panel 39 ', ({ checks }) => checks > 0],
        ['panel 9 ', hasData],
      ];
      for (const [where, hasData] of wanted) {
        for (const period of OPTIONS.get('period')?.options ?? []) {
          const rows = periods()
            .filter(({ kind, start }) => kind === period && start >= BEGINNING)
            .flatMap(({ start, end }) =>
              (OPTIONS.get('service')?.options ?? []).filter((service) =>
                hasData(expected({ from: start, to: new Date(end.getTime() - 1) }, service)),
              ),
            );
          const found = run(statementAt(where), { from: BEGINNING, to: END }, { period }).rows.length;
          assert.equal(found, rows.length, `${where}by ${period}`);
        }
      }
    });

    it('by period, of all services together, are one row for each period with data', () => {
      const wanted: [string, (metrics: Metrics) => boolean][] = [
        ['panel 5 ', ({ deployments }) => deployments > 0],
        ['panel 6 ', ({ changes }) => changes > 0],
        ['panel 14 ', ({ withRollbacks }) => withRollbacks > 0],
        ['panel 31 ', ({ judged }) => judged > 0],
        ['panel 32 ', ({ recoveries }) => recoveries > 0],
      ];
      // a period is whole, wherever in it the range begins and ends
      const range = { from: new Date('2026-06-11T12:00:00Z'), to: new Date('2026-09-16T12:00:00Z') };
      for (const [where, hasData] of wanted) {
        for (const { period } of exemplary.has(statementAt(where).sql) ? DIAGONAL : DIAGONAL.slice(0, 1)) {
          const touched = periods().filter(
            ({ kind, start, end }) =>
              kind === period &&
              start <= range.to &&
              end > range.from &&
              hasData(expected({ from: start, to: new Date(end.getTime() - 1) }, ALL)),
          );
          assert.deepEqual(
            records(run(statementAt(where), range, { period })).map(({ time }) => time),
            touched.map(({ start }) => start.toISOString().slice(0, 19).replace('T', ' ')),
          );
        }
      }
    });

    describe('of a trend are those of the period, and none where there is nothing', () => {
      for (const { where, n, of, interval } of TRENDS) {
        it(where, () => {
          let bands = 0;
          const choices = statementAt(where).sql.includes('dash.dora_ranges') ? DIAGONAL : choicesOfTrends();
          for (const { period, service } of choices) {
            const rows = records(run(statementAt(where), { from: BEGINNING, to: END }, { period, service }));
            const single = new Set(rows.map((row) => row['service'])).size === 1;
            for (const row of rows) {
              const { start, end } = periodAt(period, String(row['time']));
              const days = (end.getTime() - start.getTime()) / DAY_MS;
              const range = { from: start, to: new Date(end.getTime() - 1) };
              const metrics = expected(range, row['service'] === undefined ? service : String(row['service']));
              assert.ok(Number(row['n']) > 0);
              assertClose(row['value'], of(metrics, days), 1e-9);
              assert.equal(row['n'], n(metrics));
              const ends = single ? interval?.(metrics, days) : undefined;
              assertClose(row['lower'] ?? null, ends?.lower ?? null, 1e-9);
              assertClose(row['upper'] ?? null, ends?.upper ?? null, 1e-9);
              bands += ends ? 1 : 0;
            }
          }
          assert.equal(bands > 0, interval !== undefined, `${bands} intervals`);
        });
      }
    });

    it('of the stages are their means over all pull requests shown, and add up', () => {
      for (const { period, service } of choicesOfTrends()) {
        const rows = records(run(statementAt('panel 37 '), { from: BEGINNING, to: END }, { period, service }));
        for (const time of new Set(rows.map((row) => String(row['time'])))) {
          const { start, end } = periodAt(period, time);
          const { pullRequests, stagesMs } = expected({ from: start, to: new Date(end.getTime() - 1) }, service);
          const bar = rows.filter((row) => row['time'] === time);
          assert.deepEqual(
            bar.map((row) => row['stage']),
            [...STAGES],
          );
          for (const [at, stage] of STAGES.entries()) {
            assertClose(bar[at]?.['value'], seconds(stagesMs[stage]), 1e-9);
            assert.equal(Number(bar[at]?.['n']), pullRequests);
          }
        }
        assert.ok(rows.length >= STAGES.length);
      }
    });

    it('of the failed deployments are all of them, each with what makes it one', () => {
      const { attempts } = shown(RANGE, ALL);
      const failed = attempts
        .filter((attempt) => attempt.failed)
        .sort((a, b) => Number(b.finished_at) - Number(a.finished_at));
      const rows = records(run(statementAt('panel 34 '), RANGE));
      assert.deepEqual(
        rows.map((row) => [
          ...[row['id'], row['rules'], row['incidents'], moment(row['restored_at'])],
          ...[row['recovery'], row['lifetime'], row['distance']],
        ]),
        failed.map((attempt) => [
          ...[attempt.id, attempt.failure_rules.join(', '), attempt.incident_ids.join(', ')],
          ...[attempt.restored_at?.toISOString(), seconds(attempt.recovery_ms), seconds(attempt.failure_lifetime_ms)],
          seconds(attempt.failure_distance_ms),
        ]),
      );
      assert.ok(failed.length > 10 && failed.length < 100);
    });

    it('of the incidents are all of them, each with its rule or why there is none', () => {
      const incidents = [...shown(RANGE, ALL).incidents].sort((a, b) => Number(b.started_at) - Number(a.started_at));
      assert.ok(incidents.length > 10 && incidents.length < 100);
      assert.deepEqual(
        records(run(statementAt('panel 35 '), RANGE)).map((row) => [
          ...[row['id'], row['judgement'], row['deployments'], moment(row['resolved_at']), row['time_to_restore']],
        ]),
        incidents.map((incident) => [
          ...[incident.id, incident.rule ?? incident.unattributed_reason, incident.deployment_ids.join(', ')],
          ...[incident.resolved_at?.toISOString(), seconds(incident.time_to_restore_ms)],
        ]),
      );
      const marks = records(run(statementAt('annotation Incidents'), RANGE));
      assert.deepEqual(
        marks.map((row) => [row['title'], row['text'], moment(row['timeEnd'])]),
        incidents.map((incident) => [
          ...[incident.service, incident.title ?? incident.id],
          (incident.resolved_at ?? RANGE.to).toISOString(),
        ]),
      );
    });

    it('of the slowest pull requests are the longest, and their stages add up', () => {
      const longest = shown(RANGE, ALL)
        .pullRequests.filter((request) => request.counted)
        .sort((a, b) => Number(b.lead_time_ms) - Number(a.lead_time_ms))
        .slice(0, 50);
      const rows = records(run(statementAt('panel 38 '), RANGE));
      assert.deepEqual(
        rows.map((row) => [row['id'], row['lead_time'], row['flags']]),
        longest.map(({ id, lead_time_ms, flags }) => [id, seconds(lead_time_ms), flags.join(', ')]),
      );
      for (const row of rows) {
        assertClose(
          STAGES.reduce((sum, stage) => sum + Number(row[stage]), 0),
          row['lead_time'],
          1e-9,
        );
      }
    });

    it('of the drift episodes are all of them', () => {
      const episodes = [...shown(RANGE, ALL).episodes].sort((a, b) => Number(b.opened_at) - Number(a.opened_at));
      assert.deepEqual(
        records(run(statementAt('panel 40 '), RANGE)).map((row) => [
          ...[row['service'], moment(row['opened_at']), moment(row['closed_at']), row['reconcile'], row['checks']],
        ]),
        episodes.map((episode) => [
          ...[episode.service, episode.opened_at.toISOString(), episode.closed_at?.toISOString()],
          ...[seconds(episode.reconcile_ms), episode.checks],
        ]),
      );
      assert.ok(episodes.length > 5);
    });

    it('of the latest deployments say of each whether it is rework, and whether it failed', () => {
      const { attempts } = shown(RANGE, ALL);
      const found = records(run(statementAt('panel 10 '), RANGE));
      for (const row of found) {
        const attempt = attempts.find(({ id }) => id === row['id']);
        const looked = attempt?.kind !== null && attempt?.kind !== 'REDEPLOY';
        assert.equal(row['reworked'], attempt?.rework ? 'rework' : looked ? 'no rework' : '');
        const judged = attempt?.fail_rate_counted ? 'not failed' : '';
        assert.equal(row['failure'], attempt?.failed ? attempt.failure_rules.join(', ') : judged);
      }
      assert.equal(new Set(found.map((row) => row['reworked'])).size, 3);
    });

    it('of the slowest deployments are the longest, down from the first', () => {
      const { attempts } = shown(RANGE, ALL);
      const longest = attempts
        .filter((attempt) => attempt.deploy_time_ms !== null)
        .sort((a, b) => Number(b.deploy_time_ms) - Number(a.deploy_time_ms))
        .slice(0, 50);
      assert.ok(longest.some((attempt) => attempt.queue_time_ms === null || attempt.time_to_success_ms === null));
      assert.deepEqual(
        records(run(statementAt('panel 16 '), RANGE)).map((row) => [
          ...[row['id'], row['deploy_time'], row['queue_time'], row['time_to_success']],
        ]),
        longest.map((attempt) => [
          ...[attempt.id, seconds(attempt.deploy_time_ms), seconds(attempt.queue_time_ms)],
          seconds(attempt.time_to_success_ms),
        ]),
      );
    });
  });

  describe('of one service', () => {
    for (const service of ['checkout', QUOTED_SERVICE]) {
      it(`what runs is what is open, for ${service}`, () => {
        const series = SERIES.find((each) => isShown(each, service));
        assert.ok(series !== undefined);
        const open = openAtTheEnd(series);
        const [row] = records(run(statementAt('panel 106 '), RANGE, { service }));
        assert.equal(row?.['since_ms'], BEGINNING.getTime());
        assert.deepEqual(
          ['version', 'failures', 'oldest_ms', 'incidents', 'drift'].map((name) => row?.[name]),
          [
            ...['1.0', open.open_failures, open.oldest_open_failure_at && open.oldest_open_failure_at.getTime()],
            ...[
              open.open_incidents,
              open.drifted === null ? 'never checked' : open.drifted ? 'drifted' : 'as declared',
            ],
          ],
        );
      });

      it(`the windows are those of the stream, for ${service}`, () => {
        const rows = records(run(statementAt('panel 107 '), RANGE, { service }));
        assert.deepEqual(
          rows.map(({ days }) => days),
          [7, 30, 90],
        );
        for (const row of rows) {
          const days = Number(row['days']);
          assertMetrics(row, expected({ from: new Date(END.getTime() - days * DAY_MS), to: END }, service), days);
        }
      });

      it(`the timeline is every success in its order, for ${service}`, () => {
        const successes = shown(RANGE, service)
          .attempts.filter(({ result }) => result === 'SUCCESS')
          .sort((a, b) => Number(a.finished_at) - Number(b.finished_at));
        assert.deepEqual(
          records(run(statementAt('panel 108 '), RANGE, { service })).map((row) => [
            moment(row['time']),
            row['deployment'],
          ]),
          successes.map(({ finished_at, failed, kind }) => [
            finished_at?.toISOString(),
            failed ? 'failed' : kind === 'ROLLBACK' ? 'rolled back' : 'good',
          ]),
        );
        assert.equal(new Set(successes.map(({ failed }) => failed)).size, 2);
      });

      for (const period of OPTIONS.get('period')?.options ?? []) {
        it(`attempts, changes and stages are those of each ${period}, for ${service}`, () => {
          const { attempts, changes, pullRequests } = shown(RANGE, service);
          const rowsOf = (where: string): Record<string, unknown>[] =>
            records(run(statementAt(where), RANGE, { service, period }));
          assert.deepEqual(
            tally(rowsOf('panel 121 ').map((row) => [row['time'], row['outcome'], row['attempts']])),
            tally(attempts.map((attempt) => [startOf(period, attempt.finished_at), outcomeOf(attempt), 1])),
          );
          assert.deepEqual(
            tally(rowsOf('panel 114 ').map((row) => [row['time'], row['took'], row['changes']])),
            tally(
              changes
                .filter(({ counted }) => counted)
                .map((change) => [startOf(period, change.finished_at), classOf(Number(change.lead_time_ms)), 1]),
            ),
          );
          const counted = pullRequests.filter((request) => request.counted);
          const medians = rowsOf('panel 116 ');
          for (const row of medians) {
            const stage = STAGES.find((name) => name === row['stage']);
            assert.ok(stage !== undefined);
            const times = counted
              .filter(({ finished_at }) => startOf(period, finished_at) === row['time'])
              .map((request) => Number(request[`${stage}_ms`]));
            assertClose(row['value'], seconds(quantile(times, 0.5)), 1e-9);
            assert.equal(Number(row['n']), times.length);
          }
          assert.equal(
            medians.reduce((sum, { n }) => sum + Number(n), 0),
            counted.length * STAGES.length,
          );
        });
      }
    }

    it('shifts stand with their values in the columns of their unit, and say if they were withdrawn', () => {
      const wanted = SHIFTS.filter((shift) => isShown(shift, ALL)).sort(
        (a, b) => Number(b.detected) - Number(a.detected),
      );
      const pair = (shows: boolean, shift: (typeof SHIFTS)[number], divisor: number): (number | null)[] =>
        [shift.before_value, shift.after_value].map((value) => (shows ? value / divisor : null));
      assert.deepEqual(
        records(run(statementAt('panel 44 '), RANGE)).map((row) => [
          ...[row['service'], row['shifted'], row['verdict'], moment(row['began']), row['factor'], row['before_n']],
          ...['share_before', 'share_after', 'time_before', 'time_after', 'weekly_before', 'weekly_after'].map(
            (c) => row[c],
          ),
        ]),
        wanted.map((shift) => [
          ...[shift.service, shift.metric.replaceAll('_', ' '), shift.withdrawn ? 'withdrawn' : shift.direction],
          ...[shift.began.toISOString(), shift.after_value / shift.before_value, shift.before_n],
          ...pair(shift.metric.endsWith('rate'), shift, 1),
          ...pair(shift.metric.includes('time'), shift, SECOND_MS),
          ...pair(shift.metric.endsWith('frequency'), shift, 1),
        ]),
      );
      assert.equal(wanted.length, 4);
    });
  });

  describe('numbers of canary runs are those that were told last', () => {
    canaryNumbers((where, range, chosen) => records(run(statementAt(where), range, chosen)));
  });

  describe('numbers of gates are those of their decisions and of what was deployed', () => {
    gateNumbers((where, range, chosen) => records(run(statementAt(where), range, chosen)));
  });

  describe('decisions are found by their key', () => {
    for (const statement of all.filter(({ sql }) => /FROM dash\.gate_(decisions|rules|policies)\b/.test(sql))) {
      it(statement.where, () => {
        const plan = run({ ...statement, sql: `EXPLAIN indexes = 1 ${statement.sql}` }, RANGE);
        assert.match(wordsOf(plan), /PrimaryKey\nKeys\ntenant\n/);
      });
    }
  });

  describe('what is shown of a canary run is found by its key', () => {
    for (const statement of all.filter(({ sql }) => /^ {2}AND run = /m.test(sql))) {
      it(statement.where, () => {
        const plan = run({ ...statement, sql: `EXPLAIN indexes = 1 ${statement.sql}` }, RANGE);
        assert.match(wordsOf(plan), /PrimaryKey\nKeys\ntenant\nrun\n/);
      });
    }
  });

  describe('facts are found by their key', () => {
    for (const statement of all.filter(({ sql }) =>
      /FROM dash\.(deployments|changes|incidents|pull_requests|drift_episodes)\b/.test(sql),
    )) {
      it(statement.where, () => {
        const plan = run({ ...statement, sql: `EXPLAIN indexes = 1 ${statement.sql}` }, RANGE, { service: 'search' });
        assert.match(wordsOf(plan), /PrimaryKey\nKeys\ntenant\nservice\nenvironment\n/);
      });
    }
  });
});

/** The words of a plan, line by line. */
function wordsOf({ rows }: Result): string {
  const lines = rows.map(([line]) => String(line));
  return lines.map((line) => line.replaceAll(/[^\w]+/g, ' ').trim()).join('\n');
}

function run(statement: Statement, range: TimeRange, chosen: Record<string, string> = {}): Result {
  return clickHouse.query(expand(statement.sql, choices(statement, chosen), range));
}

/** Whether what a statement returns depends on the time range. */
function followsTime({ sql }: Statement): boolean {
  return !TIMELESS.test(sql) && !(OF_CANARIES.test(sql) && !/\$__(timeFilter|fromTime|toTime)/.test(sql));
}

/** The variables that a statement uses. */
function usedBy({ sql }: Statement): [string, Choice][] {
  return [...OPTIONS].filter(([name]) => sql.includes(`\${${name}:`));
}

function assertNothing(statement: Statement, name: string, value: string): void {
  if (statement.sql.includes(`dateTrunc(\${${name}:`)) {
    // the engine knows no such length of a period
    assert.throws(() => run(statement, RANGE, { [name]: value }), /doesn't look like datepart name/);
  } else {
    assert.deepEqual(run(statement, RANGE, { [name]: value }).rows, [], `${name} = ${value}`);
  }
}

function statementAt(where: string): Statement {
  const found = all.filter((statement) => statement.where.startsWith(where));
  assert.equal(found.length, 1, where);
  return found[0] as Statement;
}

function records({ columns, rows }: Result): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
}

/** The metrics of the services shown, by definition. */
function expected(range: TimeRange, service: string): Metrics {
  return metricsOf(shown(range, service));
}

/** What the services shown did; a service of another tenant or environment never shows. */
function shown(range: TimeRange, service: string): Part {
  const wanted = (series: Series): boolean => isShown(series, service);
  assert.ok(SERIES.some(wanted), service);
  // the filter includes the second in which the range ends
  return part(HISTORY, range.from, new Date(range.to.getTime() + 1), wanted);
}

function isShown(series: Series, service: string): boolean {
  return (
    series.tenant === 'default' &&
    series.environment === 'production' &&
    (service === ALL || service === series.service)
  );
}

function assertAnswers(chosen: Record<string, string>, metrics: Metrics, answers: readonly Answer[]): void {
  for (const { where, n, of, interval } of answers) {
    const ends = interval(metrics);
    const row = { value: of(metrics), lower: ends?.lower ?? null, upper: ends?.upper ?? null, n: n(metrics) };
    if (row.n === 0) {
      assert.deepEqual(run(statementAt(where), RANGE, chosen).rows, []);
    } else {
      assertRow(where, chosen, row);
    }
  }
}

function assertRow(where: string, chosen: Record<string, string>, row: Record<string, number | null>): void {
  const found = records(run(statementAt(where), RANGE, chosen));
  assert.equal(found.length, 1, where);
  assert.deepEqual(Object.keys(found[0] ?? {}), Object.keys(row));
  for (const [name, value] of Object.entries(row)) {
    assertClose(found[0]?.[name], value, 1e-9);
  }
}

/** Compares every metric of a row of the stream. */
function assertMetrics(row: Record<string, unknown>, metrics: Metrics, days: number): void {
  const wanted: Record<string, number | null> = {
    per_week: metrics.deployments === 0 ? null : (metrics.deployments * 7) / days,
    deployments: metrics.deployments,
    deploy_days: metrics.deployDays,
    lead_time_median: seconds(metrics.medianMs),
    lead_time_p90: seconds(metrics.p90Ms),
    changes: metrics.changes,
    pull_request_median: seconds(metrics.pullRequestMs),
    pull_requests: metrics.pullRequests,
    fail_rate: metrics.failRate,
    judged: metrics.judged,
    recovery_median: seconds(metrics.recoveryMs),
    recoveries: metrics.recoveries,
    rework_rate: metrics.reworkRate,
    with_rollbacks: metrics.withRollbacks,
    success_rate: metrics.successRate,
    attempts: metrics.attempts,
    time_to_deploy: seconds(metrics.meanDeployMs),
    timed: metrics.timed,
    drifted_share: metrics.driftedShare,
    checks: metrics.checks,
  };
  assert.deepEqual(Object.keys(wanted), METRICS);
  for (const name of METRICS) {
    assertClose(row[name], wanted[name], 1e-9);
  }
}

/** Each period and each service once: for a view that takes long. */
const DIAGONAL = [
  { period: 'week', service: ALL },
  { period: 'month', service: 'checkout' },
  { period: 'quarter', service: QUOTED_SERVICE },
];

function choicesOfTrends(): { period: string; service: string }[] {
  const services = [ALL, 'checkout', QUOTED_SERVICE];
  return (OPTIONS.get('period')?.options ?? []).flatMap((period) => services.map((service) => ({ period, service })));
}

function periodAt(kind: string, time: string): Period {
  const start = new Date(`${time.replace(' ', 'T')}Z`).getTime();
  const found = periods().find((period) => period.kind === kind && period.start.getTime() === start);
  assert.ok(found !== undefined, `${kind} ${time}`);
  return found;
}

function assertClose(actual: unknown, wanted: unknown, relative: number): void {
  if (wanted === null || actual === null) {
    assert.equal(actual, wanted);
    return;
  }
  const difference = Math.abs(Number(actual) - Number(wanted));
  assert.ok(difference <= relative * Math.abs(Number(wanted)), `${actual} is not ${wanted}`);
}

function assertReferences(panel: Panel | undefined, columns: Result['columns'], series: ReadonlySet<string>): void {
  const names = columns.map(({ name }) => name);
  const overrides = panel?.fieldConfig?.overrides ?? [];
  const text = JSON.stringify(panel);
  for (const { matcher } of overrides) {
    assert.equal(matcher.id, 'byName');
    const name = String(matcher.options);
    assert.ok(names.includes(name) || series.has(name), `no column or series ${name}`);
  }
  for (const match of text.matchAll(/__data\.fields\.(\w+)|__field\.labels\.(\w+)|fillBelowTo","value":"(\w+)"/g)) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    assert.ok(names.includes(name), `no column ${name}`);
  }
  if (panel?.type === 'table') {
    const titles = overrides.map(({ properties }) => properties.find(({ id }) => id === 'displayName')?.value);
    assert.equal(new Set(titles).size, names.length, 'of two columns with one title, Grafana shows one twice');
    for (const name of names) {
      const own = overrides
        .find(({ matcher }) => matcher.options === name)
        ?.properties.find(({ id }) => id === 'noValue');
      assert.ok(
        own !== undefined && String(own.value).length < 10,
        `an empty cell of ${name} would say what an empty table says`,
      );
    }
  }
  const measured = panel?.type === 'table' ? /Int|Float|Decimal|DateTime/ : /Int|Float|Decimal/;
  for (const { name, type } of columns.filter((column) => measured.test(column.type))) {
    const override = overrides.find(({ matcher }) => matcher.options === name);
    assert.ok(
      override?.properties.some(({ id }) => id === 'unit'),
      `${name} ${type} has no unit`,
    );
  }
}

/** The names that the series of a graph can have: texts of its statement, and what its rows say. */
function seriesOf(statement: Statement, columns: Result['columns']): Set<string> {
  const labelled = columns.some(({ type }) => /String/.test(type));
  if (!labelled || targets(statement.panel ?? { type: '' })[0]?.format !== Format.TIME_SERIES) {
    return new Set();
  }
  const services = OPTIONS.get('service')?.options ?? [];
  const rows = services.flatMap((service) => run(statement, { from: BEGINNING, to: END }, { service }).rows);
  const literals = [...statement.sql.matchAll(/'([^']*)'/g)].map(([, text]) => text ?? '');
  return new Set([...rows.flat().map(String), ...literals]);
}

function assertSeries({ columns, rows }: Result): void {
  assert.match(columns[0]?.type ?? '', /^DateTime/);
  assert.equal(columns[0]?.name, 'time');
  assert.ok(columns.filter(({ type }) => /String/.test(type)).length <= 1, 'one label at most');
  assert.ok(rows.length > 0);
  const times = rows.map(([time]) => String(time));
  assert.deepEqual(times, [...times].sort());
  const label = columns.findIndex(({ type }) => /String/.test(type));
  const keys = rows.map((row) => `${String(row[0])} ${String(row[label])}`);
  assert.equal(new Set(keys).size, keys.length);
}
