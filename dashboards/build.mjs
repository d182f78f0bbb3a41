// Builds and checks the dashboards: node build.mjs generate | test | pictures
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = dirname(fileURLToPath(import.meta.url));
const ENGINE = join(PROJECT, '..', 'deploy', 'embedded', 'clickhouse');
const RENDER = join(PROJECT, 'render');
const COMPILED = join(PROJECT, 'target', 'js');
/** Where Chromium is, if nobody says so. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const REQUIRE = createRequire(import.meta.url);
const TASKS = { generate, test, pictures };

const task = TASKS[process.argv[2]];
if (task === undefined || process.argv.length > 3) {
  console.error(`usage: node build.mjs ${Object.keys(TASKS).join(' | ')}`);
  process.exit(2);
}
installPackages(PROJECT);
compile();
task();

function generate() {
  prettier('--write');
  node(join(COMPILED, 'src', 'generate.js'));
}

function test() {
  prettier('--check');
  installEngine();
  const names = readdirSync(join(COMPILED, 'check')).filter((name) => name.endsWith('.test.js'));
  run(names.sort(), chromium());
}

/** Writes the pictures of the documentation. */
function pictures() {
  installEngine();
  run(['render.test.js'], { SLUICE_PICTURES: 'write', ...chromium() });
}

function run(tests, environment) {
  const directory = join(COMPILED, 'check');
  if (tests.length === 0) {
    throw new Error(`no tests in ${directory}`);
  }
  const reporter = `--test-reporter=${pathToFileURL(join(directory, 'reporter.js'))}`;
  const options = ['--test', '--test-concurrency=2', reporter, '--test-reporter-destination=stdout'];
  Object.assign(process.env, environment);
  node(...options, ...tests.map((name) => join(directory, name)));
}

/** Tells the checks where Chromium is, and makes what they draw in it; where it is not, they draw nothing. */
function chromium() {
  const path = process.env.SLUICE_CHROMIUM ?? BROWSERS.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    return {};
  }
  installPackages(RENDER);
  bundle();
  return { SLUICE_CHROMIUM: path };
}

/** Bundles the page with Grafana's components, unless it was bundled from the same before: it takes seconds. */
function bundle() {
  const page = join(PROJECT, 'target', 'render', 'page.js');
  const stamp = join(PROJECT, 'target', 'render', '.sources');
  const sources = ['package-lock.json', 'bundle.mjs', 'tsconfig.json', 'page.tsx', 'seen.ts', '../check/drawing.ts'];
  const hash = createHash('sha256');
  sources.forEach((name) => hash.update(readFileSync(join(RENDER, name))));
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  rmSync(stamp, { force: true });
  node(REQUIRE.resolve('typescript/bin/tsc'), '--project', RENDER);
  node(join(RENDER, 'bundle.mjs'), page);
  writeFileSync(stamp, wanted);
}

/** Formats the sources, or fails where they are not formatted. */
function prettier(mode) {
  const sources = ['build.mjs', '{src,check}/**/*.ts', 'render/*.{mjs,ts,tsx}', 'provisioning/**/*.yaml'];
  node(REQUIRE.resolve('prettier/bin/prettier.cjs'), '--log-level=warn', mode, ...sources);
}

/** Installs what package-lock.json names, unless this very lock file was installed before by this release of Node. */
function installPackages(directory) {
  const stamp = join(directory, 'node_modules', '.sluice-installed');
  const lock = readFileSync(join(directory, 'package-lock.json'));
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.version}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  npm(directory, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
  writeFileSync(stamp, wanted);
}

/** Installs the ClickHouse engine of the embedded server, which the SQL is run on, unless it is there. */
function installEngine() {
  const { name } = enginePackage();
  if (existsSync(join(ENGINE, 'node_modules', name, 'package.json'))) {
    return;
  }
  npm(
    ENGINE,
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--omit-lockfile-registry-resolved',
  );
}

function enginePackage() {
  const suffix = process.platform === 'linux' ? '-gnu' : '';
  return { name: join('@chdb', `lib-${process.platform}-${process.arch}${suffix}`) };
}

/** Type-checks the sources and writes JavaScript; sources that were deleted leave none behind. */
function compile() {
  const sources = createHash('sha256')
    .update(listing('src').concat(listing('check')).join('\n'))
    .digest('hex');
  const stamp = join(COMPILED, '.sources');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
    rmSync(COMPILED, { recursive: true, force: true });
  }
  node(REQUIRE.resolve('typescript/bin/tsc'), '--project', PROJECT);
  mkdirSync(COMPILED, { recursive: true });
  writeFileSync(stamp, sources);
}

function listing(directory) {
  return readdirSync(join(PROJECT, directory), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(directory, name))
    .sort();
}

function node(...args) {
  const result = spawnSync(process.execPath, args, {
    cwd: PROJECT,
    stdio: 'inherit',
    // chdb's loader looks for the engine's package here: one copy serves the server and these checks
    env: { ...process.env, NODE_PATH: join(ENGINE, 'node_modules') },
  });
  end(result, args[0]);
}

function npm(directory, ...args) {
  end(spawnSync('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] }), `npm ${args[0]}`);
}

function end(result, what) {
  if (result.error !== undefined) {
    throw result.error;
  }
  if (result.status !== 0) {
    console.error(`${what} ended with ${result.status ?? result.signal}`);
    process.exit(result.status ?? 1);
  }
}
