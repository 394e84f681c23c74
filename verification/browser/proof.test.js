// A short form of what `scripts/prove browser` proves at length, and the proof that it finds what is wrong.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NETWORK, PAGE } from './proof/faults.js';
import { prove, summary } from './proof/proof.js';
import { cannotRun } from './support.js';

const SEED = Number(process.env.BOWLINE_SEED ?? Math.floor(Math.random() * 2 ** 32));

const MOST_COURSES = 4; // until each is found: what is wrong may do nothing where nothing happens at that moment

/** What is wrong with the client of each tab, and the faults that tell of it; nothing is wrong in the last one. */
const DEFECTS = [
  {
    line: "checked('offset', offset));",
    spoilt: "checked('offset', Math.max(offset - 1, 0)));",
    fault: /came again/, // the next page begins one message too early
  },
  {
    line: "checked('offset', offset));",
    spoilt: "checked('offset', offset + 1));",
    fault: /did not come|told of a loss/, // and one too late
  },
  {
    line: 'resume ${self.id} ${self.token} ${self.seen} ',
    spoilt: 'resume ${self.id} ${self.token} ${self.seen + 1} ',
    fault: /a new session|told of a loss/, // acknowledges what did not come
  },
  { line: '', spoilt: '', fault: null },
];

function spoil(source, file, tab) {
  const { line, spoilt } = DEFECTS[tab.slice(1)];
  if (file !== 'session-core.js' || line === '') return source;
  assert.equal(source.split(line).length, 2, `session-core.js has this once: ${line}`);
  return source.replace(line, () => spoilt);
}

describe(`the proof in the browser, with seed ${SEED}`, { skip: cannotRun }, () => {
  test('nothing is lost, doubled or out of order, whatever happens to network and page', async () => {
    const verdict = await prove({ messages: 2_000, seed: SEED, pace: 0.3 });
    assert.deepEqual(verdict.faults, [], summary(verdict));
    assert.deepEqual(Object.keys(verdict.happened).sort(), [...Object.keys(NETWORK), ...Object.keys(PAGE)].sort());
    const least = { 'published by pages': 2_000, resumes: 4, 'times hidden': 1, pages: 4 };
    for (const [what, number] of Object.entries(least)) {
      assert.ok(verdict.counts[what] >= number, `${what}, at least ${number}: ${summary(verdict)}`);
    }
  });

  test('a client that is wrong in one line does not pass, and one beside it that is right does', async () => {
    const network = { 'a reset': NETWORK['a reset'] };
    const page = { 'the page reloaded': PAGE['the page reloaded'] };
    const tabs = DEFECTS.length;
    const unseen = new Map(DEFECTS.map(({ fault }, tab) => [tab, fault]).filter(([, fault]) => fault));
    let said = '';
    for (let course = 0; unseen.size > 0; course++) {
      assert.ok(course < MOST_COURSES, `nothing is found of t${[...unseen.keys()].join(', t')}: ${said}`);
      const verdict = await prove({ messages: 500, seed: SEED + course, tabs, pace: 0.2, least: 2, network, page, spoil });
      said = summary(verdict);
      const foundOf = (tab) => verdict.faults.filter((one) => one.startsWith(`t${tab}: `));
      assert.deepEqual(foundOf(tabs - 1), []);
      for (const [tab, fault] of unseen) if (fault.test(foundOf(tab).join('\n'))) unseen.delete(tab);
    }
  });
});
