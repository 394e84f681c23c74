// Two programs on one Redis are one server: the page of sessions in two tabs, each on a node of its own; and one whose node is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cannotRun, freePort, orFail, startBowline, startChromium, until } from './support.js';

const REDIS = 'redis-server';
const KEY = 'nodes-test-key-0123456789';
const hasRedis = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, REDIS)));
const skip = cannotRun || orFail(hasRedis ? false : `there is no ${REDIS}`);

/** A Redis that keeps nothing over its end. */
async function startRedis() {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'bowline-'));
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', directory].map(String);
  const child = spawn(REDIS, settings, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const answers = () =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.on('error', () => resolve(false));
      socket.on('data', (data) => {
        socket.destroy();
        resolve(data.toString().startsWith('+PONG'));
      });
    });
  await until(answers, REDIS);
  const close = async () => {
    child.kill();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  return { close, url: `redis://127.0.0.1:${port}` };
}

/** Passes each connection on to the first of these ports where somebody listens. */
async function startBalancer(ports) {
  const sockets = new Set();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    const next = (left) => {
      if (left.length === 0) return client.destroy();
      const node = connect(left[0], '127.0.0.1');
      node.once('error', () => (node.pending || !node.bytesRead ? next(left.slice(1)) : client.destroy()));
      node.once('connect', () => {
        client.pipe(node).pipe(client);
        node.on('error', () => client.destroy());
        client.on('close', () => node.destroy());
        node.on('close', () => client.destroy());
      });
    };
    next(ports);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  };
  return { close, url: `http://127.0.0.1:${server.address().port}/` };
}

describe('nodes that share a Redis', { skip }, () => {
  let browser;
  let redis;
  const nodes = [];
  before(async () => {
    browser = await startChromium();
    redis = await startRedis();
    for (let i = 0; i < 2; i++) {
      const [port, apiPort] = [await freePort(), await freePort()];
      const options = ['--engine', redis.url, '--api-port', String(apiPort)];
      nodes.push({ port, apiPort, ...(await startBowline(port, [], options, { BOWLINE_API_KEYS: KEY })) });
    }
  });
  after(async () => {
    await browser?.close();
    for (const node of nodes) await node.kill();
    await redis?.close();
  });

  async function open(t, url, user) {
    const context = await browser.newContext();
    const page = await context.newPage();
    t.after(() => context.close());
    await page.goto(`${url}sessions?user=${user}`);
    const logged = (text) =>
      until(
        async () => (await page.locator('#log .body').allTextContents()).some((one) => one.includes(text)),
        `"${text}" in the log of ${user}`,
      );
    const number = async (id) => Number(await page.textContent(`#${id}`));
    const says = async (text, to = '') => {
      await page.fill('#to', to);
      await page.fill('#text', text);
      await page.press('#text', 'Enter');
    };
    await logged('a new session');
    return { page, logged, number, says };
  }

  /** That of the second node. */
  async function openDashboard(t) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${nodes[1].apiPort}/`);
    await page.fill('#key', KEY);
    await page.press('#key', 'Enter');
    return page;
  }

  test('show two pages the same topics, the same users and their mailboxes', async (t) => {
    const ada = await open(t, nodes[0].url, 'ada');
    const eve = await open(t, nodes[1].url, 'eve');
    for (const { page } of [ada, eve]) {
      await until(async () => {
        const present = await page.textContent('#present');
        return present.includes('ada') && present.includes('eve');
      }, 'both users');
    }
    await ada.says('to the room');
    await eve.logged('to the room');
    await eve.says('for you alone', 'ada');
    await ada.logged('for you alone');
    if (process.env.SCREENSHOT) await ada.page.screenshot({ path: process.env.SCREENSHOT });
  });

  test('are all on the dashboard of each', async (t) => {
    await open(t, nodes[0].url, 'ada');
    await open(t, nodes[1].url, 'eve');
    const page = await openDashboard(t);
    await until(async () => (await page.locator('#nodes tbody tr').count()) === 2, 'both nodes');
    await until(async () => (await page.textContent('#connected')) === '2', 'the sessions of both');
    for (const { port } of nodes) {
      await page.selectOption('#node', { label: await page.locator('#node option', { hasText: `:${port}` }).textContent() });
      assert.equal(await page.textContent('#connected'), '1');
    }
    await page.selectOption('#node', '');
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/nodes.png`, fullPage: true });
  });

  test('go on with the session of one that is killed', async (t) => {
    const balancer = await startBalancer(nodes.map(({ port }) => port));
    t.after(() => balancer.close());
    const page = await open(t, balancer.url, 'joe');
    await until(async () => (await page.number('received')) >= 20, '20 numbers');
    await nodes[0].kill('SIGKILL');
    const sent = await page.number('sent');
    await page.logged('resumed');
    await until(async () => (await page.number('received')) >= sent + 20, '20 numbers more');
    assert.equal(await page.number('lost'), 0);
    assert.equal(await page.number('doubled'), 0);
    if (process.env.SCREENSHOT_KILLED) await page.page.screenshot({ path: process.env.SCREENSHOT_KILLED });
  });

  test('say on the dashboard that they are alone while Redis is away', async (t) => {
    const page = await openDashboard(t);
    await until(async () => (await page.textContent('#status')) === '1 node', 'that the other one is forgotten');
    await redis.close();
    const told = async () => (await page.textContent('#status')).startsWith('Other nodes can’t be seen');
    await until(told, 'that others are not to be seen');
    assert.match(await page.textContent('#connections'), /^\d+$/);
  });
});
