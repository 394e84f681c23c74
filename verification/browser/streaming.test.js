// What docs/streaming.md says, done as it says it: its page in Chromium before the example, over a line that is cut; and its topic.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, test } from 'node:test';
import {
  blocksOf,
  cannotRun,
  freePort,
  isFree,
  orFail,
  startBowline,
  startChromium,
  startLine,
  until,
} from './support.js';

const KEY = 'key-of-this-test-0123456789';
const MODULES = ['codec', 'websocket', 'session', 'realtime', 'examples'];
const CLASS_PATH = MODULES.map((name) => fileURLToPath(new URL(`../../${name}/target/classes`, import.meta.url)));
const EXAMPLE = 'dev.bowline.examples.TokenStream';
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const WORDS = 300; // of each answer

const BLOCKS = blocksOf('streaming.md');
const [asking, following] = BLOCKS.filter(({ language }) => language === 'js').map(({ text }) => text);
const [publishing] = BLOCKS.filter(({ language }) => language === 'sh').map(({ text }) => text);

const notBuilt = orFail(
  existsSync(join(CLASS_PATH.at(-1), `${EXAMPLE.replaceAll('.', '/')}.class`))
    ? false
    : 'the examples are not there: mvn compile -pl examples -am',
);

test('the page has the blocks that are tested', () => {
  assert.deepEqual(
    BLOCKS.map(({ language }) => language),
    ['java', 'js', 'js', 'sh'],
  );
});

describe('streaming', { skip: cannotRun || notBuilt }, () => {
  let browser;

  before(async () => (browser = await startChromium()));
  after(() => browser?.close());

  /** Serves a page with this code, and takes its WebSockets, which go to this port: as a proxy before both does. */
  async function open(t, code, port) {
    const here = code.replaceAll("'wss://app.example.com/'", '`ws://${location.host}/`');
    const html = `<!DOCTYPE html><title>Model</title><input id="prompt"><button id="ask">Ask</button><button id="stop">Stop</button>
      <p id="answer"></p><script type="module">
      const fetchToken = () => undefined;
      ${here}
      globalThis.sessionOfPage = session;
    </script>`;
    const server = createServer(({ url }, response) => {
      const module = /^\/([a-z-]+\.js)$/.exec(url)?.[1];
      if (module) {
        const file = new URL(`../../javascript-client/${module}`, import.meta.url);
        response.setHeader('Content-Type', 'text/javascript').end(readFileSync(file));
      } else {
        response.setHeader('Content-Type', 'text/html').end(html);
      }
    });
    server.on('upgrade', ({ method, url, httpVersion, rawHeaders }, socket, head) => {
      const target = connect(port, '127.0.0.1');
      socket.on('error', () => target.destroy()).on('close', () => target.destroy());
      target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      const fields = rawHeaders.map((word, i) => (i % 2 === 0 ? `${word}: ` : `${word}\r\n`)).join('');
      target.write(`${method} ${url} HTTP/${httpVersion}\r\n${fields}\r\n`);
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const context = await browser.newContext();
    t.after(async () => {
      await context.close();
      server.closeAllConnections();
      server.close();
    });
    const page = await context.newPage();
    const origin = `http://127.0.0.1:${server.address().port}`;
    return { page, origin, words: async () => (await page.textContent('#answer')).split(' ').length - 1 };
  }

  describe('by a stream', () => {
    let example;
    let port;

    before(async () => {
      port = await freePort();
      const words = ['-Xmx256m', '-cp', CLASS_PATH.join(delimiter), `-Dport=${port}`, EXAMPLE];
      example = spawn(JAVA, words, { stdio: ['ignore', 'ignore', 'inherit'] });
      await until(async () => !(await isFree(port)), 'the example listens');
    });
    after(async () => {
      const exited = once(example, 'exit');
      example.kill();
      await exited;
    });

    async function openPage(t) {
      const line = await startLine(port);
      t.after(() => line.close());
      const { page, origin, words } = await open(t, asking, line.port);
      await page.goto(origin);
      const ask = async (prompt) => {
        await page.fill('#prompt', prompt);
        await page.click('#ask');
      };
      const whole = async () => {
        await until(async () => (await words()) === WORDS, 'the whole answer');
        return page.textContent('#answer');
      };
      return { page, line, words, ask, whole };
    }

    test('an answer comes whole, though the line is cut in the middle of it', async (t) => {
      const { page, line, words, ask, whole } = await openPage(t);
      await ask('What is a knot?');
      const text = await whole();
      await page.evaluate(() => (globalThis.breaks = 0));
      await page.evaluate(() =>
        sessionOfPage.addEventListener('state', ({ state }) => (breaks += state === 'waiting' ? 1 : 0)),
      );
      await ask('What is a knot?');
      for (const seen of [40, 120, 200]) {
        await until(async () => (await words()) > seen, `${seen} words`);
        line.cut();
        line.mend();
        await page.evaluate(() => sessionOfPage.checkNow());
      }
      assert.equal(await whole(), text);
      assert.ok((await page.evaluate(() => breaks)) > 0, 'the line was cut');
    });

    test('the button stops it, and the next answer is whole', async (t) => {
      const { page, words, ask, whole } = await openPage(t);
      await ask('What is a bend?');
      await until(async () => (await words()) > 20, 'some words');
      await page.click('#stop');
      const come = await words();
      assert.ok(come < WORDS, `it was stopped before its end: ${come}`);
      await ask('What is a hitch?');
      const text = await whole();
      await ask('What is a bend?');
      assert.notEqual(await whole(), text);
    });

    test('who asks again has the answer to that alone', async (t) => {
      const { words, ask, whole } = await openPage(t);
      await ask('What is a knot?');
      const text = await whole();
      await ask('What is a rope?');
      await until(async () => (await words()) > 20 && (await words()) < WORDS, 'some words');
      await ask('What is a knot?');
      assert.equal(await whole(), text);
    });
  });

  test('by a topic: a page that is reloaded writes it all again, and goes on', async (t) => {
    const [port, api] = [await freePort(), await freePort()];
    const code = `import { connect } from '/session.js';
      const session = connect('wss://app.example.com/');
      const answer = document.querySelector('#answer');
      ${following}`;
    const { page, origin } = await open(t, code, port);
    const settings = {
      BOWLINE_API_KEYS: KEY,
      BOWLINE_TOKENS_ANONYMOUS: 'true',
      BOWLINE_TOPICS: '[{ pattern: answers.*, subscribe: everyone }]',
    };
    const bowline = await startBowline(port, [], ['--api-port', String(api)], settings);
    t.after(() => bowline.kill());
    const env = { ...process.env, KEY, API: `http://127.0.0.1:${api}`, no_proxy: '127.0.0.1' };
    const publish = (part, text) =>
      promisify(execFile)(
        'bash',
        ['-euo', 'pipefail', '-c', publishing.replace('part-1', `part-${part}`).replace('a knot ', text)],
        { env },
      );
    const shows = (what) => until(async () => (await page.textContent('#answer')) === what, `the page shows ${what}`);
    await page.goto(origin);
    await publish(1, 'a knot ');
    await shows('a knot ');
    await publish(2, 'that holds ');
    await publish(2, 'that holds '); // the same, once more
    await shows('a knot that holds ');
    await page.reload();
    await shows('a knot that holds ');
    await publish(3, 'and never jams');
    await shows('a knot that holds and never jams');
  });
});
