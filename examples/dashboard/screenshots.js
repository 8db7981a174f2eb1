// Pictures of dist/ for the README: npm run screenshots. CHROMIUM names the browser where it is not /usr/bin/chromium.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const page = (query, hash) => `${pathToFileURL(path.join(here, 'dist', 'index.html'))}?${query}${hash}`;
const pictures = [
  ['scoreboard', 1440, 900, 'lang=en&theme=light', '#/'],
  ['account-fr-dark', 1440, 1700, 'lang=fr&theme=dark', '#/account/A005'],
  ['phone', 390, 844, 'lang=en&theme=light', '#/account/A004'],
  ['wall', 1152, 648, 'lang=en&theme=dark', '#/wall'],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid() !== 0,
});
for (const [name, width, height, query, hash] of pictures) {
  const tab = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  await tab.clock.setFixedTime(new Date('2026-01-01T09:00:00Z')); // the morning of the sample
  await tab.goto(page(query, hash));
  await tab.waitForSelector('main');
  await tab.waitForTimeout(300); // the charts measure their place first
  await tab.screenshot({ path: path.join(here, 'screenshots', `${name}.png`) });
  await tab.close();
}
await browser.close();
