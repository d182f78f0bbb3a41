// Builds and checks the dashboards: node build.mjs generate | test
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = dirname(fileURLToPath(import.meta.url));
const ENGINE = join(PROJECT, '..', 'deploy', 'embedded', 'clickhouse');
const COMPILED = join(PROJECT, 'target', 'js');
const REQUIRE = createRequire(import.meta.url);
const TASKS = { generate, test };

const task = TASKS[process.argv[2]];
if (task === undefined || process.argv.length > 3) {
  console.error(`usage: node build.mjs ${Object.keys(TASKS).join(' | ')}`);
  process.exit(2);
}
installPackages();
compile();
task();

function generate() {
  prettier('--write');
  node(join(COMPILED, 'src', 'generate.js'));
}

function test() {
  prettier('--check');
  installEngine();
  const directory = join(COMPILED, 'check');
  const tests = readdirSync(directory).filter((name) => name.endsWith('.test.js'));
  if (tests.length === 0) {
    throw new Error(`no tests in ${directory}`);
  }
  const reporter = `--test-reporter=${pathToFileURL(join(directory, 'reporter.js'))}`;
  node(
    '--test',
    '--test-concurrency=2',
    reporter,
    '--test-reporter-destination=stdout',
    ...tests.sort().map((name) => join(directory, name)),
  );
}

/** Formats the sources, or fails where they are not formatted. */
function prettier(mode) {
  const sources = ['build.mjs', 'src/**/*.ts', 'check/**/*.ts', 'provisioning/**/*.yaml'];
  node(REQUIRE.resolve('prettier/bin/prettier.cjs'), '--log-level=warn', mode, ...sources);
}

/** Installs what package-lock.json names, unless this very lock file was installed before by this release of Node. */
function installPackages() {
  const stamp = join(PROJECT, 'node_modules', '.sluice-installed');
  const lock = readFileSync(join(PROJECT, 'package-lock.json'));
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.version}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  npm(PROJECT, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
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
