import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { projectFile } from '../src/files.js';
import { CLICKHOUSE_PLUGIN } from '../src/query.js';
import { dashboardFiles, variables } from './model.js';

type Source = {
  uid: string;
  name: string;
  type: string;
  editable: boolean;
  jsonData: Record<string, unknown> & { customSettings: Record<string, unknown>[] };
  secureJsonData: Record<string, string>;
};

describe('provisioning of the data source', () => {
  const { apiVersion, datasources } = document('datasources') as { apiVersion: number; datasources: Source[] };
  const [source] = datasources;
  assert.ok(source !== undefined);

  it('is what the variable of every dashboard starts with', () => {
    assert.equal(apiVersion, 1);
    assert.equal(datasources.length, 1);
    assert.equal(source.type, CLICKHOUSE_PLUGIN);
    for (const { dashboard } of dashboardFiles()) {
      const variable = variables(dashboard).find(({ type }) => type === 'datasource');
      assert.equal(variable?.query, source.type);
      assert.deepEqual([variable?.current?.value, variable?.current?.text], [source.uid, source.name]);
    }
  });

  it('holds no secret and no place', () => {
    assert.match(String(source.secureJsonData['password']), /^\$[A-Z_]+$/);
    assert.match(String(source.jsonData['host']), /^\$[A-Z_]+$/);
    assert.match(String(source.jsonData['port']), /^\$[A-Z_]+$/);
  });

  it('has the types that the plugin reads', () => {
    for (const key of ['dialTimeout', 'queryTimeout']) {
      assert.match(String(source.jsonData[key]), /^\d+$/);
      assert.equal(typeof source.jsonData[key], 'string', `${key} is seconds, as a text`);
    }
    assert.ok(['http', 'native'].includes(String(source.jsonData['protocol'])));
    assert.equal(typeof source.jsonData['secure'], 'boolean');
    for (const setting of source.jsonData.customSettings) {
      assert.deepEqual([typeof setting['setting'], typeof setting['value']], ['string', 'string']);
    }
  });

  it('may not be edited', () => assert.equal(source.editable, false));
});

describe('provisioning of the dashboards', () => {
  it('reads files and lets nobody change them', () => {
    const { apiVersion, providers } = document('dashboards') as {
      apiVersion: number;
      providers: { type: string; allowUiUpdates: boolean; disableDeletion: boolean; options: { path: string } }[];
    };
    assert.equal(apiVersion, 1);
    assert.equal(providers.length, 1);
    assert.deepEqual(
      [providers[0]?.type, providers[0]?.allowUiUpdates, providers[0]?.disableDeletion],
      ['file', false, true],
    );
    assert.match(providers[0]?.options.path ?? '', /^\/var\/lib\/grafana\//);
  });
});

function document(kind: string): unknown {
  return parse(readFileSync(projectFile(`provisioning/${kind}/sluice.yaml`), 'utf8'));
}
