// Bowline's browser module in Node.js, driven over standard input. The other half is BrowserModuleHalfOpenTest.java.
//
//   node reconnecting.js URL INTERVAL_MILLIS TIMEOUT_MILLIS
//
// In: "send TEXT", "close". Out: "open", "text TEXT", "close CODE", "waiting", "end". It ends when standard input does.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { ReconnectingWebSocket } from '../../../../javascript-client/bowline.js';

const [, , url, interval, timeout] = process.argv;
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);

const socket = new ReconnectingWebSocket(url, [], {
  WebSocket,
  heartbeat: { intervalMillis: Number(interval), timeoutMillis: Number(timeout) },
  connectTimeoutMillis: 1_000,
  backoff: { baseMillis: 50, maxMillis: 200 },
});
socket.addEventListener('open', () => say('open'));
socket.addEventListener('message', ({ data }) => say('text', data));
socket.addEventListener('waiting', () => say('waiting'));
socket.addEventListener('close', ({ code, willReconnect }) => {
  say('close', code);
  if (!willReconnect) say('end');
});

const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => {
  if (line === 'close') socket.close(1000);
  else socket.send(line.slice('send '.length));
});
commands.on('close', () => process.exit(0));
