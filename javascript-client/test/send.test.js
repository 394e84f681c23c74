// What becomes of what is sent: the queue, and the promise that nothing is lost in silence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom, setUp } from './support.js';

test('an open link sends at once', () => {
  const { socket, last } = setUp();
  last().accept();
  assert.equal(socket.send('x'), 'accepted');
  assert.deepEqual(last().sent, ['x']);
  assert.equal(socket.bufferedAmount, 0);
});

test('messages wait while there is no connection and leave in order, after what open handlers send', () => {
  const { socket, last, clock } = setUp();
  socket.onopen = () => socket.send('hello');
  assert.equal(socket.send('1'), 'accepted');
  last().end();
  assert.equal(socket.send('2'), 'accepted');
  clock.advance(500);
  assert.equal(socket.send('é'), 'accepted');
  assert.equal(socket.bufferedAmount, 4);
  last().accept();
  assert.deepEqual(last().sent, ['hello', '1', '2', 'é']);
  assert.equal(socket.bufferedAmount, 0);
});

test('bufferedAmount is the queue and the socket', () => {
  const { socket, last } = setUp();
  socket.send(new Uint8Array(7));
  assert.equal(socket.bufferedAmount, 7);
  last().accept();
  last().bufferedAmount = 1_000;
  assert.equal(socket.bufferedAmount, 1_000);
});

test('takes what WebSocket takes', () => {
  const { socket, last } = setUp();
  const blob = new Blob(['blob']);
  socket.send(blob);
  socket.send(new Uint8Array([1, 2, 3]).subarray(1));
  socket.send(new DataView(new ArrayBuffer(3), 1, 1));
  socket.send(42);
  assert.equal(socket.bufferedAmount, 4 + 2 + 1 + 2);
  last().accept();
  const [first, second, third, fourth] = last().sent;
  assert.equal(first, blob);
  assert.deepEqual([...new Uint8Array(second)], [2, 3]);
  assert.equal(third.byteLength, 1);
  assert.equal(fourth, '42');
});

test('what is queued is a copy', () => {
  const { socket, last } = setUp();
  const bytes = new Uint8Array([1]);
  socket.send(bytes);
  socket.send(bytes.buffer);
  bytes[0] = 9;
  last().accept();
  assert.deepEqual(last().sent.map((data) => new Uint8Array(data)[0]), [1, 1]);
});

test('a full queue refuses, says so, and goes on taking what fits', () => {
  const { socket, last, log } = setUp({ queue: { maxBytes: 5 } });
  assert.equal(socket.send('1234'), 'accepted');
  assert.equal(socket.send('éé'), 'queue full');
  assert.equal(socket.send('5'), 'accepted');
  assert.equal(socket.send('6'), 'queue full');
  assert.deepEqual(log.take().filter(([type]) => type === 'undelivered').map(([, fields]) => fields), [
    { reason: 'queue full', messages: ['éé'], count: 1 },
    { reason: 'queue full', messages: ['6'], count: 1 },
  ]);
  last().accept();
  assert.deepEqual(last().sent, ['1234', '5']);
  assert.equal(socket.send('any size: the link is open'), 'accepted');
});

test('empty messages are capped too, by their number', () => {
  const { socket } = setUp();
  for (let i = 0; i < 65_536; i++) assert.equal(socket.send(''), 'accepted');
  assert.equal(socket.send(''), 'queue full');
});

test('after close, send is refused and says so', () => {
  const { socket, last, log, clock } = setUp();
  last().accept();
  socket.close();
  log.take();
  assert.equal(socket.send('closing'), 'closed');
  last().end(1005);
  clock.advance(0);
  assert.equal(socket.send('closed'), 'closed');
  assert.deepEqual(log.take().map(([type, { reason, messages }]) => [type, reason, messages]), [
    ['undelivered', 'closed', ['closing']],
    ['close', '', undefined],
    ['undelivered', 'closed', ['closed']],
  ]);
});

test('the queue comes back when the end comes before a connection', () => {
  const { socket, last, log, clock } = setUp({ maxAttempts: 0 });
  socket.send('1');
  socket.send('2');
  last().end();
  assert.deepEqual(log.take().at(-1), ['undelivered', { reason: 'closed', messages: ['1', '2'], count: 2 }]);
  assert.equal(socket.bufferedAmount, 0);
  assert.equal(clock.timers, 0);
});

test('between the Close frame of the server and the close event, messages wait for the next connection', () => {
  const { socket, last, sockets, clock } = setUp();
  last().accept();
  last().readyState = 2;
  assert.equal(socket.send('x'), 'accepted');
  last().end(1012);
  clock.advance(500);
  last().accept();
  assert.deepEqual(sockets[1].sent, ['x']);
});

test('without a heartbeat, a lost connection names what the buffer may still have held', () => {
  const { socket, last, log } = setUp();
  last().accept();
  socket.send('gone');
  last().bufferedAmount = 10;
  socket.send('stuck');
  socket.send('stuck too');
  last().end();
  const undelivered = log.events.filter(([type]) => type === 'undelivered').map(([, fields]) => fields);
  assert.deepEqual(undelivered, [{ reason: 'connection lost', messages: ['gone', 'stuck', 'stuck too'], count: 3 }]);
});

test('without a heartbeat, what has left the buffer is not named', () => {
  const { socket, last, log, clock } = setUp();
  last().accept();
  socket.send('gone');
  last().end();
  assert.ok(!log.types().includes('undelivered'));
  clock.advance(500);
  last().accept();
  socket.send('gone too');
  socket.send('stuck');
  last().bufferedAmount = 5;
  last().end();
  assert.deepEqual(log.take().find(([type]) => type === 'undelivered')[1].messages, ['stuck']);
});

test('with a heartbeat, a lost connection names exactly what no reply has confirmed', () => {
  const { socket, last, log, clock } = setUp({ heartbeat: true });
  last().accept();
  socket.send('before');
  clock.advance(20_000);
  socket.send('after the request');
  last().deliver('pong');
  socket.send('after the reply');
  log.take();
  last().end();
  assert.deepEqual(log.take().find(([type]) => type === 'undelivered')[1], {
    reason: 'connection lost',
    messages: ['after the request', 'after the reply'],
    count: 2,
  });
});

test('with a heartbeat, what is sent is confirmed even while traffic never stops', () => {
  const { socket, last, clock, log } = setUp({ heartbeat: true });
  last().accept();
  socket.send('x');
  for (let second = 0; second < 25; second++) {
    clock.advance(1_000);
    last().deliver('news');
  }
  assert.deepEqual(last().sent, ['x', 'ping']);
  last().deliver('pong');
  last().end();
  assert.ok(!log.types().includes('undelivered'));
});

test('what is too much to keep is still counted', () => {
  const { socket, last, log } = setUp({ heartbeat: true, queue: { maxBytes: 10 } });
  last().accept();
  for (const message of ['aaaa', 'bbbb', 'cccc', 'dddd']) socket.send(message);
  last().end();
  assert.deepEqual(log.take().find(([type]) => type === 'undelivered')[1], {
    reason: 'connection lost',
    messages: ['cccc', 'dddd'],
    count: 4,
  });
});

test('a closing handshake of our own that the server answers confirms everything', () => {
  const { socket, last, log } = setUp({ heartbeat: true });
  last().accept();
  socket.send('x');
  socket.close(1000);
  last().end(1000);
  assert.ok(!log.types().includes('undelivered'));
});

test('the messages of undelivered can be sent again from its handler', () => {
  const { socket, last, clock } = setUp({ heartbeat: true });
  socket.addEventListener('undelivered', ({ messages }) => messages.forEach((message) => socket.send(message)));
  last().accept();
  socket.send('1');
  socket.send('2');
  last().end();
  clock.advance(500);
  last().accept();
  assert.deepEqual(last().sent, ['1', '2']);
});

test('in any course of events: each message arrives, or is reported, and close events balance', () => {
  const seed = Number(process.env.SEED ?? Date.now() >>> 0);
  for (let run = 0; run < 200; run++) {
    const failed = simulate(seededRandom(seed + run));
    assert.equal(failed, null, `SEED=${seed + run}: ${failed}`);
  }
});

/** A random life over a network that drops, stalls and cuts; returns what is wrong with it, or null. */
function simulate(random) {
  const pick = (...values) => values[Math.floor(random() * values.length)];
  const { socket, last, sockets, clock, environment, log } = setUp({
    random,
    heartbeat: true,
    queue: { maxBytes: 60 },
  });
  const reported = new Set();
  const arrived = new Set();
  let unnamed = 0;
  socket.addEventListener('undelivered', ({ messages, count }) => {
    for (const message of messages) reported.add(message);
    unnamed += count - messages.length;
  });
  let next = 1;
  let cut = false;
  /** The server reads what reached it, and answers heartbeat requests in order. */
  const serve = () => {
    if (cut) return;
    for (const message of last().sent.splice(0)) {
      if (message === 'ping') last().deliver('pong');
      else arrived.add(message);
    }
  };
  for (let step = 0; step < 150; step++) {
    const connecting = last().readyState === 0 && !last().closed;
    const open = last().readyState === 1;
    const send = () => void socket.send(`m${next++}`);
    pick(
      send,
      send,
      send,
      send,
      () => clock.advance(random() * 20_000),
      () => environment.dispatchEvent(new Event(pick('online', 'offline', 'pageshow'))),
      () => clock.sleep(random() * 1e6),
      () => connecting && ((cut = false), last().accept()),
      () => connecting && last().end(),
      () => open && random() < 0.3 && last().end(pick(1001, 1006, 1012, 4000)),
      () => open && random() < 0.3 && (cut = true),
      () => socket.checkNow(),
    )();
    serve();
  }
  socket.close();
  if (last().closed && !cut) last().end(1005);
  clock.advance(100_000);

  const all = Array.from({ length: next - 1 }, (_, index) => `m${index + 1}`);
  const silent = all.filter((message) => !arrived.has(message) && !reported.has(message));
  if (silent.length > unnamed) return `lost in silence: ${silent}`;
  const types = log.types();
  const opens = types.filter((type) => type === 'open').length;
  const closes = log.events.filter(([type]) => type === 'close').map(([, fields]) => fields.willReconnect);
  if (closes.filter((willReconnect) => !willReconnect).length !== 1 || closes.at(-1)) return `ends: ${closes}`;
  if (closes.length < opens || closes.length > opens + 1) return `${opens} opened, ${closes.length} closed`;
  if (sockets.filter(({ readyState }) => readyState < 2).length > 0) return 'a socket was left open';
  if (clock.timers > 0) return 'a timer was left';
  return null;
}
