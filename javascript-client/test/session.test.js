// The session in its surroundings: WebSocket, clock, page, storage; promises, iterations, callbacks.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SessionError, connect } from '../session.js';
import { TERMS, WELCOME, renewed, resumed } from './session-core-support.js';
import { MapStorage, setUpSession, settled } from './session-support.js';

const HELLO = 'hello|agent test/1';
const refused = (outcome, code) => (error) =>
  error instanceof SessionError && error.outcome === outcome && error.code === code;

/** A session that is open. */
function opened(options) {
  const page = setUpSession(options);
  page.open();
  return page;
}

/** A subscription to `news` that is in effect, at offset 4. */
function subscribed(options, callback) {
  const page = opened();
  const subscription = page.session.subscribe('news', options, callback);
  page.last().deliver('at news e 4');
  page.last().deliver('ok 1 1');
  page.sent();
  return { ...page, subscription };
}

/** Takes so many from an iteration. */
async function take(iterable, count) {
  const taken = [];
  for await (const item of iterable) if (taken.push(item) === count) break;
  return taken;
}

describe('connecting', () => {
  test('offers bowline.v1, says hello, and is open', () => {
    const { session, last, accept, sent, log } = setUpSession();
    assert.equal(session.state, 'connecting');
    assert.deepEqual([last().url, last().protocols, last().binaryType], ['ws://test/', 'bowline.v1', 'arraybuffer']);
    accept();
    assert.deepEqual(sent(), [HELLO]);
    last().deliver(WELCOME);
    assert.deepEqual([session.state, session.id, session.user], ['open', 's', 'ada']);
    const told = log.map(([type, { state, resumed }]) => `${type} ${state ?? resumed}`);
    assert.deepEqual(told, ['state greeting', 'state open', 'welcome false']);
  });

  test('a server that does not speak it is left for good', () => {
    const { session, last, types, sockets } = setUpSession();
    last().accept();
    assert.deepEqual(types(), ['state', 'end']);
    assert.equal(session.state, 'ended');
    assert.ok(sockets[0].closed);
  });

  test('a token is asked for before each connection', async () => {
    let asked = 0;
    const { clock, last, accept, sent, sockets } = setUpSession({ auth: async () => `token-${++asked}` });
    await settled();
    accept();
    assert.deepEqual(sent(), ['hello|auth token-1|agent test/1']);
    last().end();
    clock.advance(500);
    await settled();
    assert.equal(sockets.length, 2);
    accept();
    assert.deepEqual(sent(), ['hello|auth token-2|agent test/1']);
  });

  test('a token that can\'t be had is told, and asked for again', async () => {
    const failure = new Error('no token today');
    const answers = [() => Promise.reject(failure), () => 'to ken', () => 'token'];
    const { clock, log, accept, sent } = setUpSession({ auth: () => answers.shift()() });
    await settled();
    assert.equal(log.find(([type]) => type === 'error')[1].error, failure);
    clock.advance(500);
    await settled();
    assert.match(String(log.findLast(([type]) => type === 'error')[1].error), /does not allow this auth:$/);
    clock.advance(1_000);
    await settled();
    accept();
    assert.deepEqual(sent(), ['hello|auth token|agent test/1']);
  });

  test('a connection that takes too long is given up, and what it still says is ignored', () => {
    const { session, clock, sockets, sent } = setUpSession();
    clock.advance(10_000);
    assert.equal(session.state, 'waiting');
    assert.equal(sockets[0].closed.code, 4001);
    clock.advance(500);
    assert.equal(sockets.length, 2);
    sockets[0].accept();
    sockets[0].end(4500);
    assert.equal(session.state, 'connecting');
    assert.deepEqual(sent(), []);
  });

  test('a connection that fails is told, and tried again', () => {
    const { session, last, clock, log, sockets } = setUpSession();
    last().end();
    assert.deepEqual(log, [['error', { error: undefined }], ['state', { state: 'waiting' }]]);
    clock.advance(500);
    assert.deepEqual([session.state, sockets.length], ['connecting', 2]);
  });

  test('a bad url or option is thrown, and named', () => {
    assert.throws(() => connect('::', {}), TypeError);
    for (const options of [{ agent: 'a b' }, { auth: 'a b' }, { WebSocket: undefined }]) {
      assert.throws(() => setUpSession(options), { name: 'TypeError' }, JSON.stringify(options));
    }
    const tooLittle = { name: 'RangeError', message: /maxOutboxBytes is 1023/ };
    assert.throws(() => setUpSession({ maxOutboxBytes: 1023 }), tooLittle);
  });

  test('bye says so, ends all that waits, and leaves no timer behind', async () => {
    const { session, last, clock, sent, types, environment, sockets } = opened();
    const iteration = take(session.subscribe('news'), 1);
    const publishing = session.publish('news', 'x');
    sent();
    session.bye();
    assert.deepEqual(sent(), ['bye']);
    assert.deepEqual(last().closed, { code: 1000, reason: 'bye' });
    assert.deepEqual(types(), ['state', 'end']);
    await assert.rejects(publishing, refused('unknown', ''));
    await assert.rejects(session.send('hi'), refused('not sent', ''));
    await assert.rejects(iteration, refused('unknown', ''));
    assert.equal(clock.timers, 0);
    environment.dispatchEvent(new Event('online'));
    clock.advance(1e6);
    assert.deepEqual([clock.timers, sockets.length], [0, 1]);
  });

  test('bye ends iterations, and an attempt whose token is not there yet', async () => {
    const { subscription, session } = subscribed();
    session.bye();
    assert.deepEqual(await take(subscription, 1), []);
    const page = setUpSession({ auth: async () => 'token' });
    page.session.bye();
    await settled();
    assert.equal(page.sockets.length, 0);
  });

  test('an end that was not asked for fails the iterations', async () => {
    const { last, subscription, log } = subscribed();
    last().deliver('pub news 5\nfive');
    last().end(4503, 'taken over');
    const taken = [];
    await assert.rejects(async () => {
      for await (const { data } of subscription) taken.push(data);
    }, refused('ended', '4503'));
    assert.deepEqual(taken, ['five']);
    assert.deepEqual(log.at(-1)[1].code, 4503);
  });
});

describe('commands', () => {
  test('each promise has its end', async () => {
    const { session, last, sent } = opened();
    const results = [session.publish('news', 'a'), session.send('hi'), session.request('place', 'x')];
    assert.deepEqual(sent(), ['pub 1 news|a', 'send 2 hi', 'req 3 place|x']);
    last().deliver('res 1 3\nplaced');
    last().deliver('err 2 2 forbidden\nnot you');
    last().deliver('ok 3 1');
    assert.equal(await results[0], undefined);
    await assert.rejects(results[1], { name: 'SessionError', outcome: 'refused', code: 'forbidden',
      message: 'not you' });
    assert.equal(await results[2], 'placed');
    const others = [session.read(7), session.authenticate('new')];
    assert.deepEqual(sent(), ['read 4 7', 'auth 5|new']);
    last().deliver('ok 4 4');
    last().deliver('ok 5 5');
    await Promise.all(others);
    assert.equal(session.bufferedAmount, 0);
  });

  test('survive the connection; a new session leaves them unknown', async () => {
    const { session, last, clock, accept, sent } = opened();
    const first = session.publish('news', 'a');
    last().end();
    clock.advance(500);
    accept();
    last().deliver(resumed(0));
    assert.deepEqual(sent(), ['hello|resume s t 0 1|agent test/1', 'pub 1 news|a']);
    last().end();
    clock.advance(500);
    accept();
    last().deliver(renewed('expired'));
    await assert.rejects(first, refused('unknown', ''));
    assert.equal(session.id, 's2');
  });

  test('bytes are copied, and come as bytes of their own', async () => {
    const { session, last, accept } = setUpSession();
    const bytes = Uint8Array.of(1, 2, 3);
    session.publish('news', bytes.subarray(1)).catch(() => {});
    session.publish('news', bytes.buffer).catch(() => {});
    const answer = session.request('place', new DataView(bytes.buffer, 2));
    bytes.fill(9);
    accept();
    last().deliver(WELCOME);
    assert.deepEqual(last().sent.slice(1).map((wire) => [...wire].slice(-3)), [[10, 2, 3], [1, 2, 3], [101, 10, 3]]);
    last().deliver(Uint8Array.from([...Buffer.from('res 1 3\n'), 7, 8]).buffer);
    const data = await answer;
    assert.deepEqual([[...data], data.buffer.byteLength], [[7, 8], 2]);
  });

  test('objects are not made into text, and names not guessed', async () => {
    const { session, sent } = opened();
    for (const data of [{}, 1, null, ['x']]) {
      await assert.rejects(session.publish('news', data), { name: 'TypeError', message: /JSON.stringify/ });
    }
    for (const topic of ['a b', 'a.*', '', 'a\nb']) await assert.rejects(session.publish(topic, 'x'), TypeError);
    await assert.rejects(session.request('a b'), TypeError);
    await assert.rejects(session.read(-1), TypeError);
    assert.throws(() => session.stream('a b'), TypeError);
    assert.throws(() => session.stream('a', '', { credit: 0 }), TypeError);
    assert.throws(() => session.authenticate('a b'), TypeError);
    assert.deepEqual(sent(), []);
  });

  test('an abort gives a request up', async () => {
    const { session, last, sent } = opened();
    const controller = new AbortController();
    const asked = session.request('place', 'x', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(asked, { message: 'enough' });
    assert.deepEqual(sent(), ['req 1 place|x', 'cancel 1']);
    last().deliver('err 1 1 cancelled');
    await assert.rejects(session.request('place', 'x', { signal: controller.signal }), { message: 'enough' });
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    assert.deepEqual(sent(), []);
    assert.equal(session.bufferedAmount, 0);
  });

  test('a token is renewed by the function that gave it, or by the application', async () => {
    const page = setUpSession({ auth: () => 'token' });
    await settled();
    page.open();
    page.last().deliver('expiring 30000');
    await settled();
    assert.deepEqual(page.sent(), ['auth 1|token']);
    const { session, last, log, sent, clock, accept } = opened({ auth: 'old' });
    last().deliver('expiring 30000');
    assert.deepEqual(log, [['expiring', { ms: 30_000 }]]);
    session.authenticate('new').catch(() => {});
    last().end();
    clock.advance(500);
    accept();
    assert.deepEqual(sent(), ['hello|auth new|resume s t 0 1|agent test/1']);
  });
});

describe('subscriptions', () => {
  test('can be iterated', async () => {
    const { session, last, sent } = opened();
    const subscription = session.subscribe('news', { last: 2, presence: true });
    assert.deepEqual(sent(), ['sub 1 news last 2 presence']);
    last().deliver('at news e 4');
    last().deliver('ok 1 1');
    last().deliver('pub news 5\nfive');
    await subscription.ready;
    const iteration = take(subscription, 2);
    await settled();
    last().deliver('pub news 6\nsix');
    assert.deepEqual(await iteration, [
      { topic: 'news', epoch: 'e', offset: 5, data: 'five' },
      { topic: 'news', epoch: 'e', offset: 6, data: 'six' },
    ]);
    assert.deepEqual(sent(), ['unsub 2 news'], 'leaving the loop unsubscribes');
    assert.deepEqual(await take(subscription, 1), [], 'once');
  });

  test('unsubscribing ends the iteration that waits', async () => {
    const { subscription, last, sent } = subscribed();
    const iteration = take(subscription, 1);
    await settled();
    const ended = subscription.unsubscribe();
    assert.deepEqual(await iteration, []);
    assert.deepEqual(sent(), ['unsub 2 news']);
    last().deliver('ok 2 2');
    await ended;
    await subscription.unsubscribe();
    assert.deepEqual(sent(), []);
  });

  test('return() ends one whose iteration was not begun, and one that waits', async () => {
    for (const isWaiting of [false, true]) {
      const { subscription, sent } = subscribed();
      const iterator = subscription[Symbol.asyncIterator]();
      const next = isWaiting ? iterator.next() : { done: true, value: undefined };
      await iterator.return();
      assert.deepEqual(await next, { done: true, value: undefined });
      assert.deepEqual(sent(), ['unsub 2 news']);
    }
  });

  test('callbacks get messages, gaps and resets; what they throw is not the session\'s', async (t) => {
    const told = [];
    const uncaught = [];
    t.mock.method(globalThis, 'queueMicrotask', (task) => uncaught.push(task));
    const note = (fields) => void told.push(Object.values(fields).join(' '));
    const page = subscribed({ onGap: note, onReset: note }, (message) => {
      note(message);
      throw new Error('of the application');
    });
    page.deliver('pub news 5\nfive', 'gap news 6 7 dropped', 'reset news f 9 lost');
    page.deliver('pub news 10\nten', 'pub news -\nnow');
    assert.deepEqual(told, ['news e 5 five', 'news 6 7 dropped', 'news f 9 lost', 'news f 10 ten', 'news  0 now']);
    assert.deepEqual(page.types().slice(-2), ['gap', 'reset']);
    assert.equal(page.session.state, 'open');
    assert.equal(uncaught.length, 3);
    assert.throws(uncaught[0], { message: 'of the application' });
  });

  test('patterns and topics each get what they cover', () => {
    const { session, last } = opened();
    const got = [];
    for (const pattern of ['orders.*', 'orders.1', '>', 'news']) session.subscribe(pattern, () => got.push(pattern));
    last().deliver('at orders.1 e 0');
    last().deliver('pub orders.1 1\nx');
    assert.deepEqual(got, ['orders.*', 'orders.1', '>']);
  });

  test('one that another one has ended is told nothing more', () => {
    const { session, last } = opened();
    const got = [];
    session.subscribe('news', () => void second.unsubscribe());
    const second = session.subscribe('news', ({ data }) => got.push(data));
    last().deliver('at news e 4');
    last().deliver('pub news 5\nfive');
    assert.deepEqual(got, []);
  });

  test('two of one pattern are one to the server', async () => {
    const { session, last, sent, deliver } = opened();
    const got = [];
    const [a, b] = ['a', 'b'].map((name) => session.subscribe('news', () => got.push(name)));
    assert.deepEqual(sent(), ['sub 1 news']);
    for (const options of [{ last: 1 }, { from: { epoch: 'e', offset: 1 } }, { presence: true }]) {
      assert.throws(() => session.subscribe('news', options), { name: 'InvalidStateError' });
    }
    deliver('at news e 0', 'ok 1 1', 'pub news 1\nx');
    await a.unsubscribe();
    last().deliver('pub news 2\nx');
    assert.deepEqual(got, ['a', 'b', 'b']);
    assert.deepEqual(sent(), []);
    b.unsubscribe().catch(() => {});
    assert.deepEqual(sent(), ['unsub 2 news']);
  });

  test('a refusal is told to ready, to the iteration and by an event', async () => {
    const { session, last, log } = opened();
    const subscription = session.subscribe('secret');
    last().deliver('err 1 1 forbidden\nnot you');
    await assert.rejects(subscription.ready, { outcome: 'refused', code: 'forbidden', message: 'not you' });
    await assert.rejects(take(subscription, 1), refused('refused', 'forbidden'));
    assert.deepEqual(log, [['out', { pattern: 'secret', code: 'forbidden' }]]);
    session.subscribe('secret');
  });

  test('a refusal of what was given up does not end what came after', async () => {
    const { session, deliver } = opened();
    session.subscribe('news').unsubscribe().catch(() => {});
    const subscription = session.subscribe('news');
    deliver('err 1 1 rate-limited', 'ok 2 2', 'ok 3 3', 'at news e 4', 'pub news 5\nfive');
    assert.deepEqual((await take(subscription, 1)).map(({ data }) => data), ['five']);
  });

  test('the server may end one', async () => {
    const { subscription, last } = subscribed();
    last().deliver('out 2 news forbidden');
    await assert.rejects(take(subscription, 1), refused('refused', 'forbidden'));
  });

  test('what is not taken is bounded: the iteration gets what there is, and fails', async () => {
    const { subscription, last, log, sent } = subscribed({ maxBufferBytes: 200 });
    for (let offset = 5; offset < 9; offset++) last().deliver(`pub news ${offset}\n${'x'.repeat(36)}`);
    assert.deepEqual(log, [['overflow', { pattern: 'news' }]]);
    assert.deepEqual(sent(), ['unsub 2 news']);
    const taken = [];
    await assert.rejects(async () => {
      for await (const { offset } of subscription) taken.push(offset);
    }, refused('overflow', ''));
    assert.deepEqual(taken, [5, 6]);
  });

  test('what is taken makes room', async () => {
    const { subscription, last } = subscribed({ maxBufferBytes: 100 });
    const iterator = subscription[Symbol.asyncIterator]();
    for (let offset = 5; offset < 15; offset++) {
      last().deliver(`pub news ${offset}\n${'x'.repeat(36)}`);
      assert.equal((await iterator.next()).value.offset, offset);
    }
  });

  test('events tell who is there, and direct messages', () => {
    const { log, deliver } = subscribed({ presence: true });
    deliver('here news\nuser ada', 'join news bob', 'leave news bob', 'msg 2 hi\nyou');
    assert.deepEqual(log, [
      ['here', { topic: 'news', users: ['ada'] }],
      ['join', { topic: 'news', user: 'bob' }],
      ['leave', { topic: 'news', user: 'bob' }],
      ['message', { name: 'hi', data: 'you' }],
    ]);
  });
});

describe('streams', () => {
  /** A stream of which so many parts have come. */
  function streaming(parts, options) {
    const page = opened();
    const stream = page.session.stream('ai', 'Once', options);
    for (let n = 1; n <= parts; n++) page.last().deliver(`part ${n} 1\np${n}`);
    return { ...page, stream };
  }

  test('credit is granted as parts are taken', async () => {
    const { stream, last, sent } = streaming(4, { credit: 4 });
    assert.deepEqual(sent(), ['req 1 ai stream 4|Once']);
    assert.equal((await stream.next()).value, 'p1');
    assert.deepEqual(sent(), []);
    assert.equal((await stream.next()).value, 'p2');
    assert.deepEqual(sent(), ['more 1 6']);
    last().deliver('end 5 1');
    assert.deepEqual(await take(stream, 9), ['p3', 'p4']);
    assert.deepEqual(sent(), []);
  });

  test('leaving the loop cancels', async () => {
    const { stream, last, sent, session, deliver } = streaming(3);
    assert.deepEqual(await take(stream, 1), ['p1']);
    assert.deepEqual(sent(), ['req 1 ai stream 16|Once', 'cancel 1']);
    deliver('part 4 1\nlate', 'err 5 1 cancelled');
    assert.equal(session.bufferedAmount, 0);
  });

  test('an abort cancels, and fails the iteration at once', async () => {
    const controller = new AbortController();
    const { stream, sent, last } = streaming(1, { signal: controller.signal });
    controller.abort(new Error('enough'));
    last().deliver('part 2 1\nlate');
    await assert.rejects(stream.next(), { message: 'enough' });
    assert.deepEqual(sent(), ['req 1 ai stream 16|Once', 'cancel 1']);
    assert.throws(() => streaming(0, { signal: controller.signal }), { message: 'enough' });
  });

  test('what failed fails behind its parts', async () => {
    const { stream, last } = streaming(1);
    last().deliver('err 2 1 timeout');
    assert.equal((await stream.next()).value, 'p1');
    await assert.rejects(stream.next(), refused('refused', 'timeout'));
  });

  test('one answer may come in the place of parts', async () => {
    const { stream, last } = streaming(0);
    last().deliver('res 1 1\nall');
    assert.deepEqual(await take(stream, 9), ['all']);
  });
});

describe('a page', () => {
  test('in the background, with a timer a minute, keeps a line that lives and notices one that does not', () => {
    const { session, last, clock, sent, sockets } = opened();
    const late = (millis, whileAsleep) => {
      for (let past = 0; past < millis; past += 20_000) {
        clock.sleep(20_000);
        whileAsleep();
      }
      clock.advance(5_000);
    };
    for (let minute = 0; minute < 5; minute++) late(60_000, () => last().deliver('ping'));
    assert.equal(session.state, 'open');
    assert.deepEqual(new Set(sent()), new Set(['pong']));
    late(60_000, () => {});
    assert.deepEqual([session.state, sent()], ['open', ['ping']]);
    late(60_000, () => {});
    assert.deepEqual([session.state, sent()], ['open', ['ping']]);
    late(60_000, () => {});
    assert.equal(sockets[0].closed.code, 4001);
  });

  test('that slept probes before it judges', () => {
    const { session, last, clock, sent, sockets } = opened();
    clock.advance(1_000);
    clock.sleep(3_600_000);
    clock.advance(5_000);
    assert.deepEqual(sent(), ['ping']);
    last().deliver('pong');
    clock.advance(29_999);
    assert.equal(session.state, 'open');
    clock.advance(1);
    assert.equal(sockets[0].closed.code, 4001);
  });

  test('a clock that is set back changes nothing', () => {
    const { session, clock, sockets } = opened();
    clock.sleep(-3_600_000);
    clock.advance(29_999);
    assert.equal(session.state, 'open');
    clock.advance(1);
    assert.equal(sockets[0].closed.code, 4001);
  });

  for (const [type, visibility] of [['visibilitychange', 'visible'], ['pageshow', 'visible'], ['resume', 'visible'],
    ['online'], ['focus']]) {
    test(`${type} probes a line, and ends a wait`, () => {
      const { session, last, sent, raise } = opened();
      raise(type, visibility);
      assert.deepEqual(sent(), ['ping']);
      last().end();
      raise(type, visibility);
      assert.equal(session.state, 'connecting');
    });
  }

  for (const [type, visibility] of [['visibilitychange', 'hidden'], ['pagehide', 'visible'], ['freeze', 'hidden']]) {
    test(`${type} ends nothing, and leaves the session to the next page`, () => {
      const storage = new MapStorage();
      const { session, sent, raise, last } = opened({ storage });
      session.subscribe('news');
      last().deliver('at news e 4');
      sent();
      assert.equal(storage.size, 0);
      raise(type, visibility);
      assert.deepEqual([session.state, sent(), last().closed], ['open', [], null]);
      assert.deepEqual(JSON.parse(storage.get('bowline ws://test/')), { session: 's', token: 't', seen: 0, attempts: 0,
        topics: [['news', { epoch: 'e', offset: 4 }]], patterns: ['news'],
        pending: [{ seq: 1, bytes: 68, credit: 0 }] });
    });
  }

  test('that is loaded again goes on with the session', async () => {
    const storage = new MapStorage();
    const before = opened({ storage, name: 'mine' });
    before.session.subscribe('news', () => {});
    before.session.subscribe('old', () => {});
    before.session.request('place', 'x').catch(() => {});
    before.deliver('at news e 4', 'ok 1 1', 'ok 2 2');
    before.raise('pagehide', 'hidden');

    const after = setUpSession({ storage, name: 'mine' });
    assert.equal(storage.size, 0, 'taken, so that a duplicated tab does not have it');
    const got = [];
    after.session.subscribe('news', ({ offset, data }) => got.push(`${offset} ${data}`));
    after.accept();
    assert.deepEqual(after.sent(), ['hello|resume s t 2 1001|topic news e 4|agent test/1']);
    after.last().deliver(resumed(3));
    assert.deepEqual(after.sent(), ['sub 4 news', 'unsub 5 old']);
    after.deliver('res 3 3\nfor the page before', 'at news e 4', 'pub news 5\nfive', 'ok 4 4', 'ok 5 5');
    assert.deepEqual(got, ['5 five']);
    assert.equal(after.session.state, 'open');
  });

  test('that is seen again takes back what it left', () => {
    const storage = new MapStorage();
    const { session, raise, sent } = opened({ storage });
    raise('visibilitychange', 'hidden');
    assert.equal(storage.size, 1);
    raise('visibilitychange', 'visible');
    assert.equal(storage.size, 0);
    assert.deepEqual([session.state, session.id, sent()], ['open', 's', ['ping']]);
  });

  test('keeps what it left as new as what it has acknowledged', () => {
    const storage = new MapStorage();
    const { raise, last, clock } = opened({ storage });
    raise('visibilitychange', 'hidden');
    last().deliver('msg 1 hi');
    clock.advance(1_000);
    assert.equal(JSON.parse(storage.get('bowline ws://test/')).seen, 1);
  });

  test('keeps what it sends beside what it left: the server counts it', () => {
    const storage = new MapStorage();
    const { session, raise } = opened({ storage });
    raise('visibilitychange', 'hidden');
    session.request('place').catch(() => {});
    assert.deepEqual(JSON.parse(storage.get('bowline ws://test/')).pending, [{ seq: 1, bytes: 69, credit: 0 }]);
  });

  test('that comes back after another one took the session begins a new one', () => {
    const storage = new MapStorage();
    const first = opened({ storage });
    first.raise('pagehide', 'hidden');
    const second = setUpSession({ storage });
    second.open(resumed(0));
    second.last().deliver('msg 1 hi');
    second.raise('pagehide', 'hidden');
    first.raise('pageshow', 'visible');
    assert.equal(first.sockets.length, 2);
    first.accept();
    assert.deepEqual(first.sent(), [HELLO]);
    first.log.splice(0);
    first.last().deliver(`welcome\nsession s3 t3\nnew${TERMS}`);
    assert.equal(first.log.at(-1)[1].reason, 'another page has taken the session');
  });

  test('a storage that fails, or holds something else, is told and goes without', async () => {
    const storage = new MapStorage([['bowline ws://test/', '{"session":"a b"}']]);
    const page = setUpSession({ storage });
    await settled();
    assert.equal(page.log.shift()[0], 'error');
    page.open();
    storage.setItem = () => {
      throw new Error('quota');
    };
    page.raise('pagehide', 'hidden');
    assert.deepEqual(page.log.map(([type, { error }]) => [type, error.message]), [['error', 'quota']]);
    assert.equal(page.session.state, 'open');
  });

  test('a session that has ended leaves nothing', () => {
    const storage = new MapStorage();
    const { session, raise } = opened({ storage });
    raise('pagehide', 'hidden');
    session.bye();
    raise('pagehide', 'hidden');
    assert.equal(storage.size, 0);
  });
});

test('is small: 12 KiB, compressed, both files together, as they are', () => {
  const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url));
  const { length } = gzipSync(Buffer.concat([read('session.js'), read('session-core.js')]), { level: 9 });
  assert.ok(length <= 12_288, `${length} bytes`);
});
