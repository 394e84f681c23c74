// The page of sessions of `bowline serve`, in Chromium, against the program itself, which is cut off and killed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cannotRun, freePort, startBowline, startChromium, until } from './support.js';

const WORDS = 'A bowline is the knot that holds and never jams.';
const LAST_WORDS = 'Nothing was asked again, and nobody had to notice.';

describe('the page of sessions', { skip: cannotRun }, () => {
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

  /** The page, open, with what a test asks of it. A page that raises an error fails its test. */
  async function open(t, user) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(`${server.url}sessions${user ? `?user=${user}` : ''}`);
    const number = async (id) => Number(await page.textContent(`#${id}`));
    const counts = async () => Promise.all(['sent', 'received', 'lost', 'doubled'].map(number));
    const logged = (text, times = 1) =>
      until(
        async () => (await page.locator('#log .body').allTextContents()).filter((one) => one.includes(text)).length >= times,
        `"${text}" in the log`,
      );
    const sends = async (more) => {
      const target = (await number('sent')) + more;
      await until(async () => (await number('received')) >= target, `number ${target}`);
    };
    await logged('a new session');
    return { context, page, number, counts, logged, sends };
  }

  async function nothingLost({ counts }) {
    const [, , lost, doubled] = await counts();
    assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 });
  }

  // At the same time, as they wait most of it: for words, and for a line to be given up.
  describe('while the server stays', { concurrency: true }, () => {
    test('a line that is cut, again and again, loses and doubles nothing', async (t) => {
      const one = await open(t);
      for (let times = 1; times <= 2; times++) {
        await one.sends(5);
        await one.page.click('#cut');
        await one.page.waitForTimeout(300); // what is sent meanwhile goes into the void
        await one.page.click('#retry');
        await one.logged('resumed', times);
        await one.sends(5);
        await nothingLost(one);
      }
      const [sent, received] = await one.counts();
      assert.ok(sent - received <= 3, `${received} of ${sent} came back`);
    });

    test('a network that is switched off and on', async (t) => {
      const one = await open(t);
      await one.sends(5);
      await one.context.setOffline(true);
      await one.page.waitForTimeout(500);
      await one.context.setOffline(false);
      await one.sends(10);
      await nothingLost(one);
    });

    test('users: who is there, a room, a mailbox', async (t) => {
      const ada = await open(t, 'ada');
      const bob = await open(t, 'bob');
      await ada.logged('bob is here');
      await until(async () => (await bob.page.textContent('#present')) === 'ada, bob', 'both are shown');
      await bob.page.fill('#text', 'hello all');
      await bob.page.press('#text', 'Enter');
      await ada.logged('bob: hello all');
      await ada.page.fill('#to', 'bob');
      await ada.page.fill('#text', 'psst');
      await ada.page.press('#text', 'Enter');
      await bob.logged('ada: psst');
      await bob.context.close();
    });

    test('a stream of words survives a cut in its middle', async (t) => {
      const one = await open(t);
      const uncut = await open(t);
      const again = uncut.page.evaluate(async () => {
        const { connect } = await import('/session.js');
        const session = connect(`ws://${location.host}/`);
        let whole = '';
        for await (const word of session.stream('demo.words')) whole += word;
        session.bye();
        return whole;
      });
      await one.page.click('#words');
      await until(async () => (await one.page.textContent('#stream')).startsWith(WORDS), 'the first sentence');
      await one.page.click('#cut');
      await one.page.click('#retry');
      await until(async () => (await one.page.getAttribute('#stream', 'class')) === 'whole', 'the end of the stream');
      const text = await one.page.textContent('#stream');
      assert.ok(text.endsWith(LAST_WORDS), text);
      assert.equal(text, await again, 'as it is without a cut');
    });
  });

  test('a server that is killed and started again: what is lost is told', async (t) => {
    const one = await open(t);
    await one.sends(10);
    await server.kill();
    await one.page.waitForTimeout(500);
    server = await startBowline(port);
    await one.logged('a new session (lost)');
    await one.sends(10);
    await nothingLost(one);
  });
});
