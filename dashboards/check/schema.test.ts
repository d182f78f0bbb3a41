import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Panel } from '@grafana/schema';
import { Ajv, type ValidateFunction } from 'ajv';
import { dashboardFiles, isRow, panels } from './model.js';
import { dashboardShapes, panelShapes, type Definitions } from './schemas.js';

const ajv = new Ajv({ strict: false, allErrors: true });
const DASHBOARD = dashboardValidator();
const PANEL = validator(shapesOfDashboard(), 'Panel');
const ROW = validator(withFreePanels(shapesOfDashboard(), 'RowPanel'), 'RowPanel');
const byType = new Map<string, { options: ValidateFunction; custom: ValidateFunction | undefined }>();

describe('JSON Schema of @grafana/schema', () => {
  for (const { file, dashboard } of dashboardFiles()) {
    it(`${file}: dashboard`, () => assertValid(DASHBOARD, dashboard));
    for (const panel of dashboard.panels ?? []) {
      if (isRow(panel)) {
        it(`${file}: row ${panel.id} ${panel.title}`, () => assertValid(ROW, panel));
      }
    }
    for (const panel of panels(dashboard)) {
      it(`${file}: panel ${panel.id} ${panel.title}`, () => assertPanelValid(panel));
    }
  }
});

describe('the schemas bite', () => {
  const panel = panels(dashboardFiles()[0]?.dashboard ?? { schemaVersion: 42 }).find(({ type }) => type === 'table');
  assert.ok(panel !== undefined);

  it('on an unknown key of a panel', () => {
    assert.throws(() => assertPanelValid({ ...panel, datsource: {} } as Panel), /datsource/);
  });

  it('on an option that the kind of panel does not have', () => {
    assert.throws(() => assertPanelValid({ ...panel, options: { ...panel.options, footer: {} } }), /footer/);
  });

  it('on a field setting that the kind of panel does not have', () => {
    const defaults = { ...panel.fieldConfig?.defaults, custom: { drawStyle: 'line' } };
    assert.throws(() => assertPanelValid({ ...panel, fieldConfig: { defaults, overrides: [] } }), /drawStyle/);
  });

  it('on a data source that is a text', () => {
    assert.throws(() => assertPanelValid({ ...panel, datasource: 'x' } as unknown as Panel), /datasource/);
  });
});

function assertPanelValid(panel: Panel): void {
  assertValid(PANEL, panel);
  const { options, custom } = validatorsOf(panel.type);
  assertValid(options, panel.options);
  for (const override of panel.fieldConfig?.overrides ?? []) {
    for (const { id, value } of override.properties.filter((property) => property.id.startsWith('custom.'))) {
      assert.ok(custom !== undefined, `${panel.type} has no setting ${id}`);
      assertValid(custom, { [id.slice('custom.'.length)]: value });
    }
  }
  if (panel.fieldConfig?.defaults.custom !== undefined) {
    assert.ok(custom !== undefined, `${panel.type} has no custom settings`);
    assertValid(custom, panel.fieldConfig.defaults.custom);
  }
}

function assertValid(validate: ValidateFunction, value: unknown): void {
  const errors = validate(value) ? [] : (validate.errors ?? []);
  const lines = errors.map((e) => `${e.instancePath} ${e.message} ${Object.values(e.params).join(',')}`);
  assert.deepEqual(lines, []);
}

function validatorsOf(type: string): { options: ValidateFunction; custom: ValidateFunction | undefined } {
  let found = byType.get(type);
  if (found === undefined) {
    const shapes = withoutRequired(panelShapes(type)); // Grafana fills in what is absent
    found = {
      options: validator(shapes, 'Options'),
      custom: shapes['FieldConfig'] === undefined ? undefined : validator(shapes, 'FieldConfig'),
    };
    byType.set(type, found);
  }
  return found;
}

/** The shapes, with what Grafana writes and @grafana/schema does not know. */
function shapesOfDashboard(): Definitions {
  const shapes = dashboardShapes();
  (shapes['VariableModel']?.properties ?? {})['definition'] = { type: 'string' };
  (shapes['AnnotationQuery']?.properties ?? {})['target'] = { type: 'object' };
  return shapes;
}

/** Panels are validated one by one: an error in a choice of shapes is not readable. */
function dashboardValidator(): ValidateFunction {
  return validator(withFreePanels(shapesOfDashboard(), 'Dashboard'), 'Dashboard');
}

function withFreePanels(shapes: Definitions, name: string): Definitions {
  const shape = shapes[name];
  assert.ok(shape?.properties?.['panels'] !== undefined, `${name} has no panels`);
  return { ...shapes, [name]: { ...shape, properties: { ...shape.properties, panels: { type: 'array' } } } };
}

function withoutRequired(shapes: Definitions): Definitions {
  return Object.fromEntries(Object.entries(shapes).map(([name, { required: _, ...shape }]) => [name, shape]));
}

function validator(definitions: Definitions, name: string): ValidateFunction {
  return ajv.compile({ definitions, $ref: `#/definitions/${name}` });
}
