// The state machine; mirrors ClientSessionTest of the module session, section by section of bowline-v1.md.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matches, parse } from '../session-core.js';
import { CoreHarness, TERMS, WELCOME, renewed, resumed } from './session-core-support.js';
import { seededRandom } from './support.js';

const HELLO = '> hello|auth secret|agent test/1';

/** A session that is open; whatever is noted by its end must have been expected. */
function opened(run, options) {
  return () => {
    const client = new CoreHarness(options);
    client.open();
    run(client);
    client.expect();
  };
}

describe('§2: messages', () => {
  test('whatever comes is a message or malformed', () => {
    const seed = Date.now() >>> 0;
    const random = seededRandom(seed);
    const pieces = ['welcome', 'pub', 'here', 'gap', 'constructor', 'session', ' ', ' ', '\n', '\n', '1', '0', '-',
      'news', 'user', 'é', '\0'];
    for (let i = 0; i < 20_000; i++) {
      let text = '';
      for (let n = Math.floor(random() * 12); n > 0; n--) text += pieces[Math.floor(random() * pieces.length)];
      const wire = random() < 0.5 ? text : Uint8Array.from(text, (char) => char.charCodeAt(0));
      assert.equal(typeof parse(wire).verb, 'string', `seed ${seed}`);
    }
  });

  test('a header has at most 1024 bytes', () => {
    assert.equal(parse(`err 1 1 ${'x'.repeat(64)}\n${'x'.repeat(5_000)}`).verb, 'err');
    const fits = `msg 1 ${'a '.repeat(509)}`.trimEnd();
    assert.match(parse(fits).detail, /^msg 1 a/);
    assert.equal(parse(`ping${' a'.repeat(600)}`).code, 'header');
    assert.equal(parse(`fly${' a'.repeat(600)}`).code, 'header');
    assert.equal(parse(new Uint8Array(2_000).fill(97)).code, 'header');
  });

  test('names of what every object has are no verbs and no lines', () => {
    assert.deepEqual(parse('constructor').code, 'verb');
    assert.equal(parse(`${WELCOME}\nconstructor 1`).verb, 'welcome');
  });

  test('numbers are those that JavaScript counts without holes', () => {
    assert.equal(parse('retry 9007199254740991').ms, Number.MAX_SAFE_INTEGER);
    assert.equal(parse('retry 9007199254740992').code, 'header');
  });

  test('an empty payload is none, in bytes too', () => {
    assert.deepEqual(parse(new TextEncoder().encode('here news')).users, []);
    assert.equal(parse(new TextEncoder().encode('here news\n')).verb, 'here');
    assert.equal(parse(new TextEncoder().encode('here news\nuser ada')).code, 'text');
  });

  test('a line of a welcome stands there once', () => {
    assert.equal(parse(`${WELCOME}\nping 20000`).code, 'hello');
  });

  test('patterns cover topics', () => {
    const topics = ['a', 'b', 'a.b', 'b.a', 'a.b.c'];
    const covered = (pattern) => topics.filter((topic) => matches(pattern, topic));
    assert.deepEqual(covered('a'), ['a']);
    assert.deepEqual(covered('*'), ['a', 'b']);
    assert.deepEqual(covered('>'), topics);
    assert.deepEqual(covered('a.*'), ['a.b']);
    assert.deepEqual(covered('*.b'), ['a.b']);
    assert.deepEqual(covered('a.>'), ['a.b', 'a.b.c']);
    assert.deepEqual(covered('*.>'), ['a.b', 'b.a', 'a.b.c']);
    assert.deepEqual(covered('*.b.*'), ['a.b.c']);
  });

  test('patterns do not cover the protocol\'s own topics', () => {
    assert.equal(matches('*', '$mailbox'), false);
    assert.equal(matches('>', '$mailbox'), false);
    assert.equal(matches('$mailbox', '$mailbox'), true);
  });
});

describe('§3: life', () => {
  test('says hello and is welcomed', () => {
    const client = new CoreHarness();
    client.session.connect();
    client.expect('state connecting', 'connect');
    client.session.connected('secret');
    client.expect('state greeting', HELLO);
    client.comes(WELCOME);
    client.expect('state open', 'welcome s ada false null');
  });

  test('resumes with all that it has seen', opened((client) => {
    client.comes('at news e 4');
    client.subscribe('news');
    client.expect('> sub 1 news');
    client.comes('at news e 4', 'ok 1 1', 'pub news 5\nfive');
    client.expect('sub news: done', 'topic news e 5 five');
    assert.equal(client.reconnect(), '> hello|auth secret|resume s t 1 1|topic news e 5|agent test/1');
    client.comes(resumed(1), 'at news e 5', 'pub news 6\nsix');
    client.expect('state open', 'welcome s null true null', 'topic news e 6 six');
  }));

  test('a server that does not answer, or greets nobody, is left', () => {
    const client = new CoreHarness();
    client.session.connect();
    client.pass(9_999);
    client.expect('state connecting', 'connect');
    client.pass(1);
    client.expect('close 4001 connecting took too long', 'state waiting');
    client.pass(1_000);
    client.session.connected('secret');
    client.expect('state connecting', 'connect', 'state greeting', HELLO);
    client.pass(9_999);
    client.expect();
    client.pass(1);
    client.expect('close 4001 greeting took too long', 'state waiting');
  });

  for (const code of [1000, 1002, 1008, 4500, 4503, 4999]) {
    test(`${code} is the end`, opened((client) => {
      for (const text of ['a', 'b', 'c', 'd']) client.publish(text);
      client.expect('> pub 1 news|a', '> pub 2 news|b', '> pub 3 news|c');
      client.session.disconnected(code, '');
      const why = `the session has ended: ${code}`;
      client.expect('state ended', `a: unknown ${why}`, `b: unknown ${why}`, `c: unknown ${why}`,
        `d: not sent ${why}`, `end ${code}`);
      assert.equal(client.session.deadline, Infinity);
      assert.equal(client.session.outboxBytes, 0);
      client.publish('late');
      client.expect('late: not sent the session has ended');
    }));
  }

  for (const code of [1001, 1005, 1006, 1011, 1012, 4000, 4007, 4499]) {
    test(`${code} is not`, opened((client) => {
      client.session.disconnected(code, '');
      client.expect('state waiting');
      client.pass(999);
      client.expect();
      client.pass(1);
      client.expect('state connecting', 'connect');
    }));
  }

  for (const state of ['connecting', 'greeting']) {
    test(`bye as soon as it is ${state} ends it there`, () => {
      const client = new CoreHarness();
      client.onTell = (type, fields) => fields.state === state && client.session.bye();
      client.start();
      const before = state === 'greeting' ? ['state connecting', 'connect'] : [];
      client.expect(...before, `state ${state}`, 'close 1000 bye', 'state ended', 'end 1000 bye');
    });
  }

  test('bye as soon as it is open ends it there, and what was lost has its result', opened((client) => {
    client.publish('a');
    client.reconnect();
    client.onTell = (type, fields) => fields.state === 'open' && client.session.bye();
    client.publish('b');
    client.comes(renewed('lost'), 'ping', 'msg 1 hi');
    client.expect('state open', '> bye', 'close 1000 bye', 'state ended',
      'b: not sent the session has ended: 1000 bye', 'end 1000 bye', 'a: unknown the session is new: lost');
  }));

  test('bye ends it', opened((client) => {
    client.session.bye();
    client.expect('> bye', 'close 1000 bye', 'state ended', 'end 1000 bye');
    client.session.bye();
  }));
});

describe('§4: commands', () => {
  test('are numbered and have their results in any order', opened((client) => {
    client.request('place', 'x');
    client.publish('a');
    client.session.submit('send', 'hi', '', client.result('hi'));
    client.expect('> req 1 place|x', '> pub 2 news|a', '> send 3 hi');
    client.comes('ok 1 3', 'err 2 2 forbidden\nnot you', 'res 3 1\nplaced');
    client.expect('hi: done', 'a: refused forbidden not you', 'place: done placed');
    assert.equal(client.session.outboxBytes, 0);
  }));

  test('wait for a session, in their order', () => {
    const client = new CoreHarness();
    client.publish('early');
    client.subscribe('news');
    client.start();
    client.comes(WELCOME);
    client.expect('state connecting', 'connect', 'state greeting', HELLO, 'state open', 'welcome s ada false null',
      '> pub 1 news|early', '> sub 2 news');
  });

  test('no more are sent than the server takes', opened((client) => {
    for (const text of ['a', 'b', 'c', 'd']) client.publish(text);
    client.expect('> pub 1 news|a', '> pub 2 news|b', '> pub 3 news|c');
    client.comes('ok 1 2');
    client.expect('b: done', '> pub 4 news|d');
  }));

  test('no more bytes are sent than the server takes', opened((client) => {
    const [a, b] = ['a'.repeat(300), 'b'.repeat(300)];
    client.publish(a);
    client.publish(b);
    client.expect(`> pub 1 news|${a}`);
    client.comes('ok 1 1');
    client.expect(`${a}: done`, `> pub 2 news|${b}`);
  }));

  test('what was not handled is sent again with its number', opened((client) => {
    for (const text of ['a', 'b', 'c', 'd']) client.publish(text);
    client.reconnect();
    client.comes(resumed(1));
    client.expect('> pub 2 news|b', '> pub 3 news|c', 'state open', 'welcome s null true null');
    client.comes('ok 1 1', 'ok 2 2');
    client.expect('a: done', '> pub 4 news|d', 'b: done');
  }));

  test('binary payloads are bytes behind the header', opened((client) => {
    client.publish(Uint8Array.of(0, 10, 255));
    client.expect(`> bytes ${[...Buffer.from('pub 1 news\n'), 0, 10, 255]}`);
    client.comes(Uint8Array.from([...Buffer.from('msg 1 hi\n'), 1, 2]));
    client.expect('message hi bytes 1,2');
  }));

  test('a new session leaves what was sent unknown and sends the rest', opened((client) => {
    for (const text of ['a', 'b', 'c', 'd']) client.publish(text);
    client.reconnect();
    client.comes(renewed('expired'));
    const why = 'unknown the session is new: expired';
    client.expect('state open', 'welcome s2 null false expired', `a: ${why}`, `b: ${why}`, `c: ${why}`,
      '> pub 1 news|d');
  }));

  test('what listeners add when a session is open comes behind what was there', opened((client) => {
    for (const text of ['a', 'b']) client.publish(text);
    client.onTell = (type, { state }) => type === 'state' && state === 'open' && client.publish('more');
    client.reconnect();
    client.comes(resumed(0));
    client.expect('> pub 1 news|a', '> pub 2 news|b', 'state open', '> pub 3 news|more', 'welcome s null true null');
    client.reconnect();
    client.comes(renewed('lost'));
    const lost = ['a', 'b', 'more'].map((text) => `${text}: unknown the session is new: lost`);
    client.expect('state open', '> pub 1 news|more', 'welcome s2 null false lost', ...lost);
  }));

  test('the outbox is bounded', () => {
    const client = new CoreHarness();
    client.publish('a'.repeat(1_900));
    client.publish('b'.repeat(100));
    client.expect(`${'b'.repeat(100)}: not sent the outbox is full: with this, 2136 bytes wait for results`);
    assert.equal(client.session.outboxBytes, 1_968);
  });

  test('what the server would not take is not sent', () => {
    const client = new CoreHarness();
    client.publish('a'.repeat(1_000));
    client.start();
    client.comes(WELCOME);
    assert.deepEqual(client.noted.splice(0).at(-1),
      `${'a'.repeat(1_000)}: not sent it has up to 1068 bytes, the server takes 1000`);
    assert.equal(client.session.outboxBytes, 0);
  });

  test('one that is larger than what may wait for results is sent when nothing waits', opened((client) => {
    const large = 'x'.repeat(600);
    for (const text of ['a', large, 'b']) client.publish(text);
    client.expect('> pub 1 news|a');
    client.comes('ok 1 1');
    client.expect('a: done', `> pub 2 news|${large}`);
    client.comes('ok 2 2');
    client.expect(`${large}: done`, '> pub 3 news|b');
  }));

  test('nothing is sent after what somebody did on hearing that something is not sent', () => {
    const client = new CoreHarness();
    client.session.submit('pub', 'news', 'x'.repeat(1_000), () => client.session.renew('taken'));
    client.publish('b');
    client.start();
    client.noted = [];
    client.comes(WELCOME);
    client.expect('state open', 'welcome s ada false null', '> pub 1 news|b', 'close 4000', 'state connecting',
      'connect');
  });

  test('what cannot be sent is the caller\'s mistake', opened((client) => {
    for (const pattern of ['a b', 'a\n', '', 'a..b', 'a*', '>.a', 'x'.repeat(256)]) {
      assert.throws(() => client.subscribe(pattern), { name: 'TypeError', message: /this pattern/ }, pattern);
    }
    assert.throws(() => client.subscribe('a.*', { last: 3 }), TypeError);
    assert.throws(() => client.subscribe('a', { last: -1 }), TypeError);
    assert.throws(() => client.subscribe('a', { from: { epoch: 'a b', offset: 3 } }), TypeError);
  }));
});

describe('§5: the direct log', () => {
  test('what came before is ignored', opened((client) => {
    client.comes('msg 1 hi\na', 'msg 1 hi\na', 'msg 2 hi\nb');
    client.expect('message hi a', 'message hi b');
  }));

  test('a hole is a violation', opened((client) => {
    client.comes('msg 2 hi\nb');
    client.expect('close 4500 number', 'state waiting');
    client.pass(1_000);
    client.session.connected('secret');
    client.comes(WELCOME);
    client.expect('state connecting', 'connect', 'state greeting', HELLO, 'state open',
      'welcome s ada false violation by the server: direct message 2 after 0');
  }));

  test('is acknowledged by time', opened((client) => {
    client.comes('msg 1 hi\na');
    client.pass(500);
    client.comes('msg 2 hi\nb');
    client.pass(499);
    client.expect('message hi a', 'message hi b');
    client.pass(1);
    client.expect('> ack 2');
  }));

  test('is acknowledged by number, once it was handed over', opened((client) => {
    for (let n = 1; n <= 32; n++) {
      client.comes(`msg ${n} hi\nx`);
      client.expect(...(n < 32 ? ['message hi x'] : ['message hi x', '> ack 32']));
    }
    client.pass(1_000);
  }));

  test('is acknowledged by size', opened((client) => {
    client.comes(`msg 1 hi\n${'é'.repeat(32_768)}`);
    assert.deepEqual(client.noted.splice(0)[1], '> ack 1');
  }));

  test('is acknowledged by what comes, where the timer is late', opened((client) => {
    client.comes('msg 1 hi\na');
    client.session.now += 20_000;
    client.comes('ping');
    client.expect('message hi a', '> pong', '> ack 1');
  }));

  test('is acknowledged by hello, and anew in a new session', opened((client) => {
    client.comes('msg 1 hi\na');
    assert.equal(client.reconnect(), '> hello|auth secret|resume s t 1 1|agent test/1');
    client.comes(resumed(0));
    client.pass(2_000);
    client.expect('state open', 'welcome s null true null');
    client.comes('msg 2 hi\nb');
    client.pass(1_000);
    client.expect('message hi b', '> ack 2');
    client.reconnect();
    client.comes(renewed('lost'), 'msg 1 hi\na', 'msg 2 hi\nb');
    client.pass(1_000);
    client.expect('state open', 'welcome s2 null false lost', 'message hi a', 'message hi b', '> ack 2');
  }));

  test('a result that is not due is a violation', opened((client) => {
    client.comes('ok 1 1');
    client.expect('close 4500 number', 'state waiting');
  }));
});

describe('§6: topics', () => {
  const subscribed = (run) => opened((client) => {
    client.subscribe('news', { presence: true });
    client.comes('at news e 4', 'ok 1 1');
    client.expect('> sub 1 news presence', 'sub news: done');
    run(client);
  });

  test('gaps are told', subscribed((client) => {
    client.comes('pub news 5\nfive', 'gap news 6 8 dropped', 'pub news 9\nnine');
    client.expect('topic news e 5 five', 'gap news 6 8 dropped', 'topic news e 9 nine');
  }));

  for (const message of ['pub news 6\nx', 'pub news 4\nx', 'gap news 6 7 dropped', 'at news e 5', 'at news f 5']) {
    test(`an offset that does not follow is a violation: ${message.split('\n')[0]}`, subscribed((client) => {
      client.comes(message);
      client.expect('close 4500 number', 'state waiting');
    }));
  }

  test('a reset begins elsewhere', subscribed((client) => {
    client.comes('reset news f 100 lost', 'pub news 101\nx');
    client.expect('reset news f 100 lost', 'topic news f 101 x');
  }));

  test('what keeps no log has no offsets', subscribed((client) => {
    client.comes('pub news -\nx', 'pub other -\nx');
    client.expect('topic news null 0 x');
  }));

  test('what is on its way when a subscription ends is ignored', subscribed((client) => {
    client.unsubscribe('news');
    client.subscribe('news');
    client.expect('> unsub 2 news', '> sub 3 news');
    client.comes('pub news 5\nfive', 'ok 2 2', 'at news e 9', 'ok 3 3', 'pub news 10\nten');
    client.expect('unsub news: done', 'sub news: done', 'topic news e 10 ten');
  }));

  test('a refusal of what was given up does not end what came after', opened((client) => {
    client.subscribe('news');
    client.unsubscribe('news');
    client.subscribe('news');
    client.comes('err 1 1 rate-limited', 'ok 2 2', 'at news e 1', 'ok 3 3', 'pub news 2\nx');
    client.expect('> sub 1 news', '> unsub 2 news', '> sub 3 news', 'sub news: refused rate-limited',
      'unsub news: done', 'sub news: done', 'topic news e 2 x');
  }));

  test('a new session goes on from the cursors', subscribed((client) => {
    client.subscribe('orders.*');
    client.subscribe('orders.>');
    client.comes('ok 2 2', 'ok 3 3', 'at orders.1 g 0', 'pub orders.1 1\nx');
    client.expect('> sub 2 orders.*', '> sub 3 orders.>', 'sub orders.*: done', 'sub orders.>: done',
      'topic orders.1 g 1 x');
    client.reconnect();
    client.comes(renewed('lost').replace('max-pending 3 500', 'max-pending 9 900'));
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 news from e 4 presence',
      '> sub 2 orders.1 from g 1',
      '> sub 3 orders.*', '> sub 4 orders.>', '> unsub 5 orders.1');
    client.comes('at orders.1 g 1', 'pub orders.1 2\ny');
    client.expect('topic orders.1 g 2 y');
  }));

  test('a topic that is wanted by name too is not given up in a new session', opened((client) => {
    client.subscribe('*');
    client.subscribe('news');
    client.comes('at news e 4');
    client.reconnect();
    client.comes(renewed('lost'));
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 news from e 4', '> sub 2 *');
  }));

  test('what has a cursor is restored before what has none', opened((client) => {
    for (const pattern of ['a.*', 'b', 'c']) client.subscribe(pattern);
    client.comes('ok 1 1', 'ok 2 2', 'ok 3 3', 'at a.1 e 1', 'at c e 3');
    client.reconnect();
    client.comes(renewed('lost').replace('max-pending 3 500', 'max-pending 9 900'));
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 a.1 from e 1', '> sub 2 c from e 3',
      '> sub 3 a.*', '> sub 4 b', '> unsub 5 a.1');
  }));

  test('what can no longer be reached of a pattern is told', opened((client) => {
    client.subscribe('orders.*');
    client.comes('ok 1 1', 'at orders.1 g 1');
    client.expect('> sub 1 orders.*', 'sub orders.*: done');
    client.reconnect();
    client.comes(renewed('lost'));
    client.comes('err 1 1 forbidden', 'ok 2 2', 'ok 3 3', 'at orders.1 g 7', 'pub orders.1 8\nx');
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 orders.1 from g 1', '> sub 2 orders.*',
      '> unsub 3 orders.1',
      'reset orders.1 forbidden', 'sub orders.*: done', 'topic orders.1 g 8 x');
  }));

  test('what is wanted by name, can no longer be had, and is covered by a pattern too, is told', opened((client) => {
    client.subscribe('*');
    client.subscribe('news');
    client.comes('ok 1 1', 'ok 2 2', 'at news e 4');
    client.reconnect();
    client.comes(renewed('lost'), 'err 1 1 forbidden', 'ok 2 2', 'at news e 7', 'pub news 8\nx');
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 news from e 4', '> sub 2 *',
      'reset news forbidden', 'out news forbidden', 'sub news: refused forbidden', 'sub *: done', 'topic news e 8 x');
  }));

  test('so is what was given up meanwhile', opened((client) => {
    client.subscribe('*');
    client.subscribe('news');
    client.comes('ok 1 1', 'ok 2 2', 'at news e 4');
    client.reconnect();
    client.comes(renewed('lost'));
    client.unsubscribe('news');
    client.comes('err 1 1 forbidden', 'ok 2 2', 'ok 3 3', 'at news e 7');
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 news from e 4', '> sub 2 *', '> unsub 3 news',
      'reset news forbidden', 'sub news: refused forbidden', 'sub *: done', 'unsub news: done');
  }));

  test('what waits to be restored is not just withdrawn: a pattern may go on from it', opened((client) => {
    for (const pattern of ['a', 'b', 'c', '*']) client.subscribe(pattern);
    client.comes('ok 1 1', 'ok 2 2', 'ok 3 3', 'ok 4 4', 'at a e 1', 'at b e 1', 'at c e 1');
    client.reconnect();
    client.comes(renewed('lost').replace('max-pending 3 500', 'max-pending 1 500'));
    client.unsubscribe('c');
    client.comes('ok 1 1', 'ok 2 2', 'ok 3 3', 'ok 4 4', 'ok 5 5', 'pub c 2\nx');
    client.expect('state open', 'welcome s2 null false lost', '> sub 1 a from e 1', 'sub a: done',
      '> sub 2 b from e 1', 'sub b: done', '> sub 3 c from e 1', 'sub c: done', '> sub 4 *', 'sub *: done',
      '> unsub 5 c', 'unsub c: done', 'topic c e 2 x');
  }));

  test('a subscription without a result has it from the next session', opened((client) => {
    client.subscribe('news', { last: 3 });
    client.subscribe('old');
    client.unsubscribe('old');
    client.expect('> sub 1 news last 3', '> sub 2 old', '> unsub 3 old');
    client.reconnect();
    client.comes(renewed('lost'), 'ok 1 1');
    client.expect('state open', 'welcome s2 null false lost', 'sub old: unknown the session is new: lost',
      'unsub old: done', '> sub 1 news last 3', 'sub news: done');
  }));

  test('what waits to end and begin anew begins once in a new session', opened((client) => {
    client.subscribe('news');
    client.comes('at news e 4', 'ok 1 1');
    client.session.disconnected(1006, '');
    client.unsubscribe('news');
    client.subscribe('news');
    client.noted = [];
    client.pass(1_000);
    client.session.connected('secret');
    client.comes(renewed('lost'), 'at news e 9', 'ok 1 1', 'pub news 10\nx');
    client.expect('state connecting', 'connect', 'state greeting', '> hello|auth secret|resume s t 1 1|agent test/1',
      'state open',
      'welcome s2 null false lost', 'unsub news: done', '> sub 1 news', 'sub news: done', 'topic news e 10 x');
  }));

  test('what was not sent is just withdrawn', () => {
    const client = new CoreHarness();
    client.subscribe('news');
    client.unsubscribe('news');
    client.expect('sub news: not sent unsubscribed', 'unsub news: done');
    assert.equal(client.session.outboxBytes, 0);
  });

  test('a refusal ends it', opened((client) => {
    client.subscribe('secret');
    client.comes('err 1 1 forbidden');
    client.expect('> sub 1 secret', 'out secret forbidden', 'sub secret: refused forbidden');
    client.reconnect();
    client.comes(renewed('lost'));
    client.expect('state open', 'welcome s2 null false lost');
  }));

  test('the server may end it', subscribed((client) => {
    client.comes('out 2 news forbidden', 'pub news 5\nx');
    client.expect('out news forbidden');
  }));

  test('an end that was on its way when it began anew is not the new one\'s', subscribed((client) => {
    client.unsubscribe('news');
    client.subscribe('news');
    client.comes('out 2 news forbidden', 'ok 3 2', 'ok 4 3', 'at news e 9', 'pub news 10\nx', 'out 5 news forbidden');
    client.expect('> unsub 2 news', '> sub 3 news', 'unsub news: done', 'sub news: done', 'topic news e 10 x',
      'out news forbidden');
  }));

  test('an end before another one carries the topic on is a loss', subscribed((client) => {
    client.subscribe('>');
    client.unsubscribe('news');
    client.noted = [];
    client.comes('out 2 news forbidden', 'ok 3 2', 'ok 4 3', 'at news e 7', 'pub news 8\nx');
    client.expect('reset news forbidden', 'sub >: done', 'unsub news: done', 'topic news e 8 x');
  }));

  test('what the server has ended carries no topic on', opened((client) => {
    client.subscribe('*.a');
    client.subscribe('news.*');
    client.comes('ok 1 1', 'ok 2 2');
    client.unsubscribe('*.a');
    client.subscribe('*.a');
    client.unsubscribe('news.*');
    client.noted = [];
    // The server has heard nothing of that yet.
    client.comes('out 3 news.* too-large', 'at news.a e 0', 'pub news.a 1\nx', 'ok 4 3', 'ok 5 4', 'at news.a e 1',
      'pub news.a 2\ny', 'ok 6 5');
    client.expect('unsub *.a: done', 'sub *.a: done', 'topic news.a e 2 y', 'unsub news.*: done');
  }));

  describe('until the old subscription has ended, nothing is the new one\'s', () => {
    /** Gives up and takes anew while away, and comes back. */
    const renewedAway = (client, ...patterns) => {
      client.session.disconnected(1006, '');
      for (const pattern of patterns) client.unsubscribe(pattern);
      client.subscribe('news');
      client.pass(1_000);
      client.session.connected('secret');
      client.comes(resumed(patterns.length));
      client.noted = [];
    };

    test('by name', subscribed((client) => {
      renewedAway(client, 'news');
      client.comes('at news e 4', 'pub news 5\nold', 'gap news 6 7 dropped', 'join news bob', 'ok 2 2', 'ok 3 3',
        'at news e 9', 'pub news 10\nx', 'join news eve');
      client.expect('unsub news: done', 'sub news: done', 'topic news e 10 x', 'join news eve');
    }));

    test('by a pattern', opened((client) => {
      client.subscribe('*');
      client.comes('at news e 4', 'ok 1 1');
      renewedAway(client, '*');
      client.comes('at news e 4', 'reset news f 1 lost', 'pub news 2\nold', 'ok 2 2', 'at news f 2', 'ok 3 3');
      client.expect('unsub *: done', 'sub news: done');
    }));

    test('unless another one went on meanwhile', subscribed((client) => {
      client.subscribe('*');
      client.comes('ok 2 2');
      client.unsubscribe('news');
      client.noted = [];
      client.comes('pub news 5\nfive', 'ok 3 3', 'pub news 6\nsix');
      client.expect('topic news e 5 five', 'unsub news: done', 'topic news e 6 six');
    }));

    test('nor where the other one was refused', subscribed((client) => {
      client.subscribe('*');
      client.unsubscribe('news');
      client.comes('err 2 2 forbidden');
      client.subscribe('news');
      client.noted = [];
      client.comes('at news e 4', 'pub news 5\nold', 'ok 3 3', 'at news e 9', 'ok 4 4');
      client.expect('unsub news: done', 'sub news: done');
    }));

    test('of what keeps no log', subscribed((client) => {
      renewedAway(client, 'news');
      client.comes('pub news -\nold', 'ok 2 2', 'ok 3 3', 'pub news -\nx');
      client.expect('unsub news: done', 'sub news: done', 'topic news null 0 x');
    }));

    test('of a topic that was restored for a pattern that was given up', opened((client) => {
      for (const pattern of ['a', 'b', 'n.*']) client.subscribe(pattern);
      client.comes('ok 1 1', 'ok 2 2', 'ok 3 3', 'at a e 1', 'at n.1 e 1');
      client.reconnect();
      client.comes(renewed('lost').replace('max-pending 3 500', 'max-pending 2 500'));
      client.unsubscribe('n.*');
      client.subscribe('n.1');
      client.comes('ok 1 1', 'ok 2 2', 'at n.1 e 1', 'pub n.1 2\nold', 'ok 3 3', 'ok 4 4', 'ok 5 5', 'at n.1 e 9',
        'pub n.1 10\nx');
      client.expect('state open', 'welcome s2 null false lost', '> sub 1 a from e 1', '> sub 2 n.1 from e 1',
        'sub n.*: not sent unsubscribed', 'unsub n.*: done', 'sub a: done', '> sub 3 b', '> unsub 4 n.1', 'sub b: done',
        '> sub 5 n.1', 'sub n.1: done', 'topic n.1 e 10 x');
    }));
  });

  test('presence is told', subscribed((client) => {
    client.comes('here news\nuser ada\nuser bob', 'join news eve', 'leave news bob');
    client.expect('here news ada,bob', 'join news eve', 'leave news bob');
  }));

  test('of more cursors than a hello holds the oldest are left out, and nothing comes twice', opened((client) => {
    client.subscribe('>');
    client.comes('ok 1 1');
    const topic = (i) => `t${i}.${'x'.repeat(240)}`;
    for (let i = 0; i < 300; i++) client.comes(`at ${topic(i)} e 1`, `pub ${topic(i)} 2`);
    client.comes(`pub ${topic(2)} 3`);
    client.noted = [];
    const hello = client.reconnect();
    const isThere = [299, 2, 1, 0].map((i) => hello.includes(topic(i)));
    assert.deepEqual([isThere, hello.length < 60_000], [[true, true, false, false], true]);
    client.comes(resumed(1), `at ${topic(0)} e 1`, `pub ${topic(0)} 2`, `pub ${topic(0)} 3\nnew`);
    client.expect('state open', 'welcome s null true null', `topic ${topic(0)} e 3 new`);
    client.comes(`at ${topic(1)} e 0`, `gap ${topic(1)} 1 5 trimmed`, `pub ${topic(1)} 6\nnew`);
    client.expect(`gap ${topic(1)} 3 5 trimmed`, `topic ${topic(1)} e 6 new`);
    // Of another epoch nobody can tell whether it has what came.
    client.comes(`at ${topic(4)} e 1`, `pub ${topic(4)} 2`, `at ${topic(4)} f 2`, `pub ${topic(4)} 3\nnew`);
    client.comes(`at ${topic(5)} e 1`, `at ${topic(5)} f 1`, `pub ${topic(5)} 2\nnew`, `at ${topic(5)} g 2`);
    client.comes(`at ${topic(6)} e 2`, `at ${topic(6)} f 2`, `pub ${topic(6)} 3\nnew`);
    client.expect(
      `reset ${topic(4)} f 2 lost`, `topic ${topic(4)} f 3 new`,
      `reset ${topic(5)} f 1 lost`, `topic ${topic(5)} f 2 new`,
      `topic ${topic(6)} f 3 new`,
    );
    client.comes(`at ${topic(3)} e 3`);
    client.expect('close 4500 number', 'state waiting');
  }));

  test('another epoch at the same offset is the same log under another name', subscribed((client) => {
    client.comes('pub news 5\nfive', 'at news f 5', 'pub news 6\nsix');
    client.expect('topic news e 5 five', 'topic news f 6 six');
    assert.ok(client.reconnect().includes('|topic news f 6'));
    client.comes(resumed(1), 'at news f 6', 'at news g 6', 'pub news 7\nseven');
    client.expect('state open', 'welcome s null true null', 'topic news g 7 seven');
    client.comes('at news h 6');
    client.expect('close 4500 number', 'state waiting');
  }));
});

describe('§7: streams', () => {
  test('have credit and an end', opened((client) => {
    const stream = client.stream('ai', 2, 'Once');
    client.comes('part 1 1\na', 'part 2 1\nb');
    client.session.grant(stream, 4);
    client.session.grant(stream, 3);
    client.comes('part 3 1\nc', 'end 4 1');
    client.expect('> req 1 ai stream 2|Once', 'ai part a', 'ai part b', '> more 1 4', 'ai part c', 'ai: done');
    client.session.grant(stream, 9);
  }));

  test('go on after a cut', opened((client) => {
    const stream = client.stream('ai', 2, 'Once');
    client.comes('part 1 1\na');
    client.session.grant(stream, 6);
    client.expect('> req 1 ai stream 2|Once', 'ai part a', '> more 1 6');
    client.reconnect();
    client.comes(resumed(1), 'part 1 1\na', 'part 2 1\nb');
    client.expect('> more 1 6', 'state open', 'welcome s null true null', 'ai part b');
  }));

  test('never have more parts than their credit', opened((client) => {
    client.stream('ai', 1);
    client.comes('part 1 1\na', 'part 2 1\nb');
    client.expect('> req 1 ai stream 1', 'ai part a', 'close 4500 number', 'state waiting');
  }));

  test('a request that is none has no parts', opened((client) => {
    client.request('place');
    client.comes('part 1 1\na');
    client.expect('> req 1 place', 'close 4500 number', 'state waiting');
  }));

  test('are cancelled ahead of what waits for their end', opened((client) => {
    const stream = client.stream('ai', 1);
    client.publish('x'.repeat(600));
    client.publish('b');
    client.session.cancel(stream);
    client.expect('> req 1 ai stream 1', '> cancel 1');
    client.comes('err 1 1 cancelled');
    client.expect('ai: refused cancelled', `> pub 2 news|${'x'.repeat(600)}`);
  }));

  test('are cancelled again after a resume', opened((client) => {
    const stream = client.stream('ai', 1);
    client.reconnect();
    client.session.cancel(stream);
    client.noted = [];
    client.comes(resumed(0));
    client.expect('> req 1 ai stream 1', '> cancel 1', 'state open', 'welcome s null true null');
    client.reconnect();
    client.noted = [];
    client.comes(resumed(1));
    client.expect('> cancel 1', 'state open', 'welcome s null true null');
  }));

  test('can be cancelled, however full the outbox is', opened((client) => {
    const stream = client.stream('ai', 2);
    client.session.cancel(stream);
    client.comes('err 1 1 cancelled');
    client.expect('> req 1 ai stream 2', '> cancel 1', 'ai: refused cancelled');
    client.session.cancel(stream);
  }, { maxOutboxBytes: 80 }));

  test('what was not sent is just withdrawn', () => {
    const client = new CoreHarness();
    client.session.cancel(client.request('place'));
    client.expect('place: not sent cancelled');
    assert.equal(client.session.outboxBytes, 0);
  });
});

describe('§8: liveness', () => {
  test('pings are answered', opened((client) => {
    client.comes('ping');
    client.expect('> pong');
  }));

  test('silence ends a connection', opened((client) => {
    client.pass(29_999);
    client.expect();
    client.pass(1);
    client.expect('close 4001 nothing heard', 'state waiting');
  }));

  test('a sleep of its own is no silence of the line', opened((client) => {
    client.pass(600_000);
    client.expect('> ping');
    client.pass(5_000);
    client.comes('pong');
    client.pass(29_999);
    client.expect();
    client.pass(1);
    client.expect('close 4001 nothing heard', 'state waiting');
  }));

  test('a sleep while a ping is out gives a second chance, not a third', opened((client) => {
    client.session.hint();
    client.pass(600_000);
    client.expect('> ping', '> ping');
    client.pass(600_000);
    client.expect('close 4001 no answer to a ping', 'state waiting');
  }));

  test('a probe that brings nothing ends it', opened((client) => {
    client.session.hint();
    client.session.hint();
    client.pass(9_999);
    client.expect('> ping');
    client.pass(1);
    client.expect('close 4001 no answer to a ping', 'state waiting');
  }));

  test('a hint ends the wait', opened((client) => {
    client.session.disconnected(1006, '');
    client.session.hint();
    client.expect('state waiting', 'state connecting', 'connect');
  }));

  test('waits grow and are capped', () => {
    const client = new CoreHarness();
    client.session.connect();
    client.expect('state connecting', 'connect');
    for (const bound of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      client.session.disconnected(1006, '');
      client.pass(bound - 1);
      client.expect('state waiting');
      client.pass(1);
      client.expect('state connecting', 'connect');
    }
  });

  test('the server\'s advice is followed, once', opened((client) => {
    client.comes('retry 5000');
    client.session.disconnected(4003, '');
    client.pass(9_999);
    client.expect('state waiting');
    client.pass(1);
    client.session.disconnected(1006, '');
    client.pass(1_000);
    client.expect('state connecting', 'connect', 'state waiting', 'state connecting', 'connect');
  }));

  test('after a steady connection the next comes at once', opened((client) => {
    for (let i = 0; i < 6; i++) {
      client.pass(10_000);
      client.comes('ping');
      client.expect('> pong');
    }
    client.session.disconnected(1006, '');
    client.pass(0);
    client.expect('state waiting', 'state connecting', 'connect');
  }));
});

describe('§10: what the server may not do', () => {
  const HEADERS = { fly: 'verb', 'fly 1': 'verb', 'ok 1': 'header', PING: 'header' };
  const REFUSED = { ...HEADERS, welcome: 'hello', [WELCOME]: 'hello' };
  for (const [message, code] of Object.entries(REFUSED)) {
    test(`${message.slice(0, 10)} is refused`, opened((client) => {
      client.comes(message);
      client.expect(`close 4500 ${code}`, 'state waiting');
    }));
  }

  test('nothing comes before the welcome', () => {
    const client = new CoreHarness();
    client.start();
    client.comes('ping', 'msg 1 hi');
    client.expect('state connecting', 'connect', 'state greeting', HELLO, '> pong', 'close 4500 hello',
      'state waiting');
  });

  test('another session is not resumed', opened((client) => {
    client.reconnect();
    client.comes(`welcome\nsession x y\nresumed 0${TERMS}`);
    client.expect('close 4500 hello', 'state waiting');
  }));

  test('more is not handled than was sent', opened((client) => {
    client.reconnect();
    client.comes(resumed(1));
    client.expect('close 4500 number', 'state waiting');
  }));
});

describe('a session of the page before', () => {
  const TOPICS = [['news', { epoch: 'e', offset: 5 }], ['old', { epoch: 'e', offset: 1 }]];
  const PATTERNS = ['news', 'old'];
  const STORED = { session: 's', token: 't', seen: 3, attempts: 4, topics: TOPICS, patterns: PATTERNS, pending: [] };

  test('goes on: numbers, cursors, and what is no longer wanted', () => {
    const client = new CoreHarness({ stored: STORED });
    client.subscribe('news', { last: 9 });
    client.publish('a');
    client.start();
    client.expect('state connecting', 'connect', 'state greeting',
      '> hello|auth secret|resume s t 3 1005|topic news e 5|topic old e 1|agent test/1');
    client.comes(resumed(7));
    client.expect('state open', 'welcome s null true null', '> sub 8 news last 9', '> pub 9 news|a', '> unsub 10 old');
    client.comes('res 4 7\nfor the page before', 'pub old 2\nx', 'pub news 6\nsix', 'ok 5 8', 'ok 6 9', 'ok 7 10',
      'ok 8 9');
    client.expect('topic news e 6 six', 'sub news: done', 'a: done', 'close 4500 number', 'state waiting');
  });

  test('leaves commands that the server counts, until their results are there', () => {
    const before = new CoreHarness();
    before.open();
    before.publish('a');
    before.request('place', 'x'.repeat(200));
    before.request('lost');
    const client = new CoreHarness({ stored: before.session.stored });
    client.open(resumed(2));
    client.publish('b'.repeat(200));
    client.expect();
    client.comes('part 1 2\nx', 'ok 2 1');
    client.expect();
    client.comes('res 3 2\ny');
    client.expect(`> pub 3 news|${'b'.repeat(200)}`);
  });

  test('leaves streams that nobody takes: they are cancelled', () => {
    const before = new CoreHarness();
    before.open();
    before.stream('ai', 2);
    const client = new CoreHarness({ stored: before.session.stored });
    client.publish('x'.repeat(600));
    client.open(resumed(1));
    client.comes('part 1 1\na', 'part 2 1\nb');
    client.expect();
    client.comes('err 3 1 cancelled');
    client.expect(`> pub 2 news|${'x'.repeat(600)}`);
  });

  test('leaves nothing that counts in a new session', () => {
    const pending = [5, 6, 7].map((seq) => ({ seq, bytes: 100, credit: 0 }));
    const client = new CoreHarness({ stored: { ...STORED, pending } });
    client.open(renewed('lost'));
    client.publish('a');
    client.expect('> pub 1 news|a');
    assert.equal(client.session.outboxBytes, 69);
  });

  test('goes on by another pattern, without a hole', () => {
    const client = new CoreHarness({ stored: { ...STORED, patterns: ['>'] } });
    client.subscribe('news');
    client.open(resumed(7));
    client.comes('at news e 5', 'pub news 6\nsix', 'ok 4 8', 'pub news 7\nseven', 'ok 5 9', 'pub news 8\neight');
    client.expect('topic news e 6 six', 'sub news: done', 'topic news e 7 seven', 'topic news e 8 eight');
  });

  test('is replaced by a new one, from where it was', () => {
    const client = new CoreHarness({ stored: STORED });
    client.subscribe('news', { last: 9 });
    client.start();
    client.noted = [];
    client.comes(renewed('expired'));
    client.expect('state open', 'welcome s2 null false expired', '> sub 1 news from e 5');
    const stored = { session: 's2', token: 't2', seen: 0, attempts: 0, topics: TOPICS.slice(0, 1) };
    const pending = [{ seq: 1, bytes: 75, credit: 0 }];
    assert.deepEqual(client.session.stored, { ...stored, patterns: ['news'], pending });
  });

  test('is itself stored until it is resumed, and not once it has ended', () => {
    const client = new CoreHarness({ stored: STORED });
    assert.deepEqual(client.session.stored, { ...STORED, attempts: 1_004 });
    client.open(resumed(7));
    const pending = [{ seq: 8, bytes: 68, credit: 0 }, { seq: 9, bytes: 67, credit: 0 }];
    const now = { ...STORED, attempts: 1_005, topics: [], pending };
    assert.deepEqual(client.session.stored, now, 'the server has the patterns still');
    client.comes('ok 4 8', 'ok 5 9');
    assert.deepEqual(client.session.stored, { ...STORED, seen: 5, attempts: 1_005, topics: [], patterns: [] });
    client.session.bye();
    assert.equal(client.session.stored, undefined);
  });

  test('is refused where it is none', () => {
    const broken = [{ token: 'a b' }, { patterns: ['a b'] }, { seen: -1 }, { pending: [{ seq: 1 }] }, { topics: [[]] }];
    for (const part of broken) assert.throws(() => new CoreHarness({ stored: { ...STORED, ...part } }), TypeError);
    assert.throws(() => new CoreHarness({ stored: {} }), TypeError);
  });

  test('is left to another page that has taken it', opened((client) => {
    client.publish('a');
    client.session.renew('taken');
    client.session.connected('secret');
    client.comes(WELCOME);
    client.expect('> pub 1 news|a', 'close 4000', 'state connecting', 'connect', 'state greeting', HELLO, 'state open',
      'welcome s ada false taken', 'a: unknown the session is new: taken');
  }));
});
