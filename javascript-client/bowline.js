/**
 * Bowline for the browser: a `WebSocket` that holds.
 *
 * `ReconnectingWebSocket` stands in for `new WebSocket(url)`. It reconnects, notices a link that died without a word,
 * keeps what is sent meanwhile, and says so whenever it cannot vouch for a message.
 *
 * Reading order: the two pure functions that decide whether and when to reconnect; the class; the two small helpers
 * it stands on, `Heartbeat` (is the link alive?) and `SentLog` (what may not have arrived?).
 */

/** The timer never sleeps longer than this, so that a sleep of the machine is noticed this soon after it. */
const STEP_MILLIS = 5_000;

/** A timer that fires this much after its time, by the wall clock, means that the machine slept. */
const SLEPT_MILLIS = 5_000;

/** At most this many messages are kept, whatever their size: the cap in bytes would let any number of empty ones in. */
const MAX_MESSAGES = 65_536;

/** At most this many heartbeat requests wait for their reply: the regular one and one more after a sleep. */
const MAX_PROBES = 2;

/** Close codes below 4000 after which the same client would get the same answer again. See `reconnectsAfter`. */
const FINAL_CODES = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 3003]);

/**
 * Whether a connection that ended with this close code is worth another try: the default of the option
 * `shouldReconnect`.
 *
 * | code | | reconnect? |
 * |---|---|---|
 * | 1000 | the server is done with us | no |
 * | 1001, 1005, 1006, 1011–1015 | going away, no code, lost, server trouble, TLS | yes |
 * | 1002, 1003, 1007, 1009, 1010 | what this client sends is not acceptable | no |
 * | 1008, 3000, 3003 | policy violation, unauthorized, forbidden | no |
 * | 4000–4499 | the application says: try again | yes |
 * | 4500–4999 | the application says: give up | no |
 * | any other | | yes |
 *
 * @param {number} code
 */
export function reconnectsAfter(code) {
  return !FINAL_CODES.has(code) && !(code >= 4500 && code <= 4999);
}

/**
 * How long to wait before a retry: exponential backoff with full jitter, so that the clients of a server that
 * restarts do not come back in one wave.
 *
 * @param {number} attempt 1 for the first retry since a connection stood, 2 for the next …
 * @param {Backoff} backoff
 * @param {() => number} random a number in [0, 1), as `Math.random`
 * @returns {number} milliseconds, in [0, min(maxMillis, baseMillis × factor^(attempt − 1)))
 */
export function backoffMillis(attempt, backoff, random) {
  return random() * Math.min(backoff.maxMillis, backoff.baseMillis * backoff.factor ** (attempt - 1));
}

/**
 * A `WebSocket` that survives its connections.
 *
 * **Life.** `connecting` → `open` → `close` → `waiting` → `connecting` → `open` … Every connection ends in exactly one
 * `close` event, whose `willReconnect` says whether this is the end; an attempt that fails raises `error` instead, then
 * `waiting`. The end comes after `close()`, after a close code that says give up (`reconnectsAfter`), or after
 * `maxAttempts`; it is always one `close` event with `willReconnect === false`, the last but for `undelivered`. While
 * the object waits or connects, `readyState` is `CONNECTING`.
 *
 * **Sending.** While there is no connection, messages wait in a queue with a cap in bytes. At `open` the handlers run
 * first, so that what they send (a greeting, a token) goes ahead of the queue.
 *
 * **Loss.** A message that is refused, or that may have died with a connection, comes back in an `undelivered` event.
 * With the heartbeat on, that is each message not confirmed by a later heartbeat reply; without it, only what the
 * browser's buffer may still have held, because nothing tells about the rest. After `connection lost` a message may
 * have arrived all the same: sending it again may double it.
 *
 * **Liveness.** The heartbeat is off by default, because it sends texts that the server must know. With it, a link that
 * is silent for `intervalMillis` + `timeoutMillis` is abandoned, without the browser's closing handshake. When the page
 * becomes visible or is shown again, on `online` and `offline`, and after a sleep of the machine, an open link with a
 * heartbeat is probed at once; a waiting one connects at once (but not on `offline`). `online` also resets the backoff.
 */
export class ReconnectingWebSocket extends EventTarget {
  /** @readonly @type {0} */ static CONNECTING = 0;
  /** @readonly @type {1} */ static OPEN = 1;
  /** @readonly @type {2} */ static CLOSING = 2;
  /** @readonly @type {3} */ static CLOSED = 3;
  /** @readonly @type {0} */ CONNECTING = 0;
  /** @readonly @type {1} */ OPEN = 1;
  /** @readonly @type {2} */ CLOSING = 2;
  /** @readonly @type {3} */ CLOSED = 3;

  /** @type {((this: ReconnectingWebSocket, event: Event) => unknown) | null} Each time a connection is there. */
  onopen = null;
  /** @type {((this: ReconnectingWebSocket, event: MessageEvent) => unknown) | null} A text or binary message came. */
  onmessage = null;
  /** @type {((this: ReconnectingWebSocket, event: ReconnectingCloseEvent) => unknown) | null} A connection ended. */
  onclose = null;
  /** @type {((this: ReconnectingWebSocket, event: FailureEvent) => unknown) | null} An attempt or connection failed. */
  onerror = null;

  #address;
  #protocols;
  #options;
  /** @readonly @type {Message[]} those that wait for a connection */
  #queue = [];
  #queuedBytes = 0;

  /** @type {State} */
  #state = 'connecting';
  /** @type {Link | null} the current attempt or connection; none while waiting, nor once it is abandoned */
  #link = null;
  /** When to give up connecting or closing, or to stop waiting. Monotonic milliseconds. */
  #due = 0;
  /** Retries since the last connection that stood. */
  #attempt = 0;
  /** @type {unknown} the one timer; see `#arm` */
  #timer = undefined;
  #url = '';
  /** @type {BinaryType} */
  #binaryType = 'blob';

  /**
   * Starts to connect.
   *
   * @param {string | URL | (() => string | URL | Promise<string | URL>)} url as for `new WebSocket`; or a function
   *   asked before each attempt, for instance for a fresh token. If it throws or rejects, that attempt has failed
   * @param {string | string[]} [protocols] subprotocols, as for `new WebSocket`
   * @param {ReconnectingWebSocketOptions} [options]
   * @throws {DOMException} `SyntaxError`, as `new WebSocket` does for a bad url or subprotocol
   * @throws {RangeError | TypeError} for an option out of its range
   */
  constructor(url, protocols = [], options = {}) {
    super();
    this.#address = url;
    this.#protocols = protocols;
    this.#options = withDefaults(options);
    for (const type of /** @type {const} */ (['open', 'message', 'close', 'error'])) {
      super.addEventListener(type, (event) => {
        const handler = this[`on${type}`];
        if (typeof handler === 'function') handler.call(this, /** @type {any} */ (event));
      });
    }
    this.#connect({ first: true });
    for (const type of ENVIRONMENT_EVENTS) this.#options.environment?.addEventListener(type, this.#onEnvironment);
  }

  /** @returns {0 | 1 | 2 | 3} `CONNECTING` also while it waits for the next attempt; `CLOSED` is for ever */
  get readyState() {
    return READY_STATES[this.#state];
  }

  /** The address of the current or last connection; empty until a url function first answered. */
  get url() {
    return this.#url;
  }

  /** The subprotocol the server chose for the current connection, or the empty string. */
  get protocol() {
    return this.#link?.socket?.protocol ?? '';
  }

  /** The extensions of the current connection, or the empty string. */
  get extensions() {
    return this.#link?.socket?.extensions ?? '';
  }

  /** Bytes of payload that wait in the queue or in the browser's buffer. */
  get bufferedAmount() {
    return (this.#link?.socket?.bufferedAmount ?? 0) + this.#queuedBytes;
  }

  /** How binary messages arrive: `blob` (the default) or `arraybuffer`. Holds for later connections too. */
  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(type) {
    if (type !== 'blob' && type !== 'arraybuffer') return; // as WHATWG: an unknown value of an enumeration is ignored
    this.#binaryType = type;
    if (this.#link?.socket) this.#link.socket.binaryType = type;
  }

  /**
   * Sends a message, or queues it while there is no connection. Never throws for the state of the link: where
   * `WebSocket` throws (connecting) or drops in silence (closing, closed), this answers, and raises `undelivered`.
   *
   * @param {string | ArrayBuffer | ArrayBufferView | Blob} data copied if it is binary; anything else is sent as text
   * @returns {'accepted' | 'queue full' | 'closed'} what became of it; `accepted` is no promise of delivery
   */
  send(data) {
    const message = toMessage(data);
    if (this.#canTransmit()) {
      this.#transmit(message);
      return 'accepted';
    }
    if (this.#state === 'closing' || this.#state === 'closed') {
      this.#reportUndelivered('closed', [message]);
      return 'closed';
    }
    const bytes = this.#queuedBytes + message.bytes;
    if (bytes > this.#options.queue.maxBytes || this.#queue.length === MAX_MESSAGES) {
      this.#reportUndelivered('queue full', [message]);
      return 'queue full';
    }
    this.#queue.push(message);
    this.#queuedBytes = bytes;
    return 'accepted';
  }

  /**
   * Ends it for good. `close` follows when the server has answered, or after `closeTimeoutMillis`; without a
   * connection it follows soon, with code 1006. What is still queued comes back in `undelivered`.
   *
   * @param {number} [code] 1000 or 3000–4999; none is sent if it is missing
   * @param {string} [reason] at most 123 bytes of UTF-8
   * @throws {DOMException} `InvalidAccessError` for another code, `SyntaxError` for a longer reason
   */
  close(code, reason) {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`close code ${code} is neither 1000 nor in 3000–4999`, 'InvalidAccessError');
    }
    if (reason !== undefined && utf8Length(reason) > 123) {
      throw new DOMException(`close reason has ${utf8Length(reason)} bytes of UTF-8, 123 are allowed`, 'SyntaxError');
    }
    if (this.#state === 'closing' || this.#state === 'closed') return;
    if (this.#state === 'open') {
      this.#enter('closing', this.#options.closeTimeoutMillis);
      /** @type {OpenLink} */ (this.#link).socket.close(code, reason);
    } else {
      this.#abandon();
      this.#enter('closing', 0);
    }
  }

  /**
   * Looks at once: while waiting, connects; while open, sends a heartbeat request (with the heartbeat on). The object
   * does this by itself when the page or the machine wakes up; call it for signs that only your program sees.
   */
  checkNow() {
    if (this.#state === 'waiting') this.#connect();
    else if (this.#state === 'open') this.#probe();
  }

  /**
   * @type {{
   *   <K extends keyof ReconnectingWebSocketEventMap>(
   *     type: K,
   *     listener: (this: ReconnectingWebSocket, event: ReconnectingWebSocketEventMap[K]) => unknown,
   *     options?: boolean | AddEventListenerOptions,
   *   ): void,
   *   (...parameters: Parameters<EventTarget['addEventListener']>): void,
   * }}
   */
  addEventListener = super.addEventListener;

  // --- connecting -------------------------------------------------------------------------------------------------

  /** @param {{ first: boolean }} [how] the first attempt runs in the constructor: a bad url is thrown to the caller */
  #connect({ first } = { first: false }) {
    /** @type {Link} */
    const link = { socket: null, sent: new SentLog(this.#options.queue.maxBytes), heartbeat: null, openedAt: null };
    this.#link = link;
    this.#enter('connecting', this.#options.connectTimeoutMillis);
    const announce = () => this.#emit('connecting', { attempt: this.#attempt });
    if (first) queueMicrotask(announce); // once the caller has had its chance to listen
    else announce();
    const address = this.#address;
    if (typeof address === 'function') {
      Promise.resolve()
        .then(() => (this.#link === link ? address() : ''))
        .then((url) => this.#dial(link, url))
        .catch((error) => this.#fail(link, `cannot connect: ${error}`, error));
      return;
    }
    try {
      this.#dial(link, address);
    } catch (error) {
      if (first) {
        this.#options.clock.clearTimeout(this.#timer);
        throw error;
      }
      this.#fail(link, `cannot connect: ${error}`, error);
    }
  }

  /** @param {Link} link @param {string | URL} url */
  #dial(link, url) {
    if (this.#link !== link) return; // closed, or timed out, meanwhile
    const socket = new this.#options.WebSocket(url, this.#protocols);
    link.socket = socket;
    this.#url = socket.url;
    socket.binaryType = this.#binaryType;
    /** @param {(event: any) => void} handle */
    const whileCurrent = (handle) => (/** @type {any} */ event) => {
      if (this.#link === link) handle(event); // an abandoned socket may go on raising events: nobody listens
    };
    socket.onopen = whileCurrent(() => this.#opened(/** @type {OpenLink} */ (link)));
    socket.onmessage = whileCurrent((event) => this.#received(/** @type {OpenLink} */ (link), event));
    socket.onerror = whileCurrent(({ message = '', error }) => this.#emit('error', { message, error }));
    socket.onclose = whileCurrent(({ code, reason, wasClean }) => this.#ended({ code, reason, wasClean }));
  }

  /** @param {OpenLink} link */
  #opened(link) {
    const { heartbeat, clock } = this.#options;
    link.openedAt = clock.monotonic();
    if (heartbeat) link.heartbeat = new Heartbeat(heartbeat, link.openedAt);
    this.#enter('open', 0);
    this.#emit('open');
    while (this.#queue.length > 0 && this.#canTransmit()) {
      const message = /** @type {Message} */ (this.#queue.shift());
      this.#queuedBytes -= message.bytes;
      this.#transmit(message);
    }
  }

  /** Not so between the server's Close frame and the `close` event: there `WebSocket` would drop what it is given. */
  #canTransmit() {
    return this.#state === 'open' && this.#link?.socket?.readyState === this.OPEN;
  }

  /** @param {Message} message */
  #transmit(message) {
    const link = /** @type {OpenLink} */ (this.#link);
    this.#forgetTransmitted(link);
    link.socket.send(message.data);
    link.sent.push(message);
  }

  /** @param {Link} link without a heartbeat, there is no better news of what was sent than that the buffer is empty */
  #forgetTransmitted(link) {
    if (!link.heartbeat && link.socket?.bufferedAmount === 0) link.sent.confirm(link.sent.mark);
  }

  // --- receiving and liveness -------------------------------------------------------------------------------------

  /** @param {OpenLink} link @param {MessageEvent} event */
  #received(link, event) {
    if (link.heartbeat) {
      const now = this.#options.clock.monotonic();
      link.heartbeat.heardAt = now;
      if (event.data === link.heartbeat.options.reply) {
        const probe = link.heartbeat.probes.shift();
        if (!probe) return;
        link.sent.confirm(probe.mark);
        this.#emit('heartbeat', { roundTripMillis: now - probe.sentAt });
        return;
      }
    }
    if (this.#state !== 'open') return; // as WHATWG: nothing is delivered once closing has begun
    this.dispatchEvent(new MessageEvent('message', { data: event.data, origin: event.origin }));
  }

  /** Sends a heartbeat request now, unless enough of them are on their way. */
  #probe() {
    const { heartbeat, sent, socket } = /** @type {OpenLink} */ (this.#link);
    if (!heartbeat || heartbeat.probes.length >= MAX_PROBES) return;
    const now = this.#options.clock.monotonic();
    heartbeat.progressed(now, socket.bufferedAmount);
    heartbeat.probe(now, sent.mark);
    socket.send(heartbeat.options.request);
    this.#arm();
  }

  #checkHeartbeat() {
    const link = /** @type {OpenLink} */ (this.#link);
    const { heartbeat, sent, socket } = link;
    if (!heartbeat) return;
    const now = this.#options.clock.monotonic();
    heartbeat.progressed(now, socket.bufferedAmount);
    if (now < heartbeat.due(sent.count > 0)) return;
    if (heartbeat.probes.length === 0) this.#probe();
    else this.#fail(link, `heartbeat: nothing heard for ${Math.round(now - heartbeat.heardAt)} ms`);
  }

  /** @param {Event} event */
  #onEnvironment = ({ type, target }) => {
    if (/** @type {Document} */ (target).visibilityState === 'hidden') return;
    // `offline` can be wrong (loopback, a tunnel): it is a reason to look, not to stop trying.
    if (type === 'offline' && this.#state === 'waiting') return;
    if (type === 'online') this.#attempt = 0;
    this.checkNow();
  };

  // --- ending -----------------------------------------------------------------------------------------------------

  /** @param {Link} link no good any more: dropped at once @param {string} message @param {unknown} [error] */
  #fail(link, message, error) {
    if (this.#link !== link) return;
    this.#emit('error', { message, error });
    this.#ended({ code: 1006, reason: message, wasClean: false });
  }

  #abandon() {
    const socket = this.#link?.socket;
    this.#link = null;
    socket?.close();
  }

  /** @param {CloseInfo} info how the current attempt or connection ended */
  #ended(info) {
    const { maxAttempts, shouldReconnect, stableAfterMillis, clock, environment } = this.#options;
    const link = this.#link;
    const asked = this.#state === 'closing';
    const openedAt = link?.openedAt ?? null;
    if (openedAt !== null && clock.monotonic() - openedAt >= stableAfterMillis) this.#attempt = 0;
    const willReconnect = !asked && this.#attempt < maxAttempts && shouldReconnect(info);

    if (link) this.#forgetTransmitted(link);
    this.#abandon();
    this.#enter(willReconnect ? 'waiting' : 'closed', Infinity);
    if (!willReconnect) {
      for (const type of ENVIRONMENT_EVENTS) environment?.removeEventListener(type, this.#onEnvironment);
    }
    if (openedAt !== null || !willReconnect) this.dispatchEvent(closeEvent(info, willReconnect));
    // A closing handshake that we began and the server answered proves that it has read all that went before.
    if (link && link.sent.count > 0 && !(asked && info.wasClean)) {
      this.#reportUndelivered('connection lost', link.sent.messages, link.sent.count);
    }
    if (!willReconnect && this.#queue.length > 0) {
      this.#queuedBytes = 0;
      this.#reportUndelivered('closed', this.#queue.splice(0));
    }
    if (this.#state === 'waiting') this.#wait(); // unless a listener has closed it
  }

  #wait() {
    const { backoff, random, clock } = this.#options;
    this.#attempt += 1;
    const delayMillis = backoffMillis(this.#attempt, backoff, random);
    this.#enter('waiting', delayMillis);
    this.#emit('waiting', { attempt: this.#attempt, delayMillis, at: clock.now() + delayMillis });
  }

  /** @param {UndeliveredEvent['reason']} reason @param {Message[]} messages @param {number} [count] */
  #reportUndelivered(reason, messages, count = messages.length) {
    this.#emit('undelivered', { reason, messages: messages.map((message) => message.data), count });
  }

  /** @param {string} type @param {object} [fields] */
  #emit(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }

  // --- time -------------------------------------------------------------------------------------------------------

  /** @param {State} state @param {number} withinMillis how long it may last; of no meaning for `open` and `closed` */
  #enter(state, withinMillis) {
    this.#state = state;
    this.#due = this.#options.clock.monotonic() + withinMillis;
    this.#arm();
  }

  /** Sets the one timer to what is due next, in steps so small that a sleep of the machine shows. */
  #arm() {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    let due = this.#due;
    if (this.#state === 'closed') return;
    if (this.#state === 'open') {
      const link = /** @type {OpenLink} */ (this.#link);
      if (!link.heartbeat) return;
      due = link.heartbeat.due(link.sent.count > 0);
    }
    const delay = Math.min(Math.max(0, due - clock.monotonic()), STEP_MILLIS);
    const wallDue = clock.now() + delay;
    this.#timer = clock.setTimeout(() => this.#tick(clock.now() - wallDue > SLEPT_MILLIS), delay);
  }

  /** @param {boolean} slept */
  #tick(slept) {
    this.#timer = undefined;
    if (slept) this.checkNow();
    const isDue = this.#options.clock.monotonic() >= this.#due;
    if (this.#state === 'open') this.#checkHeartbeat();
    else if (isDue && this.#state === 'waiting') this.#connect();
    else if (isDue && this.#state === 'connecting') this.#fail(/** @type {Link} */ (this.#link), 'connect: timed out');
    else if (isDue && this.#state === 'closing') {
      this.#ended({ code: 1006, reason: this.#link ? 'close: timed out' : '', wasClean: false });
    }
    if (this.#timer === undefined) this.#arm();
  }
}

/** @type {{ [state in State]: 0 | 1 | 2 | 3 }} */
const READY_STATES = { waiting: 0, connecting: 0, open: 1, closing: 2, closed: 3 };
const ENVIRONMENT_EVENTS = ['online', 'offline', 'pageshow', 'visibilitychange'];

/** Is the link alive? The times of what was heard and asked on one connection, in monotonic milliseconds. */
class Heartbeat {
  /** @readonly @type {{ sentAt: number, mark: number }[]} requests without a reply, oldest first: replies come in the same order */
  probes = [];
  buffered = 0;

  /** @param {Required<HeartbeatOptions>} options @param {number} now */
  constructor(options, now) {
    this.options = options;
    this.heardAt = now;
    this.probedAt = now;
  }

  /**
   * When to ask; or, with a request on its way, when to give up.
   *
   * @param {boolean} hasUnconfirmed a message was sent that no reply has confirmed: then traffic alone does not do
   */
  due(hasUnconfirmed) {
    if (this.probes.length > 0) return Math.max(this.heardAt, this.probedAt) + this.options.timeoutMillis;
    return (hasUnconfirmed ? this.probedAt : this.heardAt) + this.options.intervalMillis;
  }

  /** @param {number} now @param {number} mark the place in the `SentLog` that the reply will confirm */
  probe(now, mark) {
    this.probedAt = now;
    this.probes.push({ sentAt: now, mark });
  }

  /** @param {number} now @param {number} buffered bytes: if they get fewer the link lives, the request may be behind */
  progressed(now, buffered) {
    if (buffered < this.buffered) this.heardAt = now;
    this.buffered = buffered;
  }
}

/** What was sent on one connection and may not have arrived: the newest messages up to a cap, the others as a count. */
class SentLog {
  /** @readonly @type {Message[]} oldest first */
  messages = [];
  /** How many messages may not have arrived. */
  count = 0;
  /** How many messages were ever pushed. */
  mark = 0;
  #bytes = 0;
  #maxBytes;

  /** @param {number} maxBytes the cap: of payload, as everywhere here */
  constructor(maxBytes) {
    this.#maxBytes = maxBytes;
  }

  /** @param {Message} message */
  push(message) {
    this.mark += 1;
    this.count += 1;
    this.messages.push(message);
    this.#bytes += message.bytes;
    while (this.#bytes > this.#maxBytes || this.messages.length > MAX_MESSAGES) this.#bytes -= this.messages.shift()?.bytes ?? 0;
  }

  /** @param {number} mark what was pushed up to this mark has arrived */
  confirm(mark) {
    this.count = this.mark - mark;
    while (this.messages.length > this.count) this.#bytes -= this.messages.shift()?.bytes ?? 0;
  }
}

/** @param {string} text */
function utf8Length(text) {
  return new TextEncoder().encode(text).byteLength;
}

/** @param {unknown} data copied if it is binary: the caller may go on writing into it @returns {Message} */
function toMessage(data) {
  if (data instanceof ArrayBuffer) return { data: data.slice(0), bytes: data.byteLength };
  if (ArrayBuffer.isView(data)) {
    const copy = new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { data: copy.buffer, bytes: copy.byteLength };
  }
  if (data instanceof Blob) return { data, bytes: data.size };
  const text = String(data);
  return { data: text, bytes: utf8Length(text) };
}

/** @param {CloseInfo} info @param {boolean} willReconnect */
function closeEvent(info, willReconnect) {
  const event =
    typeof CloseEvent === 'function' ? new CloseEvent('close', info) : Object.assign(new Event('close'), info);
  return Object.assign(event, { willReconnect });
}

/** @param {ReconnectingWebSocketOptions} options @returns the options with their defaults, each checked */
function withDefaults(options) {
  const resolved = {
    maxAttempts: Infinity,
    stableAfterMillis: 5_000,
    connectTimeoutMillis: 10_000,
    closeTimeoutMillis: 5_000,
    shouldReconnect: (/** @type {CloseInfo} */ { code }) => reconnectsAfter(code),
    random: Math.random,
    WebSocket: /** @type {any} */ (globalThis.WebSocket),
    clock: SYSTEM_CLOCK,
    environment: 'addEventListener' in globalThis ? /** @type {Environment} */ (globalThis) : undefined,
    ...options,
    backoff: { baseMillis: 1_000, factor: 2, maxMillis: 30_000, ...options.backoff },
    queue: { maxBytes: 1_048_576, ...options.queue },
    heartbeat: options.heartbeat
      ? { intervalMillis: 20_000, timeoutMillis: 10_000, request: 'ping', reply: 'pong', ...Object(options.heartbeat) }
      : null,
  };
  const { maxAttempts, stableAfterMillis, connectTimeoutMillis, closeTimeoutMillis } = resolved;
  const { baseMillis, factor, maxMillis } = resolved.backoff;
  const { intervalMillis, timeoutMillis } = resolved.heartbeat ?? { intervalMillis: 1, timeoutMillis: 1 };
  requireAtLeast(0, { maxAttempts, stableAfterMillis, baseMillis, maxMillis, maxBytes: resolved.queue.maxBytes });
  requireAtLeast(1, { connectTimeoutMillis, closeTimeoutMillis, factor, intervalMillis, timeoutMillis });
  if (typeof resolved.WebSocket !== 'function') {
    throw new TypeError('there is no WebSocket here: pass one in the option WebSocket');
  }
  return resolved;
}

/** @param {number} minimum @param {Record<string, number>} options */
function requireAtLeast(minimum, options) {
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= minimum)) throw new RangeError(`${name} must be a number ≥ ${minimum}, not ${value}`);
  }
}

/** @type {Clock} */
const SYSTEM_CLOCK = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMillis) => setTimeout(callback, delayMillis),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * @typedef {object} ReconnectingWebSocketOptions
 * @property {Partial<Backoff>} [backoff] waits between attempts
 * @property {number} [maxAttempts] retries in a row, without a connection that stood, before it gives up. ≥ 0, default
 *   Infinity
 * @property {number} [stableAfterMillis] a connection that lasted this long resets the backoff. ≥ 0, default 5000
 * @property {number} [connectTimeoutMillis] an attempt that takes longer, the url function included, has failed. ≥ 1,
 *   default 10000
 * @property {number} [closeTimeoutMillis] how long `close()` waits for the server's answer. ≥ 1, default 5000
 * @property {(close: CloseInfo) => boolean} [shouldReconnect] whether to try again after a connection or an attempt
 *   ended so (a failed attempt has code 1006). Default: `reconnectsAfter(close.code)`
 * @property {boolean | HeartbeatOptions} [heartbeat] ask the server for a sign of life. Default false
 * @property {{ maxBytes?: number }} [queue] `maxBytes`: the payload that may wait for a connection; also how much of
 *   what was sent is kept to be named in `undelivered`. ≥ 0, default 1048576 (1 MiB); and 65536 messages at most, in either case
 * @property {new (...parameters: any[]) => any} [WebSocket] default: the global one
 * @property {Clock} [clock] default: the system's
 * @property {() => number} [random] a number in [0, 1). Default: `Math.random`
 * @property {Environment} [environment] what raises `online`, `offline`, `pageshow` and `visibilitychange`. Default:
 *   the global object, if it has events
 */

/**
 * @typedef {object} Backoff see `backoffMillis`
 * @property {number} baseMillis ≥ 0, default 1000
 * @property {number} factor ≥ 1, default 2
 * @property {number} maxMillis ≥ 0, default 30000
 */

/**
 * @typedef {object} HeartbeatOptions
 * @property {number} [intervalMillis] ask after so long without hearing anything, or without confirmation of what was
 *   sent. ≥ 1, default 20000
 * @property {number} [timeoutMillis] the link is dead if nothing is heard for so long after asking. ≥ 1, default 10000
 * @property {string} [request] the text to send. Default `ping`
 * @property {string} [reply] the server's text in answer; it never reaches the application. Default `pong`
 */

/**
 * @typedef {object} Clock
 * @property {() => number} now wall clock in milliseconds since 1970; goes on while the machine sleeps
 * @property {() => number} monotonic milliseconds since any moment; never goes back
 * @property {(callback: () => void, delayMillis: number) => unknown} setTimeout
 * @property {(timer: any) => void} clearTimeout
 */

/** @typedef {Pick<EventTarget, 'addEventListener' | 'removeEventListener'>} Environment */
/** @typedef {{ code: number, reason: string, wasClean: boolean }} CloseInfo */
/** @typedef {Event & CloseInfo & { willReconnect: boolean }} ReconnectingCloseEvent */
/** @typedef {Event & { message: string, error?: unknown }} FailureEvent */

/**
 * @typedef {Event & {
 *   reason: 'queue full' | 'closed' | 'connection lost',
 *   messages: (string | ArrayBuffer | Blob)[],
 *   count: number,
 * }} UndeliveredEvent oldest first; `count` is more than `messages.length` if older ones were too many to keep
 */

/**
 * @typedef {object} ReconnectingWebSocketEventMap
 * @property {Event & { attempt: number }} connecting `attempt`: retries since a connection stood; 0 for the first try
 * @property {Event} open
 * @property {MessageEvent} message
 * @property {Event & { roundTripMillis: number }} heartbeat a reply came
 * @property {FailureEvent} error
 * @property {ReconnectingCloseEvent} close
 * @property {UndeliveredEvent} undelivered
 * @property {Event & { attempt: number, delayMillis: number, at: number }} waiting `at`: the time of the attempt, in
 *   milliseconds since 1970
 */

/** @typedef {{ data: string | ArrayBuffer | Blob, bytes: number }} Message `bytes`: of payload, as UTF-8 */
/** @typedef {'connecting' | 'open' | 'waiting' | 'closing' | 'closed'} State */
/** @typedef {{ socket: WebSocket | null, sent: SentLog, heartbeat: Heartbeat | null, openedAt: number | null }} Link */
/** @typedef {Link & { socket: WebSocket, openedAt: number }} OpenLink */
