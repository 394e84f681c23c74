import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMillis, reconnectsAfter } from '../bowline.js';
import { seededRandom } from './support.js';

test('reconnects after codes that mean trouble, gives up after codes that mean no', () => {
  const again = [1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 3001, 3008, 3999, 4000, 4001, 4499, 5000];
  const never = [1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 3003, 4500, 4999];
  assert.deepEqual(again.filter((code) => !reconnectsAfter(code)), []);
  assert.deepEqual(never.filter((code) => reconnectsAfter(code)), []);
});

test('the backoff doubles from its base up to its cap', () => {
  const backoff = { baseMillis: 1_000, factor: 2, maxMillis: 30_000 };
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 2_000].map((attempt) => backoffMillis(attempt, backoff, () => 1));
  assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the jitter is full: waits fill the whole range from zero', () => {
  const seed = Date.now() >>> 0;
  const random = seededRandom(seed);
  const tenths = new Set();
  for (let i = 0; i < 1_000; i++) {
    const wait = backoffMillis(3, { baseMillis: 100, factor: 2, maxMillis: 1_000 }, random);
    assert.ok(wait >= 0 && wait < 400, `seed ${seed}: ${wait}`);
    tenths.add(Math.floor(wait / 40));
  }
  assert.equal(tenths.size, 10, `seed ${seed}: ${[...tenths]}`);
});
