/** What passes between `session.js` and `session-core.js`. Not published: `session.d.ts` is. */

/** What a text or a binary message carries. Whoever is given bytes owns them. */
export type Data = string | Uint8Array<ArrayBuffer>;

export type State = 'connecting' | 'greeting' | 'open' | 'waiting' | 'ended';

export interface Cursor {
  epoch: string;
  offset: number;
}

/** Where a subscription begins: behind a cursor, with so many of the last messages, or with what comes next. */
export interface Start {
  from?: Cursor | undefined;
  last?: number | undefined;
  presence?: boolean | undefined;
}

/** What another page needs to go on with a session: a secret. */
export interface Stored {
  session: string;
  token: string;
  /** The highest number of the direct log that was handed to the application. */
  seen: number;
  attempts: number;
  topics: [topic: string, cursor: Cursor][];
  /** What the server holds subscriptions to. */
  patterns: string[];
  /** The commands that the server has, without a result: it counts them too (§4.3). */
  pending: { seq: number; bytes: number; credit: number }[];
}

/** What became of a command; `text` is for people. */
export interface Result {
  /**
   * - `done`: handled; `data` is the answer to a request
   * - `refused`: or failed, with the server's `code`
   * - `unknown`: sent, and the session was gone before a result came
   * - `not sent`: and will not be
   */
  outcome: 'done' | 'refused' | 'unknown' | 'not sent';
  data?: Data | undefined;
  code?: string | undefined;
  text?: string | undefined;
}

/** A command without a result. */
export interface Command {
  readonly verb: string;
  /** Those behind its number. */
  fields: string;
  readonly payload: Data;
  readonly settle: (result: Result) => void;
  /** Of a stream: a part came. */
  readonly part?: ((data: Data) => void) | undefined;
  /** Of a `sub`. */
  start?: Start;
  /** The topic that goes on by this `sub` from where it was in another session; or empty. */
  restores: string;
  /** The most that it has on the wire. */
  readonly bytes: number;
  /** Its number in the session; 0 until it was sent. */
  seq: number;
  /** As it was sent. */
  wire: Data;
  /** How many parts a stream may have in all, and how many came. */
  credit: number;
  parts: number;
  /** Of a request: nobody waits for it any more. */
  isGivenUp?: boolean;
}

/** Whom a `ClientSession` tells what to do and what came, from within its methods. It may call back at any time. */
export interface Handler {
  /** Opens a connection; `connected` or `disconnected` follows. */
  connect(): void;
  /** Sends on the connection. */
  send(wire: Data): void;
  /** Closes the connection, or the attempt, if there is one: nothing of it is to be told any more. */
  close(code: number, reason: string): void;
  /** What came: `topic`, a message of one, or an event as `SessionEventMap` has it. */
  tell(type: string, fields: object): void;
}

export interface Malformed {
  verb: 'malformed';
  /** The reason of the close 4500. */
  code: string;
  /** For people. */
  detail: string;
}

export interface Welcome {
  verb: 'welcome';
  session: string;
  token: string;
  user?: string;
  /** The highest number that was handled; this or `new` is there. */
  resumed?: number;
  /** Why the session is new; may be empty. */
  new?: string;
  /** Milliseconds, as `ping` and `grace`. */
  window: number;
  ping: number;
  grace: number;
  /** Bytes, as `maxPendingBytes`. */
  maxMessage: number;
  maxPending: number;
  maxPendingBytes: number;
  features: string[];
}

/** A message of the direct log. */
export type Direct =
  | { verb: 'ok' | 'end'; n: number; seq: number }
  | { verb: 'res' | 'part'; n: number; seq: number; payload: Data }
  | { verb: 'err'; n: number; seq: number; code: string; payload: Data }
  | { verb: 'msg'; n: number; name: string; payload: Data }
  | { verb: 'out'; n: number; pattern: string; code: string };

/** The commands without a result (§4). */
export interface Outbox {
  /** In this session, by number. */
  sent: Map<number, Command>;
  waiting: Set<Command>;
  lastSeq: number;
  bytes: number;
  sentBytes: number;

  add(command: Command): void;
  /** Takes out those that wait. */
  take(which: (command: Command) => unknown): Command[];
  isSent(command: Command): boolean;
  hasResult(command?: Command): boolean;
  /** It has a result. */
  settle(command: Command): void;
  pump(terms: Welcome, send: (wire: Data) => void): void;
  /** Counts from 1 again, and returns those that were sent. */
  restart(): Command[];
}

/** What is subscribed to, and how far it was received (§6). */
export interface Topics {
  /** By pattern. */
  wanted: Map<string, Command>;
  /** Subscriptions that the server has until it says that they have ended, and what was wanted beside each then. */
  endings: Set<{ pattern: string; others: Map<string, Command> }>;
  /** That which moved last stands last. */
  cursors: Map<string, Cursor>;

  /**
   * Whether what comes is for what is wanted. It is not while the topic's last subscription ends: what was subscribed
   * to since begins behind that.
   */
  receives(topic: string): boolean;
  move(topic: string, epoch: string, offset: number): void;
  /**
   * The server has no such subscription, or has ended it: topics go on by others that are old. False if it is not wanted, or is
   * not old, but comes behind that.
   *
   * @param broken is told the topics that it was to carry on to others, if it is not wanted
   */
  refuse(
    pattern: string,
    isOld?: (known: Command | undefined) => boolean,
    broken?: (topic: string) => void,
  ): boolean;
  /** Forgets a subscription, if one is named, and the cursors that none needs. */
  remove(pattern?: string): void;
  /**
   * What gets the same subscriptions in a new session. What has a cursor goes first: a pattern can't begin elsewhere
   * than now, so what was received of it alone is subscribed to by name, and given up by name when the pattern covers
   * it.
   */
  restore(sub: (topic: string) => Command, unsub: (topic: string) => Command): Command[];
}

/** What is in no log, or in a topic's. `offset` is 0 where a topic keeps no log. */
export type Topical =
  | { verb: 'at'; topic: string; epoch: string; offset: number }
  | { verb: 'pub'; topic: string; offset: number; payload: Data }
  | { verb: 'gap'; topic: string; from: number; to: number; code: string }
  | { verb: 'reset'; topic: string; epoch: string; offset: number; code: string }
  | { verb: 'here'; topic: string; users: string[] }
  | { verb: 'join' | 'leave'; topic: string; user: string }
  | { verb: 'expiring'; ms: number };

/** A message of the server's, field by field. */
export type ServerMessage =
  | Malformed
  | Welcome
  | Direct
  | Topical
  | { verb: 'ping' }
  | { verb: 'pong' }
  | { verb: 'retry'; ms: number };

/**
 * A client's session over any number of connections. Its owner says what happens to connections, what comes and, by
 * `now` before each call, what time it is; its `Handler` is told what to do and what came.
 *
 * Commands may be given in any state, and wait for a session. Each has one result, which may be told at once.
 */
export interface ClientSession {
  /** Milliseconds; never goes back. */
  now: number;
  readonly state: State;
  /** Is another one when what is stored is to be stored again. */
  readonly changes: number;
  /** Of the commands without a result. */
  readonly outboxBytes: number;
  /** What it takes to go on elsewhere; undefined if there is nothing. */
  readonly stored: Stored | undefined;
  /** When to call `onTime`, at the latest; Infinity for not at all. */
  readonly deadline: number;

  /** Asks for a connection: the first one. */
  connect(): void;
  /** A connection is open: says hello. `auth` is the application's token. */
  connected(auth?: string): void;
  /** The connection has ended, or could not be made: 1006. */
  disconnected(code: number, reason: string): void;
  /** A message came on the connection. */
  received(wire: Data): void;
  /** Does what is due. */
  onTime(): void;
  /** There is reason to look: connects at once, or probes the line. */
  hint(): void;
  /** Another page goes on with the session: this one begins a new one. */
  renew(reason: string): void;
  /** Ends the session. What was sent is handled, but its results no longer come. */
  bye(): void;

  /**
   * Gives a `pub`, `req`, `send`, `read` or `auth`.
   *
   * @param fields those behind its number, as they may stand on the wire
   * @param payload the caller's no more
   * @param part is told the parts of a stream
   * @param credit of a stream: how many parts may come, as the fields say too
   */
  submit(
    verb: string,
    fields: string,
    payload: Data,
    settle: Settle,
    part?: (data: Data) => void,
    credit?: number,
  ): Command;
  /** Lets a stream have so many parts in all; less than before changes nothing. */
  grant(stream: Command, total: number): void;
  /** Gives a request up: it still has its result, one way or the other. */
  cancel(request: Command): void;
  /**
   * Subscribes to what is not subscribed to. Its result is told again after each new session.
   *
   * @throws {TypeError} for what may not stand on the wire
   */
  subscribe(pattern: string, start: Start, settle: Settle): void;
  unsubscribe(pattern: string, settle: Settle): void;
}

export type Settle = (result: Result) => void;

/**
 * @param options `agent` may stand on the wire; `random` is a number in [0, 1)
 * @param stored a session to go on with, from the page that was here before
 * @throws {TypeError} if what was stored is no session
 */
export type CreateClientSession = (
  options: { maxOutboxBytes: number; agent?: string | undefined; random: () => number },
  handler: Handler,
  stored?: Stored,
) => ClientSession;

/** The inside of a `ClientSession`. */
export interface Machine extends ClientSession {
  state: State;
  /** The highest number of the direct log that the server was told to forget. */
  acknowledged: number;
  /** When this state began. */
  since: number;
  /** When to connect again, while waiting. */
  due: number;
  /** Of the next wait. */
  bound: number;
  /** How long the server says to wait; -1 if it said nothing. */
  advice: number;

  /** The session's id and its secret; empty if there is none to go on with. */
  id: string;
  token: string;
  terms: Welcome | undefined;
  /** The highest number of the direct log that came. */
  seen: number;
  /** How many connections have asked to go on with it. */
  attempts: number;
  /** Of what came and is not acknowledged. */
  bytes: number;
  /** When to acknowledge. */
  ackAt: number;
  /** Why this end gave the last session up; empty if it did not. */
  brokenOff: string;
  /** Patterns of a stored session that is not resumed yet. */
  inherited: string[];
  /** Results up to this command are for the page that stored the session; Infinity until it is resumed. */
  foreign: number;
  /**
   * Topics for which the last hello had no room: the server goes back to where their subscriptions began. Whether another epoch that it
   * names has all that came is not known then, so that is a reset.
   */
  behind: Set<string>;

  /** When something came. */
  heardAt: number;
  /**
   * Pings that were sent since something was heard, and when the last one was. After a sleep there is a second chance, not a
   * third: in a page in the background all timers are late.
   */
  probes: number;
  probedAt: number;
  /** When the silence will be too long. */
  readonly silentAt: number;

  /** False if whoever was told has changed it. */
  enter(state: State): boolean;
  wait(): void;
  /** Gives the connection up. */
  drop(code: number, reason: string): void;
  end(code: number, reason: string): void;
  probe(): void;
  acknowledge(): void;

  /** The server broke a rule: the session can't be trusted any more. */
  violation(code: string, detail: string): void;
  /** The session is not gone on with. */
  breakOff(reason: string): void;
  welcome(welcome: Welcome): void;
  resume(handled: number): void;
  /** A session after another one. Returns the commands that have lost their results. */
  begin(): Command[];
  direct(message: Direct, bytes: number): void;
  topic(message: Topical): void;
  /** Moves a cursor. Returns the first offset that is new, if there is one. */
  advance(topic: string, from: number, to: number): number | void;

  make(verb: string, fields: string, payload?: Data, settle?: Settle): Command;
  /** The `unsub` of what is wanted no more. */
  leave(pattern: string, settle?: Settle): Command;
  /** Takes a command in, however full the outbox is: what ends something makes room. */
  put(command: Command): void;
  pump(): void;
  /** Takes back a command that was not sent; false if it was. */
  withdraw(command: Command, text: string): boolean;
}
