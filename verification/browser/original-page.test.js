// The page this project was first asked for: no Bowline code in it, and it works unchanged with the server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { cannotRun, isFree, orFail, startBowline, startChromium, until } from './support.js';

const PORT = 3000; // the page names it
const PAGE = new URL('original-page.html', import.meta.url);
const skip = cannotRun || orFail(!(await isFree(PORT)) && `port ${PORT}, which the page names, is taken`);

describe('the original page', { skip }, () => {
  let browser;
  before(async () => {
    browser = await startChromium();
  });
  after(() => browser?.close());

  async function worksFrom(t, show) {
    let server = await startBowline(PORT);
    t.after(() => server.kill());
    const page = await browser.newPage();
    t.after(() => page.close());
    await show(page);
    const log = () => page.locator('#log li').allTextContents();
    const count = async (text) => (await log()).filter((entry) => entry === text).length;

    await until(async () => (await count('received hello')) === 1, 'the echo of the first message');
    await until(async () => (await count('received heartbeat')) >= 2, 'the echo of two heartbeats');
    assert.deepEqual((await log()).slice(0, 3), ['open', 'received message', 'received hello']);

    await server.kill('SIGKILL');
    await until(async () => (await count('closed')) >= 1, 'the page to notice that the server is gone');
    server = await startBowline(PORT);
    await until(async () => (await count('received hello')) === 2, 'the echo over the next connection');
    assert.equal(await count('open'), 2);
    assert.equal(await page.locator('#state').textContent(), 'open');
    return page;
  }

  test('works from our own port', async (t) => {
    const html = await readFile(PAGE, 'utf8');
    const page = await worksFrom(t, async (page) => {
      await page.route(`http://localhost:${PORT}/original-page.html`, (route) =>
        route.fulfill({ contentType: 'text/html', body: html }),
      );
      // A page that the test itself fulfils comes from no address at all, so Chromium asks before it lets it reach this
      // machine; one that the server had sent would come from here.
      await page.context().grantPermissions(['local-network-access']);
      await page.goto(`http://localhost:${PORT}/original-page.html`);
    });
    assert.equal(await page.evaluate(() => location.origin), `http://localhost:${PORT}`);
  });

  test('works from another port', async (t) => {
    const html = await readFile(PAGE);
    const site = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(html);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    t.after(() => site.close());
    t.after(() => site.closeAllConnections());
    await worksFrom(t, (page) => page.goto(`http://127.0.0.1:${site.address().port}/`));
  });

  test('works opened as a file, where the origin is null', async (t) => {
    const page = await worksFrom(t, (page) => page.goto(PAGE.href));
    assert.equal(await page.evaluate(() => self.origin), 'null');
  });
});
