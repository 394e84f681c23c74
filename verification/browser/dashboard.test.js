// The dashboard of `bowline serve`, in Chromium, while sessions come, are cut, come back and talk.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { connect } from '../../javascript-client/session.js';
import { cannotRun, freePort, startBowline, startChromium, until } from './support.js';

const KEY = 'dashboard-test-key-0123456789';

describe('the dashboard', { skip: cannotRun }, () => {
  let browser;
  let server;
  let url;
  let sockets;
  before(async () => {
    browser = await startChromium();
    const [port, apiPort] = [await freePort(), await freePort()];
    server = await startBowline(port, [], ['--api-port', String(apiPort)], { BOWLINE_API_KEYS: KEY });
    url = `http://127.0.0.1:${apiPort}/`;
    sockets = `ws://127.0.0.1:${port}/`;
  });
  after(async () => {
    await browser?.close();
    await server?.kill();
  });

  /** The page as it is before the login. One that raises an error, or does what its policy forbids, fails its test. */
  async function open(t, options = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
    });
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(url);
    await page.waitForSelector('#login:not([hidden])');
    return page;
  }

  async function logIn(page, key = KEY) {
    await page.fill('#key', key);
    await page.press('#key', 'Enter');
  }

  async function openBoard(t, options) {
    const page = await open(t, options);
    await logIn(page);
    await until(async () => /\d/.test(await page.textContent('#connections')), 'numbers');
    return page;
  }

  const number = async (page, id) => Number((await page.textContent(`#${id}`)).replace(/[^\d.]/g, ''));

  /** A session of a user, on a line that can be cut, and stays so until it is mended. */
  async function begin(t, user) {
    const line = { isCut: false, socket: undefined };
    class Line extends WebSocket {
      constructor(address, ...more) {
        super(line.isCut ? 'ws://127.0.0.1:1/' : address, ...more);
        line.socket = this;
      }
    }
    const session = connect(sockets, { agent: 'dashboard-test', WebSocket: Line, auth: user });
    t.after(() => session.bye());
    await until(() => session.state === 'open', `the session of ${user}`);
    const cut = async () => {
      line.isCut = true;
      line.socket.terminate();
      await until(() => session.state !== 'open', 'the cut');
    };
    const mend = () => (line.isCut = false);
    return { session, cut, mend };
  }

  async function shoots(page, name) {
    if (!process.env.SCREENSHOTS) return;
    await page.evaluate(() => scrollTo(0, 0)); // or its head would stand in the middle
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
  }

  test('lets in whoever has a key, and forgets it when told', async (t) => {
    const page = await open(t);
    await shoots(page, 'login');
    await logIn(page, 'none-of-the-keys-0123');
    await until(async () => (await page.textContent('#login-problem')).includes('none of the server’s keys'), 'the refusal');
    assert.ok(await page.isHidden('#board'));
    await logIn(page);
    await page.waitForSelector('#board:not([hidden])');
    assert.equal(page.url(), `${url}dashboard/`);
    await page.reload();
    await page.waitForSelector('#board:not([hidden])');
    await page.click('#log-out');
    await page.waitForSelector('#login:not([hidden])');
    await page.reload();
    await page.waitForSelector('#login:not([hidden])');
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });

  test('shows numbers that move with what happens', async (t) => {
    const page = await openBoard(t);
    const before = await number(page, 'connections');
    const { session: ada } = await begin(t, 'ada');
    const { session: bob } = await begin(t, 'bob');
    let received = 0;
    for (const session of [ada, bob]) session.subscribe('demo.moving', () => (received += 1));
    const traffic = setInterval(() => ada.publish('demo.moving', 'x'.repeat(100)).catch(() => {}), 10);
    t.after(() => clearInterval(traffic));
    await until(async () => (await number(page, 'connections')) === before + 2, 'two connections more');
    const value = (title, i) => page.locator('.chart', { hasText: title }).locator('strong').nth(i).textContent();
    await until(async () => parseFloat(await value('Messages', 0)) > 10, 'messages in');
    await until(async () => parseFloat(await value('Messages', 1)) > 20, 'messages out');
    await until(async () => /B\/s/.test(await value('Traffic', 0)), 'bytes in');
    await until(async () => /s$/.test(await value('Delivery', 1)), 'the latency of deliveries');
    await until(async () => /%/.test(await value('Busiest', 0)), 'the load');
    await until(async () => (await page.locator('#topics tbody').textContent()).includes('demo.moving'), 'the topic');
    const users = await page.locator('#users tbody').textContent();
    assert.ok(users.includes('ada') && users.includes('bob'), users);
    assert.ok(received > 0);
    assert.equal(await page.locator('#nodes tbody tr').count(), 1);
    if (process.env.SCREENSHOTS) await page.waitForTimeout(20_000); // so that there is something to see
    await shoots(page, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(14, 19, 23)');
    await shoots(page, 'dark');
  });

  test('tells the life of a session that is cut and resumed', async (t) => {
    const page = await openBoard(t);
    const eve = await begin(t, 'eve');
    const joe = await begin(t, 'joe');
    const got = [];
    await eve.session.subscribe('demo.trace', ({ data }) => got.push(data)).ready;
    await page.fill('#search', 'eve');
    await until(async () => (await page.locator('#sessions tbody button').count()) === 1, 'the session of eve');
    await page.click('#sessions tbody button');
    const tells = (text) => until(async () => (await page.textContent('#trace')).includes(text), `"${text}" in the trace`);
    await tells('Connected');
    await eve.cut();
    for (const text of ['one', 'two', 'three']) await joe.session.publish('demo.trace', text);
    await tells('Connection lost1006 cut');
    eve.mend();
    await until(() => got.length === 3, 'what was published meanwhile');
    await tells('Resumed');
    await tells('3 messages of topics replayed');
    eve.session.bye();
    await tells('Ended1000 said goodbye');
    await shoots(page, 'trace');
    await page.fill('#search', 'joe');
    await page.click('#search-form button');
    await until(async () => (await page.textContent('#trace-hint')).includes('user joe'), 'the session of joe');
    await page.fill('#search', 'nobody-at-all');
    await page.click('#search-form button');
    await until(async () => (await page.textContent('#trace-hint')).includes('There is no session'), 'the word that there is none');
  });

  test('publishes to a topic, and watches it', async (t) => {
    const page = await openBoard(t);
    await page.fill('#watch-topic', 'demo.console');
    await page.click('#watch');
    await page.fill('#publish-topic', 'demo.console');
    await page.fill('#publish-text', 'hello <b>all</b>');
    await page.click('#publish-form button');
    await until(async () => (await page.textContent('#published')) === 'Published as number 1.', 'the offset');
    await until(async () => (await page.textContent('#watched')).includes('hello <b>all</b>'), 'the message');
    await page.fill('#publish-text', 'again');
    await page.click('#publish-form button');
    await until(async () => (await page.locator('#watched li').count()) === 2, 'two messages');
    await page.fill('#publish-topic', 'no topic');
    await page.click('#publish-form button');
    await until(async () => (await page.getAttribute('#published', 'class'))?.includes('bad'), 'the refusal');
  });

  test('fits a phone', async (t) => {
    const page = await openBoard(t, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
    const { session } = await begin(t, 'a-user-with-a-rather-long-name-for-a-narrow-page');
    await session.subscribe(`demo.${'long-topic-'.repeat(12)}`, () => {}).ready;
    await until(async () => (await page.textContent('#topics tbody')).includes('long-topic'), 'the topic');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `the page is ${wide} pixels wide`);
    await shoots(page, 'phone');
  });

  /** The English that somebody sees or is read, but for names. */
  async function english(page, names) {
    const texts = await page.evaluate(() => {
      const found = [document.title];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement } = walker.currentNode;
        if (parentElement.checkVisibility()) found.push(walker.currentNode.data);
      }
      for (const element of document.querySelectorAll('[placeholder], [aria-label]')) {
        if (element.checkVisibility()) found.push(element.placeholder ?? '', element.ariaLabel ?? '');
      }
      return found;
    });
    const known = ['Bowline', 'HTTP API', 'api.keys', 'p50', 'p99', 'demo.room', ...names];
    return texts
      .map((text) => known.reduce((rest, name) => rest.replaceAll(name, ''), text))
      .map((text) => text.replace(/\d (B|KiB|MiB|GiB)\b/g, ''))
      .filter((text) => /[A-Za-z]{2}/.test(text));
  }

  test('speaks Chinese with those who do', async (t) => {
    const page = await open(t, { locale: 'zh-CN' });
    const names = [];
    const isChinese = async (when) => assert.deepEqual(await english(page, names), [], when);
    await isChinese('before the login');
    await shoots(page, 'chinese-login');
    await logIn(page, 'none-of-the-keys-0123');
    await until(async () => (await page.textContent('#login-problem')) === '服务器没有这个密钥。', 'the refusal');
    await isChinese('after a wrong key');
    await logIn(page);
    await until(async () => /\d/.test(await page.textContent('#connections')), 'numbers');
    const zoe = await begin(t, 'zoe');
    const max = await begin(t, 'max');
    await zoe.session.subscribe('demo.chinese', () => {}).ready;
    await page.fill('#search', 'zoe');
    await until(async () => (await page.locator('#sessions tbody button').count()) === 1, 'the session of zoe');
    await page.click('#sessions tbody button');
    const tells = (text) => until(async () => (await page.textContent('#trace')).includes(text), `"${text}" in the trace`);
    await tells('已连接');
    await zoe.cut();
    await max.session.publish('demo.chinese', '你好');
    await tells('连接断开1006 断线');
    zoe.mend();
    await tells('内补回主题的 1 条消息');
    await page.fill('#watch-topic', 'demo.chinese');
    await page.click('#watch');
    await page.fill('#publish-topic', 'demo.chinese');
    await page.fill('#publish-text', '大家好');
    await page.click('#publish-form button');
    await until(async () => (await page.textContent('#published')) === '已发布，编号 2。', 'the offset');
    await until(async () => (await page.locator('#watched li').count()) === 2, 'two messages');
    await until(async () => (await page.textContent('#topics tbody')).includes('demo.chinese'), 'the topic');
    const inPage = (...selectors) => page.locator(selectors.join(', ')).allTextContents();
    // Nodes, versions, sessions, users, agents and topics have the names that somebody gave them.
    names.push('zoe', 'max', 'dashboard-test');
    names.push(...(await inPage('.here', '#node option', '#nodes td:first-child', '#nodes .soft', '#sessions button')));
    names.push(...(await inPage('#topics td:first-child', '#users td:first-child')), zoe.session.id);
    names.sort((one, other) => other.length - one.length);
    await isChinese('on the board');
    await shoots(page, 'chinese-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoots(page, 'chinese-dark');
    zoe.session.bye();
    await tells('已结束1000 客户端道别');
    await page.fill('#publish-topic', 'no topic');
    await page.click('#publish-form button');
    await until(async () => (await page.textContent('#published')).startsWith('请求有误（'), 'the refusal, with the words of the API');
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `the page is ${wide} pixels wide`);
    const cut = await page.locator('#publish-form button').evaluate((button) => button.scrollWidth > button.clientWidth);
    assert.ok(!cut, 'a long refusal leaves no room for the button');
    await shoots(page, 'chinese-phone');
    await page.route('**/v1/**', (route) => route.abort());
    await until(async () => (await page.textContent('#status')) === '服务器没有应答。', 'the trouble');
  });

  test('says so when the server is gone, and goes on when it is back', async (t) => {
    const page = await openBoard(t);
    await page.route('**/v1/**', (route) => route.abort());
    await until(async () => (await page.textContent('#status')).startsWith('No answer'), 'the trouble');
    await page.unroute('**/v1/**');
    await until(async () => (await page.textContent('#status')) === '1 node', 'that it is over');
  });
});
