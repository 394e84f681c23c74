// protocol/vectors/messages.json, which the tests of other languages read too. What a client sends is written by a
// session that is brought to that point; what it can't be brought to send is named.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createClientSession, parse } from '../session-core.js';

const vectors = JSON.parse(readFileSync(new URL('../../protocol/vectors/messages.json', import.meta.url), 'utf8'));

const bytesOf = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));
const wireOf = ({ wire, base64 }) => wire ?? bytesOf(base64);
const payloadOf = ({ payload = '', payloadBase64 }) => (payloadBase64 === undefined ? payload : bytesOf(payloadBase64));

/** As the vectors say what a message is. */
function described({ payload, features = [], ...message }) {
  if (features.length > 0) message.features = features;
  if (payload === undefined) return message;
  return typeof payload === 'string' ? { ...message, payload } : { ...message,
    payloadBase64: Buffer.from(payload).toString('base64') };
}

describe('what the server sends', () => {
  for (const vector of vectors.server) {
    test(JSON.stringify(vector.wire ?? vector.base64), () => {
      assert.deepEqual(described(parse(wireOf(vector))), vector.is);
    });
  }
});

describe('what nobody may send', () => {
  for (const vector of vectors.malformed.filter(({ by }) => by !== 'client')) {
    test(JSON.stringify(vector.wire), () => {
      const { verb, code } = parse(wireOf(vector));
      assert.deepEqual([verb, code], ['malformed', vector.code]);
    });
  }
});

const TERMS = `\nwindow 1\nping 9\ngrace 9\nmax-message 9999\nmax-pending 9 9999`;

/** Says hello. */
function greeting({ auth, agent, resume } = {}) {
  const sent = [];
  const handler = { connect() {}, send: (wire) => sent.push(wire), close() {}, tell() {} };
  const topics = resume?.topics.map(([topic, epoch, offset]) => [topic, { epoch, offset }]);
  const stored = resume && { ...resume, topics, patterns: [], pending: [] };
  const session = createClientSession({ maxOutboxBytes: 9_999, agent, random: () => 0 }, handler, stored);
  session.connect();
  session.connected(auth);
  return { session, last: () => sent.at(-1) };
}

/** A session whose next command has that number: it goes on with one that has sent those before. */
function numbered(seq) {
  const { session, last } = greeting({ resume: { session: 's', token: 't', seen: 0, attempts: 0, topics: [] } });
  session.received(`welcome\nsession s t\nresumed ${seq - 1}${TERMS}`);
  return { session, last };
}

const ignore = () => {};
/** How a session comes to send each. */
const SENDING = {
  hello: greeting,
  sub({ seq, pattern, from, last: count, presence }) {
    const { session, last } = numbered(seq);
    const [epoch, offset] = from ?? [];
    session.subscribe(pattern, { from: from && { epoch, offset }, last: count, presence }, ignore);
    return { last };
  },
  unsub({ seq, pattern }) {
    const { session, last } = numbered(seq - 1);
    session.subscribe(pattern, {}, ignore);
    session.unsubscribe(pattern, ignore);
    return { last };
  },
  more({ request, total }) {
    const { session, last } = numbered(request);
    session.grant(session.submit('req', 'name stream 1', '', ignore, ignore, 1), total);
    return { last };
  },
  cancel({ request }) {
    const { session, last } = numbered(request);
    session.cancel(session.submit('req', 'name', '', ignore));
    return { last };
  },
  ack({ n }) {
    const { session, last } = numbered(1);
    for (let i = 1; i <= n; i++) session.received(`msg ${i} name`);
    session.now += 1_000;
    session.onTime();
    return { last };
  },
  ping() {
    const { session, last } = numbered(1);
    session.hint();
    return { last };
  },
  pong() {
    const { session, last } = numbered(1);
    session.received('ping');
    return { last };
  },
  bye() {
    const { session, last } = numbered(1);
    session.bye();
    return { last };
  },
};

/** The commands that an application gives: verb, fields, payload. */
function given({ verb, seq, topic, name, stream, offset, ...message }) {
  const { session, last } = numbered(seq);
  const fields = [topic ?? name ?? offset, stream === undefined ? undefined : `stream ${stream}`];
  session.submit(verb, fields.filter((field) => field !== undefined).join(' '), payloadOf(message), ignore);
  return { last };
}

/** Never sent: another form is, there are no features yet, and what was not received is not acknowledged. */
const isNeverSent = ({ accepted, is }) => accepted || is.features || (is.verb === 'ack' && is.n === 0);

describe('what the client sends', () => {
  test('is all but six of the vectors', () => {
    assert.equal(vectors.client.filter(isNeverSent).length, 6);
  });

  for (const { is, ...vector } of vectors.client.filter((vector) => !isNeverSent(vector))) {
    test(JSON.stringify(vector.wire ?? vector.base64), () => {
      assert.deepEqual((SENDING[is.verb] ?? given)(is).last(), wireOf(vector));
    });
  }
});
