import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Panel } from '@grafana/schema';
import {
  CLICKHOUSE,
  CLICKHOUSE_PLUGIN,
  CLICKHOUSE_PLUGIN_VERSION,
  Format,
  type ClickHouseTarget,
} from '../src/query.js';
import { annotations, dashboardFiles, isRow, panels, statements, targets, variables, viewsRead } from './model.js';

/** Views whose rows are of a moment: what is read of them follows the time range. */
const BY_TIME = [
  'dash.changes',
  'dash.dead_letters',
  'dash.deployments',
  'dash.dora_series',
  'dash.drift_episodes',
  'dash.gate_consumptions',
  'dash.gate_decisions',
  'dash.gate_policies',
  'dash.gate_rules',
  'dash.incidents',
  'dash.ingest_minute',
  'dash.periods',
  'dash.pull_requests',
  'dash.shifts',
];
/** Views that take the days as parameters. */
const BY_DAYS = ['dash.dora_ranges'];
/** Views that take the moments as parameters. */
const BY_MOMENTS = ['dash.canary_twins', 'dash.gate_bypasses', 'dash.gate_deployments', 'dash.gate_quality'];
/** Views of canary runs: what is read of them is of one run, or follows the time range. */
const OF_CANARIES = ['dash.canary_evidence', 'dash.canary_runs'];
/** Views without rows of a tenant. */
const WITHOUT_TENANT = ['dash.freshness'];
/** Panel kinds and the formats that they read; each has a schema in rung 1. */
const FORMATS: ReadonlyMap<string, readonly Format[]> = new Map([
  ['stat', [Format.TABLE]],
  ['state-timeline', [Format.TABLE, Format.TIME_SERIES]],
  ['table', [Format.TABLE]],
  ['timeseries', [Format.TIME_SERIES]],
]);
const UNITS = new Set([
  'dateTimeAsIso',
  'dateTimeFromNow',
  'none',
  'percentunit',
  's',
  'sci',
  'suffix:/wk',
  'suffix:×',
]);
/** Shares of events that are rare: one decimal would say 0. */
const RARE = ['baseline_share', 'canary_share'];
const FIRST_VARIABLES = ['clickhouse_datasource', 'tenant', 'environment', 'team', 'service', 'run', 'metric'];
const BUILT_IN_VARIABLES = new Set(['__data', '__field', '__from', '__to', '__url_time_range']);
/** The only statements of all tenants: they list them. */
const TENANTS = ['services', 'canary_runs', 'gate_services'].map(
  (view) => `SELECT DISTINCT tenant FROM dash.${view} ORDER BY tenant`,
);
const MOST_LINES = 25;
const MOST_VISIBLE_PANELS = 20;

const files = dashboardFiles();
const uids = new Set(files.map(({ dashboard }) => dashboard.uid));

it('every uid is there once', () => {
  assert.equal(uids.size, files.length);
});

for (const { file, text, dashboard } of files) {
  describe(file, () => {
    const all = panels(dashboard);

    it('has the fixed head', () => {
      assert.match(dashboard.uid ?? '', /^sluice-[a-z]{1,33}$/);
      assert.equal(`${dashboard.uid}.json`, file);
      assert.equal(dashboard.schemaVersion, 42);
      assert.equal(dashboard.timezone, 'utc');
      assert.equal(dashboard.editable, false);
      assert.equal(dashboard.tags?.[0], 'sluice');
      assert.ok((dashboard.title ?? '').length > 3);
      assert.ok((dashboard.description ?? '').length > 40);
      assert.match(dashboard.refresh ?? '', /^\d+[sm]$/);
      assert.ok(dashboard.time !== undefined);
      assert.ok(dashboard.graphTooltip === 1 || dashboard.graphTooltip === 2, 'the cursor is shared');
    });

    it('holds nothing that an export leaves behind', () => {
      for (const key of ['id', 'version', 'iteration', '__inputs', '__requires', '__elements']) {
        assert.ok(!(key in dashboard), key);
      }
      assert.ok(!text.includes('selectedFormat'), 'selectedFormat is of an old query format');
    });

    it('links to the other dashboards with time and choices', () => {
      const link = dashboard.links?.find(({ type }) => type === 'dashboards');
      assert.ok(link?.keepTime === true && link.includeVars && link.tags.includes('sluice'));
    });

    it('names its data source by the variable only', () => {
      const found = [...text.matchAll(/"uid": "([^"]+)"/g)].map((match) => match[1]);
      assert.deepEqual([...new Set(found)].sort(), [CLICKHOUSE.uid, dashboard.uid].sort());
    });

    it('has its variables in the fixed order', () => {
      const names = variables(dashboard).map(({ name }) => name);
      const leading = FIRST_VARIABLES.filter((name) => names.includes(name));
      assert.deepEqual(names.slice(0, leading.length), leading);
      assert.equal(new Set(names).size, names.length);
    });

    for (const variable of variables(dashboard)) {
      it(`variable ${variable.name} has a current value, a label and a description`, () => {
        assert.ok(variable.current?.text !== undefined && variable.current.value !== undefined);
        assert.ok((variable.label ?? '') !== '' && (variable.description ?? '') !== '');
        assert.equal(Array.isArray(variable.current.value), variable.multi === true);
        assert.notEqual(variable.allValue, '', 'allValue would replace the list of options');
        if (variable.type === 'query') {
          assert.equal(variable.refresh, 2);
          assert.deepEqual(variable.datasource, CLICKHOUSE);
          assert.equal((variable as { definition?: string }).definition, (variable.query as { rawSql: string }).rawSql);
        }
      });
    }

    it('uses only variables that it declares', () => {
      const declared = new Set(variables(dashboard).map(({ name }) => name));
      for (const match of text.matchAll(/\$\{(\w+)|\$(?!__)([a-z]\w*)/g)) {
        const name = match[1] ?? match[2] ?? '';
        assert.ok(declared.has(name) || BUILT_IN_VARIABLES.has(name), name);
      }
    });

    it('shows at most 20 panels at once', () => {
      assert.ok((dashboard.panels ?? []).filter((panel) => !isRow(panel)).length <= MOST_VISIBLE_PANELS);
    });

    it('numbers its panels once and places them without overlap or holes', () => {
      const placed = [
        ...(dashboard.panels ?? []),
        ...(dashboard.panels ?? []).filter(isRow).flatMap((row) => row.panels),
      ];
      assert.equal(new Set(placed.map(({ id }) => id)).size, placed.length);
      const cells = new Map<string, number>();
      for (const { id, gridPos } of placed) {
        assert.ok(gridPos !== undefined && gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, `panel ${id}`);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            assert.ok(!cells.has(`${x},${y}`), `panels ${cells.get(`${x},${y}`)} and ${id} overlap`);
            cells.set(`${x},${y}`, id ?? -1);
          }
        }
      }
      for (const y of new Set([...cells.keys()].map((cell) => cell.split(',')[1]))) {
        const covered = [...cells.keys()].filter((cell) => cell.endsWith(`,${y}`));
        assert.equal(covered.length, 24, `line ${y} has a hole`);
      }
    });

    it('closes its rows', () => {
      assert.ok((dashboard.panels ?? []).filter(isRow).every((row) => row.collapsed && row.panels.length > 0));
    });

    it('links to dashboards that exist', () => {
      for (const match of text.matchAll(/\/d\/([\w-]+)/g)) {
        assert.ok(uids.has(match[1]), match[0]);
      }
    });

    for (const panel of all) {
      describe(`panel ${panel.id} ${panel.title}`, () => lintPanel(panel));
    }

    for (const annotation of annotations(dashboard)) {
      it(`annotation ${annotation.name} is a bounded query`, () => {
        const target = annotation.target as unknown as ClickHouseTarget;
        assertTarget(target, Format.TABLE);
        assert.deepEqual(annotation.datasource, CLICKHOUSE);
        assert.match(target.rawSql, /ORDER BY time DESC\nLIMIT 200$/);
      });
    }

    for (const { where, kind, sql, panel } of statements(dashboard)) {
      it(`SQL of ${where} keeps the rules`, () => {
        const views = viewsRead(sql);
        assert.ok(views.length > 0 && views.every((view) => view.startsWith('dash.')), `reads ${views.join()}`);
        assert.ok(sql.split('\n').length <= MOST_LINES, 'too long: the view should do it');
        assert.doesNotMatch(sql, /;|--|\/\*/);
        assert.doesNotMatch(sql, /SELECT \*/);
        assert.doesNotMatch(sql, /coalesce\(|ifNull\([^)]*, 0\)|NullOrZero|WITH FILL/i, 'what is absent stays absent');
        assert.doesNotMatch(sql, /\$\{\w+\}|\$\{\w+:(?!singlequote\})/, 'values are quoted');
        assert.doesNotMatch(
          sql,
          /\$__(conditionalAll|timeFilter|timeFilter_ms|dateFilter)\([^()]*\$__/,
          'nested macros',
        );
        if (!views.every((view) => WITHOUT_TENANT.includes(view)) && !TENANTS.includes(sql)) {
          assert.match(sql, /tenant = \$\{tenant:singlequote\}/);
        }
        if (kind !== 'variable' && views.some((view) => BY_TIME.includes(view))) {
          assert.match(sql, /\$__(timeFilter|dateFilter)\(\w+\)/, 'follows the time range, by a bare column');
        }
        if (kind !== 'variable' && views.some((view) => OF_CANARIES.includes(view))) {
          const ofOne = /AND run = \$\{run:singlequote\}/.test(sql);
          const overlaps = /AND started_at <= \$__toTime\n {2}AND at >= \$__fromTime/.test(sql);
          assert.ok(ofOne || overlaps, 'is of one run, or of those that go on in the time range');
          if (ofOne && targets(panel ?? { type: '' })[0]?.format === Format.TIME_SERIES) {
            assert.match(sql, /AND \$__timeFilter_ms\(at\)/, 'a graph follows the time range');
          }
        }
        if (views.some((view) => BY_MOMENTS.includes(view))) {
          assert.match(
            sql,
            /`from` = toDateTime64\(\$__fromTime, 3, 'UTC'\),\n {2}to = toDateTime64\(\$__toTime, 3, 'UTC'\)/,
          );
        }
        if (views.some((view) => BY_DAYS.includes(view))) {
          assert.match(sql, /`from` = .*toDate\(\$__fromTime, 'UTC'\)\)?,\n {2}to = [^;]*toDate\(\$__toTime, 'UTC'\)/);
        }
        if (!views.includes('dash.freshness')) {
          assert.doesNotMatch(sql, /\bnow(64)?\(/, 'the end of the range is $__toTime');
        }
      });
    }
  });
}

function lintPanel(panel: Panel): void {
  it('says what it shows, how it is computed, from where, and how to read it', () => {
    assert.ok((panel.title ?? '') !== '');
    assert.match(
      panel.description ?? '',
      /^\*\*Definition\.\*\* .{20,}\n\n\*\*Formula\.\*\* .{10,}\n\n\*\*Source\.\*\* `dash\.\w+`\n\n\*\*How to read\.\*\* .{20,}$/,
    );
    const views = [...new Set(targets(panel).flatMap(({ rawSql }) => viewsRead(rawSql)))];
    assert.deepEqual(views, [/`(dash\.\w+)`/.exec(panel.description ?? '')?.[1]]);
  });

  it('has one query, of the format that it reads', () => {
    assert.equal(targets(panel).length, 1);
    const formats = FORMATS.get(panel.type);
    assert.ok(formats !== undefined, `${panel.type} is not checked: add its schema and its format`);
    for (const target of targets(panel)) {
      const { format } = target;
      assert.ok(formats.includes(format));
      assertTarget(target, format);
      if (format === Format.TIME_SERIES) {
        assert.match(target.rawSql, /ORDER BY time\b(?! DESC)/);
      }
    }
  });

  it('names the release of its options and its data source', () => {
    assert.match(panel.pluginVersion ?? '', /^\d+\.\d+\.\d+$/);
    assert.deepEqual(panel.datasource, CLICKHOUSE);
  });

  it('says why there is nothing', () => {
    const text = panel.fieldConfig?.defaults.noValue ?? '';
    assert.ok(text !== '' && text !== '0');
    if (panel.type === 'stat') {
      assert.match(text, /^no|^nothing/);
    }
  });

  it('uses known units, and the right one for ratios', () => {
    for (const { matcher, properties } of panel.fieldConfig?.overrides ?? []) {
      const value = (id: string): unknown => properties.find((property) => property.id === id)?.value;
      const unit = value('unit');
      assert.ok(unit === undefined || UNITS.has(String(unit)), String(unit));
      if (unit === 'percentunit') {
        const decimals = RARE.includes(String(matcher.options)) ? 3 : 1;
        assert.deepEqual([value('min'), value('max'), value('decimals')], [0, 1, decimals], String(matcher.options));
      }
    }
  });

  it('has no thresholds left over from the editor', () => {
    assert.ok(!JSON.stringify(panel.fieldConfig).includes('"value":80'));
  });

  it('hides with all three keys', () => {
    for (const found of JSON.stringify(panel.fieldConfig).matchAll(
      /"hideFrom":(\{[^}]*\})|"custom.hideFrom","value":(\{[^}]*\})/g,
    )) {
      const keys = Object.keys(JSON.parse(found[1] ?? found[2] ?? '{}') as object).sort();
      assert.deepEqual(keys, ['legend', 'tooltip', 'viz']);
    }
  });
}

function assertTarget(target: ClickHouseTarget, format: Format): void {
  const { refId, rawSql, ...rest } = target;
  assert.match(refId, /^[A-Z]$|^anno$/);
  assert.ok(rawSql.startsWith('SELECT'));
  assert.deepEqual(rest, {
    datasource: { type: CLICKHOUSE_PLUGIN, uid: CLICKHOUSE.uid },
    pluginVersion: CLICKHOUSE_PLUGIN_VERSION,
    editorType: 'sql',
    queryType: format === Format.TIME_SERIES ? 'timeseries' : 'table',
    format,
    meta: { timezone: 'UTC' },
  });
}
