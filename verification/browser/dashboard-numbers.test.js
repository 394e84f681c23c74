// What the dashboard makes of the counts that nodes tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HISTORY_MILLIS, Numbers, quantile } from '../../cli/src/main/resources/dev/bowline/cli/dashboard/numbers.js';

const START = 1_795_700_000_000;
const BOUNDS = [1e6, 2e6, 10e6];

/** A node that has counted so much. */
function node({ id = 'a', seconds, messages = 0, resumed = 0, busy = 0, turn = 0, delivered = [0, 0, 0], open = 1, missed = {} }) {
  const traffic = (factor) => ({ messages: messages * factor, bytes: messages * 100 * factor });
  return {
    id,
    uptimeMillis: seconds * 1_000,
    connections: { open, queuedBytes: 7, received: traffic(1), sent: traffic(2), closed: { 1006: open, 1000: 1 } },
    sessions: { connected: open, away: 2, resumes: resumed === 0 ? {} : { resumed } },
    messages: { missed },
    delivery: {
      count: delivered.at(-1),
      maxNanos: 9e6,
      buckets: BOUNDS.map((upToNanos, i) => ({ upToNanos, count: delivered[i] })),
    },
    loops: [{ busyNanos: busy * 1e9, turnNanos: turn * 1e9 }, { busyNanos: 0, turnNanos: 0 }],
    memory: { usedBytes: 1_000, maxBytes: 4_000 },
  };
}

function told(...rounds) {
  const numbers = new Numbers();
  rounds.forEach((nodes, i) => numbers.add(nodes.map(node), START + i * 2_000));
  return numbers;
}

describe('numbers', () => {
  test('of one moment are levels, and no rates', () => {
    const now = told([{ seconds: 10, messages: 50, missed: { trimmed: 2, dropped: 1 } }]).latest('a');
    const { connections, connected, away, missed, queued, heap, maxHeap } = now;
    assert.deepEqual([connections, connected, away, missed, queued, heap, maxHeap], [1, 1, 2, 3, 7, 1_000, 4_000]);
    assert.deepEqual([now.received, now.resumes, now.load, now.p99], [null, null, null, null]);
  });

  test('are rates by the time of the node', () => {
    const now = told([{ seconds: 10, messages: 50 }], [{ seconds: 14, messages: 90, busy: 1 }]).latest('a');
    assert.deepEqual([now.received, now.sent, now.bytesReceived, now.bytesSent], [10, 20, 1_000, 2_000]);
    assert.equal(now.load, 0.25);
  });

  test('stay while a node has told nothing new', () => {
    const rounds = [[{ seconds: 10, messages: 50 }], [{ seconds: 12, messages: 90 }], [{ seconds: 12, messages: 90 }]];
    assert.equal(told(...rounds).latest('a').received, 20);
  });

  test('call a loop that is stuck busy', () => {
    assert.equal(told([{ seconds: 10 }], [{ seconds: 12, turn: 3 }]).latest('a').load, 1);
  });

  test('count the resumes of the last minute', () => {
    const rounds = Array.from({ length: 61 }, (_, i) => [{ seconds: i * 2, resumed: i }]);
    assert.equal(told(...rounds).latest('a').resumes, 30);
    assert.equal(told(...rounds.slice(0, 3)).latest('a').resumes, 2, 'or of what there is of it');
  });

  test('of all nodes are summed up, and of loops the busiest', () => {
    const numbers = told(
      [{ seconds: 10 }, { id: 'b', seconds: 500, messages: 1_000 }],
      [{ seconds: 12, messages: 40, busy: 1, open: 3 }, { id: 'b', seconds: 502, messages: 1_020, busy: 0.5 }],
    );
    const now = numbers.latest('');
    assert.deepEqual([now.connections, now.received, now.load], [4, 30, 0.5]);
    assert.deepEqual(numbers.closes(''), [['1006', 4], ['1000', 2]]);
    assert.deepEqual(numbers.closes('b'), [['1000', 1], ['1006', 1]]);
    assert.deepEqual(numbers.nodes.map(({ id }) => id), ['a', 'b']);
  });

  test('go on without a node that is gone', () => {
    const now = told([{ seconds: 10 }, { id: 'b', seconds: 10 }], [{ seconds: 12, messages: 40 }]).latest('');
    assert.deepEqual([now.connections, now.received], [1, 20]);
  });

  test('are kept for ten minutes', () => {
    const rounds = Array.from({ length: 400 }, (_, i) => [{ seconds: i * 2 }]);
    const series = told(...rounds).series('a');
    assert.equal(series.length, HISTORY_MILLIS / 2_000 + 1);
    assert.equal(series.at(-1).atMillis - series[0].atMillis, HISTORY_MILLIS);
  });
});

describe('quantiles', () => {
  const histogram = (...counts) => ({
    count: counts.at(-1),
    maxNanos: 50e6,
    buckets: BOUNDS.map((upToNanos, i) => ({ upToNanos, count: counts[i] })),
  });

  test('lie in their bucket by straight line', () => {
    assert.equal(quantile(histogram(100, 100, 100, 100), 0.5), 0.5);
    assert.equal(quantile(histogram(0, 100, 100, 100), 0.5), 1.5);
    assert.equal(quantile(histogram(50, 100, 100, 100), 0.99), 1.98);
  });

  test('above all bounds are the longest', () => {
    assert.equal(quantile(histogram(10, 10, 10, 100), 0.99), 50);
  });

  test('of nothing there are none', () => {
    assert.equal(quantile(histogram(0, 0, 0, 0), 0.5), null);
  });

  test('are of the last ten seconds', () => {
    const slowBefore = Array.from({ length: 10 }, (_, i) => [{ seconds: i * 2, delivered: [0, 0, 100] }]);
    const fastNow = [{ seconds: 20, delivered: [10, 10, 110] }];
    assert.equal(told(...slowBefore, fastNow).latest('a').p50, 0.5);
  });
});
