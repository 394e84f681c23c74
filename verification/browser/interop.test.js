// Chromium's own WebSocket, against the program.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { cannotRun, freePort, startBowline, startChromium } from './support.js';

const LIMIT = 1 << 20;
const SIZES = [0, 1, 125, 126, 65_535, 65_536, LIMIT];

/** Every length in UTF-8, and the ends of each range. */
const TEXTS = {
  'one byte a character': '\u0000\u0001 Hello, world!\n\u007f',
  'two bytes a character': '\u0080é ö ß\u07ff',
  'three bytes a character': '\u0800✓ 绳结 \ud7ff\ue000\uffff',
  'four bytes a character': '\u{10000} 🪢 \u{10ffff}',
  'a byte order mark first': '\ufeffmark',
  '1 MiB of four bytes a character': '🪢'.repeat(LIMIT / 4),
};

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

describe("Chromium's WebSocket", { skip: cannotRun }, () => {
  let browser;
  let server;
  let page;
  before(async () => {
    browser = await startChromium();
    server = await startBowline(await freePort());
    page = await browser.newPage();
    await page.goto(server.url); // a page of the same origin, and with what hashing in the page needs
    await page.evaluate(() => {
      /** A connection that was opened and greeted, with what came in order: messages with a hash, at last the close. */
      globalThis.connect = async (path = '/', protocols = []) => {
        const socket = new WebSocket(new URL(path, location.href.replace('http', 'ws')), protocols);
        socket.binaryType = 'arraybuffer';
        const waiting = [];
        const came = [];
        const tell = (event) => (waiting.length > 0 ? waiting.shift()(event) : came.push(event));
        const next = () => (came.length > 0 ? came.shift() : new Promise((resolve) => waiting.push(resolve)));
        const hash = async (bytes) =>
          [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
            .map((byte) => byte.toString(16).padStart(2, '0'))
            .join('');
        socket.onopen = () => tell({ type: 'open', protocol: socket.protocol });
        socket.onmessage = ({ data }) => tell({ type: typeof data === 'string' ? 'text' : 'binary', data });
        socket.onclose = ({ code, reason, wasClean }) => tell({ type: 'close', code, reason, wasClean });
        const opened = await next();
        if (opened.type !== 'open') return { opened };
        const greeting = await next();
        if (greeting.data !== 'message') throw new Error(`the greeting was ${greeting.data}`);
        const received = async () => {
          const { type, data, ...rest } = await next();
          if (data === undefined) return { type, ...rest };
          const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data);
          return { type, bytes: bytes.length, sha256: await hash(bytes) };
        };
        return { socket, opened, received };
      };
    });
  });
  after(async () => {
    await browser?.close();
    await server?.kill();
  });

  async function echoesText(text) {
    const bytes = Buffer.from(text);
    const echo = await page.evaluate(async (text) => {
      const { socket, received } = await connect();
      socket.send(text);
      const echo = await received();
      socket.close();
      return echo;
    }, text);
    assert.deepEqual(echo, { type: 'text', bytes: bytes.length, sha256: sha256(bytes) });
  }

  for (const [name, text] of Object.entries(TEXTS)) {
    test(`text of ${name} comes back as it was`, () => echoesText(text));
  }

  for (const size of SIZES) {
    test(`${size} bytes come back as they were, as text and as binary`, async () => {
      await echoesText('x'.repeat(size));
      const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31) & 0xff));
      const echo = await page.evaluate(async (size) => {
        const { socket, received } = await connect();
        socket.send(Uint8Array.from({ length: size }, (_, i) => (i * 31) & 0xff));
        const echo = await received();
        socket.close();
        return echo;
      }, size);
      assert.deepEqual(echo, { type: 'binary', bytes: size, sha256: sha256(bytes) });
    });
  }

  test('many messages come back in order', async () => {
    const out = await page.evaluate(async () => {
      const { socket } = await connect();
      const came = [];
      const done = new Promise((resolve) => {
        socket.onmessage = ({ data }) => came.push(data) === 1_000 && resolve();
      });
      for (let i = 0; i < 1_000; i++) socket.send(`number ${i}`);
      await done;
      socket.close();
      return came.findIndex((text, i) => text !== `number ${i}`);
    });
    assert.equal(out, -1);
  });

  for (const [code, reason] of [[1000, ''], [1000, 'done'], [3000, ''], [4000, 'auf Wiedersehen, 再见 🪢'], [4999, 'x'.repeat(123)]]) {
    test(`a close by the page with ${code} and ${reason.length} characters is confirmed`, async () => {
      const close = await page.evaluate(
        async ([code, reason]) => {
          const { socket, received } = await connect();
          socket.close(code, reason);
          return received();
        },
        [code, reason],
      );
      assert.equal(close.type, 'close');
      assert.equal(close.code, code);
      assert.equal(close.wasClean, true);
    });
  }

  test('a close by the page without a code is confirmed without one', async () => {
    const close = await page.evaluate(async () => {
      const { socket, received } = await connect();
      socket.close();
      return received();
    });
    assert.deepEqual(close, { type: 'close', code: 1005, reason: '', wasClean: true });
  });

  test('a message over the limit is answered by a close with 1009', async () => {
    const close = await page.evaluate(async (size) => {
      const { socket, received } = await connect();
      socket.send(new Uint8Array(size));
      return received();
    }, LIMIT + 1);
    assert.equal(close.code, 1009);
    assert.match(close.reason, /too big/);
    assert.equal(close.wasClean, true);
  });

  test('a server that is stopped says goodbye with 1001', async (t) => {
    const another = await startBowline(await freePort());
    t.after(() => another.kill());
    const opened = await page.evaluate(async (url) => {
      globalThis.leaving = await connect(url);
      return leaving.opened.type;
    }, another.url.replace('http', 'ws'));
    assert.equal(opened, 'open');
    await another.kill('SIGTERM');
    const close = await page.evaluate(() => leaving.received());
    assert.equal(close.code, 1001);
    assert.equal(close.wasClean, true);
  });

  test('a subprotocol that the page offers is spoken', async () => {
    const opened = await page.evaluate(async () => {
      const { socket, opened } = await connect('/', ['chat', 'other']);
      socket.close();
      return opened;
    });
    assert.equal(opened.protocol, 'chat');
  });

  test('a refusal closes with 1006', async () => {
    const opened = await page.evaluate(async () => (await connect('/?user=two%20words')).opened);
    assert.deepEqual(opened, { type: 'close', code: 1006, reason: '', wasClean: false });
  });
});
