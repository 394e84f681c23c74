/**
 * Sessions that survive the network: the client's half of `bowline.v1`. What a `Session` promises is written here.
 *
 * Everything runs on the caller's thread. Times are in milliseconds, sizes in bytes.
 */

/**
 * Begins a session, and connects.
 *
 * With `storage` it first looks for the session of the page that was here before (a reload, a link followed), and goes
 * on with it. Subscribe in the same turn of the event loop: what the page before was subscribed to, and this one is
 * not by the time of the server's `welcome`, is ended.
 *
 * @param url as for `new WebSocket`
 * @throws {TypeError} for a bad url, token or agent, or where there is no `WebSocket`
 * @throws {RangeError} for a `maxOutboxBytes` out of its range
 */
export function connect(url: string | URL, options?: SessionOptions): Session;

export interface SessionOptions {
  /**
   * The application's token, in visible ASCII; none without it. A function is asked before each connection, and when
   * the authentication is about to end; if it throws or rejects, that is told by `error` and tried again.
   */
  auth?: string | (() => string | undefined | Promise<string | undefined>);
  /**
   * Where the session stays while one page of a tab follows another: `sessionStorage`. None by default.
   *
   * It is written when the page is hidden, and taken out when a page begins or is seen again: a tab that is duplicated
   * begins its own session, instead of taking this one over. It holds the session's secret, for all scripts of the
   * origin to read. Results, and commands that were not sent, are lost with their page, and so is what waited in an
   * iteration. A page that crashes while it is seen leaves nothing.
   */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Tells the sessions of one tab apart in the storage. Default: the url. Two at a time must not share it. */
  name?: string;
  /** Who this is, for the server's logs: 1 to 128 visible ASCII characters. */
  agent?: string;
  /** How much of commands without a result is kept. At least 1024; default 4194304 (4 MiB). */
  maxOutboxBytes?: number;
  /** Default: the global one. */
  WebSocket?: new (...parameters: any[]) => any;
  /** Default: the system's. */
  clock?: Clock;
  /** A number in [0, 1). Default: `Math.random`. */
  random?: () => number;
  /**
   * What raises `online`, `focus`, `visibilitychange`, `pageshow`, `pagehide`, `freeze` and `resume`. Default: the
   * global object, if it has events.
   */
  environment?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

export interface Clock {
  /** Wall clock, since 1970; goes on while the machine sleeps. */
  now(): number;
  /** Since any moment; never goes back. */
  monotonic(): number;
  setTimeout(callback: () => void, delayMillis: number): unknown;
  clearTimeout(timer: any): void;
}

/** What can be sent: text, or bytes, which are copied. Objects are not made into text: use `JSON.stringify`. */
export type Outgoing = string | ArrayBuffer | ArrayBufferView;

/** What comes: text as a string, bytes in an array of their own. */
export type Incoming = string | Uint8Array<ArrayBuffer>;

/**
 * A session over any number of connections.
 *
 * **Life.** `connecting` → `greeting` → `open` → `waiting` → `connecting` … until `ended`, by `bye()` or by a close
 * code that says not to come back. A session that the server no longer has is followed by a new one: a `welcome` with
 * `resumed === false` and the reason, after which the subscriptions go on from where they were.
 *
 * **Commands** (`publish`, `request`, `send` …) may be given in any state. They are sent in order, each is handled
 * once in a session, and each promise ends: fulfilled, when the server has handled it; or rejected with a `SessionError`,
 * whose `outcome` tells what is known.
 *
 * **Loss** is told, never silent: by `gap` and `reset` where messages of a topic will not come, by `out` and `overflow`
 * where a subscription has ended, by `welcome` where the session is a new one.
 *
 * **Pages.** Timers that are slow in the background, sleep, and a frozen page do not end a connection by themselves:
 * the line is probed first. A page that is seen or focused again, is resumed, or is back on the network probes, or
 * connects, at once. That the page hides ends nothing.
 */
export interface Session extends EventTarget {
  readonly state: 'connecting' | 'greeting' | 'open' | 'waiting' | 'ended';
  /** The session's id; null before the first `welcome`. */
  readonly id: string | null;
  /** The authenticated user; null for none. */
  readonly user: string | null;
  /** Bytes of the commands without a result, headers included. */
  readonly bufferedAmount: number;

  /**
   * Subscribes to a topic, or to a pattern: `orders.*`, `orders.>`.
   *
   * With a callback messages go there. Without one they wait for an iteration (`for await`), up to `maxBufferBytes`;
   * when more wait, the iteration gets what there is and then fails with the outcome `overflow`, which `overflow`
   * tells too, and the subscription ends. Leaving the loop unsubscribes.
   *
   * A pattern that is subscribed to already is joined where it is; it ends with the last who is subscribed.
   *
   * @throws {TypeError} for what is no pattern, or for a pattern with `from` or `last`
   * @throws {DOMException} `InvalidStateError`: the pattern is subscribed to already, and can't begin elsewhere
   */
  subscribe(pattern: string, options?: SubscribeOptions, callback?: (message: Message) => unknown): Subscription;
  subscribe(pattern: string, callback: (message: Message) => unknown): Subscription;

  /** Fulfilled when the message is in the topic's log. */
  publish(topic: string, data?: Outgoing): Promise<void>;

  /** Fulfilled when the application has taken it. */
  send(name: string, data?: Outgoing): Promise<void>;

  /** Asks for one answer. An abort rejects with the signal's reason, and tells the server. */
  request(name: string, data?: Outgoing, options?: { signal?: AbortSignal | undefined }): Promise<Incoming>;

  /**
   * Asks for an answer in parts, at once. No more than `credit` of them (at least 1, default 16) wait here: taking them
   * asks for more. Leaving the loop, `return()` and an abort cancel it.
   *
   * @throws {TypeError} for what can't be sent
   */
  stream(
    name: string,
    data?: Outgoing,
    options?: { credit?: number | undefined; signal?: AbortSignal | undefined },
  ): AsyncGenerator<Incoming, void, void>;

  /** Tells all devices of the user how far the mailbox was read. */
  read(offset: number): Promise<void>;

  /** Renews the authentication. The token is for later connections too, unless `auth` is a function. */
  authenticate(token: string): Promise<void>;

  /** Ends the session for good. What was sent is handled, but its results are `unknown`. Iterations end. */
  bye(): void;

  /** Looks at once: connects, or probes the line. By itself it does so when the page or the network is back. */
  checkNow(): void;

  addEventListener<K extends keyof SessionEventMap>(
    type: K,
    listener: (this: Session, event: SessionEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(...parameters: Parameters<EventTarget['addEventListener']>): void;
}

export interface SubscribeOptions {
  /** Go on behind this position, such as the last message that came. Not for patterns. */
  from?: { epoch: string; offset: number };
  /** Begin with so many of the last messages. Not for patterns. */
  last?: number;
  /** Be told by `here`, `join` and `leave` who is there. Default false. */
  presence?: boolean;
  onGap?: (gap: Gap) => unknown;
  onReset?: (reset: Reset) => unknown;
  /** How much may wait for an iteration, and 64 bytes for each message. Default 1048576 (1 MiB). */
  maxBufferBytes?: number;
}

/** Can be iterated once; with a callback, it has nothing to iterate. */
export interface Subscription extends AsyncIterable<Message> {
  readonly pattern: string;
  /** Fulfilled when it is in effect. A rejection need not be handled: the iteration fails with it, and `out` tells. */
  readonly ready: Promise<void>;
  /** Ends it here at once; fulfilled when the server has ended it too. */
  unsubscribe(): Promise<void>;
}

/**
 * A message of a topic. One that keeps no log has no epoch, and 0 as offset. A log may go on in another epoch, and lose
 * nothing.
 */
export type Message =
  | { topic: string; epoch: string; offset: number; data: Incoming }
  | { topic: string; epoch: null; offset: 0; data: Incoming };

/** The offsets from `from` to `to` will not come; `code` says why. */
export interface Gap {
  topic: string;
  from: number;
  to: number;
  code: string;
}

/** The topic goes on in another log, behind this position: what was not received of the old one will not come. */
export interface Reset {
  topic: string;
  epoch?: string;
  offset?: number;
  code: string;
}

export class SessionError extends Error {
  constructor(outcome: SessionError['outcome'], code?: string, message?: string);
  name: 'SessionError';
  /**
   * - `refused`: the server refused it, or it failed there; `code` says why
   * - `unknown`: it was sent, and the session was gone before a result came: it may have been handled, or not. It is
   *   never sent again by itself
   * - `not sent`: and it will not be
   * - `overflow`, `ended`: of an iteration: too much waited for it; the session has ended, `code` is the close code
   */
  outcome: 'refused' | 'unknown' | 'not sent' | 'overflow' | 'ended';
  /** For programs; empty where there is none. */
  code: string;
}

export interface SessionEventMap {
  state: Event & { state: Session['state'] };
  /** A session is open; `reason`: why it is not the one of before, where there was one. */
  welcome: Event & { id: string; user: string | null; resumed: boolean; reason: string | null };
  /** A direct message. */
  message: Event & { name: string; data: Incoming };
  gap: Event & Gap;
  reset: Event & Reset;
  /** The server has refused or ended a subscription. */
  out: Event & { pattern: string; code: string };
  /** What waited for an iteration was too much: the subscription has ended. */
  overflow: Event & { pattern: string };
  here: Event & { topic: string; users: string[] };
  join: Event & { topic: string; user: string };
  leave: Event & { topic: string; user: string };
  /** The authentication ends in so many milliseconds; with a function for `auth`, it is being renewed. */
  expiring: Event & { ms: number };
  /**
   * A connection failed, a token could not be had, or the storage not be used. It goes on all the same. Browsers do not
   * say why a connection failed: then `error` is undefined.
   */
  error: Event & { error: unknown };
  /** It is over; `code` is the close code, 1000 after `bye()`. */
  end: Event & { code: number; reason: string };
}
