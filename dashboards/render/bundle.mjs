// Bundles the page with Grafana's code: node bundle.mjs OUTPUT
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = fileURLToPath(new URL('.', import.meta.url));
const GRAFANA = join(PROJECT, 'node_modules', '@grafana');

await build({
  absWorkingDir: PROJECT,
  entryPoints: ['page.tsx'],
  outfile: process.argv[2],
  bundle: true,
  format: 'iife',
  platform: 'browser',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.svg': 'dataurl', '.ttf': 'empty', '.woff': 'empty', '.woff2': 'empty' },
  logLevel: 'error',
  plugins: [{ name: 'one build of each package', setup: commonJs }],
});

/** Takes the CommonJS builds throughout: beside ES modules, some components would be undefined. */
function commonJs({ onResolve }) {
  onResolve({ filter: /^@grafana\/(data|e2e-selectors|i18n|schema|ui)(\/unstable)?$/ }, ({ path }) => {
    const [, name, entry = 'index'] = path.split('/');
    return { path: join(GRAFANA, name, 'dist', 'cjs', `${entry}.cjs`) };
  });
}
