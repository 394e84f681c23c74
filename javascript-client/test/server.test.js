// Over real sockets: Node, with the client and the server of the library `ws`.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { ReconnectingWebSocket } from '../bowline.js';
import { record, until } from './support.js';

/** An echo server that answers the text heartbeat; `serve(port)` again on the same port plays a restart. */
async function serve(t, port = 0) {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  const received = [];
  server.on('connection', (connection) => {
    connection.on('message', (data, isBinary) => {
      const text = String(data);
      if (text === 'ping' && !server.mute) connection.send('pong');
      else if (text !== 'ping') received.push(text);
      if (text !== 'ping' && !server.mute) connection.send(data, { binary: isBinary });
    });
  });
  const stop = () => {
    for (const connection of server.clients) connection.terminate();
    server.close();
  };
  t.after(stop);
  return { server, received, stop, port: server.address().port };
}

function connect(t, port, options) {
  const socket = new ReconnectingWebSocket(`ws://127.0.0.1:${port}/`, [], {
    WebSocket,
    backoff: { baseMillis: 50, maxMillis: 200 },
    ...options,
  });
  t.after(() => socket.close());
  return { socket, log: record(socket) };
}

const count = (log, type) => log.types().filter((name) => name === type).length;
const data = (log) => log.events.filter(([type]) => type === 'message').map(([, fields]) => fields.data);

test('text, empty and large messages, and binary of both kinds, come back as they went', async (t) => {
  const { port } = await serve(t);
  const { socket, log } = connect(t, port);
  const large = 'ä'.repeat(500_000);
  socket.send('text');
  socket.send('');
  socket.send(large);
  await until(() => data(log).length === 3, 'three texts');
  assert.deepEqual(data(log), ['text', '', large]);
  log.take();
  socket.binaryType = 'arraybuffer';
  socket.send(new Uint8Array([1, 2, 3]));
  await until(() => data(log).length === 1, 'an ArrayBuffer');
  assert.deepEqual([...new Uint8Array(data(log)[0])], [1, 2, 3]);
  socket.binaryType = 'blob';
  socket.send(new Blob([new Uint8Array([4])]));
  await until(() => data(log).length === 2, 'a Blob');
  assert.deepEqual([...new Uint8Array(await data(log)[1].arrayBuffer())], [4]);
});

test('outlives its server: what was sent meanwhile arrives, in order', async (t) => {
  const first = await serve(t);
  const { socket, log } = connect(t, first.port);
  await until(() => count(log, 'open') === 1, 'the first connection');
  first.stop();
  await until(() => count(log, 'waiting') > 0, 'the loss');
  for (const message of ['1', '2', '3']) assert.equal(socket.send(message), 'accepted');
  const second = await serve(t, first.port);
  await until(() => second.received.length === 3, 'the queue');
  assert.deepEqual(second.received, ['1', '2', '3']);
  assert.equal(count(log, 'open'), 2);
  assert.equal(count(log, 'close'), 1);
});

test('notices a server that has gone silent, and names what it may have lost', async (t) => {
  const { server, port, received } = await serve(t);
  const { socket, log } = connect(t, port, { heartbeat: { intervalMillis: 100, timeoutMillis: 1_500 } });
  await until(() => count(log, 'heartbeat') > 0, 'a heartbeat');
  server.mute = true;
  socket.send('into the void');
  await until(() => count(log, 'undelivered') === 1, 'the verdict');
  assert.match(log.events.find(([type]) => type === 'close')[1].reason, /heartbeat/);
  assert.deepEqual(log.events.find(([type]) => type === 'undelivered')[1].messages, ['into the void']);
  server.mute = false;
  await until(() => count(log, 'open') >= 2, 'the next connection');
  socket.send('after');
  await until(() => received.includes('after'), 'a message over it');
});

test('a close code of the server decides whether to go on', async (t) => {
  const { server, port } = await serve(t);
  const { socket, log } = connect(t, port);
  for (const [code, opens] of [[4100, 2], [1012, 3]]) {
    await until(() => server.clients.size === 1 && socket.readyState === 1, 'a connection');
    [...server.clients][0].close(code, 'why');
    await until(() => count(log, 'open') === opens, `a connection after ${code}`);
    assert.deepEqual(log.events.findLast(([type]) => type === 'close')[1], {
      code,
      reason: 'why',
      wasClean: true,
      willReconnect: true,
    });
  }
  await until(() => server.clients.size === 1, 'a connection');
  [...server.clients][0].close(4500, 'enough');
  await until(() => socket.readyState === socket.CLOSED, 'the end');
  assert.equal(log.events.at(-1)[1].code, 4500);
});

test('close sends its code and reason', async (t) => {
  const { server, port } = await serve(t);
  const { socket, log } = connect(t, port);
  await until(() => socket.readyState === 1 && server.clients.size === 1, 'a connection');
  const closed = once([...server.clients][0], 'close');
  socket.close(4321, 'done ✓');
  const [code, reason] = await closed;
  assert.deepEqual([code, String(reason)], [4321, 'done ✓']);
  await until(() => socket.readyState === socket.CLOSED, 'the end');
  assert.deepEqual(log.events.at(-1), ['close', { code: 4321, reason: 'done ✓', wasClean: true, willReconnect: false }]);
});

test('close before the connection is there ends quietly', async (t) => {
  const { port } = await serve(t);
  const { socket, log } = connect(t, port);
  socket.close();
  await until(() => socket.readyState === socket.CLOSED, 'the end');
  assert.deepEqual(log.types(), ['connecting', 'close']);
});
