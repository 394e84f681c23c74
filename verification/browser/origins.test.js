// Which pages Chromium gets a WebSocket for: the browser says where they are from, the program which it takes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cannotRun, freePort, startBowline, startChromium } from './support.js';

describe('pages and their origins', { skip: cannotRun }, () => {
  let browser;
  let directory;
  let site;
  before(async () => {
    browser = await startChromium();
    directory = await mkdtemp(join(tmpdir(), 'bowline-origins-'));
    await writeFile(join(directory, 'page.html'), '<p>a page from a file');
    site = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<p>a page from another port');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
  });
  after(async () => {
    await browser?.close();
    site?.close();
    if (directory) await rm(directory, { recursive: true });
  });

  /** What becomes of a WebSocket that a page opens: its first message, or "closed". */
  async function opens(t, address, port) {
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(address);
    return page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onmessage = ({ data }) => resolve(data);
          socket.onclose = () => resolve('closed');
        }),
      `ws://localhost:${port}/`,
    );
  }

  const file = () => pathToFileURL(join(directory, 'page.html')).href;
  const elsewhere = () => `http://127.0.0.1:${site.address().port}`;

  test('on loopback every page is taken', async (t) => {
    const port = await freePort();
    const server = await startBowline(port);
    t.after(() => server.kill());
    assert.equal(await opens(t, `http://localhost:${port}/`, port), 'message');
    assert.equal(await opens(t, server.url, port), 'message');
    assert.equal(await opens(t, elsewhere(), port), 'message');
    assert.equal(await opens(t, file(), port), 'message');
  });

  test('where origins are listed, only they and the own one are', async (t) => {
    const port = await freePort();
    const server = await startBowline(port, [], ['--allow-origin', elsewhere()]);
    t.after(() => server.kill());
    assert.equal(await opens(t, `http://localhost:${port}/`, port), 'message');
    assert.equal(await opens(t, elsewhere(), port), 'message');
    assert.equal(await opens(t, server.url, port), 'closed'); // 127.0.0.1 is another origin than localhost
    assert.equal(await opens(t, file(), port), 'closed');
  });
});
