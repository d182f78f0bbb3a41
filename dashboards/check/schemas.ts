import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { projectFile } from '../src/files.js';

const TYPES = 'node_modules/@grafana/schema/dist/types/raw';

/** A schema whose shapes stand under `definitions`. */
export type Definitions = Record<string, Shape>;

/** What is read of the shape of an object. */
export type Shape = { properties?: Record<string, unknown>; required?: string[] };

/** Returns the shapes of a dashboard of the classic format. */
export function dashboardShapes(): Definitions {
  return shapes('dashboard', `${TYPES}/dashboard/x/types.gen.d.ts`, 'Dashboard');
}

/** Returns the shapes `Options` and, where the panel has one, `FieldConfig` of a kind of panel. */
export function panelShapes(type: string): Definitions {
  const directory = type.replaceAll('-', '');
  return shapes(`panel-${type}`, `${TYPES}/composable/${directory}/panelcfg/x/types.gen.d.ts`, '*');
}

/** Makes a schema from Grafana's types; it takes seconds, so it is kept until the packages change. */
function shapes(name: string, path: string, type: string): Definitions {
  const lock = readFileSync(projectFile('package-lock.json'));
  const version = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const kept = projectFile(`node_modules/.cache/sluice-schemas/${version}/${name}.json`);
  if (!existsSync(kept)) {
    const schema = createGenerator({ path: projectFile(path), type, skipTypeCheck: true }).createSchema(type);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, JSON.stringify(schema.definitions));
  }
  return JSON.parse(readFileSync(kept, 'utf8')) as Definitions;
}
