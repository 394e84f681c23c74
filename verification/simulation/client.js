// A client: the real session, somebody who gives it commands at random, and somebody who notes what comes of them.
import { SessionError, connect } from '../../javascript-client/session.js';
import { WatchedSubscription, covers } from './subscription.js';
import { Machine, PageStorage, socketOn } from './surroundings.js';

const TOPICS = ['open.a', 'open.b', 'open.c', 'short.a', 'drop.a', 'latest.a', 'typing.a', 'secret.a'];
const PATTERNS = ['open.*', 'drop.*', '*.a', '>', 'typing.*'];
const REQUESTS = ['now', 'now', 'late', 'never', 'sold-out', 'forbidden', 'nothing'];
const NOWHERE = { epoch: 'none', offset: 3 };
const MOST_PARTS = 12;
const KEPT_LINES = Number(process.env.SIMULATION_TRACE ?? 80);

const textOf = (data) => (typeof data === 'string' ? data : new TextDecoder().decode(data));

export class SimulatedClient {
  /** The commands without a result. */
  awaited = new Set();
  /** @type {Map<string, WatchedSubscription>} */
  subscriptions = new Map();
  /** Why it has ended; undefined if it has not. */
  endedFor;
  /** Topics that it asked for from where there is nothing. */
  askedInVain;
  /** What may abort. @type {Map<string, AbortController>} */
  #aborts = new Map();
  #count = 0;
  #handles = new Map();
  #lines = [];
  #isHidden = false;
  #isRobbed = false;
  #isLeft = false;
  #notes = 0;
  #saysBye = false;
  /** What was told when the page was last stored. */
  #stored = { positions: new Map(), notes: 0 };

  /**
   * @param {object} world see simulation.js
   * @param {string} name
   * @param {string | null} user
   * @param {SimulatedClient} [before] the page that was here before
   */
  constructor(world, name, user, before) {
    this.world = world;
    this.truth = world.truth;
    this.name = name;
    this.user = user;
    this.#lines = before ? before.#lines : [];
    this.id = before ? before.id : null;
    this.#notes = before ? before.#stored.notes : 0;
    this.askedInVain = before ? before.askedInVain : new Set();
    this.storage = new PageStorage(before?.storage);
    this.storage.onWrite = () => this.#isWritten();
    this.machine = new Machine();
    this.environment = new EventTarget();
    this.Socket = socketOn(this.machine, world.defect(this), (way, wire) => {
      const header = textOf(wire).replaceAll('\n', '|');
      if (way === '<' && header.startsWith('welcome')) this.token = /\|session \S+ (\S+)/.exec(header)?.[1];
      if (way === 'closes' && header.startsWith('4500')) this.fail(`${name} finds a violation: ${header}`);
      if (/^p[io]ng$/.test(header)) return;
      this.trace(`${way} ${header.length > 100 ? `${header.slice(0, 100)}…` : header}`);
    });
    this.session = connect(world.url, {
      auth: user ?? undefined,
      agent: name,
      storage: this.storage,
      maxOutboxBytes: 20_000,
      WebSocket: this.Socket,
      clock: this.machine.clock,
      random: () => world.random() * 0.15,
      environment: this.environment,
    });
    this.#listen();
    if (before) this.#takeOn(before);
  }

  trace(what) {
    this.#lines.push(`${Math.round(this.world.now())} ${this.name} ${what}`);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  fail(what) {
    this.world.fail(`${what}\n${this.#lines.join('\n')}`);
  }

  get state() {
    return this.session.state;
  }

  // ---- What the session tells ----

  #listen() {
    const on = (type, listener) => {
      this.session.addEventListener(type, (event) => {
        if (!this.#isLeft) listener(event);
      });
    };
    on('state', ({ state }) => this.trace(state));
    on('welcome', (event) => this.#isWelcome(event));
    on('message', ({ name, data }) => name === 'note' && this.#isNoted(textOf(data)));
    on('out', ({ pattern, code }) => {
      const mayBe = pattern === '$mailbox' ? code === 'unauthorized' && !this.user : code === 'forbidden';
      if (!mayBe || !['$mailbox', 'secret.a'].includes(pattern)) this.fail(`${this.name} lost ${pattern} by ${code}`);
      this.#ends(pattern);
    });
    on('end', ({ code, reason }) => {
      this.endedFor = `${code} ${reason}`;
      this.trace(`ends: ${this.endedFor}`);
      const isKnown = code === 1000 ? this.#saysBye : code === 4503 && this.#isRobbed;
      if (!isKnown) this.fail(`${this.name} was ended: ${this.endedFor}`);
    });
  }

  #isWelcome({ id, resumed, reason }) {
    const before = this.id;
    this.id = id;
    this.world.sessions.add(id);
    this.trace(resumed ? 'goes on' : `is new: ${reason}`);
    if (resumed && id !== before) this.fail(`${this.name} goes on with ${id} in the place of ${before}`);
    if (resumed || before === null) return;
    this.world.losses.push({ client: this, session: before, reason });
    this.#notes = 0;
    for (const subscription of this.subscriptions.values()) subscription.newSession();
  }

  /** Direct messages are numbered for each session. */
  #isNoted(text) {
    const [session, number] = text.split(':');
    if (session !== this.id) this.fail(`${this.name}, ${this.id}, was told what is for ${session}`);
    if (Number(number) !== this.#notes + 1) this.fail(`${this.name} was told note ${number} behind ${this.#notes}`);
    this.#notes = Number(number);
  }

  get notes() {
    return `${this.id} ${this.#notes}`;
  }

  // ---- Commands ----

  /** Gives one command, or a few. */
  act() {
    if (this.machine.isAsleep || this.endedFor) return;
    const { random } = this.world;
    const dice = random.below(100);
    if (dice < 14) this.#subscribe(random.oneOf(TOPICS), true);
    else if (dice < 19) this.#subscribe(random.oneOf(PATTERNS), false);
    else if (dice < 22) this.#subscribe('$mailbox', true);
    else if (dice < 30) this.#unsubscribeSome();
    else if (dice < 60) {
      const topic = random.oneOf(TOPICS);
      for (let times = random.oneOf([1, 1, 1, 6]); times > 0; times--) this.#publish(topic);
    } else if (dice < 70) this.#request(random.oneOf(REQUESTS));
    else if (dice < 80) this.#stream();
    else if (dice < 84) random.oneOf([...this.#aborts.values()])?.abort();
    else if (dice < 92) this.#send(random.oneOf(['note', 'note', 'forbidden', 'nobody']));
    else if (dice < 95) this.#result(`${this.#next('read')}`, 'read', this.session.read(1 + random.below(50)));
    else if (dice < 96) this.turn();
    else if (dice < 98 && this.user) this.#result(this.#next('auth'), 'auth', this.session.authenticate(this.user));
    else this.session.checkNow();
  }

  #next(kind) {
    const id = `${this.name}.${++this.#count}`;
    this.trace(`${kind} ${id}`);
    return id;
  }

  /** Notes the result of a command, which must come. */
  async #result(id, kind, promise, check = () => {}) {
    this.awaited.add(id);
    let outcome = 'done';
    let code;
    try {
      const value = await promise;
      if (!this.#isLeft) check(value);
    } catch (error) {
      ({ outcome = 'aborted', code } = error);
      if (!(error instanceof SessionError) && error.name !== 'AbortError') this.fail(`${id}: ${error.stack}`);
    }
    this.awaited.delete(id);
    this.#aborts.delete(id);
    this.trace(`${id} ${kind} ${outcome} ${code ?? ''}`);
    if (!this.#isLeft && ['pub', 'typing', 'req', 'send'].includes(kind)) this.truth.result(id, kind, outcome, code);
  }

  #payload(id, sizes = [0, 0, 0, 30, 300, 5_000]) {
    const { random } = this.world;
    const text = `${id} ${'x'.repeat(random.oneOf(sizes))}`;
    return random.below(4) === 0 ? new TextEncoder().encode(text) : text;
  }

  #publish(topic) {
    const id = this.#next(`publishes to ${topic}`);
    this.#result(id, topic.startsWith('typing.') ? 'typing' : 'pub', this.session.publish(topic, this.#payload(id)));
  }

  #send(name) {
    const id = this.#next(`sends ${name}`);
    this.#result(id, 'send', this.session.send(name, this.#payload(id)));
  }

  #abortable(id) {
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    return abort.signal;
  }

  #request(name) {
    const id = this.#next(`asks ${name}`);
    const answer = this.session.request(name, this.#payload(id), { signal: this.#abortable(id) });
    this.#result(id, 'req', answer, (data) => {
      if (textOf(data) !== `re ${id}`) this.fail(`${id} has the answer ${textOf(data)}`);
    });
  }

  #stream() {
    const id = this.#next('asks for a stream');
    const options = { credit: 1 + this.world.random.below(4), signal: this.#abortable(id) };
    const payload = this.#payload(id);
    this.#result(id, 'req', this.#takeParts(id, this.session.stream('count', payload, options)));
  }

  async #takeParts(id, stream) {
    const { random } = this.world;
    const count = Number(id.slice(id.lastIndexOf('.') + 1)) % MOST_PARTS;
    let part = 0;
    for await (const data of stream) {
      if (textOf(data) !== `${id} ${part}`) this.fail(`${id} got "${textOf(data)}" for its part ${part}`);
      part++;
      if (random.below(4) === 0) await new Promise((resolve) => setTimeout(resolve, random.below(200)));
      if (random.below(40) === 0) throw new DOMException('left', 'AbortError');
    }
    if (part !== count) this.fail(`${id} has ended after ${part} of ${count} parts`);
  }

  // ---- Subscriptions ----

  /** Where the subscription to a topic may begin: options of `subscribe`. */
  #start(topic) {
    const { random } = this.world;
    const log = this.truth.ends().get(topic);
    if (topic.startsWith('typing.') || random.below(3) > 0) return {};
    if (random.below(2) === 0) return { last: random.below(6) };
    if (random.below(6) === 0) return { from: NOWHERE };
    return log ? { from: { epoch: log.epoch, offset: random.below(log.end + 1) } } : {};
  }

  #subscribe(pattern, isTopic) {
    if (this.subscriptions.has(pattern)) return;
    const options = isTopic ? this.#start(pattern) : {};
    const isThere = [...this.subscriptions.keys()].some((other) => covers(other, pattern));
    if (options.from === NOWHERE) this.askedInVain.add(pattern);
    const isHeld = options.from && options.from !== NOWHERE && !isThere;
    this.#begin(pattern, options, new Map(isHeld ? [[pattern, options.from]] : []));
  }

  #begin(pattern, options, starts) {
    const id = this.#next(`subscribes to ${pattern} ${JSON.stringify(options)}`);
    const watched = new WatchedSubscription(this, pattern, starts);
    this.subscriptions.set(pattern, watched);
    const unlessLeft = (note) => (what) => {
      if (!this.#isLeft) note(what);
    };
    const handle = this.session.subscribe(pattern, {
      ...options,
      onGap: unlessLeft((gap) => watched.gap(gap)),
      onReset: unlessLeft((reset) => watched.reset(reset)),
    }, unlessLeft((message) => watched.message(message)));
    this.#handles.set(pattern, handle);
    this.#result(id, 'sub', handle.ready, () => {
      watched.isConfirmed = true;
      this.world.mark((ends) => watched.confirmedBefore(ends));
    });
  }

  #unsubscribeSome() {
    const { random } = this.world;
    const pattern = random.oneOf([...this.subscriptions.keys()]);
    if (pattern === undefined) return;
    const handle = this.#handles.get(pattern);
    this.#ends(pattern);
    this.#result(this.#next(`unsubscribes from ${pattern}`), 'unsub', handle.unsubscribe());
    if (random.below(2) === 0) this.#begin(pattern, {}, new Map());
  }

  #ends(pattern) {
    const watched = this.subscriptions.get(pattern);
    if (watched) watched.isOver = true;
    this.subscriptions.delete(pattern);
    this.#handles.delete(pattern);
  }

  // ---- What befalls it ----

  sleep(millis) {
    if (this.machine.isAsleep) return;
    this.trace(`sleeps ${millis}`);
    this.machine.isAsleep = true;
    setTimeout(() => this.wake(), millis);
  }

  wake() {
    if (!this.machine.isAsleep) return;
    this.trace('wakes');
    this.machine.wake(this.world.random.below(2) === 0);
  }

  bye() {
    if (this.endedFor || this.#isLeft) return;
    this.wake();
    this.#saysBye = true;
    this.trace('says bye');
    this.session.bye();
  }

  /** Nothing that it is told counts any more. */
  quit() {
    this.#isLeft = true;
    this.machine.isAsleep = true;
    this.session.bye();
    this.Socket.current?.inner.terminate();
  }

  /** Somebody who knows its secret takes the session over. Returns what that takes; undefined if there is none. */
  rob() {
    if (this.endedFor || this.state !== 'open') return undefined;
    this.trace('is robbed');
    this.#isRobbed = true;
    return { session: this.id, token: this.token };
  }

  /** The page is hidden, or seen again. */
  turn() {
    if (this.endedFor || this.machine.isAsleep) return;
    this.#isHidden = !this.#isHidden;
    this.#raise('visibilitychange');
  }

  #raise(type) {
    this.trace(`${type} ${this.#isHidden ? 'hidden' : 'visible'}`);
    const target = { visibilityState: this.#isHidden ? 'hidden' : 'visible' };
    this.environment.dispatchEvent(Object.defineProperty(new Event(type), 'target', { value: target }));
  }

  /** Another page follows. This one is frozen, and its line stays as it is; where it was hidden, it is told nothing. */
  reload(name) {
    if (this.endedFor || this.machine.isAsleep) return undefined;
    if (!this.#isHidden || this.world.random.below(2) === 0) this.#raise('pagehide');
    if (this.storage.size === 0) return undefined; // there is nothing to go on with
    this.trace(`is followed by ${name}`);
    this.#isLeft = true;
    this.machine.isAsleep = true;
    return new SimulatedClient(this.world, name, this.user, this);
  }

  /** The page is stored: the next one goes on from here. */
  #isWritten() {
    const positions = new Map();
    for (const subscription of this.subscriptions.values()) {
      for (const [topic, position] of subscription.positions) positions.set(topic, position);
    }
    this.#stored = { positions, notes: this.#notes };
  }

  /** Subscribes to what the page before was subscribed to, most of it, in the same turn. */
  #takeOn(before) {
    const { positions } = before.#stored;
    for (const pattern of before.subscriptions.keys()) {
      if (this.world.random.below(4) === 0) continue;
      this.#begin(pattern, {}, new Map([...positions].filter(([topic]) => covers(pattern, topic))));
    }
  }
}
