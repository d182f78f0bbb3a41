// Looks at a page as people do: light, dark, on a phone, on paper, without scripts. Prints what there is to see as JSON.
// usage: node look.mjs CHROMIUM URL WAY,WAY… [PATH with which the names of pictures begin]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const DESK = { width: 1200, height: 900 };
const WAYS = {
  light: () => look('light', { colorScheme: 'light', viewport: DESK }),
  dark: () => look('dark', { colorScheme: 'dark', viewport: DESK }),
  phone: () => look('phone', { colorScheme: 'light', viewport: { width: 320, height: 640 } }),
  scriptless: () => look('scriptless', { javaScriptEnabled: false, viewport: DESK }),
  paper: print,
  live: live,
};

const [executablePath, url, ways, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const seen = await Promise.all(ways.split(',').map(async (way) => [way, await WAYS[way]()]));
  console.log(JSON.stringify(Object.fromEntries(seen)));
} finally {
  await browser.close();
}

async function look(name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const response = await page.goto(url);
  const seen = {
    status: response.status(),
    complaints,
    row_heads: await page.locator('#services tbody th').allInnerTexts(),
    heading: await page.locator('h1').innerText(),
    articles: await page.locator('article').count(),
    drawings: await page.locator('svg').count(),
    scripts: await page.locator('script').count(),
  };
  if (options.javaScriptEnabled !== false) {
    seen.background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    seen.page_width = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.locator('details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
    seen.page_width_open = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.evaluate(axe);
    seen.violations = await page.evaluate(async () =>
      (await globalThis.axe.run()).violations.map(
        (found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
      ),
    );
    await page.locator('details').evaluateAll((all) => all.forEach((details) => (details.open = false)));
  }
  if (pictures !== undefined && name !== 'scriptless') {
    await page.screenshot({ path: `${pictures}-${name}.png` });
  }
  await context.close();
  return seen;
}

// what a page that renews itself says at first, and when it says something else
async function live() {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  const value = page.locator('main > .value');
  const first = await value.innerText();
  await page.waitForFunction(
    (text) => document.querySelector('main > .value').innerText !== text,
    first,
    { timeout: 20000 },
  );
  const seen = { first, then: await value.innerText(), title: await page.title(), complaints };
  await page.close();
  return seen;
}

async function print() {
  const page = await browser.newPage();
  await page.goto(url);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const text = pdf.toString('latin1');
  await page.emulateMedia({ media: 'print' });
  const definitions = await page
    .locator('details.definition p')
    .evaluateAll((all) => all.filter((paragraph) => paragraph.getBoundingClientRect().height > 0).length);
  await page.close();
  return { pages: (text.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length, definitions };
}
