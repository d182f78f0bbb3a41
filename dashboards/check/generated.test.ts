import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DASHBOARDS } from '../src/dashboards.js';
import { json } from '../src/json.js';
import { dashboardFiles } from './model.js';

describe('committed dashboards', () => {
  it('are all generated', () => {
    assert.deepEqual(
      dashboardFiles().map(({ file }) => file),
      [...DASHBOARDS.keys()].sort(),
    );
  });

  for (const { file, text } of dashboardFiles()) {
    it(`${file} is what the sources generate`, () => {
      const dashboard = DASHBOARDS.get(file);
      assert.ok(dashboard !== undefined, `${file} has no source`);
      assert.ok(text === json(dashboard), `${file} differs from its sources: run "npm run generate" and commit it`);
    });
  }
});
