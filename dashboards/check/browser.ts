import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page, type Route } from 'playwright-core';
import { projectFile } from '../src/files.js';
import type { Drawing, Seen } from './drawing.js';

/** The path of Chromium, which build.mjs has found or was told; nothing where there is none. */
export const CHROMIUM = process.env['SLUICE_CHROMIUM'];

/** The page with Grafana's components, as build.mjs bundles it. */
const BUNDLE = projectFile('target/render');
const GRAFANA = projectFile('render/node_modules/@grafana/ui/dist');

/** Nothing listens there: what the page asks for is answered here, and all else refused. */
const ORIGIN = 'http://dashboard.test';

/** The size of the dashboard's grid in the page, in pixels. */
const COLUMN = 64;
const ROW = 38;

/** A page with a dashboard on it, and what went wrong while it was drawn. */
export type Drawn = { page: Page; errors: string[] };

/** Starts a browser of its own; whoever starts it closes it. */
export function launch(executablePath: string): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath, args: [...args, '--disable-sync', '--no-first-run'] });
}

/** Draws panels and waits until they are there. */
export async function draw(browser: Browser, drawing: Drawing): Promise<Drawn> {
  const rows = Math.max(...drawing.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  // all of it in sight: what is not may be left undrawn
  const viewport = { width: 24 * COLUMN + 16, height: rows * ROW + 60 };
  const page = await browser.newPage({ viewport, timezoneId: 'UTC', locale: 'en-US' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      errors.push(message.text());
    }
  });
  await page.route('**/*', (route) => answer(route, drawing));
  await page.goto(ORIGIN);
  await page.waitForFunction(`document.querySelectorAll('[data-panel] h2 + *').length === ${drawing.panels.length}`);
  await page.evaluate('document.fonts.ready.then(() => new Promise(requestAnimationFrame))');
  return { page, errors };
}

/** Returns what is to be seen of a panel. */
export function seen(page: Page, panel: number): Promise<Seen> {
  return page.evaluate(`window.seen(${panel})`);
}

function answer(route: Route, drawing: Drawing): Promise<void> {
  const { origin, pathname } = new URL(route.request().url());
  if (origin !== ORIGIN) {
    return route.abort();
  }
  if (pathname === '/') {
    return route.fulfill({ contentType: 'text/html', body: html(drawing) });
  }
  const icon = join(GRAFANA, pathname.replace('/build/', '/'));
  if (pathname.startsWith('/public/')) {
    // icons come with the components, fonts do not
    return existsSync(icon) ? route.fulfill({ path: icon }) : route.fulfill({ status: 204 });
  }
  return route.fulfill({ path: join(BUNDLE, pathname) });
}

function html(drawing: Drawing): string {
  const data = JSON.stringify(drawing).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="page.css" />
  </head>
  <body style="margin: 8px; background: #fff">
    <div id="root"></div>
    <script>window.drawing = ${data};</script>
    <script src="page.js"></script>
  </body>
</html>`;
}
