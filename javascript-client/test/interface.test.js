// What code written for `WebSocket` relies on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReconnectingWebSocket } from '../bowline.js';
import { ManualClock, setUp } from './support.js';

test('has the constants of WebSocket, on the class and on each object', () => {
  const { socket } = setUp();
  for (const place of [ReconnectingWebSocket, socket]) {
    assert.deepEqual([place.CONNECTING, place.OPEN, place.CLOSING, place.CLOSED], [0, 1, 2, 3]);
  }
});

test('readyState follows the life of a link', () => {
  const { socket, last, clock } = setUp();
  assert.equal(socket.readyState, socket.CONNECTING);
  last().accept();
  assert.equal(socket.readyState, socket.OPEN);
  last().end();
  assert.equal(socket.readyState, socket.CONNECTING);
  clock.advance(500);
  last().accept();
  assert.equal(socket.readyState, socket.OPEN);
  socket.close();
  assert.equal(socket.readyState, socket.CLOSING);
  last().end(1005);
  assert.equal(socket.readyState, socket.CLOSED);
});

test('on… handlers and listeners get the same event, with this and target as in WebSocket', () => {
  const { socket, last } = setUp();
  const seen = [];
  for (const type of ['open', 'message', 'error', 'close']) {
    socket[`on${type}`] = function (event) {
      seen.push([event.type, this === socket, event.target === socket]);
    };
  }
  last().accept();
  last().deliver('x');
  last().end(1006);
  assert.deepEqual(seen, ['open', 'message', 'error', 'close'].map((type) => [type, true, true]));
  socket.onclose = null;
  socket.close();
  assert.equal(seen.length, 4);
});

test('passes url, subprotocols and what the server chose', () => {
  const { socket, last } = setUp({}, { url: new URL('wss://test/path?q=1'), protocols: ['a', 'b'] });
  assert.deepEqual(last().protocols, ['a', 'b']);
  assert.equal(socket.url, 'wss://test/path?q=1');
  assert.equal(socket.protocol, '');
  last().protocol = 'b';
  last().extensions = 'permessage-deflate';
  last().accept();
  assert.equal(socket.protocol, 'b');
  assert.equal(socket.extensions, 'permessage-deflate');
});

test('binaryType reaches the current and each later connection', () => {
  const { socket, last, clock } = setUp();
  assert.equal(socket.binaryType, 'blob');
  socket.binaryType = 'arraybuffer';
  assert.equal(last().binaryType, 'arraybuffer');
  socket.binaryType = 'nonsense';
  assert.equal(socket.binaryType, 'arraybuffer');
  last().end();
  clock.advance(500);
  assert.equal(last().binaryType, 'arraybuffer');
});

test('a bad url is thrown by the constructor, and leaves nothing behind', () => {
  const clock = new ManualClock();
  assert.throws(() => setUp({ clock }, { url: 'mailto:nobody' }), { name: 'SyntaxError' });
  assert.equal(clock.timers, 0);
});

test('a bad option is thrown by the constructor and named', () => {
  for (const options of [
    { backoff: { factor: 0.5 } },
    { maxAttempts: -1 },
    { queue: { maxBytes: NaN } },
    { heartbeat: { timeoutMillis: 0 } },
  ]) {
    const name = /(factor|maxAttempts|maxBytes|timeoutMillis) must be a number/;
    assert.throws(() => setUp(options), { name: 'RangeError', message: name }, JSON.stringify(options));
  }
  assert.throws(() => setUp({ WebSocket: undefined }), { name: 'TypeError', message: /option WebSocket/ });
});

test('close checks its arguments as WebSocket does, and changes nothing if they are wrong', () => {
  const { socket, last } = setUp();
  last().accept();
  for (const code of [0, 999, 1001, 1005, 1006, 2999, 5000, NaN]) {
    assert.throws(() => socket.close(code), { name: 'InvalidAccessError' }, String(code));
  }
  assert.throws(() => socket.close(1000, 'é'.repeat(62)), { name: 'SyntaxError' });
  assert.equal(socket.readyState, socket.OPEN);
  assert.equal(last().closed, null);
  socket.close(4123, 'é'.repeat(61) + '.');
  assert.equal(last().closed.code, 4123);
});

test('close reports the answer of the server once, and is the end', () => {
  const { socket, last, log, clock, sockets } = setUp();
  last().accept();
  log.take();
  socket.close(1000, 'bye');
  socket.close(1000, 'bye');
  assert.deepEqual(last().closed, { code: 1000, reason: 'bye' });
  last().deliver('too late');
  last().end(1000, 'bye');
  clock.advance(100_000);
  assert.deepEqual(log.take(), [['close', { code: 1000, reason: 'bye', wasClean: true, willReconnect: false }]]);
  assert.equal(sockets.length, 1);
  assert.equal(clock.timers, 0);
});

test('close does not wait for ever for a server that does not answer', () => {
  const { socket, last, log, clock } = setUp({ closeTimeoutMillis: 3_000 });
  last().accept();
  log.take();
  socket.close();
  clock.advance(2_999);
  assert.deepEqual(log.types(), []);
  clock.advance(1);
  assert.equal(socket.readyState, socket.CLOSED);
  assert.deepEqual(log.types(), ['close']);
  assert.equal(log.events[0][1].code, 1006);
});

test('close while connecting or waiting ends in one later close event with code 1006', () => {
  for (const prepare of [() => {}, (last) => last().end()]) {
    const { socket, last, log, clock, sockets } = setUp();
    prepare(last);
    log.take();
    socket.close();
    assert.equal(socket.readyState, socket.CLOSING);
    assert.deepEqual(log.types(), [], 'not from within close()');
    clock.advance(0);
    assert.deepEqual(log.take(), [['close', { code: 1006, reason: '', wasClean: false, willReconnect: false }]]);
    assert.equal(socket.readyState, socket.CLOSED);
    sockets[0].accept();
    clock.advance(100_000);
    assert.deepEqual(log.types(), []);
    assert.equal(sockets.length, 1);
  }
});
