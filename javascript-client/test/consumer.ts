// Compiled by `npm run types`, never run: what a TypeScript program may write, and what it may not.
import { ReconnectingWebSocket, backoffMillis, reconnectsAfter } from '../bowline.js';
import { SessionError, connect, type Message, type Session } from '../session.js';

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

const session: Session = connect('wss://example.org/', {
  auth: async () => 'token',
  storage: sessionStorage,
  name: 'page',
  agent: 'page/1.0',
});
session.addEventListener('welcome', ({ id, user, resumed }) => `${id} ${user ?? ''} ${resumed satisfies boolean}`);
session.addEventListener('gap', ({ topic, from, to, code }) => `${topic} ${to - from} ${code}`);
session.addEventListener('anything else', (event: Event) => event.type, { once: true });

export async function use(signal: AbortSignal): Promise<string> {
  let last: Message | undefined;
  const news = session.subscribe('news', { last: 10, onGap: ({ from, to }) => to - from });
  for await (const message of news) last = message;
  const again = session.subscribe('news', last?.epoch ? { from: last } : {}, ({ data }) => typeof data === 'string');
  await again.ready;
  await again.unsubscribe();
  const parts = session.stream('ai.complete', 'Once', { credit: 8, signal });
  for await (const part of parts) part satisfies string | Uint8Array;
  await session.publish('news', new Uint8Array(2));
  try {
    const answer = await session.request('orders.place', JSON.stringify({ id: 1 }), { signal });
    return typeof answer === 'string' ? answer : new TextDecoder().decode(answer);
  } catch (error) {
    return error instanceof SessionError && error.outcome === 'unknown' ? 'perhaps' : 'no';
  }
}

// @ts-expect-error objects are not made into text
session.publish('news', { id: 1 });
// @ts-expect-error a message of a topic without a log is no position
session.subscribe('typing', { from: { topic: 'typing', epoch: null, offset: 0, data: '' } });
// @ts-expect-error options are checked by name
connect('', { tokens: '' });
// @ts-expect-error read-only
session.id = 'other';
