import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setUp } from './support.js';

test('opens, loses, waits, connects and opens again, and says so in this order', async () => {
  const { last, log, clock } = setUp();
  await turn();
  last().accept();
  last().end(1006);
  clock.advance(500);
  last().accept();
  assert.deepEqual(log.take(), [
    ['connecting', { attempt: 0 }],
    ['open', {}],
    ['error', {}],
    ['close', { code: 1006, reason: '', wasClean: false, willReconnect: true }],
    ['waiting', { attempt: 1, delayMillis: 500 }],
    ['connecting', { attempt: 1 }],
    ['open', {}],
  ]);
});

test('waiting tells the wall-clock time of the next attempt', () => {
  const { socket, last, clock } = setUp();
  let at;
  socket.addEventListener('waiting', (event) => (at = event.at));
  last().end();
  assert.equal(at, clock.now() + 500);
});

test('an attempt that fails raises error and waiting, no close', async () => {
  const { last, log, clock } = setUp();
  await turn();
  log.take();
  for (const delayMillis of [500, 1_000, 2_000]) {
    last().end(1006);
    assert.deepEqual(log.types(), ['error', 'waiting']);
    assert.equal(log.take()[1][1].delayMillis, delayMillis);
    clock.advance(delayMillis);
    assert.deepEqual(log.take().map(([type]) => type), ['connecting']);
  }
});

test('waits grow from attempt to attempt; only a connection that stood makes them short again', () => {
  const { last, log, clock } = setUp({ stableAfterMillis: 5_000, connectTimeoutMillis: 1e9 });
  const delays = () => log.take().flatMap(([type, fields]) => (type === 'waiting' ? [fields.delayMillis] : []));
  const loseAfter = (millis) => {
    last().accept();
    clock.advance(millis);
    last().end();
    clock.advance(15_000);
  };
  for (let i = 0; i < 7; i++) loseAfter(4_999);
  assert.deepEqual(delays(), [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  loseAfter(5_000);
  loseAfter(0);
  assert.deepEqual(delays(), [500, 1_000]);
});

test('gives up after a code that says so, and reports it as the last close', () => {
  const { socket, last, log, clock, sockets, environment } = setUp();
  last().accept();
  log.take();
  last().end(4500, 'go away');
  assert.deepEqual(log.take(), [['close', { code: 4500, reason: 'go away', wasClean: true, willReconnect: false }]]);
  assert.equal(socket.readyState, socket.CLOSED);
  environment.dispatchEvent(new Event('online'));
  socket.checkNow();
  clock.advance(100_000);
  assert.equal(sockets.length, 1);
  assert.equal(clock.timers, 0);
});

test('at the end, it no longer listens to the page', () => {
  const environment = new EventTarget();
  const listening = new Set();
  environment.addEventListener = (type) => listening.add(type);
  environment.removeEventListener = (type) => listening.delete(type);
  const { last } = setUp({ environment });
  assert.deepEqual([...listening].sort(), ['offline', 'online', 'pageshow', 'visibilitychange']);
  last().end(1008);
  assert.deepEqual([...listening], []);
});

test('gives up after maxAttempts retries in a row', async () => {
  const { last, log, clock, sockets } = setUp({ maxAttempts: 2 });
  await turn();
  log.take();
  last().end();
  clock.advance(500);
  last().end();
  clock.advance(1_000);
  last().end();
  assert.deepEqual(log.types(), ['error', 'waiting', 'connecting', 'error', 'waiting', 'connecting', 'error', 'close']);
  assert.equal(log.events.at(-1)[1].willReconnect, false);
  clock.advance(100_000);
  assert.equal(sockets.length, 3);
});

test('shouldReconnect overrides the table, for connections and for attempts', () => {
  const asked = [];
  const { last, log, clock } = setUp({
    shouldReconnect: (close) => {
      asked.push(close);
      return close.code === 1000;
    },
  });
  last().accept();
  last().end(1000, 'again please');
  clock.advance(500);
  last().end(1006);
  assert.deepEqual(asked, [
    { code: 1000, reason: 'again please', wasClean: true },
    { code: 1006, reason: '', wasClean: false },
  ]);
  assert.equal(log.events.at(-1)[1].willReconnect, false);
});

test('an attempt that hangs is abandoned; its late success is ignored', () => {
  const { socket, log, clock, sockets } = setUp({ connectTimeoutMillis: 7_000 });
  clock.advance(6_999);
  assert.ok(!log.types().includes('error'));
  clock.advance(1);
  assert.deepEqual(log.types().slice(-2), ['error', 'waiting']);
  assert.deepEqual(sockets[0].closed, { code: undefined, reason: undefined });
  sockets[0].accept();
  sockets[0].deliver('ghost');
  sockets[0].end();
  assert.deepEqual(log.types().slice(-2), ['error', 'waiting']);
  assert.equal(socket.readyState, socket.CONNECTING);
});

test('a url function is asked before each attempt; its failure is a failed attempt', async () => {
  const answers = [
    () => 'ws://test/?token=1',
    async () => 'ws://test/?token=2',
    () => 'mailto:x',
    async () => Promise.reject(new Error('no token')),
    () => {
      throw new Error('empty');
    },
  ];
  const failures = [];
  const { socket, last, clock, sockets } = setUp({ random: () => 0 }, { url: () => answers.shift()() });
  socket.onerror = (event) => failures.push(event.message);
  assert.equal(socket.url, '');
  await turn();
  assert.equal(socket.url, 'ws://test/?token=1');
  last().accept();
  last().end(1001);
  clock.advance(0);
  await turn();
  assert.equal(last().url, 'ws://test/?token=2');
  last().accept();
  last().end(1001);
  for (let i = 0; i < 3; i++) {
    clock.advance(0);
    await turn();
  }
  assert.equal(sockets.length, 2);
  assert.equal(answers.length, 0);
  assert.match(failures[0], /cannot connect: .*mailto:x/);
  assert.match(failures[1], /cannot connect: .*no token/);
  assert.match(failures[2], /cannot connect: .*empty/);
});

test('a url function that never answers is covered by the connect time-out', async () => {
  const { log, clock } = setUp({}, { url: () => new Promise(() => {}) });
  await turn();
  clock.advance(10_000);
  assert.deepEqual(log.types(), ['connecting', 'error', 'waiting']);
});

test('an answer that comes after close() opens nothing', async () => {
  let answer;
  const { socket, log, clock, sockets } = setUp({}, { url: () => new Promise((resolve) => (answer = resolve)) });
  await turn();
  socket.close();
  clock.advance(0);
  answer('ws://test/');
  await turn();
  assert.equal(sockets.length, 0);
  assert.deepEqual(log.types(), ['connecting', 'close']);
});

for (const type of ['online', 'pageshow', 'visibilitychange']) {
  test(`${type} ends the wait`, () => {
    const { last, environment, sockets } = setUp();
    last().end();
    environment.visibilityState = 'visible';
    environment.dispatchEvent(new Event(type));
    assert.equal(sockets.length, 2);
  });
}

test('offline, and a page that becomes hidden, do not end the wait', () => {
  const { last, environment, sockets } = setUp();
  last().end();
  environment.dispatchEvent(new Event('offline'));
  environment.visibilityState = 'hidden';
  environment.dispatchEvent(new Event('visibilitychange'));
  assert.equal(sockets.length, 1);
});

test('online makes the next waits short again', () => {
  const { last, environment, clock, log } = setUp();
  for (let i = 0; i < 5; i++) {
    last().end();
    clock.advance(15_000);
    log.take();
  }
  last().end();
  environment.dispatchEvent(new Event('online'));
  last().end();
  assert.equal(log.events.at(-1)[1].delayMillis, 500);
});

test('a machine that slept through its wait connects soon after', () => {
  const { last, clock, sockets } = setUp({ random: () => 0.99, backoff: { baseMillis: 30_000 } });
  last().end();
  clock.advance(1_000);
  clock.sleep(3_600_000);
  clock.advance(5_000);
  assert.equal(sockets.length, 2);
});

test('listeners may close, at every event', async () => {
  for (const type of ['connecting', 'open', 'error', 'close', 'waiting']) {
    const { socket, sockets, last, clock, log } = setUp();
    socket.addEventListener(type, () => socket.close(), { once: true });
    await turn();
    if (!last().closed) last().accept();
    if (last().readyState < 2) last().end(1006);
    else last().end(1005);
    clock.advance(100_000);
    assert.equal(socket.readyState, socket.CLOSED, type);
    assert.equal(sockets.length, 1, type);
    assert.equal(log.events.filter(([name, fields]) => name === 'close' && !fields.willReconnect).length, 1, type);
    assert.equal(clock.timers, 0, type);
  }
});
