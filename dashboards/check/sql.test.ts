import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { projectFile } from '../src/files.js';
import { Format } from '../src/query.js';
import { ALL } from '../src/variables.js';
import { ClickHouse, type Result } from './clickhouse.js';
import { COLUMNS } from './columns.js';
import { BEGINNING, END, history, periods, QUOTED_SERVICE, SEED, SERIES, type Period, type Series } from './history.js';
import { ofFrequency, type Interval } from './intervals.js';
import { expand, type Choice, type Choices, type TimeRange } from './macros.js';
import { hasData, metricsOf, part, STAGES, type Metrics, type Part } from './metrics.js';
import { dashboardFiles, statements, targets, variables, type Statement } from './model.js';
import { BEHIND_SECONDS, openAtTheEnd, seed } from './seed.js';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
/** The dashboard's default: 90 days, to the end of the history. */
const RANGE = { from: new Date(END.getTime() - 90 * DAY_MS), to: new Date(END.getTime() - SECOND_MS) };
const BEFORE_EVERYTHING = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-03-31T00:00:00Z') };
const QUARTER = { from: new Date('2026-07-01T00:00:00Z'), to: new Date('2026-09-30T23:59:59Z') };
/** Views whose rows do not follow the time range. */
const TIMELESS = /FROM dash\.(current|dora_windows|freshness|services)\b/;
/** Texts that end a quoted value that is not escaped. */
const ATTACKS = [QUOTED_SERVICE, "') OR (1=1", "x' OR 1=1 OR service='x"];
/** Types that Grafana would show as JSON or not at all. */
const UNREADABLE_TYPE = /Array|Map|Tuple|Nested|Variant|Dynamic|JSON|Object|AggregateFunction/;

const OPTIONS = new Map<string, Choice>([
  ['tenant', { value: 'default', options: ['default', 'other'] }],
  ['environment', { value: 'production', options: ['production', 'staging'] }],
  ['service', { value: [ALL], options: ['checkout', QUOTED_SERVICE, 'search'] }],
  ['period', { value: 'week', options: ['week', 'month', 'quarter'] }],
  ['window', { value: '30', options: ['7', '30', '90'] }],
]);

/** The metrics of a table, in its order, and those of them that count and so can be 0. */
const METRICS = [
  ...['per_week', 'deployments', 'deploy_days', 'lead_time_median', 'lead_time_p90', 'changes', 'pull_request_median'],
  ...['pull_requests', 'fail_rate', 'judged', 'recovery_median', 'recoveries', 'rework_rate', 'with_rollbacks'],
  ...['success_rate', 'attempts', 'time_to_deploy', 'timed', 'drifted_share', 'checks'],
];
const COUNTS = new Set([
  ...['deployments', 'deploy_days', 'changes', 'pull_requests', 'judged', 'recoveries', 'with_rollbacks', 'attempts'],
  ...['timed', 'checks'],
]);

/** What a trend shows of a period. */
type Trend = {
  where: string;
  value: string;
  n: (metrics: Metrics) => number;
  of: (metrics: Metrics, days: number) => number | null;
  interval?: (metrics: Metrics, days: number) => Interval | null;
};

const TRENDS: readonly Trend[] = [
  {
    where: 'panel 5 ',
    value: 'per_week',
    n: ({ deployments }) => deployments,
    of: ({ deployments }, days) => (deployments * 7) / days,
    interval: ({ deployments }, days) => ofFrequency(deployments, days / 7),
  },
  {
    where: 'panel 6 ',
    value: 'value',
    n: ({ changes }) => changes,
    of: ({ medianMs }) => seconds(medianMs),
    interval: ({ medianInterval }) => inSeconds(medianInterval),
  },
  {
    where: 'panel 31 ',
    value: 'value',
    n: ({ judged }) => judged,
    of: ({ failRate }) => failRate,
    interval: ({ failInterval }) => failInterval,
  },
  {
    where: 'panel 32 ',
    value: 'value',
    n: ({ recoveries }) => recoveries,
    of: ({ recoveryMs }) => seconds(recoveryMs),
    interval: ({ recoveryInterval }) => inSeconds(recoveryInterval),
  },
  {
    where: 'panel 36 ',
    value: 'value',
    n: ({ pullRequests }) => pullRequests,
    of: ({ pullRequestMs }) => seconds(pullRequestMs),
    interval: ({ pullRequestInterval }) => inSeconds(pullRequestInterval),
  },
  { where: 'panel 39 ', value: 'value', n: ({ checks }) => checks, of: ({ driftedShare }) => driftedShare },
  {
    where: 'panel 14 ',
    value: 'value',
    n: ({ withRollbacks }) => withRollbacks,
    of: ({ reworkRate }) => reworkRate,
    interval: ({ reworkInterval }) => reworkInterval,
  },
  {
    where: 'panel 7 ',
    value: 'value',
    n: ({ attempts }) => attempts,
    of: ({ successRate }) => successRate,
    interval: ({ successInterval }) => successInterval,
  },
  { where: 'panel 15 ', value: 'value', n: ({ timed }) => timed, of: ({ meanDeployMs }) => seconds(meanDeployMs) },
];

const HISTORY = history();
const all = dashboardFiles().flatMap(({ dashboard }) => statements(dashboard));
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
    const names = dashboardFiles().flatMap(({ dashboard }) => variables(dashboard).map(({ name }) => name));
    assert.deepEqual(names.filter((name) => name !== 'clickhouse_datasource').sort(), [...OPTIONS.keys()].sort());
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

      if (!TIMELESS.test(statement.sql)) {
        it('returns no row, and no error, for a range without data', () => {
          assert.deepEqual(run(statement, BEFORE_EVERYTHING).rows, []);
        });
      }

      it('runs for every choice of every variable', () => {
        for (const [name, { options }] of OPTIONS) {
          for (const option of options) {
            run(statement, RANGE, { [name]: name === 'service' ? [option] : option });
          }
        }
        run(statement, RANGE, { service: ['checkout', 'search'] });
      });

      it('takes what is chosen as a value, whatever it holds', () => {
        for (const name of [...OPTIONS.keys()].filter((used) => statement.sql.includes(`\${${used}:`))) {
          for (const attack of ATTACKS.filter((text) => name !== 'service' || text !== QUOTED_SERVICE)) {
            const { rows } = run(statement, RANGE, { [name]: name === 'service' ? [attack] : attack });
            assert.deepEqual(rows, [], `${name} = ${attack}`);
          }
        }
      });

      if (statement.panel !== undefined) {
        it('returns every column that the panel refers to, and each number has its unit', () => {
          assertReferences(statement, run(statement, RANGE));
        });
      }

      if (statement.panel !== undefined && targets(statement.panel)[0]?.format === Format.TIME_SERIES) {
        it('makes series: ascending times, one text for the label, one row for each', () => {
          for (const period of OPTIONS.get('period')?.options ?? []) {
            assertSeries(run(statement, { from: BEGINNING, to: END }, { period }));
          }
        });
      }
    });
  }

  describe('numbers are those of the definitions', () => {
    const services: string[][] = [[ALL], ['checkout'], ['checkout', 'search'], [QUOTED_SERVICE]];
    for (const service of services) {
      it(`at the top, for ${service.join(' and ')}`, () => {
        const metrics = expected(RANGE, service);
        const weeks = (RANGE.to.getTime() - RANGE.from.getTime()) / (7 * DAY_MS);
        assertRow('panel 1 ', { service }, RANGE, {
          per_week: metrics.deployments / weeks,
          deployments: metrics.deployments,
        });
        assertRow('panel 2 ', { service }, RANGE, {
          median: seconds(metrics.medianMs),
          p90: seconds(metrics.p90Ms),
          changes: metrics.changes,
        });
        assertRow('panel 3 ', { service }, RANGE, { success_rate: metrics.successRate, attempts: metrics.attempts });
        assertRow('panel 12 ', { service }, RANGE, {
          rework_rate: metrics.reworkRate,
          with_rollbacks: metrics.withRollbacks,
        });
        assertRow('panel 13 ', { service }, RANGE, {
          mean: seconds(metrics.meanDeployMs),
          median: seconds(metrics.medianDeployMs),
          p90: seconds(metrics.p90DeployMs),
          timed: metrics.timed,
        });
        assertRow('panel 25 ', { service }, RANGE, {
          ...{ fail_rate: metrics.failRate, failures: metrics.failures, judged: metrics.judged },
        });
        assertRow('panel 26 ', { service }, RANGE, {
          median: seconds(metrics.recoveryMs),
          p90: seconds(metrics.recoveryP90Ms),
          recoveries: metrics.recoveries,
        });
        assertRow('panel 29 ', { service }, RANGE, {
          median: seconds(metrics.pullRequestMs),
          p90: seconds(metrics.pullRequestP90Ms),
          pull_requests: metrics.pullRequests,
        });
        assertRow('panel 27 ', { service }, RANGE, {
          incidents: metrics.incidents,
          unattributed: metrics.unattributed,
          not_change_caused: metrics.notChangeCaused,
        });
        assert.ok(metrics.rework > 0 && metrics.timed > 0 && metrics.withoutStart > 0, 'the history has all of it');
        assert.ok(metrics.failures > 0 && metrics.recoveries > 0 && metrics.unattributed > 0, 'and failures');
        assert.ok(metrics.notChangeCaused > 0 && metrics.pullRequests > 0, 'and all else');
      });

      it(`of what is open, for ${service.join(' and ')}`, () => {
        const open = SERIES.filter((series) => isShown(series, service)).map(openAtTheEnd);
        const oldest = open.flatMap(({ oldest_open_failure_at: at }) => (at === null ? [] : [at.getTime()]));
        assertRow('panel 28 ', { service }, RANGE, {
          failures: open.reduce((sum, { open_failures }) => sum + open_failures, 0),
          oldest_ms: oldest.length === 0 ? null : Math.min(...oldest),
          incidents: open.reduce((sum, { open_incidents }) => sum + open_incidents, 0),
          drifted: open.filter(({ drifted }) => drifted).length,
        });
      });
    }

    it('of drift in each window, and nothing where nobody checks', () => {
      for (const window of ['7', '30', '90']) {
        const from = new Date(END.getTime() - Number(window) * DAY_MS);
        for (const service of [[ALL], ['checkout'], ['checkout', 'search']]) {
          const metrics = expected({ from, to: END }, service);
          const [row] = records(run(statementAt('panel 30 '), RANGE, { window, service }));
          assertClose(row?.['drifted_share'], metrics.driftedShare, 1e-9);
          assert.equal(Number(row?.['episodes']), metrics.episodes);
          assert.equal(Number(row?.['checks']), metrics.checks);
        }
        assert.deepEqual(run(statementAt('panel 30 '), RANGE, { window, service: [QUOTED_SERVICE] }).rows, []);
      }
    });

    it('of each link window are what would have failed with it', () => {
      for (const window of ['7', '30', '90']) {
        const from = new Date(END.getTime() - Number(window) * DAY_MS);
        for (const row of records(run(statementAt('panel 33 '), RANGE, { window }))) {
          const metrics = expected({ from, to: END }, [String(row['service'])]);
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
      const { day, threeDays, week } = expected(RANGE, [ALL]).failedWithin;
      assert.ok(day < threeDays && threeDays < week, `${day}, ${threeDays}, ${week}`);
    });

    it('of a whole quarter at the top, and in the row that the stream computed', () => {
      for (const service of ['checkout', 'search', QUOTED_SERVICE]) {
        const choice = { service: [service], period: 'quarter' };
        const [streamed] = records(run(statementAt('panel 9 '), QUARTER, choice));
        assert.ok(streamed !== undefined);
        assert.equal(streamed['period'], '2026-Q3');
        const top = [1, 2, 3, 12, 13, 25, 26, 29].map(
          (id) => records(run(statementAt(`panel ${id} `), QUARTER, choice))[0],
        );
        assert.equal(Number(top[0]?.['deployments']), streamed['deployments']);
        assertClose(top[0]?.['per_week'], streamed['per_week'], 1e-6); // the range ends a second early
        assertClose(top[1]?.['median'], streamed['lead_time_median'], 1e-9);
        assertClose(top[1]?.['p90'], streamed['lead_time_p90'], 1e-9);
        assert.equal(Number(top[1]?.['changes']), streamed['changes']);
        assertClose(top[2]?.['success_rate'], streamed['success_rate'], 1e-9);
        assert.equal(Number(top[2]?.['attempts']), streamed['attempts']);
        assertClose(top[3]?.['rework_rate'], streamed['rework_rate'], 1e-9);
        assert.equal(Number(top[3]?.['with_rollbacks']), streamed['with_rollbacks']);
        assertClose(top[4]?.['mean'], streamed['time_to_deploy'], 1e-9);
        assert.equal(Number(top[4]?.['timed']), streamed['timed']);
        assertClose(top[5]?.['fail_rate'], streamed['fail_rate'], 1e-9);
        assert.equal(Number(top[5]?.['judged']), streamed['judged']);
        assertClose(top[6]?.['median'], streamed['recovery_median'], 1e-9);
        assert.equal(Number(top[6]?.['recoveries']), streamed['recoveries']);
        assertClose(top[7]?.['median'], streamed['pull_request_median'], 1e-9);
        assert.equal(Number(top[7]?.['pull_requests']), streamed['pull_requests']);
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
          assertMetrics(row, expected({ from, to: END }, [String(row['service'])]), Number(window));
        }
      }
      const [quiet] = records(run(statementAt('panel 8 '), RANGE, { window: '7', service: [QUOTED_SERVICE] }));
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
        assertMetrics(row, expected(range, [String(row['service'])]), 7);
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
      const metrics = expected(RANGE, [ALL]);
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
        ['panel 5 ', ({ deployments }) => deployments > 0],
        ['panel 6 ', ({ changes }) => changes > 0],
        ['panel 7 ', ({ attempts }) => attempts > 0],
        ['panel 14 ', ({ withRollbacks }) => withRollbacks > 0],
        ['panel 15 ', ({ timed }) => timed > 0],
        ['panel 31 ', ({ judged }) => judged > 0],
        ['panel 32 ', ({ recoveries }) => recoveries > 0],
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
                hasData(expected({ from: start, to: new Date(end.getTime() - 1) }, [service])),
              ),
            );
          const found = run(statementAt(where), { from: BEGINNING, to: END }, { period }).rows.length;
          assert.equal(found, rows.length, `${where}by ${period}`);
        }
      }
    });

    describe('of a trend are those of the period, and none where there is nothing', () => {
      for (const { where, value, n, of, interval } of TRENDS) {
        it(where, () => {
          let bands = 0;
          for (const { period, service } of choicesOfTrends()) {
            const rows = records(run(statementAt(where), { from: BEGINNING, to: END }, { period, service }));
            const single = new Set(rows.map((row) => row['service'])).size === 1;
            for (const row of rows) {
              const { start, end } = periodAt(period, String(row['time']));
              const days = (end.getTime() - start.getTime()) / DAY_MS;
              const metrics = expected({ from: start, to: new Date(end.getTime() - 1) }, [String(row['service'])]);
              assert.ok(row[value] !== null && Number(row['n']) > 0);
              assertClose(row[value], of(metrics, days), 1e-9);
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
      const { attempts } = shown(RANGE, [ALL]);
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
      const incidents = [...shown(RANGE, [ALL]).incidents].sort((a, b) => Number(b.started_at) - Number(a.started_at));
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
      const longest = shown(RANGE, [ALL])
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
      const episodes = [...shown(RANGE, [ALL]).episodes].sort((a, b) => Number(b.opened_at) - Number(a.opened_at));
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
      const { attempts } = shown(RANGE, [ALL]);
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
      const { attempts } = shown(RANGE, [ALL]);
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

  describe('facts are found by their key', () => {
    for (const statement of all.filter(({ sql }) =>
      /FROM dash\.(deployments|changes|incidents|pull_requests|drift_episodes)\b/.test(sql),
    )) {
      it(statement.where, () => {
        const plan = run({ ...statement, sql: `EXPLAIN indexes = 1 ${statement.sql}` }, RANGE, { service: ['search'] });
        const text = plan.rows
          .map(([line]) =>
            String(line)
              .replaceAll(/[^\w]+/g, ' ')
              .trim(),
          )
          .join('\n');
        assert.match(text, /PrimaryKey\nKeys\ntenant\nservice\nenvironment\n/);
      });
    }
  });
});

function run(statement: Statement, range: TimeRange, chosen: Record<string, string | string[]> = {}): Result {
  return clickHouse.query(expand(statement.sql, choices(chosen), range));
}

function choices(chosen: Record<string, string | string[]>): Choices {
  return new Map([...OPTIONS].map(([name, option]) => [name, { ...option, value: chosen[name] ?? option.value }]));
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
function expected(range: TimeRange, service: string[]): Metrics {
  return metricsOf(shown(range, service));
}

/** What the services shown did; a service of another tenant or environment never shows. */
function shown(range: TimeRange, service: string[]): Part {
  const wanted = (series: Series): boolean => isShown(series, service);
  assert.ok(SERIES.some(wanted), service.join());
  // the filter includes the second in which the range ends
  return part(HISTORY, range.from, new Date(range.to.getTime() + 1), wanted);
}

function isShown(series: Series, service: string[]): boolean {
  return (
    series.tenant === 'default' &&
    series.environment === 'production' &&
    (service.includes(ALL) || service.includes(series.service))
  );
}

function assertRow(
  where: string,
  chosen: Record<string, string[]>,
  range: TimeRange,
  row: Record<string, number | null>,
): void {
  const found = records(run(statementAt(where), range, chosen));
  assert.equal(found.length, 1);
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

function choicesOfTrends(): { period: string; service: string[] }[] {
  const services = [[ALL], ['checkout', 'search'], ['checkout'], [QUOTED_SERVICE]];
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

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / SECOND_MS;
}

function inSeconds(interval: Interval | null): Interval | null {
  return interval && { lower: interval.lower / SECOND_MS, upper: interval.upper / SECOND_MS };
}

/** A time of the engine, which has no zone in its text but UTC. */
function moment(value: unknown): string | undefined {
  return value === null ? undefined : new Date(`${String(value).replace(' ', 'T')}Z`).toISOString();
}

function assertReferences({ panel }: Statement, { columns }: Result): void {
  const names = columns.map(({ name }) => name);
  const overrides = panel?.fieldConfig?.overrides ?? [];
  const text = JSON.stringify(panel);
  for (const { matcher } of overrides) {
    assert.equal(matcher.id, 'byName');
    assert.ok(names.includes(String(matcher.options)), `no column ${String(matcher.options)}`);
  }
  for (const match of text.matchAll(/__data\.fields\.(\w+)|__field\.labels\.(\w+)|fillBelowTo","value":"(\w+)"/g)) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    assert.ok(names.includes(name), `no column ${name}`);
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

function assertSeries({ columns, rows }: Result): void {
  assert.match(columns[0]?.type ?? '', /^DateTime/);
  assert.equal(columns[0]?.name, 'time');
  assert.equal(columns.filter(({ type }) => /String/.test(type)).length, 1, 'one label');
  assert.ok(rows.length > 0);
  const times = rows.map(([time]) => String(time));
  assert.deepEqual(times, [...times].sort());
  const keys = rows.map(([time, label]) => `${String(time)} ${String(label)}`);
  assert.equal(new Set(keys).size, keys.length);
}
