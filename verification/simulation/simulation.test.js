import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cannotRun } from './host.js';
import { NO_DEFECT, simulate } from './simulation.js';

const MOST_COURSES = 4; // of a mutant, until it is caught

const newSeed = () => Date.now() % 1_000_000_000;
const textOf = (wire) => (typeof wire === 'string' ? wire : new TextDecoder().decode(wire));
const verbOf = (wire) => textOf(wire).split(/[ \n]/, 1)[0];

test('clients are told the truth, whatever the network does', { skip: cannotRun }, async () => {
  const { sessions } = await simulate({ seed: newSeed(), millis: 5_000 });
  assert.ok(sessions > 0);
});

/** What is wrong with all clients of a course, and only that. */
const MUTANTS = {
  'more is acknowledged than came': () => ({
    ...NO_DEFECT,
    up: (wire) => [verbOf(wire) === 'ack' ? `ack ${Number(wire.split(' ')[1]) + 1}` : wire],
  }),
  'a command is left out': () => ({
    ...NO_DEFECT,
    up: (wire) => (/^(pub|req|send|sub) \d*[37] /.test(textOf(wire)) ? [] : [wire]),
  }),
  'the cursors of a resume are one too high': () => ({
    ...NO_DEFECT,
    up: (wire) => [
      verbOf(wire) === 'hello'
        ? wire.replace(/^(topic \S+ \S+) (\d+)$/gm, (_, topic, offset) => `${topic} ${Number(offset) + 1}`)
        : wire,
    ],
  }),
  'what may not be published is told as done': () => ({
    ...NO_DEFECT,
    down: (wire) => [textOf(wire).replace(/^err (\d+ \d+) forbidden\n.*PUBLISH.*$/, 'ok $1')],
  }),
};

describe('the simulation bites:', { skip: cannotRun }, () => {
  for (const [what, defect] of Object.entries(MUTANTS)) {
    test(what, async () => {
      const seed = newSeed();
      for (let course = 0; course < MOST_COURSES; course++) {
        const error = await simulate({ seed: seed + course, millis: 2_500, defect }).then(() => null, (why) => why);
        if (error) return assert.match(error.message, /\bc\d+/, 'it is a client that was told what is not so');
      }
      assert.fail(`not caught in ${MOST_COURSES} courses from seed ${seed} on`);
    });
  }
});
