// What docs/from-polling-to-push.md says, done as it says it: its command, its claims, and its pages in Chromium, before an application.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { after, before, describe, test } from 'node:test';
import { blocksOf, cannotRun, freePort, startBowline, startChromium, startLine, until } from './support.js';

const SECRET = 'a secret of this test, long enough for HS256';
const KEY = 'key-of-this-test-0123456789';
const MOST_KEPT = 1_000; // messages of a topic

const BLOCKS = blocksOf('from-polling-to-push.md');
const blocks = (language) => BLOCKS.filter((block) => block.language === language).map(({ text }) => text);
const [polling, pushed, askedSometimes, askedWhereItMakesSense] = blocks('js');
const [publish] = blocks('sh');
const [claims] = blocks('json').map((text) => JSON.parse(text));

/** A token with the rights of the page, as the application would sign it. */
function token() {
  const part = (value) => Buffer.from(value).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 3_600; // that of the page is over
  const signed = `${part('{"alg":"HS256"}')}.${part(JSON.stringify({ ...claims, exp }))}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

test('the page has the blocks that are tested', () => {
  assert.deepEqual(
    BLOCKS.map(({ language }) => language),
    ['js', 'sh', 'json', 'js', 'js', 'js'],
  );
});

describe('from polling to push', { skip: cannotRun }, () => {
  let browser;
  let bowline;
  let port; // of Bowline
  let api;
  let line; // from pages to Bowline

  before(async () => {
    browser = await startChromium();
    [port, api] = [await freePort(), await freePort()];
    line = await startLine(port);
  });
  after(async () => {
    await browser?.close();
    await bowline?.kill();
    line?.close();
  });

  /** Starts Bowline, whose topics are all new then; for pages of this origin. */
  async function restart(origin) {
    await bowline?.kill();
    bowline = await startBowline(port, [], ['--allow-origin', origin, '--api-port', String(api)], {
      BOWLINE_API_KEYS: KEY,
      BOWLINE_TOKENS_KEYS: `[{ secret: "${SECRET}" }]`,
    });
  }

  /**
   * The application: it has an order, and a page with this code. `answering` is awaited before it answers for the order,
   * with what it had when it was asked.
   */
  async function application(t, code) {
    const here = code
      .replaceAll('https://push.example.com/', `http://127.0.0.1:${line.port}/`)
      .replaceAll('wss://push.example.com/', `ws://127.0.0.1:${line.port}/`);
    const page = `<!DOCTYPE html><title>Order</title><p id="order">none</p><script type="module">
      const fetchToken = () => fetch('/token').then((answer) => answer.text());
      globalThis.shownByPage = [];
      const show = ({ version, state }) => {
        document.querySelector('#order').textContent = version + ' ' + state;
        shownByPage.push(version);
      };
      ${here}
      globalThis.sessionOfPage = typeof session === 'undefined' ? null : session;
    </script>`;
    const one = { order: { id: 17, version: 3, state: 'open' }, asked: 0, found: [], isDown: false, answering: () => {} };
    const server = createServer(async ({ method, url }, response) => {
      if (url === '/orders/17') {
        one.asked++;
        const state = JSON.stringify(one.order);
        if (one.isDown) return void response.writeHead(503).end();
        await one.answering();
        response.setHeader('Content-Type', 'application/json').end(state);
      } else if (url === '/found-by-asking' && method === 'POST') {
        one.found.push(one.order.version);
        response.writeHead(204).end();
      } else if (url === '/token') {
        response.end(token());
      } else {
        response.setHeader('Content-Type', 'text/html').end(page);
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    one.origin = `http://127.0.0.1:${server.address().port}`;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    one.change = (version, state) => (one.order = { id: 17, version, state });
    return one;
  }

  /** Opens the page; what it is is in `shows`. With a clock of its own, if that is wanted. */
  async function open(t, one, { clock } = {}) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    if (clock) await page.clock.install();
    await page.goto(one.origin);
    const text = () => page.textContent('#order');
    const shows = (what) =>
      until(async () => (await text()) === what, `the page shows ${what}`).catch(async ({ message }) => {
        throw new Error(`${message}; it shows ${await text()}`);
      });
    const isOpen = () => page.evaluate(() => globalThis.sessionOfPage?.state === 'open');
    return { page, shows, isOpen };
  }

  /** Publishes by the command of the page, or the like of it. */
  async function run(command = publish) {
    const env = { ...process.env, KEY, API: `http://127.0.0.1:${api}`, no_proxy: '127.0.0.1' };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], { env });
    return JSON.parse(stdout);
  }

  const post = async (path, body) => {
    const headers = { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${api}${path}`, { method: 'POST', headers, body });
    assert.ok(response.ok, `${response.status} ${await response.text()}`);
  };
  const publishVersion = (version, state) =>
    post('/v1/topics/orders.17/messages', JSON.stringify({ id: 17, version, state }));

  test('before: the page asks every five seconds', async (t) => {
    const one = await application(t, polling);
    const { page, shows } = await open(t, one, { clock: true });
    await shows('3 open');
    one.change(4, 'paid');
    await page.clock.runFor(5_000);
    await shows('4 paid');
    await page.clock.runFor(20_000);
    await until(() => one.asked >= 6, 'it goes on asking');
  });

  test('the command publishes once', async (t) => {
    const one = await application(t, pushed);
    await restart(one.origin);
    assert.deepEqual(await run(), { topic: 'orders.17', offset: 1 });
    assert.equal((await run()).offset, 1);
  });

  test('a change while the page asks is in one of the two', async (t) => {
    const one = await application(t, pushed);
    await restart(one.origin);
    let published;
    one.answering = () => (published ??= run()); // before the page has the state that was there before
    const { page, shows, isOpen } = await open(t, one);
    await shows('4 paid');
    await until(isOpen, 'the session is open');
    one.answering = () => {};
    await publishVersion(3, 'late'); // what is older is not shown, whenever it comes
    await publishVersion(5, 'packed');
    await shows('5 packed');
    await publishVersion(4, 'late');
    await publishVersion(6, 'sent');
    await shows('6 sent');
    const shown = await page.evaluate(() => globalThis.shownByPage); // the answer with version 3 may have come first
    assert.deepEqual(shown, [3, 4, 5, 6].slice(-shown.length));
    assert.equal(one.asked, 1, 'requests');
  });

  test('a log that is lost has the page ask', async (t) => {
    const one = await application(t, pushed);
    await restart(one.origin);
    const { page, shows } = await open(t, one);
    await shows('3 open');
    await publishVersion(4, 'paid');
    await shows('4 paid');
    one.change(5, 'packed'); // nobody is told
    await restart(one.origin);
    await shows('5 packed');
    assert.equal(one.asked, 2, 'requests');
    assert.ok(await page.evaluate(() => globalThis.sessionOfPage.state === 'open'));
  });

  test('messages that can not come any more have the page ask', async (t) => {
    const one = await application(t, pushed);
    await restart(one.origin);
    const { shows } = await open(t, one);
    await shows('3 open');
    await publishVersion(4, 'paid');
    await shows('4 paid');
    line.cut();
    one.change(MOST_KEPT * 2, 'sent');
    for (let i = 0; i <= MOST_KEPT + 100; i += 100) {
      const more = Array.from({ length: 100 }, () => ({ topic: 'orders.17', text: '{"id":17,"version":1,"state":"old"}' }));
      await post('/v1/messages', JSON.stringify({ messages: more }));
    }
    line.mend();
    await shows(`${MOST_KEPT * 2} sent`);
    assert.equal(one.asked, 2, 'requests');
  });

  test('asking once a minute tells what was not pushed', async (t) => {
    const one = await application(t, pushed + askedSometimes);
    await restart(one.origin);
    const { page, shows, isOpen } = await open(t, one, { clock: true });
    await shows('3 open');
    await until(isOpen, 'the session is open');
    one.change(4, 'paid');
    await publishVersion(4, 'paid');
    await shows('4 paid');
    for (let times = 2; times <= 3; times++) {
      await page.clock.runFor(60_000);
      await until(() => one.asked === times, 'the page asks');
    }
    one.change(5, 'packed'); // nobody is told
    await page.clock.runFor(60_000);
    await shows('5 packed');
    await until(() => one.found.length > 0, 'it is counted');
    assert.deepEqual(one.found, [5]);
  });

  test('asking where it makes sense: not while there is a session, and as before while there is none', async (t) => {
    const one = await application(t, pushed + askedWhereItMakesSense);
    await restart(one.origin);
    const { page, shows, isOpen } = await open(t, one, { clock: true });
    await shows('3 open');
    await until(isOpen, 'the session is open');
    await page.clock.runFor(15_000);
    assert.equal(one.asked, 1, 'requests while the session is open');
    await bowline.kill();
    await until(async () => !(await isOpen()), 'the session is lost');
    one.change(4, 'paid');
    await page.clock.runFor(20_000);
    assert.equal(one.asked, 1, 'requests while it is not yet gone for half a minute');
    await page.clock.runFor(20_000);
    await shows('4 paid');
  });

  test('asking where it makes sense: again, where there was no answer', async (t) => {
    const one = await application(t, pushed + askedWhereItMakesSense);
    one.isDown = true;
    await restart(one.origin);
    const { page, shows } = await open(t, one, { clock: true });
    await until(() => one.asked === 1, 'the page asks');
    one.isDown = false;
    await page.clock.runFor(5_000);
    await shows('3 open');
  });
});
