// A session in a real browser, whose page is loaded again, hidden and left; the server is a few lines of bowline.v1.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { until } from '../support.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const missing = existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}`;
if (missing && process.env.CI === 'true') throw new Error(missing);

const TERMS = 'window 60000\nping 20000\ngrace 10000\nmax-message 65536\nmax-pending 256 1048576';

/** Serves the modules and an empty page, and a session with the topic `news`, which has one message for each `pub`. */
async function serve() {
  const http = createServer(async (request, response) => {
    const isModule = request.url.endsWith('.js');
    response.setHeader('Content-Type', isModule ? 'text/javascript' : 'text/html');
    const module = isModule && (await readFile(new URL(`../..${request.url}`, import.meta.url)));
    response.end(module || '<!doctype html><title>test</title>');
  });
  const site = { hellos: [], connection: null, sessions: 0 };
  let handled = 0;
  let n = 0;
  let offset = 0;
  const server = new WebSocketServer({ server: http, handleProtocols: () => 'bowline.v1' });
  server.on('connection', (connection) => {
    site.connection = connection;
    connection.on('message', (data) => {
      const [header, payload] = String(data).split(/\n(.*)/s);
      const [verb, seq, name] = header.split(' ');
      if (verb === 'hello') {
        site.hellos.push(payload);
        const isResumed = /^resume /m.test(payload);
        if (!isResumed) [handled, n, offset, site.sessions] = [0, 0, 0, site.sessions + 1];
        connection.send(`welcome\nsession s${site.sessions} t\n${isResumed ? `resumed ${handled}` : 'new'}\n${TERMS}`);
        const cursor = /^topic news e (\d+)$/m.exec(payload)?.[1];
        if (isResumed && cursor) {
          connection.send(`at news e ${cursor}`);
          for (let i = Number(cursor) + 1; i <= offset; i++) connection.send(`pub news ${i}\nm${i}`);
        }
      } else if (['sub', 'unsub', 'pub'].includes(verb)) {
        handled = Number(seq);
        if (verb === 'sub' && n === 0) connection.send(`at ${name} e ${offset}`);
        connection.send(`ok ${++n} ${seq}`);
        if (verb === 'pub') connection.send(`pub news ${++offset}\n${payload}`);
      }
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const kill = async () => {
    for (const connection of server.clients) connection.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return Object.assign(site, { kill, publish: () => (offset += 1), url: `http://127.0.0.1:${http.address().port}/` });
}

describe('in Chromium', { skip: missing }, () => {
  let browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  after(() => browser?.close());

  async function open(t) {
    const site = await serve();
    t.after(() => site.kill());
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(site.url);
    return { site, page };
  }

  /** Begins a session in the page, subscribed to `news`. What came is in `window.got`. */
  const begin = (page) =>
    page.evaluate(async () => {
      const { connect } = await import('/session.js');
      const session = connect(`ws://${location.host}/`, { storage: sessionStorage });
      Object.assign(globalThis, { session, got: [], errors: [] });
      session.addEventListener('error', ({ error }) => globalThis.errors.push(String(error)));
      session.subscribe('news', ({ offset, data }) => globalThis.got.push(`${offset} ${data}`));
      await new Promise((resolve) => session.addEventListener('welcome', resolve));
      return session.id;
    });

  const got = (page, count) => until(async () => {
    const messages = await page.evaluate(() => globalThis.got);
    return messages.length >= count && messages;
  }, `${count} messages`);

  test('a page that is loaded again goes on, with what it missed', async (t) => {
    const { site, page } = await open(t);
    assert.equal(await begin(page), 's1');
    await page.evaluate(() => globalThis.session.publish('news', 'é'));
    assert.deepEqual(await got(page, 1), ['1 é']);
    await page.reload();
    site.publish();
    assert.equal(await begin(page), 's1');
    assert.match(site.hellos[1], /^resume s1 t 2 1001\ntopic news e 1$/m);
    assert.deepEqual(await got(page, 1), ['2 m2']);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'taken out');
    await page.evaluate(() => globalThis.session.publish('news', 'after'));
    assert.deepEqual(await got(page, 2), ['2 m2', '3 after']);
  });

  test('a second tab has a session of its own, and one that ended leaves nothing', async (t) => {
    const { site, page } = await open(t);
    await begin(page);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void open(location.href))]);
    await popup.waitForLoadState();
    assert.equal(await begin(popup), 's2', 'though it began with a copy of the storage');
    await popup.evaluate(() => globalThis.session.bye());
    await popup.reload();
    assert.equal(await begin(popup), 's3');
    assert.equal(site.hellos.filter((hello) => hello?.includes('resume')).length, 0);
  });

  test('a cut is followed by the next connection, at which nothing is missing', async (t) => {
    const { site, page } = await open(t);
    await begin(page);
    await page.evaluate(() => globalThis.session.publish('news', 'one'));
    await got(page, 1);
    site.publish();
    site.connection.terminate();
    assert.deepEqual(await got(page, 2), ['1 one', '2 m2']);
    const now = await page.evaluate(() => [globalThis.session.state, globalThis.errors]);
    assert.deepEqual(now, ['open', []]);
  });
});
