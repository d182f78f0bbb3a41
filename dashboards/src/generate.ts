import { writeFileSync } from 'node:fs';
import { DASHBOARDS } from './dashboards.js';
import { projectFile } from './files.js';
import { json } from './json.js';

for (const [file, dashboard] of DASHBOARDS) {
  writeFileSync(projectFile(file), json(dashboard));
  console.log(`written: ${file}`);
}
