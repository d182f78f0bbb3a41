// Looks at a page as people do: light, dark, on a phone, on paper, without scripts. Prints what there is to see as JSON.
// usage: node look.mjs CHROMIUM URL WAY,WAY… [--cookie=NAME=VALUE] [--steps=JSON] [PATH with which the names of pictures begin]
// of several URLs, with commas between, what there is to see is listed in their order, and pictures have the first part of the path in the name
// pictures are made anew of those that are there: the guides show no others
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const DESK = { width: 1200, height: 900 };
const WAYS = {
  light: (url) => look(url, 'light', { colorScheme: 'light', viewport: DESK }),
  dark: (url) => look(url, 'dark', { colorScheme: 'dark', viewport: DESK }),
  phone: (url) => look(url, 'phone', { colorScheme: 'light', viewport: { width: 320, height: 640 } }),
  scriptless: (url) => look(url, 'scriptless', { javaScriptEnabled: false, viewport: DESK }),
  paper: print,
  live: live,
  steps: go,
};

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [executablePath, urls, ways, pictures] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const cookie = flag('cookie');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const all = [];
  for (const url of urls.split(',')) {
    const seen = await Promise.all(ways.split(',').map(async (way) => [way, await WAYS[way](url)]));
    all.push(Object.fromEntries(seen));
  }
  console.log(JSON.stringify(all.length === 1 ? all[0] : all));
} finally {
  await browser.close();
}

function flag(name) {
  return flags.find((given) => given.startsWith(`--${name}=`))?.slice(name.length + 3);
}

async function contextOf(options) {
  const context = await browser.newContext(options);
  if (cookie !== undefined) {
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url: urls.split(',')[0], httpOnly: true, sameSite: 'Strict' }]);
  }
  return context;
}

async function look(url, name, options) {
  const context = await contextOf(options);
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
    const which = urls.includes(',') ? `-${new URL(url).pathname.split('/')[1]}` : '';
    const path = `${pictures}${which}-${name}.png`;
    if (existsSync(path)) {
      await page.screenshot({ path });
    }
  }
  await context.close();
  return seen;
}

// what a page that renews itself says at first, and when it says something else
async function live(url) {
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

async function print(url) {
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

// what people do on pages without scripts, step by step, and what they see after each
async function go(url) {
  const context = await contextOf({ javaScriptEnabled: false, viewport: DESK });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  const seen = [];
  let response = await page.goto(url);
  for (const step of [{}, ...JSON.parse(flag('steps'))]) {
    const place = step.within === undefined ? page : page.getByRole('article', { name: step.within });
    if (step.field !== undefined) {
      await place.getByLabel(step.field).fill(step.text);
    }
    if (step.press !== undefined) {
      [response] = await Promise.all([
        page.waitForNavigation(),
        place.getByRole('button', { name: step.press }).click(),
      ]);
    }
    if (step.open !== undefined) {
      response = await page.goto(step.open);
    }
    seen.push({ url: page.url(), status: response.status(), text: await page.locator('main').innerText() });
  }
  await context.close();
  return { seen, complaints };
}
