// The module in a real browser, against a real server.
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
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const missing = existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}`;
if (missing && process.env.CI === 'true') throw new Error(missing);

/** Serves the module and an empty page, and echoes over WebSocket; `serve(port)` again plays a restart. */
async function serve(port = 0) {
  const module = await readFile(new URL('../../bowline.js', import.meta.url));
  const http = createServer((request, response) => {
    const isModule = request.url === '/bowline.js';
    response.setHeader('Content-Type', isModule ? 'text/javascript' : 'text/html');
    response.end(isModule ? module : '<!doctype html><title>test</title>');
  });
  const server = new WebSocketServer({ server: http });
  const received = [];
  server.on('connection', (connection) => {
    connection.on('message', (data, isBinary) => {
      if (server.mute) return;
      if (String(data) !== 'ping') received.push(String(data));
      connection.send(String(data) === 'ping' ? 'pong' : data, { binary: isBinary });
    });
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const kill = async () => {
    for (const connection of server.clients) connection.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return { server, received, kill, port: http.address().port };
}

describe('in Chromium', { skip: missing }, () => {
  let browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  after(() => browser?.close());

  /** A page with a socket in `window.socket`, whose events are in `window.events`. */
  async function open(t, options = {}) {
    const site = { current: await serve() };
    t.after(() => site.current.kill());
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.current.port}/`);
    await page.evaluate(
      async (options) => {
        const { ReconnectingWebSocket } = await import('/bowline.js');
        const socket = new ReconnectingWebSocket(`ws://${location.host}/`, [], options);
        window.ReconnectingWebSocket = ReconnectingWebSocket;
        window.socket = socket;
        window.events = [];
        for (const type of ['open', 'message', 'heartbeat', 'error', 'close', 'undelivered', 'waiting', 'connecting']) {
          socket.addEventListener(type, (event) => window.events.push(event));
        }
      },
      { backoff: { baseMillis: 50, maxMillis: 200 }, ...options },
    );
    const seen = (type) => page.evaluate((type) => window.events.filter((event) => event.type === type).length, type);
    await until(() => seen('open'), 'the first connection');
    return { site, context, page, seen };
  }

  test('behaves like WebSocket where a page can tell', async (t) => {
    const { page } = await open(t);
    const same = await page.evaluate(async () => {
      const log = (socket) =>
        new Promise((resolve) => {
          const seen = [];
          for (const type of ['open', 'message', 'error', 'close']) {
            socket[`on${type}`] = function (event) {
              const { data, origin, code, reason, wasClean, target } = event;
              const kind = event.constructor.name;
              seen.push([type, kind, data, origin, code, reason, wasClean, target === socket, this === socket]);
              if (type === 'open') socket.send('x');
              if (type === 'message') socket.close(3333, 'bye');
              if (type === 'close') resolve(seen);
            };
          }
          seen.push([socket.readyState, socket.url, socket.protocol, socket.binaryType, socket.bufferedAmount]);
          for (const args of [[1001], [1000, 'x'.repeat(124)]]) {
            try {
              socket.close(...args);
            } catch (error) {
              seen.push([error.constructor.name, error.name]);
            }
          }
        });
      const url = `ws://${location.host}/path?query`;
      const badUrl = (type) => {
        try {
          new type('mailto:x');
        } catch (error) {
          return [error.constructor.name, error.name];
        }
      };
      return {
        native: [badUrl(WebSocket), await log(new WebSocket(url))],
        ours: [badUrl(ReconnectingWebSocket), await log(new ReconnectingWebSocket(url))],
      };
    });
    assert.deepEqual(same.ours, same.native);
    assert.equal(same.native[1].at(-1)[4], 3333);
  });

  test('binary messages arrive as Blob or ArrayBuffer', async (t) => {
    const { page } = await open(t);
    const arrived = await page.evaluate(async () => {
      const next = () => new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
      const kinds = [];
      for (const binaryType of ['blob', 'arraybuffer']) {
        socket.binaryType = binaryType;
        for (const data of [new Uint8Array([1, 2, 3]).subarray(1), new Blob([new Uint8Array([2, 3])])]) {
          const message = next();
          socket.send(data);
          const answer = (await message).data;
          const bytes = answer instanceof Blob ? await answer.arrayBuffer() : answer;
          kinds.push([answer.constructor.name, ...new Uint8Array(bytes)]);
        }
      }
      return kinds;
    });
    assert.deepEqual(arrived, [
      ['Blob', 2, 3],
      ['Blob', 2, 3],
      ['ArrayBuffer', 2, 3],
      ['ArrayBuffer', 2, 3],
    ]);
  });

  test('outlives its server, and delivers what was sent meanwhile', async (t) => {
    const { site, page, seen } = await open(t);
    await site.current.kill();
    await until(() => seen('waiting'), 'the loss');
    const close = await page.evaluate(() => {
      const event = window.events.find(({ type }) => type === 'close');
      return [event instanceof CloseEvent, event.code, event.wasClean, event.willReconnect, socket.readyState];
    });
    assert.deepEqual(close, [true, 1006, false, true, 0]);
    const results = await page.evaluate(() => ['1', '2', '3'].map((message) => socket.send(message)));
    assert.deepEqual(results, ['accepted', 'accepted', 'accepted']);
    site.current = await serve(site.current.port);
    await until(() => site.current.received.length === 3, 'the queue');
    assert.deepEqual(site.current.received, ['1', '2', '3']);
  });

  test('notices a silent server by heartbeat, and names what may be lost', async (t) => {
    const { site, page, seen } = await open(t, { heartbeat: { intervalMillis: 100, timeoutMillis: 2_000 } });
    await until(() => seen('heartbeat'), 'a heartbeat');
    assert.equal(await seen('message'), 0);
    site.current.server.mute = true;
    await page.evaluate(() => socket.send('into the void'));
    await until(() => seen('undelivered'), 'the verdict');
    const undelivered = await page.evaluate(() => {
      const { reason, messages, count } = window.events.find(({ type }) => type === 'undelivered');
      return { reason, messages, count };
    });
    assert.deepEqual(undelivered, { reason: 'connection lost', messages: ['into the void'], count: 1 });
    site.current.server.mute = false;
    await until(async () => (await seen('open')) >= 2, 'the next connection');
  });

  test('connects at once when the browser comes online', async (t) => {
    const { site, context, seen } = await open(t, { backoff: { baseMillis: 1e9, maxMillis: 1e9 } });
    await context.setOffline(true);
    await site.current.kill();
    await until(() => seen('waiting'), 'the loss');
    site.current = await serve(site.current.port);
    assert.equal(await seen('open'), 1);
    await context.setOffline(false);
    await until(async () => (await seen('open')) === 2, 'the next connection');
  });

  test('probes at once when the browser goes offline', async (t) => {
    const { context, seen } = await open(t, { heartbeat: { intervalMillis: 1e9, timeoutMillis: 500 } });
    assert.equal(await seen('heartbeat'), 0);
    await context.setOffline(true);
    await until(async () => (await seen('heartbeat')) + (await seen('close')) > 0, 'an answer, or the verdict');
  });

  test('connects at once when the page becomes visible', async (t) => {
    const { site, page, seen } = await open(t, { backoff: { baseMillis: 1e9, maxMillis: 1e9 } });
    await site.current.kill();
    await until(() => seen('waiting'), 'the loss');
    site.current = await serve(site.current.port);
    // A headless page never hides, so the page plays both turns; the event and its way through the DOM are real.
    const turn = (state) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, state);
    await turn('hidden');
    assert.equal(await seen('connecting'), 1);
    await turn('visible');
    await until(async () => (await seen('open')) === 2, 'the next connection');
  });

  test('a listener that throws harms nobody else', async (t) => {
    const { page, seen } = await open(t);
    const error = page.waitForEvent('pageerror');
    await page.evaluate(() => {
      socket.onmessage = () => {
        throw new Error('in a handler');
      };
      socket.send('x');
    });
    assert.match(String(await error), /in a handler/);
    await until(() => seen('message'), 'the message at the other listener');
  });
});
