// The checker of the proof, by itself: it is content with what is right, and with nothing else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { check, Evidence } from './proof/checker.js';

/** A tab that was loaded again: its first page did not hear of its second command, and its fourth was not handled. */
function sound() {
  return {
    server: [
      'session s1 STARTED',
      'logged proof.room e1 1 t0.1.1 70',
      'handled send t0.1.2 8',
      'told s1 1',
      'handled req t0.1.3 9',
      'told s1 2',
      'got s1 1',
      'session s1 SUSPENDED',
      'session s1 RESUMED',
      'logged proof.hub e2 1 hub.1 5',
      'logged proof.room e1 2 t0.2.1 70',
      'handled stream t0.2.2 8',
      'told s1 3',
    ],
    pages: [
      [
        'welcome s1 false',
        'subscribed',
        'give t0.1.1 pub 70',
        'give t0.1.2 send 8',
        'give t0.1.3 req 9',
        'give t0.1.4 pub 70',
        'topic proof.room e1 1 t0.1.1 70',
        'done t0.1.1',
        'direct 1',
        'done t0.1.3 t0.1.3 9',
      ],
      [
        'welcome s1 true',
        'subscribed',
        'give t0.2.1 pub 70',
        'give t0.2.2 stream 8',
        'topic proof.hub e2 1 hub.1 5',
        'direct 2',
        'topic proof.room e1 2 t0.2.1 70',
        'done t0.2.1',
        ...Array.from({ length: 40 }, (_, i) => `part t0.2.2 ${i + 1}`),
        'done t0.2.2',
        'direct 3',
      ],
    ],
  };
}

function verdictOn({ server, pages }) {
  const evidence = new Evidence();
  for (const line of server) evidence.fromServer(line);
  for (const [i, reports] of pages.entries()) {
    for (const [j, words] of reports.entries()) if (words) evidence.fromPage('t0', `${i + 1} ${j + 1} ${words}`);
  }
  return check(evidence);
}

// What can be wrong with the lines of the server, of the first page and of the second one.
const server = (evidence) => evidence.server;
const first = ({ pages: [page] }) => page;
const second = ({ pages: [, page] }) => page;

const changed = (whose, line, ...others) => (evidence) => {
  const lines = whose(evidence);
  assert.ok(lines.includes(line), line);
  lines.splice(lines.indexOf(line), 1, ...others);
};
const lost = (whose, line) => changed(whose, line);
const doubled = (whose, line) => changed(whose, line, line, line);
const more = (whose, line) => (evidence) => whose(evidence).push(line);
const unreported = (whose, line) => changed(whose, line, undefined);
const both = (one, other) => (evidence) => {
  one(evidence);
  other(evidence);
};
const swapped = (whose, one, other) => both(
  both(changed(whose, one, 'swapped'), changed(whose, other, one)),
  changed(whose, 'swapped', other),
);

const ROOM_1 = 'topic proof.room e1 1 t0.1.1 70';
const ROOM_2 = 'topic proof.room e1 2 t0.2.1 70';
const HUB_1 = 'topic proof.hub e2 1 hub.1 5';

const WRONG = [
  ['a message of a topic is lost', lost(first, ROOM_1), /proof.room 1 to 1 did not come/],
  ['the last message of a topic is lost', lost(second, HUB_1), /proof.hub 1 to 1 did not come/],
  ['a message of a topic is doubled', doubled(first, ROOM_1), /proof.room 1 came again/],
  ['a message comes again to the next page', changed(second, HUB_1, HUB_1, ROOM_1), /proof.room 1 came again/],
  [
    'messages of a topic change places',
    both(changed(first, ROOM_1, ROOM_2), changed(second, ROOM_2, ROOM_1)),
    /proof.room 1 came again, or late/,
  ],
  ['a message is another one', changed(first, ROOM_1, 'topic proof.room e1 1 t0.1.4 70'), /1 t0.1.4 70 came/],
  ['a message is cut off', changed(first, ROOM_1, 'topic proof.room e1 1 t0.1.1 69'), /1 t0.1.1 69 came/],
  ['a message is in another epoch', changed(first, ROOM_1, 'topic proof.room e9 1 t0.1.1 70'), /e9 1 t0.1.1 70 came/],
  ['a message comes that nobody published', more(second, 'topic proof.room e1 3 t0.2.9 70'), /there are only 2/],
  ['a direct message is lost', lost(second, 'direct 2'), /direct message 2 to 2 did not come/],
  ['the last direct message is lost', lost(second, 'direct 3'), /direct message 3 to 3 did not come/],
  ['a direct message is doubled', doubled(second, 'direct 2'), /direct message 2 came again/],
  ['direct messages change places', swapped(second, 'direct 2', 'direct 3'), /direct message 2 came again, or late/],
  [
    'a direct message comes before there is a session',
    changed(first, 'welcome s1 false', 'direct 1', 'welcome s1 false'),
    /before the first welcome/,
  ],
  [
    'the hub says that more came',
    both(more(server, 'got s1 3'), lost(second, 'direct 3')),
    /the hub says that 3 came/,
  ],
  ['a command is handled twice', doubled(server, 'handled send t0.1.2 8'), /t0.1.2 was handled twice/],
  [
    'commands are handled in another order',
    swapped(server, 'handled send t0.1.2 8', 'handled req t0.1.3 9'),
    /t0.1.2 was handled after t0.1.3/,
  ],
  ['a command is passed over', lost(server, 'handled send t0.1.2 8'), /t0.1.2 was passed over/],
  [
    'a command is done and was not handled',
    lost(server, 'handled stream t0.2.2 8'),
    /t0.2.2 is done, and was never handled/,
  ],
  [
    'a command is handled that nobody gave',
    more(server, 'handled send t0.2.3 8'),
    /t0.2.3 was handled, and never given/,
  ],
  ['a command loses a byte', changed(server, 'handled send t0.1.2 8', 'handled send t0.1.2 7'), /8 bytes became 7/],
  ['a result does not come', lost(second, 'done t0.2.1'), /t0.2.1 has no result/],
  ['a result comes twice', doubled(second, 'done t0.2.1'), /t0.2.1 has two results/],
  ['a result comes of nothing', more(second, 'done t0.2.9'), /t0.2.9 has a result, and was never given/],
  ['a command fails', changed(second, 'done t0.2.1', 'failed t0.2.1 unknown'), /t0.2.1 failed: unknown/],
  [
    'an answer is that to another request',
    changed(first, 'done t0.1.3 t0.1.3 9', 'done t0.1.3 t0.1.2 8'),
    /t0.1.3 of 9 bytes was answered by t0.1.2 8/,
  ],
  ['a part of a stream is lost', lost(second, 'part t0.2.2 17'), /part 18 in the place of 17/],
  ['the last part of a stream is lost', lost(second, 'part t0.2.2 40'), /had 39 parts/],
  ['the session is a new one', changed(second, 'welcome s1 true', 'welcome s2 false lost'), /a new session: lost/],
  ['the session ends', more(server, 'session s1 ENDED'), /session s1 has ended/],
  ['the page is told of a gap', more(second, 'loss gap {}'), /told of a loss: gap/],
  ['a page has not reported', (all) => first(all).fill(undefined), /page 1 has reported nothing/],
  ['a report is missing', unreported(first, 'give t0.1.3 req 9'), /report 5 of page 1 is missing/],
  [
    'the log was not witnessed as a whole',
    lost(server, 'logged proof.room e1 1 t0.1.1 70'),
    /proof.room 1 was not witnessed/,
  ],
];

describe('the checker', () => {
  test('is content where nothing is wrong, and counts', () => {
    const { faults, counts } = verdictOn(sound());
    assert.deepEqual(faults, []);
    assert.equal(counts['published by pages'], 2);
    assert.equal(counts['topic messages delivered'], 3);
    assert.equal(counts['direct messages delivered'], 3);
    assert.equal(counts['left with a page, handled'], 1, 't0.1.2: handled, and its page was gone');
    assert.equal(counts['left with a page, not handled'], 1, 't0.1.4');
  });

  for (const [what, alter, fault] of WRONG) {
    test(`finds that ${what}`, () => {
      const evidence = sound();
      alter(evidence);
      assert.match(verdictOn(evidence).faults.join('\n'), fault);
    });
  }
});
