import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { projectFile } from '../src/files.js';
import { dashboardFiles } from './model.js';

type Parameter = { name?: string; $ref?: string; schema?: { enum?: string[] } };

const API = JSON.parse(readFileSync(projectFile('../schemas/openapi/sluice.openapi.json'), 'utf8')) as {
  paths: Record<string, { get?: { parameters: Parameter[] } }>;
  components: { parameters: Record<string, Parameter> };
};

describe('links to the gate API', () => {
  const urls = new Set(
    dashboardFiles().flatMap(({ text }) =>
      [...text.matchAll(/"\$\{gate_api:raw\}([^"]+)"/g)].map(([, url]) => url ?? ''),
    ),
  );

  it('are there', () => assert.ok(urls.size > 2));

  for (const url of urls) {
    it(`${url} asks for what it describes`, () => {
      const [path = '', query = ''] = url.split('?');
      const operation = API.paths[path.replaceAll(/\$\{[^}]*\}/g, '{id}')]?.get;
      assert.ok(operation !== undefined, `no ${path}`);
      const parameters = operation.parameters.map(resolved);
      const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split('='));
      for (const [name = '', value = ''] of pairs) {
        const parameter = parameters.find((each) => each.name === name);
        assert.ok(parameter !== undefined, `${path} has no ${name}`);
        const values = parameter.schema?.enum;
        assert.ok(values === undefined || value.includes('${') || values.includes(value), `${name}=${value}`);
      }
    });
  }

  it('lead to every metric', () => {
    const metrics = API.paths['/v1/dora/explain']?.get?.parameters.find(({ name }) => name === 'metric')?.schema?.enum;
    const linked = [...urls].flatMap((url) => /[?&]metric=(\w+)/.exec(url)?.[1] ?? []);
    assert.deepEqual([...new Set(linked)].sort(), [...(metrics ?? [])].sort());
  });
});

function resolved(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1);
  return name === undefined ? parameter : (API.components.parameters[name] ?? assert.fail(name));
}
