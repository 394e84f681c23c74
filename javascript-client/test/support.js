import { ReconnectingWebSocket } from '../bowline.js';

/** Time that moves only when told to. */
export class ManualClock {
  #wall = 1_700_000_000_000;
  #monotonic = 0;
  #timers = new Map();
  #nextId = 1;

  now = () => this.#wall;
  monotonic = () => this.#monotonic;
  setTimeout = (callback, delayMillis) => {
    const id = this.#nextId++;
    this.#timers.set(id, { callback, at: this.#monotonic + delayMillis });
    return id;
  };
  clearTimeout = (id) => void this.#timers.delete(id);

  get timers() {
    return this.#timers.size;
  }

  /** Runs every timer due within the next `millis`, each at its own time. */
  advance(millis) {
    const end = this.#monotonic + millis;
    for (let turns = 0; ; turns++) {
      if (turns > 100_000) throw new Error('timers without end');
      const next = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next || next[1].at > end) break;
      this.#timers.delete(next[0]);
      this.#move(Math.max(0, next[1].at - this.#monotonic));
      next[1].callback();
    }
    this.#move(end - this.#monotonic);
  }

  /** The machine sleeps: the wall clock goes on, timers and the monotonic clock stand still. */
  sleep(millis) {
    this.#wall += millis;
  }

  #move(millis) {
    this.#monotonic += millis;
    this.#wall += millis;
  }
}

/** A network of fake sockets: each `new WebSocket` lands in `sockets`, and the test plays the server. */
export function fakeNetwork() {
  const sockets = [];
  class FakeWebSocket {
    readyState = 0;
    protocol = '';
    extensions = '';
    bufferedAmount = 0;
    binaryType = 'blob';
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    /** What the client gave to `send`. */
    sent = [];
    /** The arguments of the client's `close`, once it was called. */
    closed = null;

    constructor(url, protocols) {
      this.url = String(url);
      this.protocols = protocols;
      if (!/^wss?:/.test(this.url)) throw new DOMException(`bad url ${this.url}`, 'SyntaxError');
      sockets.push(this);
    }

    send(data) {
      if (this.readyState !== 1) throw new Error(`send on a socket in state ${this.readyState}`);
      this.sent.push(data);
    }

    close(code, reason) {
      if (this.readyState >= 2) return;
      this.readyState = 2;
      this.closed = { code, reason };
    }

    /** The server accepts. */
    accept() {
      this.readyState = 1;
      this.onopen?.({ type: 'open' });
    }

    /** The server sends. */
    deliver(data) {
      this.onmessage?.({ type: 'message', data, origin: 'ws://test' });
    }

    /** The connection ends. */
    end(code = 1006, reason = '', wasClean = code !== 1006) {
      this.readyState = 3;
      if (!wasClean) this.onerror?.({ type: 'error' });
      this.onclose?.({ type: 'close', code, reason, wasClean });
    }
  }
  return { FakeWebSocket, sockets, last: () => sockets.at(-1) };
}

export const ALL_EVENTS = ['connecting', 'open', 'message', 'heartbeat', 'error', 'close', 'undelivered', 'waiting'];

/** Records every event of a socket as [type, fields]; `take()` empties it. */
export function record(socket) {
  const events = [];
  const fields = ['attempt', 'delayMillis', 'code', 'reason', 'wasClean', 'willReconnect', 'data', 'messages', 'count'];
  for (const type of ALL_EVENTS) {
    socket.addEventListener(type, (event) => {
      events.push([type, Object.fromEntries(fields.filter((name) => name in event).map((name) => [name, event[name]]))]);
    });
  }
  return { events, types: () => events.map(([type]) => type), take: () => events.splice(0) };
}

/** A socket over a fake network and a manual clock; by default the jitter is a half of the backoff. */
export function setUp(options = {}, { url = 'ws://test/', protocols } = {}) {
  const network = fakeNetwork();
  const clock = new ManualClock();
  const environment = new EventTarget();
  const socket = new ReconnectingWebSocket(url, protocols, {
    WebSocket: network.FakeWebSocket,
    clock,
    environment,
    random: () => 0.5,
    ...options,
  });
  return { ...network, clock, environment, socket, log: record(socket) };
}

/** Random numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waits until `condition()` is truthy and returns its value; fails loudly instead of for ever. */
export async function until(condition, what, withinMillis = 15_000) {
  const deadline = Date.now() + withinMillis;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not within ${withinMillis} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
