import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Dashboard, Panel } from '@grafana/schema';
import type { Browser } from 'playwright-core';
import { projectFile } from '../src/files.js';
import { appearance, settingOf } from './appearance.js';
import { CHROMIUM, draw, launch, seen, type Drawn } from './browser.js';
import { choices, rangeOf } from './choices.js';
import { ClickHouse } from './clickhouse.js';
import type { DrawnField, DrawnPanel, Drawing, Seen } from './drawing.js';
import { fieldsOf } from './frames.js';
import { expand, replaceVariables, type TimeRange } from './macros.js';
import { dashboardFiles, isRow, panels, statements, targets, type Statement } from './model.js';
import { placed, type Placed } from './repeats.js';
import { seed } from './seed.js';

/** Kinds of panels whose components Grafana publishes. */
const DRAWN = ['stat', 'table', 'timeseries'];
/** Fewer pixels of a colour may come from something else. */
const LEAST_PIXELS = 20;
const LEAST_AREA = 1000;
/** What the numbers at an axis end with. */
const AXES: ReadonlyMap<string, RegExp> = new Map([
  ['none', /^\d+$/],
  ['percentunit', /^\d+\.\d%$/],
  ['sci', /^\d(\.\d)?e[+-]\d+$/],
  ['s', /^[\d.]+ (s|mins|hours|days|weeks)$/],
  ['suffix:/wk', /^\d+\.\d \/wk$/],
]);

const MISSING = 'needs the Debian package chromium, or SLUICE_CHROMIUM with the path of another';
/** Set where nothing may be skipped for want of a package. */
const NO_SKIPS = process.env['SLUICE_NO_SKIPS'] !== undefined;
/** Set where the pictures of the documentation are to be written. */
const PICTURES = process.env['SLUICE_PICTURES'] !== undefined;

if (CHROMIUM === undefined && NO_SKIPS) {
  it('Chromium is there', () => assert.fail(MISSING));
}

describe("panels drawn by Grafana's components", { skip: CHROMIUM === undefined && MISSING }, () => {
  let clickHouse: ClickHouse;
  let browser: Browser;

  before(async () => {
    browser = await launch(CHROMIUM ?? assert.fail(MISSING));
    clickHouse = ClickHouse.migrated();
    seed(clickHouse);
  });
  after(async () => {
    await browser?.close();
    clickHouse?.close();
  });

  for (const { file, dashboard } of dashboardFiles()) {
    describe(file, () => {
      let drawing: Drawing;
      let drawn: Drawn;

      before(async () => {
        drawing = drawingOf(clickHouse, dashboard);
        drawn = await draw(browser, drawing);
      });
      after(() => drawn.page.close());

      it('is drawn without an error', () => assert.deepEqual(drawn.errors, []));

      for (const { panel, chosen } of placed(panels(dashboard)).filter((each) => DRAWN.includes(each.panel.type))) {
        const which = [panel.title, ...Object.values(chosen)].join(' ');
        it(`panel ${panel.id} ${which} shows what its query returns`, async () => {
          const found = await seen(drawn.page, panel.id ?? -1);
          const { fields, title } = drawing.panels.find(({ id }) => id === panel.id) ?? assert.fail();
          assert.equal(found.error, undefined);
          assert.equal(found.text.split('\n')[0], title);
          SHOWS[panel.type]?.(panel, fields, found);
        });
      }

      if (PICTURES) {
        it('is the picture of the documentation', () => photograph(browser, dashboard, drawing));
      }
    });
  }
});

/** Takes a picture of a dashboard with its rows closed. */
async function photograph(browser: Browser, dashboard: Dashboard, drawing: Drawing): Promise<void> {
  const closed = new Set((dashboard.panels ?? []).filter(isRow).flatMap((row) => row.panels.map(({ id }) => id)));
  const open = placed(panels(dashboard)).flatMap(({ panel, of }) => (closed.has(of.id) ? [] : [panel.id]));
  const { page } = await draw(browser, { ...drawing, panels: drawing.panels.filter(({ id }) => open.includes(id)) });
  mkdirSync(projectFile('../docs/guides/images'), { recursive: true });
  await page.screenshot({ path: projectFile(`../docs/guides/images/${dashboard.uid}.png`), fullPage: true });
  await page.close();
}

/** What must be seen of each kind of panel. */
const SHOWS: Record<string, (panel: Panel, fields: readonly DrawnField[], found: Seen) => void> = {
  stat: (panel, fields, { text }) => {
    const wanted = fields.flatMap(({ name, values }) => [titleOf(panel, name), cellOf(panel, name, values[0] ?? null)]);
    const lines = text.split('\n').slice(1);
    assert.deepEqual(lines.map(ageless), wanted.map(ageless));
  },

  table: (panel, all, { header, rows }) => {
    const fields = all.filter(({ name }) => !isHidden(panel, name, 'viz'));
    assert.deepEqual(
      header,
      fields.map(({ name }) => titleOf(panel, name)),
    );
    assert.ok(rows.length > 0, 'no rows');
    for (const [at, cells] of rows.entries()) {
      assert.deepEqual(
        cells,
        fields.map(({ name, values }) => cellOf(panel, name, values[at] ?? null)),
      );
    }
  },

  timeseries: (panel, fields, { legend, strange, axes, area }) => {
    const numbers = fields.filter(({ type }) => type === 'number');
    const series = numbers.filter(({ name }) => !isHidden(panel, name, 'legend'));
    assert.deepEqual(
      legend.map(({ name }) => name),
      series.map((field) => nameOf(panel, field)),
    );
    for (const { name, pixels } of legend) {
      const { values } = series.find((field) => nameOf(panel, field) === name) ?? assert.fail();
      assert.ok(pixels >= LEAST_PIXELS || !values.some(Number), `${name} has ${pixels} pixels`);
    }
    assert.ok(strange < LEAST_PIXELS, `${strange} pixels are of no series in the legend`);
    const setting = (id: string): unknown => settingOf(panel, numbers[0]?.name ?? '', id);
    const unit = String(setting('unit'));
    const fraction = unit === 'none' && Number(setting('decimals')) > 0;
    const axis = fraction ? new RegExp(`^-?\\d+\\.\\d{${setting('decimals')}}$`) : AXES.get(unit);
    assert.ok(axes.filter((text) => axis?.test(text)).length >= 3, `${unit}: ${axes.join()}`);
    if (hasBand(fields)) {
      assert.ok(area >= LEAST_AREA, `${area} pixels between the ends of the intervals`);
    }
  },
};

/** Whether a column is kept from the legend, or from the panel as a whole. */
function isHidden(panel: Panel, column: string, from: 'legend' | 'viz'): boolean {
  return (settingOf(panel, column, 'custom.hideFrom') as Record<string, boolean> | undefined)?.[from] === true;
}

/** Whether two neighbours have intervals, and so an area between them. */
function hasBand(fields: readonly DrawnField[]): boolean {
  const upper = fields.find(({ name }) => name === 'upper')?.values ?? [];
  return upper.some((value, at) => value !== null && (upper[at + 1] ?? null) !== null);
}

/** The name of a series: its label, or the title of its column where it is the only one. */
function nameOf(panel: Panel, { name, labels }: DrawnField): string {
  return Object.values(labels ?? {})[0] ?? titleOf(panel, name);
}

function titleOf(panel: Panel, column: string): string {
  return String(settingOf(panel, column, 'displayName'));
}

function cellOf(panel: Panel, column: string, value: DrawnField['values'][number]): string {
  const sinceNow = settingOf(panel, column, 'unit') === 'dateTimeFromNow' && value !== null;
  return sinceNow ? 'ago' : appearance(panel, column, value);
}

/** How long ago something was changes while the test runs: that it says so is enough. */
function ageless(text: string): string {
  return text.replace(/^.* ago$/, 'ago');
}

function drawingOf(clickHouse: ClickHouse, dashboard: Dashboard): Drawing {
  const all = statements(dashboard);
  const range = rangeOf(dashboard);
  return {
    title: dashboard.title ?? '',
    from: range.from.getTime(),
    to: range.to.getTime(),
    panels: placed(panels(dashboard)).map((each) => drawnPanel(clickHouse, each, all, range)),
  };
}

function drawnPanel(
  clickHouse: ClickHouse,
  { panel, of, chosen: own }: Placed,
  all: readonly Statement[],
  range: TimeRange,
): DrawnPanel {
  const statement = all.find((each) => each.panel?.id === of.id) ?? assert.fail();
  const [target] = targets(panel);
  const { id, type, title, gridPos, options, fieldConfig } = panel;
  assert.ok(target && id !== undefined && title !== undefined && gridPos && options && fieldConfig);
  const chosen = choices(statement, own);
  return {
    ...{ id, type, gridPos, options, fieldConfig },
    title: replaceVariables(title, chosen),
    fields: fieldsOf(clickHouse.query(expand(statement.sql, chosen, range)), target.format),
  };
}
