/**
 * From the counts that nodes tell to what people want to know: rates, quantiles, shares. Pure: no clock, no page.
 *
 * What is told of a node holds for the moment that its `uptimeMillis` says: rates are by that, not by when this page was told.
 */

/** For how long samples are kept. */
export const HISTORY_MILLIS = 600_000;

const QUANTILES_MILLIS = 10_000; // of shorter times there are too few messages
const MINUTE = 60_000;

const sum = (values) => values.reduce((total, value) => total + value, 0);
const sumOf = (counts) => sum(Object.values(counts));
const addUp = (values) => (values.every((value) => value === null) ? null : sum(values.map((value) => value ?? 0)));
const highest = (values) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

/** The buckets of several, or of one at two moments: [upToNanos, count] from the lowest bound to the highest, and all. */
function difference(now, before) {
  return {
    count: now.count - before.count,
    maxNanos: now.maxNanos,
    buckets: now.buckets.map(({ upToNanos, count }, i) => ({ upToNanos, count: count - before.buckets[i].count })),
  };
}

function together(histograms) {
  const [first] = histograms;
  return {
    count: sum(histograms.map(({ count }) => count)),
    maxNanos: Math.max(...histograms.map(({ maxNanos }) => maxNanos)),
    buckets: first.buckets.map(({ upToNanos }, i) => ({
      upToNanos,
      count: sum(histograms.map(({ buckets }) => buckets[i].count)),
    })),
  };
}

/**
 * A quantile in milliseconds, in its bucket by straight line; null of nothing.
 * @param {number} share such as 0.99
 */
export function quantile({ count, maxNanos, buckets }, share) {
  if (count <= 0) return null;
  const rank = count * share;
  let from = 0;
  let below = 0;
  for (const { upToNanos, count: upTo } of buckets) {
    if (upTo >= rank && upTo > below) {
      return (from + ((upToNanos - from) * (rank - below)) / (upTo - below)) / 1e6;
    }
    from = upToNanos;
    below = upTo;
  }
  return maxNanos / 1e6; // above all bounds
}

/** The latest of these that is at least so old; the oldest if none is. */
function behind(history, millis) {
  const { uptimeMillis } = history.at(-1);
  return history.findLast((one) => uptimeMillis - one.uptimeMillis >= millis) ?? history[0];
}

/** What is between two moments of a node; rates of one moment alone are null. */
function measure(history) {
  const now = history.at(-1);
  const before = history.at(-2) ?? now;
  const millis = now.uptimeMillis - before.uptimeMillis;
  const rate = (of) => (millis === 0 ? null : ((of(now) - of(before)) * 1_000) / millis);
  const resumed = (node) => node.sessions.resumes.resumed ?? 0;
  const loads = now.loops.map((loop, i) => {
    if (millis === 0) return null;
    if (loop.turnNanos >= millis * 1e6) return 1; // it was busy all the time, which is not counted yet
    return Math.min(1, (loop.busyNanos - before.loops[i].busyNanos) / (millis * 1e6));
  });
  const deliveries = difference(now.delivery, behind(history, QUANTILES_MILLIS).delivery);
  return {
    ...levels(now),
    received: rate((node) => node.connections.received.messages),
    sent: rate((node) => node.connections.sent.messages),
    bytesReceived: rate((node) => node.connections.received.bytes),
    bytesSent: rate((node) => node.connections.sent.bytes),
    resumes: millis === 0 ? null : resumed(now) - resumed(behind(history, MINUTE)), // in the last minute
    load: highest(loads),
    deliveries,
    ...quantiles(deliveries),
  };
}

function levels(node) {
  return {
    connections: node.connections.open,
    connected: node.sessions.connected,
    away: node.sessions.away,
    missed: sumOf(node.messages.missed),
    queued: node.connections.queuedBytes,
    heap: node.memory.usedBytes,
    maxHeap: node.memory.maxBytes,
  };
}

function quantiles(deliveries) {
  return { p50: quantile(deliveries, 0.5), p99: quantile(deliveries, 0.99) };
}

/** Of several nodes: levels and rates are summed up, of loops the busiest counts. */
function all(measured) {
  const deliveries = together(measured.map((one) => one.deliveries));
  const total = {};
  for (const name of Object.keys(measured[0])) {
    if (name !== 'deliveries') total[name] = addUp(measured.map((one) => one[name]));
  }
  return { ...total, load: highest(measured.map(({ load }) => load)), deliveries, ...quantiles(deliveries) };
}

/** What was told of all nodes over time. */
export class Numbers {
  #told = new Map(); // by the node's id: what it told last, from the oldest
  #series = new Map(); // by the node's id, '' for all: points from the oldest
  #nodes = [];

  /**
   * @param {object[]} nodes as `/v1/nodes` tells them
   * @param {number} atMillis when this page was told, since 1970
   */
  add(nodes, atMillis) {
    this.#nodes = nodes;
    const here = new Set(nodes.map(({ id }) => id));
    for (const id of this.#told.keys()) {
      if (!here.has(id)) this.#told.delete(id);
    }
    for (const node of nodes) {
      const history = this.#told.get(node.id) ?? [];
      if (history.at(-1)?.uptimeMillis !== node.uptimeMillis) history.push(node);
      while (node.uptimeMillis - history[0].uptimeMillis > MINUTE + QUANTILES_MILLIS) history.shift();
      this.#told.set(node.id, history);
    }
    const measured = nodes.map(({ id }) => measure(this.#told.get(id)));
    nodes.forEach(({ id }, i) => this.#addPoint(id, measured[i], atMillis));
    this.#addPoint('', all(measured), atMillis);
    for (const [id, points] of this.#series) {
      while (points.length > 0 && atMillis - points[0].atMillis > HISTORY_MILLIS) points.shift();
      if (points.length === 0) this.#series.delete(id);
    }
  }

  #addPoint(id, { deliveries, ...point }, atMillis) {
    const points = this.#series.get(id) ?? [];
    points.push({ ...point, atMillis });
    this.#series.set(id, points);
  }

  /** The nodes as they were told last. */
  get nodes() {
    return this.#nodes;
  }

  /** The points of a node, or of all for an empty id, from the oldest. */
  series(id) {
    return this.#series.get(id) ?? [];
  }

  /** The last of them; undefined before the first. */
  latest(id) {
    return this.series(id).at(-1);
  }

  /** Connections that have closed, by code, of a node or of all. */
  closes(id) {
    const closes = new Map();
    for (const node of this.#nodes.filter((one) => id === '' || one.id === id)) {
      for (const [code, number] of Object.entries(node.connections.closed)) {
        closes.set(code, (closes.get(code) ?? 0) + number);
      }
    }
    return [...closes].sort(([, one], [, two]) => two - one);
  }
}
