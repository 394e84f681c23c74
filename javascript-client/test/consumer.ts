// Compiled by `npm run types`, never run: what a TypeScript program may write, and what it may not.
import { ReconnectingWebSocket, backoffMillis, reconnectsAfter } from '../bowline.js';

const socket = new ReconnectingWebSocket(async () => 'wss://example.org/', ['a'], {
  heartbeat: { intervalMillis: 1_000 },
  backoff: { maxMillis: 10 },
  queue: {},
  shouldReconnect: ({ code, reason, wasClean }) => wasClean && reason === '' && reconnectsAfter(code),
});
const standIn: Pick<WebSocket, 'readyState' | 'bufferedAmount' | 'binaryType' | 'protocol' | 'extensions' | 'url'> = socket;
const text: string = standIn.url;

socket.onclose = (event) => event.willReconnect satisfies boolean;
socket.addEventListener('waiting', ({ attempt, delayMillis, at }) => attempt + delayMillis + at);
socket.addEventListener('undelivered', ({ reason, messages }) => {
  if (reason === 'connection lost') for (const message of messages) socket.send(message);
});
socket.addEventListener('anything else', (event: Event) => event.type, { once: true });
const result: 'accepted' | 'queue full' | 'closed' = socket.send(text);
if (socket.readyState === ReconnectingWebSocket.OPEN) socket.close(4000, result);

// @ts-expect-error an event has the fields of its type
socket.addEventListener('heartbeat', ({ delayMillis }) => delayMillis);
// @ts-expect-error a number is no message
socket.send(1);
// @ts-expect-error options are checked by name
new ReconnectingWebSocket('', [], { heartBeat: true });
// @ts-expect-error read-only
socket.OPEN = 2;
// @ts-expect-error the backoff is given whole
backoffMillis(1, { factor: 2 }, Math.random);
