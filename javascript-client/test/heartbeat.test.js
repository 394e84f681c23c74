import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support.js';

/** An open link with a heartbeat of 20 s + 10 s. */
function open(heartbeat = true) {
  const link = setUp({ heartbeat });
  link.last().accept();
  link.log.take();
  return link;
}

test('without the option, nothing is ever sent and no timer runs', () => {
  const { last, clock, environment, socket } = open(false);
  clock.advance(1e7);
  environment.dispatchEvent(new Event('online'));
  socket.checkNow();
  assert.deepEqual(last().sent, []);
  assert.equal(clock.timers, 0);
});

test('asks after 20 s of silence; the reply is measured and does not reach the application', () => {
  const { last, log, clock, socket } = open();
  let roundTripMillis;
  socket.addEventListener('heartbeat', (event) => (roundTripMillis = event.roundTripMillis));
  clock.advance(19_999);
  assert.deepEqual(last().sent, []);
  clock.advance(1);
  assert.deepEqual(last().sent, ['ping']);
  clock.advance(120);
  last().deliver('pong');
  assert.equal(roundTripMillis, 120);
  assert.deepEqual(log.types(), ['heartbeat']);
  clock.advance(20_000);
  assert.deepEqual(last().sent, ['ping', 'ping']);
});

test('a reply nobody asked for is swallowed too', () => {
  const { last, log } = open();
  last().deliver('pong');
  assert.deepEqual(log.types(), []);
});

test('any traffic counts as life: no request while messages come', () => {
  const { last, clock } = open();
  for (let i = 0; i < 100; i++) {
    clock.advance(19_999);
    last().deliver('news');
  }
  assert.deepEqual(last().sent, []);
});

test('any traffic counts as life: no death while messages come', () => {
  const { last, clock, socket } = open();
  clock.advance(20_000);
  for (let i = 0; i < 10; i++) {
    clock.advance(9_999);
    last().deliver('news');
  }
  assert.equal(socket.readyState, socket.OPEN);
  clock.advance(10_000);
  assert.notEqual(socket.readyState, socket.OPEN);
});

test('a silent link is abandoned at once and reconnected; what its socket still says is ignored', () => {
  const { sockets, log, clock } = open();
  clock.advance(29_999);
  assert.deepEqual(log.types(), []);
  clock.advance(1);
  assert.deepEqual(log.types(), ['error', 'close', 'waiting']);
  const { code, reason, wasClean, willReconnect } = log.take()[1][1];
  assert.deepEqual([code, wasClean, willReconnect], [1006, false, true]);
  assert.match(reason, /heartbeat/);
  assert.ok(sockets[0].closed);
  sockets[0].deliver('ghost');
  sockets[0].end(1006);
  assert.deepEqual(log.types(), []);
  clock.advance(500);
  assert.equal(sockets.length, 2);
});

test('has its own interval, time-out, request and reply', () => {
  const { last, clock, log } = open({ intervalMillis: 500, timeoutMillis: 300, request: '?', reply: '!' });
  clock.advance(500);
  assert.deepEqual(last().sent, ['?']);
  last().deliver('pong');
  last().deliver('!');
  assert.deepEqual(log.take().map(([type]) => type), ['message', 'heartbeat']);
  clock.advance(799);
  assert.deepEqual(log.types(), []);
  clock.advance(1);
  assert.ok(log.types().includes('close'));
});

for (const type of ['online', 'offline', 'pageshow', 'visibilitychange']) {
  test(`${type} probes an open link at once`, () => {
    const { last, log, clock, environment } = open();
    environment.visibilityState = 'visible';
    environment.dispatchEvent(new Event(type));
    assert.deepEqual(last().sent, ['ping']);
    clock.advance(10_000);
    assert.ok(log.types().includes('close'));
  });
}

test('a page that becomes hidden is no reason to probe', () => {
  const { last, environment } = open();
  environment.visibilityState = 'hidden';
  environment.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual(last().sent, []);
});

test('a flurry of events sends two requests at most, and does not put off the verdict', () => {
  const { sockets, log, clock, environment } = open();
  for (let second = 0; second < 11; second++) {
    for (const type of ['online', 'pageshow', 'offline']) environment.dispatchEvent(new Event(type));
    if (second < 10) clock.advance(1_000);
  }
  assert.deepEqual(sockets[0].sent, ['ping', 'ping']);
  assert.ok(log.types().includes('close'));
});

test('after a sleep it asks at once', () => {
  const { last, clock } = open();
  clock.advance(1_000);
  clock.sleep(3_600_000);
  clock.advance(5_000);
  assert.deepEqual(last().sent, ['ping']);
});

test('a request that was on its way when the machine fell asleep gets a second chance, not a third', () => {
  const { last, clock, socket, log } = open();
  clock.advance(20_000);
  clock.sleep(3_600_000);
  clock.advance(5_000);
  assert.deepEqual(last().sent, ['ping', 'ping']);
  clock.sleep(3_600_000);
  clock.advance(9_999);
  assert.equal(socket.readyState, socket.OPEN);
  clock.advance(1);
  assert.deepEqual(last().sent, ['ping', 'ping']);
  assert.ok(log.types().includes('close'));
});

test('an ordinary late timer is no sleep', () => {
  const { last, clock } = open();
  clock.advance(1_000);
  clock.sleep(4_000);
  clock.advance(5_000);
  assert.deepEqual(last().sent, []);
});

test('two requests, two replies: each is measured from its own request', () => {
  const { last, clock, socket } = open();
  const measured = [];
  socket.addEventListener('heartbeat', (event) => measured.push(event.roundTripMillis));
  socket.checkNow();
  clock.advance(1_000);
  socket.checkNow();
  clock.advance(10);
  last().deliver('pong');
  last().deliver('pong');
  assert.deepEqual(measured, [1_010, 10]);
});

test('a buffer that shrinks is life: a long upload does not kill the link', () => {
  const { last, clock, socket } = open();
  last().bufferedAmount = 1_000_000;
  clock.advance(20_000);
  for (let i = 0; i < 10; i++) {
    clock.advance(9_000);
    last().bufferedAmount -= 1_000;
  }
  assert.equal(socket.readyState, socket.OPEN);
  clock.advance(15_000);
  assert.notEqual(socket.readyState, socket.OPEN);
});

test('a buffer that shrinks is life for an immediate request too', () => {
  const { last, clock, socket } = open({ timeoutMillis: 3_000 });
  last().bufferedAmount = 1_000_000;
  socket.checkNow();
  clock.advance(2_999);
  last().bufferedAmount -= 1_000;
  clock.advance(1);
  assert.equal(socket.readyState, socket.OPEN);
});

test('a listener that closes a dead link ends it at once', () => {
  const { socket, log, clock } = open();
  socket.onerror = () => socket.close();
  clock.advance(30_000);
  assert.deepEqual(log.types(), ['error', 'close']);
  assert.equal(socket.readyState, socket.CLOSED);
});

test('heartbeats stop with close()', () => {
  const { last, clock, socket } = open();
  socket.close();
  clock.advance(4_000);
  assert.deepEqual(last().sent, []);
});
