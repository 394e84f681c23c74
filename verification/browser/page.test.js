// The page of `bowline serve`, in Chromium, against the program itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { cannotRun, freePort, selfSigned, startBowline, startChromium, until } from './support.js';

describe('the page of bowline serve', { skip: cannotRun }, () => {
  let browser;
  let server;
  let port;
  before(async () => {
    browser = await startChromium();
    port = await freePort();
    server = await startBowline(port);
  });
  after(async () => {
    await browser?.close();
    await server?.kill();
  });

  /** The page, open and greeted, with what a test asks of it. A page that raises an error fails its test. */
  async function open(t, { url = server.url, ...options } = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      // A refused connection is what some tests bring about; anything else (a policy, a missing file) is an error.
      if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED')) errors.push(message.text());
    });
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(url);
    const entries = (kind) => page.locator(`#log .${kind} .body`).allTextContents();
    const state = () => page.locator('#state').getAttribute('data-state');
    const say = async (text, to = '') => {
      await page.fill('#to', to);
      await page.fill('#text', text);
      await page.press('#text', 'Enter');
    };
    const enters = (wanted) => until(async () => (await state()) === wanted, `the state ${wanted}`);
    const receives = (text) => until(async () => (await entries('received')).includes(text), `the message ${text}`);
    await enters('open');
    await receives('message');
    return { page, entries, state, say, enters, receives };
  }

  test('greets, echoes text and binary, and measures the round trip', async (t) => {
    const { page, entries, say, receives } = await open(t);
    await say('héllo ✓');
    await receives('héllo ✓');
    await page.check('#binary');
    await say('abc');
    await receives('⟨61 62 63⟩');
    assert.deepEqual(await entries('sent'), ['héllo ✓', '⟨61 62 63⟩']);
    await until(async () => Number.parseFloat(await page.textContent('#trip')) >= 0, 'a round-trip time');
    assert.ok(!(await entries('received')).includes('pong'), 'heartbeats do not show');
  });

  test('sends to a user, and hears of users who are not there', async (t) => {
    const ann = await open(t);
    const bob = await open(t, { url: `${server.url}?user=bob` });
    await ann.page.fill('#name', 'ann');
    await ann.page.click('#name-form button');
    await until(async () => (await ann.entries('received')).filter((text) => text === 'message').length === 2, 'ann');
    await ann.say('are you there?', 'bob');
    await bob.receives('are you there?');
    await bob.say('yes', '@ann');
    await ann.receives('yes');
    await ann.say('anybody?', 'nobody');
    await ann.receives('nobody is not connected');
  });

  test('notices a line that was cut, names what may be lost, reconnects and goes on', async (t) => {
    const { page, entries, state, say, enters, receives } = await open(t);
    await page.click('#cut');
    await say('into the void');
    assert.equal(await state(), 'open', 'nobody has told the page');
    await until(async () => (await entries('warn')).length === 1, 'the verdict of the heartbeat');
    assert.match((await entries('warn'))[0], /into the void/);
    await enters('open');
    await page.click('#log .warn button');
    await receives('into the void');
    await say('and on');
    await receives('and on');
  });

  test('outlives the server: waits with a countdown, queues, and delivers', async (t) => {
    const { page, say, enters, receives } = await open(t);
    await server.kill('SIGKILL');
    await enters('waiting');
    assert.match(await page.textContent('#state-clock'), /^in \d+\.\d s$/);
    await say('for later');
    server = await startBowline(port);
    await receives('for later');
  });

  test('closes and connects when told to', async (t) => {
    const { page, enters, say, entries, receives } = await open(t);
    await page.click('#toggle');
    await enters('closed');
    await say('nobody hears');
    await until(async () => (await entries('warn')).length === 1, 'the refusal');
    await page.click('#toggle');
    await enters('open');
    await say('back');
    await receives('back');
  });

  test('talks over TLS where the page came over TLS', async (t) => {
    const { certificate, key } = selfSigned(t);
    const secured = await startBowline(await freePort(), ['--tls-cert', certificate, '--tls-key', key]);
    t.after(() => secured.kill());
    const { page, say, receives } = await open(t, { url: secured.url, ignoreHTTPSErrors: true });
    await say('sealed');
    await receives('sealed');
    assert.match(await page.textContent('#note'), /^wss:/);
  });

  test('works by keyboard alone', async (t) => {
    const { page, receives, enters } = await open(t);
    const focused = () => page.evaluate(() => document.activeElement.id);
    const tabTo = (id) =>
      until(async () => {
        await page.keyboard.press('Tab');
        return (await focused()) === id;
      }, `the focus at ${id}`);
    await tabTo('text');
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await receives('typed');
    await tabTo('toggle');
    await page.keyboard.press('Space');
    await enters('closed');
  });

  test('speaks Chinese where the browser prefers it', async (t) => {
    const { page } = await open(t, { locale: 'zh-CN' });
    assert.equal(await page.textContent('#state-name'), '已连接');
    assert.equal(await page.textContent('#cut'), '掐断网线');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  });

  test('fits a phone, light and dark', async (t) => {
    const grounds = [];
    for (const colorScheme of ['light', 'dark']) {
      const { page, say, receives } = await open(t, { colorScheme, viewport: { width: 375, height: 740 } });
      await say('x'.repeat(200));
      await receives('x'.repeat(200));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    assert.notEqual(grounds[0], grounds[1]);
  });

  test('the module the page imports is served and serves other programs', async (t) => {
    const { page } = await open(t);
    const names = await page.evaluate(async () => Object.keys(await import('/bowline.js')).sort());
    assert.deepEqual(names, ['ReconnectingWebSocket', 'backoffMillis', 'reconnectsAfter']);
  });

  test('a hostile message shows as text', async (t) => {
    const { page, receives, say } = await open(t, { url: `${server.url}?user=victim` });
    const other = new WebSocket(`ws://127.0.0.1:${port}/`);
    t.after(() => other.terminate());
    const attack = '<img src=x onerror="document.title=1">';
    other.on('open', () => other.send(`@victim ${attack}`));
    await receives(attack);
    assert.equal(await page.locator('#log img').count(), 0);
    await say('still here');
    await receives('still here');
  });
});
