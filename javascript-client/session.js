/**
 * Sessions that survive the network: session.d.ts has the contract, session-core.js the protocol.
 *
 * @import * as Api from './session.d.ts'
 * @import * as Core from './session-core-types.d.ts'
 */
import { checked, createClientSession, fieldsOf, matches, sizeOf } from './session-core.js';

const PROTOCOL = 'bowline.v1';
const STEP_MILLIS = 5_000; // so that a sleep is noticed
const ENVIRONMENT_EVENTS = ['online', 'focus', 'resume', 'pageshow', 'visibilitychange', 'pagehide', 'freeze'];

/** @type {Api.Clock} */
const CLOCK = {
  now: Date.now,
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMillis) => setTimeout(callback, delayMillis),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class SessionError extends Error {
  name = 'SessionError';

  /** @param {Api.SessionError['outcome']} outcome @param {string} [code] @param {string} [message] */
  constructor(outcome, code = '', message = '') {
    super(message || code || outcome);
    this.outcome = outcome;
    this.code = code;
  }
}

/** @param {Core.Result} result */
const errorOf = ({ outcome, code, text }) => new SessionError(/** @type {any} */ (outcome), code, text);

/** What came and was not taken yet. @template T */
class Feed {
  /** @type {T[]} */
  items = [];
  #isOver = false;
  /** @type {unknown} */
  #error;
  #wake = () => {};

  /** @param {T} item */
  push(item) {
    if (this.#isOver) return;
    this.items.push(item);
    this.#wake();
  }

  /** @param {unknown} [error] */
  drop(error) {
    this.items = [];
    this.end(error);
  }

  /** What is there can still be taken. @param {unknown} [error] */
  end(error) {
    if (!this.#isOver) this.#error = error;
    this.#isOver = true;
    this.#wake();
  }

  /** @param {(item: T) => void} taken */
  async *#drain(taken) {
    for (;;) {
      for (let item; (item = this.items.shift()) !== undefined; ) {
        taken(item);
        yield item;
      }
      if (this.#error) throw this.#error;
      if (this.#isOver) return;
      await new Promise((resolve) => (this.#wake = () => resolve(null)));
    }
  }

  /** @param {(item: T) => void} taken @param {() => void} left */
  iterate(taken, left) {
    const iterator = this.#drain(taken);
    const leave = iterator.return;
    iterator.return = (value) => {
      this.drop();
      left();
      return leave.call(iterator, value);
    };
    return iterator;
  }
}

class Session extends EventTarget {
  /** @type {string | null} */
  id = null;
  /** @type {string | null} */
  user = null;
  #url;
  #options;
  #core;
  /** @type {Map<string, { listeners: Set<any>, presence: boolean, ready: Promise<any> }>} */
  #groups = new Map();
  /** That which counts. @type {{ socket?: WebSocket } | null} */
  #link = null;
  /** @type {unknown} */
  #timer;
  #timerAt = Infinity;
  #wallAhead; // of the monotonic clock
  #slept = 0;
  #key;
  #kept = ''; // in the storage, while the page is hidden
  #keptChanges = 0;

  /** @param {string | URL} url @param {Api.SessionOptions} options */
  constructor(url, options) {
    super();
    this.#url = new URL(url, globalThis.location?.href).href;
    this.#options = withDefaults(options);
    const { clock, environment, storage, name } = this.#options;
    this.#key = `bowline ${name ?? this.#url}`;
    this.#wallAhead = clock.now() - clock.monotonic();
    /** @type {Core.Handler} */
    const handler = {
      connect: () => void this.#dial(),
      send: (wire) => this.#link?.socket?.send(wire),
      close: (code, reason) => this.#hangUp(code, reason),
      tell: (type, fields) => this.#tell(type, fields),
    };
    try {
      // Taken out: a tab that is duplicated must not have it.
      const stored = storage?.getItem(this.#key);
      storage?.removeItem(this.#key);
      this.#core = createClientSession(this.#options, handler, stored ? JSON.parse(stored) : undefined);
    } catch (error) {
      queueMicrotask(() => this.#dispatch('error', { error }));
      this.#core = createClientSession(this.#options, handler);
    }
    for (const type of ENVIRONMENT_EVENTS) environment?.addEventListener(type, this.#onEnvironment);
    this.#run((core) => core.connect());
  }

  get state() {
    return this.#core.state;
  }

  get bufferedAmount() {
    return this.#core.outboxBytes;
  }

  /** @param {string} pattern @param {any} [options] @param {any} [callback] @returns {Api.Subscription} */
  subscribe(pattern, options = {}, callback) {
    if (typeof options === 'function') return this.subscribe(pattern, {}, options);
    const { from, last, presence = false, onGap, onReset, maxBufferBytes = 1_048_576 } = options;
    const start = { from, last, presence };
    fieldsOf(pattern, start);
    const there = this.#groups.get(pattern);
    if (there && (from || last !== undefined || (presence && !there.presence))) {
      throw new DOMException(`${pattern} is subscribed to already`, 'InvalidStateError');
    }
    /** @type {Feed<Api.Message>} */
    const feed = new Feed();
    let room = maxBufferBytes;
    const bytesOf = (/** @type {Api.Message} */ { data }) => sizeOf(data) + 64;
    const listener = {
      topic: callback ?? ((/** @type {Api.Message} */ message) => {
        room -= bytesOf(message);
        if (room >= 0) return feed.push(message);
        feed.end(new SessionError('overflow', '', `${pattern}: more than ${maxBufferBytes} bytes wait`));
        this.#dispatch('overflow', { pattern });
        leave();
      }),
      gap: onGap,
      reset: onReset,
      end: (/** @type {unknown} */ error) => feed.end(error),
    };
    const group = there ?? { listeners: new Set(), presence, ready: Promise.resolve() };
    group.listeners.add(listener);
    if (!there) {
      this.#groups.set(pattern, group);
      group.ready = this.#promise((core, settle) => core.subscribe(pattern, start, (result) => {
        settle(result);
        if (result.outcome !== 'done') this.#leave(pattern, errorOf(result), group);
      }));
      group.ready.catch(() => {}); // told to the iteration, and by an event
    }
    const leave = () => {
      feed.end();
      group.listeners.delete(listener);
      if (group.listeners.size > 0 || this.#groups.get(pattern) !== group) return Promise.resolve();
      this.#groups.delete(pattern);
      return this.#promise((core, settle) => core.unsubscribe(pattern, settle));
    };
    const iterator = feed.iterate((message) => (room += bytesOf(message)), () => leave().catch(() => {}));
    return { pattern, ready: group.ready, unsubscribe: leave, [Symbol.asyncIterator]: () => iterator };
  }

  /** @type {Api.Session['publish']} */
  async publish(topic, data) {
    return this.#command('pub', checked('topic', topic), data);
  }

  /** @type {Api.Session['send']} */
  async send(name, data) {
    return this.#command('send', checked('name', name), data);
  }

  /** @type {Api.Session['request']} */
  request(name, data, { signal } = {}) {
    return this.#promise((_, settle, reject) => this.#ask(checked('name', name), data, signal, reject, settle));
  }

  /** @type {Api.Session['stream']} */
  stream(name, data, { credit = 16, signal } = {}) {
    /** @type {Feed<Core.Data>} */
    const feed = new Feed();
    const settle = (/** @type {Core.Result} */ result) => {
      if (result.data !== undefined) feed.push(result.data); // one answer in the place of parts
      feed.end(result.outcome === 'done' ? undefined : errorOf(result));
    };
    const part = (/** @type {Core.Data} */ item) => feed.push(item);
    const fields = `${checked('name', name)} stream ${checked('n', credit)}`;
    const command = this.#ask(fields, data, signal, (reason) => feed.drop(reason), settle, part, credit);
    let taken = 0;
    return feed.iterate(() => {
      taken += 1;
      if (command.credit - taken <= credit / 2) this.#run((core) => core.grant(command, taken + credit));
    }, () => this.#run((core) => core.cancel(command)));
  }

  /**
   * @param {string} fields @param {Api.Outgoing | undefined} data @param {AbortSignal | undefined} signal
   * @param {(reason: any) => void} abandon @param {Core.Settle} settle
   * @param {(data: Core.Data) => void} [part] @param {number} [credit]
   */
  #ask(fields, data, signal, abandon, settle, part, credit) {
    const payload = payloadOf(data);
    signal?.throwIfAborted();
    const abort = () => {
      abandon(signal?.reason);
      this.#run((core) => core.cancel(command));
    };
    signal?.addEventListener('abort', abort);
    const command = this.#run((core) => core.submit('req', fields, payload, (result) => {
      signal?.removeEventListener('abort', abort);
      settle(result);
    }, part, credit));
    return command;
  }

  /** @type {Api.Session['read']} */
  async read(offset) {
    return this.#command('read', `${checked('offset', offset)}`);
  }

  /** @type {Api.Session['authenticate']} */
  authenticate(token) {
    checked('auth', token);
    if (typeof this.#options.auth !== 'function') this.#options.auth = token;
    return this.#command('auth', '', token);
  }

  bye() {
    this.#run((core) => core.bye());
  }

  checkNow() {
    this.#run((core) => core.hint());
  }

  /** @template T @param {(core: Core.ClientSession) => T} action @returns {T} */
  #run(action) {
    const { clock } = this.#options;
    const monotonic = clock.monotonic();
    // In a sleep the monotonic clock may stand still.
    const ahead = clock.now() - monotonic - this.#wallAhead;
    if (ahead < 0 || ahead > 1_000) {
      this.#wallAhead += ahead;
      this.#slept += Math.max(0, ahead);
    }
    const core = this.#core;
    core.now = monotonic + this.#slept;
    const result = action(core);
    if (this.#kept && core.changes !== this.#keptChanges) this.#keep();
    const at = Math.min(core.deadline, core.now + STEP_MILLIS);
    if (at < this.#timerAt && core.state !== 'ended') {
      clock.clearTimeout(this.#timer);
      this.#timerAt = at;
      this.#timer = clock.setTimeout(() => {
        this.#timerAt = Infinity;
        this.#run(() => core.onTime());
      }, Math.max(0, at - core.now));
    }
    return result;
  }

  /** @param {string} verb @param {string} fields @param {Api.Outgoing} [data] */
  #command(verb, fields, data) {
    return this.#promise((core, settle) => core.submit(verb, fields, payloadOf(data), settle));
  }

  /**
   * @param {(core: Core.ClientSession, settle: Core.Settle, reject: (reason: any) => void) => unknown} give
   * @returns {Promise<any>}
   */
  #promise(give) {
    return new Promise((resolve, reject) => {
      this.#run((core) => give(core, (result) => {
        if (result.outcome === 'done') resolve(result.data);
        else reject(errorOf(result));
      }, reject));
    });
  }

  async #dial() {
    /** @type {{ socket?: WebSocket }} */
    const link = (this.#link = {});
    /** @param {(event: any) => void} handle */
    const whileCurrent = (handle) => (/** @type {any} */ event) => {
      if (this.#link === link) this.#run(() => handle(event));
    };
    try {
      const { auth, WebSocket } = this.#options;
      const token = typeof auth === 'function' ? await auth() : auth;
      if (token) checked('auth', token);
      if (this.#link !== link) return;
      const socket = (link.socket = new WebSocket(this.#url, PROTOCOL));
      socket.binaryType = 'arraybuffer';
      socket.onopen = whileCurrent(() => {
        if (socket.protocol === PROTOCOL) return this.#core.connected(token);
        this.#hangUp();
        this.#core.disconnected(1002, `the server does not speak ${PROTOCOL}`);
      });
      socket.onmessage = whileCurrent(({ data }) => {
        this.#core.received(typeof data === 'string' ? data : new Uint8Array(data));
      });
      socket.onerror = whileCurrent(({ error }) => this.#dispatch('error', { error })); // onclose follows
      socket.onclose = whileCurrent(({ code, reason }) => this.#core.disconnected(code, reason));
    } catch (error) {
      whileCurrent(() => {
        this.#dispatch('error', { error });
        this.#core.disconnected(1006, '');
      })(null);
    }
  }

  /** @param {number} [code] @param {string} [reason] */
  #hangUp(code, reason) {
    const socket = this.#link?.socket;
    this.#link = null;
    socket?.close(code, reason);
  }

  /** @param {string} type @param {any} fields */
  #tell(type, fields) {
    const { auth, clock, environment, storage } = this.#options;
    if (type === 'topic' || type === 'gap' || type === 'reset') {
      for (const [pattern, { listeners }] of this.#groups) {
        if (!matches(pattern, fields.topic)) continue;
        for (const listener of [...listeners]) if (listeners.has(listener)) safely(listener[type], fields);
      }
      if (type === 'topic') return;
    }
    if (type === 'welcome') ({ id: this.id, user: this.user } = fields);
    else if (type === 'out') this.#leave(fields.pattern, new SessionError('refused', fields.code));
    else if (type === 'expiring' && typeof auth === 'function') {
      const renewed = Promise.resolve().then(auth).then((token) => this.authenticate(token ?? ''));
      renewed.catch((error) => this.#dispatch('error', { error }));
    } else if (type === 'end') {
      const { code, reason } = fields;
      for (const pattern of this.#groups.keys()) {
        this.#leave(pattern, code === 1000 ? undefined : new SessionError('ended', `${code}`, reason));
      }
      for (const name of ENVIRONMENT_EVENTS) environment?.removeEventListener(name, this.#onEnvironment);
      clock.clearTimeout(this.#timer);
      if (this.#kept) storage?.removeItem(this.#key);
    }
    this.#dispatch(type, fields);
  }

  /** @param {string} type @param {object} fields */
  #dispatch(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }

  /** @param {string} pattern @param {unknown} error @param {unknown} [only] */
  #leave(pattern, error, only) {
    const group = this.#groups.get(pattern);
    if (!group || (only && only !== group)) return;
    this.#groups.delete(pattern);
    for (const listener of group.listeners) listener.end(error);
  }

  #keep() {
    const text = JSON.stringify(this.#core.stored);
    if (!text) return;
    try {
      this.#options.storage?.setItem(this.#key, text);
      this.#kept = text;
      this.#keptChanges = this.#core.changes;
    } catch (error) {
      this.#dispatch('error', { error });
    }
  }

  #onEnvironment = (/** @type {any} */ { type, target }) => {
    const { storage } = this.#options;
    if (type === 'pagehide' || type === 'freeze' || target?.visibilityState === 'hidden') return this.#keep();
    if (this.#kept && (type === 'pageshow' || type === 'visibilitychange')) {
      const isOurs = storage?.getItem(this.#key) === this.#kept;
      this.#kept = '';
      // If not, another page has gone on with it.
      if (isOurs) storage?.removeItem(this.#key);
      else this.#run((core) => core.renew('another page has taken the session'));
    }
    this.checkNow();
  };
}

/** What it throws is the application's, and goes uncaught. @param {Function} [callback] @param {unknown} [value] */
function safely(callback, value) {
  try {
    callback?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** @param {Api.Outgoing} data @returns {Core.Data} */
function payloadOf(data = '') {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) return new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  throw new TypeError('data is text or bytes: of an object give JSON.stringify(object)');
}

/** @param {Api.SessionOptions} options */
function withDefaults(options) {
  const resolved = {
    maxOutboxBytes: 4_194_304,
    random: Math.random,
    WebSocket: /** @type {any} */ (globalThis.WebSocket),
    clock: CLOCK,
    environment: 'addEventListener' in globalThis ? globalThis : undefined,
    ...options,
  };
  const { auth, agent, maxOutboxBytes } = resolved;
  if (typeof auth === 'string') checked('auth', auth);
  if (agent !== undefined) checked('agent', agent);
  if (!(maxOutboxBytes >= 1024)) throw new RangeError(`maxOutboxBytes is ${maxOutboxBytes}, must be at least 1024`);
  if (typeof resolved.WebSocket !== 'function') throw new TypeError('there is no WebSocket: give the option WebSocket');
  return resolved;
}

/** @type {typeof Api.connect} */
export const connect = (url, options = {}) => new Session(url, options);
