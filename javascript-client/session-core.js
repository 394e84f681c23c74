/**
 * The client's half of `bowline.v1` (§: its sections) without I/O: see session-core-types.d.ts
 *
 * @import * as Core from './session-core-types.d.ts'
 */

const HEADER_BYTES = 64; // at most: so empty messages count too
const MAX_CURSOR_BYTES = 48 * 1024; // of a hello's 65,536 (§3.1); a token may be long
const ATTEMPT_MILLIS = 10_000; // to open, and then for the welcome
const SLEPT_MILLIS = 5_000; // so late, this end slept (§8.2)

/** @param {string} lines */
const index = (lines) => new Map(lines.split('\n').map((line) => {
  const [first = '', ...words] = line.split(' ');
  return [first, words];
}));

// `*` is a payload.
const MESSAGES = index(`welcome *
ok n seq
err n seq code *
res n seq *
part n seq *
end n seq
msg n name *
at topic epoch offset
pub topic offset:position *
gap topic from to code
reset topic epoch offset code
out n pattern code
here topic *
join topic user
leave topic user
expiring ms
retry ms
ping
pong`);

const LINES = index(`session session token
window window
ping ping
grace grace
max-message maxMessage
max-pending maxPending maxPendingBytes
user user
resumed resumed
new new`);

const COUNTED = /^[1-9]\d{0,15}$/;
const NUMBER = /^(0|[1-9]\d{0,15})$/;
const POSITION = /^(-|[1-9]\d{0,15})$/;
const TOPIC = /^(?=.{1,255}$)[\w~:@%$-]+(\.[\w~:@%$-]+)*$/;
const CODE = /^[a-z\d.-]{1,64}$/i;
const ID = /^[\w-]{1,128}$/;
const WORD = /^[!-~]+$/;

/** All others are counted from 1. @type {Record<string, RegExp>} */
const FORMS = {
  offset: NUMBER, resumed: NUMBER, window: NUMBER, ms: NUMBER, position: POSITION, topic: TOPIC, name: TOPIC,
  pattern: /^(?=.{1,255}$)(([\w~:@%$-]+|\*)\.)*([\w~:@%$-]+|[*>])$/, epoch: /^[\w-]{1,32}$/, session: ID, token: ID,
  code: CODE, new: CODE, user: /^[!-~]{1,255}$/, agent: /^[!-~]{1,128}$/, feature: WORD, auth: WORD,
};

const formOf = (/** @type {string} */ name) => FORMS[name] ?? COUNTED;
const isNumeric = (/** @type {string} */ name) => [COUNTED, NUMBER, POSITION].includes(formOf(name));

/** @param {string} name @param {unknown} value */
function fits(name, value) {
  return formOf(name).test(`${value}`) && !(isNumeric(name) && Number(value) > Number.MAX_SAFE_INTEGER);
}

/** @template T @param {string} name @param {T} value @returns {T} */
export function checked(name, value) {
  if (fits(name, value)) return value;
  const shown = name === 'auth' || name === 'token' ? '' : ` "${value}"`;
  throw new TypeError(`bowline.v1 does not allow this ${name}:${shown}`);
}

/** False if they are not right. @param {any} message @param {string[]} names @param {string[]} fields */
function read(message, names, fields) {
  return names.length === fields.length && names.every((spec, i) => {
    const [name = '', form = name] = spec.split(':');
    message[name] = isNumeric(form) ? Number(fields[i]) || 0 : fields[i]; // "-" is 0: no log
    return fits(form, fields[i]);
  });
}

/** @param {any} message @param {string} payload */
function readLines(message, payload) {
  /** @type {Map<string, string[][]>} */
  const lines = new Map();
  for (const line of payload.split('\n')) {
    const [key = '', ...fields] = line.split(' ');
    if (line !== '' && !/^[a-z-]{1,32}( [!-~]+)*$/.test(line)) return false;
    if (!lines.get(key)?.push(fields)) lines.set(key, [fields]);
  }
  /** @param {string} key */
  const all = (key) => {
    const values = (lines.get(key) ?? []).map((fields) => fields.join(' '));
    message[`${key}s`] = values;
    return values.every((value) => fits(key, value));
  };
  if (message.verb === 'here') return all('user');
  for (const [key, names] of LINES) {
    const [fields, again] = lines.get(key) ?? [];
    if (key === 'new' && fields?.length === 0) message.new = '';
    else if (fields ? !read(message, names, fields) : !'user resumed new'.includes(key)) return false;
    if (again) return false;
  }
  return all('feature') && 'resumed' in message !== 'new' in message;
}

/** @param {Core.Data} wire @returns {Core.ServerMessage} */
export function parse(wire) {
  const feed = typeof wire === 'string' ? wire.indexOf('\n') : wire.indexOf(10);
  const end = feed < 0 ? wire.length : feed;
  const head = wire.slice(0, Math.min(end, 1025));
  const header = typeof head === 'string' ? head : String.fromCharCode(...head);
  const [verb = '', ...fields] = header.split(' ');
  const names = MESSAGES.get(verb);
  const takesPayload = names?.at(-1) === '*';
  const payload = wire.slice(end + 1);
  const message = /** @type {any} */ ({ verb });
  let code = '';
  if (end > 1024 || !/^[a-z]{1,16}( [!-~]+)*$/.test(header)) code = 'header';
  else if (!names) code = 'verb';
  else if (!read(message, takesPayload ? names.slice(0, -1) : names, fields)) code = 'header';
  else if (message.to < message.from) code = 'header';
  else if (!takesPayload) code = payload.length > 0 ? 'header' : '';
  else if (verb !== 'welcome' && verb !== 'here') message.payload = payload;
  else if (payload.length > 0 && typeof payload !== 'string') code = 'text';
  else if (!readLines(message, `${payload}`)) code = 'hello';
  return code === '' ? message : { verb: 'malformed', code, detail: header };
}

/** @param {string} header @param {Core.Data} payload @returns {Core.Data} */
function join(header, payload) {
  if (typeof payload === 'string') return payload === '' ? header : `${header}\n${payload}`;
  const head = new TextEncoder().encode(`${header}\n`);
  const wire = new Uint8Array(head.length + payload.length);
  wire.set(head);
  wire.set(payload, head.length);
  return wire;
}

/** @param {Core.Data} data */
export function sizeOf(data) {
  return typeof data === 'string' ? new TextEncoder().encode(data).length : data.length;
}

/** §6.1. @param {string} pattern @param {string} topic */
export function matches(pattern, topic) {
  if (topic.startsWith('$')) return pattern === topic;
  const parts = pattern.split('.');
  const segments = topic.split('.');
  const isRight = parts.every((part, i) => i < segments.length && ['*', '>', segments[i]].includes(part));
  return isRight && (pattern.endsWith('>') || parts.length === segments.length);
}

const covers = (/** @type {Map<string, unknown>} */ patterns, /** @type {string} */ topic) =>
  [...patterns.keys()].some((pattern) => matches(pattern, topic));

/** @type {() => Core.Outbox} */
const createOutbox = () => ({
  sent: new Map(),
  waiting: new Set(),
  lastSeq: 0,
  bytes: 0,
  sentBytes: 0,

  add(command) {
    this.waiting.add(command);
    this.bytes += command.bytes;
  },

  take(which) {
    const taken = [...this.waiting].filter(which);
    for (const command of taken) {
      this.waiting.delete(command);
      this.bytes -= command.bytes;
    }
    return taken;
  },

  isSent(command) {
    return this.sent.get(command.seq) === command;
  },

  hasResult(command) {
    return !!command && !this.isSent(command) && !this.waiting.has(command);
  },

  settle(command) {
    this.sent.delete(command.seq);
    this.bytes -= command.bytes;
    this.sentBytes -= command.bytes;
  },

  // §4.3. One is taken by itself, whatever its size.
  pump({ maxPending, maxPendingBytes }, send) {
    for (const command of this.waiting) {
      const bytes = this.sentBytes + command.bytes;
      if (this.sent.size > 0 && (this.sent.size >= maxPending || bytes > maxPendingBytes)) return;
      this.waiting.delete(command);
      this.sentBytes = bytes;
      this.sent.set((command.seq = ++this.lastSeq), command);
      const { verb, seq, fields, payload } = command;
      send((command.wire = join(`${verb} ${seq} ${fields}`.trimEnd(), payload)));
    }
  },

  restart() {
    const lost = [...this.sent.values()];
    for (const command of lost) this.settle(command);
    this.lastSeq = 0;
    return lost;
  },
});

/** @type {() => Core.Topics} */
const createTopics = () => ({
  wanted: new Map(),
  endings: new Set(),
  cursors: new Map(),

  receives(topic) {
    const ends = [...this.endings].some(({ pattern, others }) => matches(pattern, topic) && !covers(others, topic));
    return covers(this.wanted, topic) && !ends;
  },

  move(topic, epoch, offset) {
    this.cursors.delete(topic);
    this.cursors.set(topic, { epoch, offset });
  },

  refuse(pattern, isOld = () => true, broken = () => {}) {
    const isOver = isOld(this.wanted.get(pattern));
    if (isOver) this.wanted.delete(pattern);
    else if (![...this.endings].some((ending) => ending.pattern === pattern)) return false;
    for (const { others } of this.endings) if (isOld(others.get(pattern))) others.delete(pattern);
    for (const topic of this.cursors.keys()) {
      if (!matches(pattern, topic)) continue;
      const goesOn = [...this.wanted].some(([other, known]) => isOld(known) && matches(other, topic));
      if (goesOn && this.receives(topic)) continue;
      this.cursors.delete(topic);
      if (!isOver && covers(this.wanted, topic)) broken(topic);
    }
    return isOver;
  },

  remove(pattern = '') {
    this.wanted.delete(pattern);
    for (const topic of this.cursors.keys()) if (!covers(this.wanted, topic)) this.cursors.delete(topic);
  },

  restore(sub, unsub) {
    const first = [];
    const last = [];
    for (const [topic, from] of this.cursors) {
      const known = this.wanted.get(topic);
      const command = known ?? sub(topic);
      command.fields = fieldsOf(topic, { from, presence: known?.start?.presence });
      command.restores = topic;
      first.push(command);
      if (!known) last.push(unsub(topic));
    }
    return [...first, ...this.wanted.values(), ...last];
  },
});

/** @param {string} pattern @param {Core.Start} start */
export function fieldsOf(pattern, { from, last, presence }) {
  let fields = checked(from || last !== undefined ? 'topic' : 'pattern', pattern);
  if (from) fields += ` from ${checked('epoch', from.epoch)} ${checked('offset', from.offset)}`;
  else if (last !== undefined) fields += ` last ${checked('offset', last)}`;
  return presence ? `${fields} presence` : fields;
}

/** @type {Core.CreateClientSession} */
export const createClientSession = (options, handler, stored) => {
  const outbox = createOutbox();
  const topics = createTopics();
  /** @type {Core.Machine} */
  const self = {
    now: 0,
    state: 'waiting',
    acknowledged: 0,
    since: 0,
    due: Infinity,
    bound: 1_000,
    advice: -1,
    id: '',
    token: '',
    terms: undefined,
    seen: 0,
    attempts: 0,
    bytes: 0,
    ackAt: Infinity,
    brokenOff: '',
    inherited: [],
    foreign: 0,
    behind: new Set(),
    heardAt: 0,
    probes: 0,
    probedAt: 0,

    get outboxBytes() {
      return outbox.bytes;
    },

    get changes() {
      return self.acknowledged + outbox.lastSeq;
    },

    get stored() {
      if (self.id === '' || self.state === 'ended') return undefined;
      const { id: session, token, seen, attempts, inherited } = self;
      const ending = [...topics.endings].map(({ pattern }) => pattern);
      const patterns = [...new Set([...inherited, ...topics.wanted.keys(), ...ending])];
      const pending = [...outbox.sent.values()].map(({ seq, bytes, credit }) => ({ seq, bytes, credit }));
      return { session, token, seen, attempts, topics: [...topics.cursors], patterns, pending };
    },

    enter(state) {
      self.state = state;
      self.since = self.now;
      handler.tell('state', { state });
      return self.state === state;
    },

    connect() {
      if (self.enter('connecting')) handler.connect();
    },

    connected(auth) {
      if (self.state !== 'connecting' || !self.enter('greeting')) return;
      let hello = auth ? `hello\nauth ${auth}` : 'hello';
      self.behind.clear();
      if (self.id !== '') {
        hello += `\nresume ${self.id} ${self.token} ${self.seen} ${++self.attempts}`;
        let lines = '';
        for (const [topic, { epoch, offset }] of [...topics.cursors].reverse()) {
          const line = `\ntopic ${topic} ${epoch} ${offset}`;
          if (lines.length + line.length <= MAX_CURSOR_BYTES) lines = line + lines;
          else self.behind.add(topic);
        }
        hello += lines;
      }
      handler.send(options.agent ? `${hello}\nagent ${options.agent}` : hello);
    },

    disconnected(code, reason) {
      if (self.state === 'waiting' || self.state === 'ended') return;
      if (/^(100[023789]|4[5-9]..)$/.test(`${code}`)) self.end(code, reason);
      else self.wait();
    },

    // §8.3
    wait() {
      const { random } = options;
      let wait = 0;
      if (self.advice >= 0) wait = self.advice * (1 + random());
      else if (self.state !== 'open' || self.now - self.since < 60_000) {
        wait = self.bound * random();
        self.bound = Math.min(30_000, self.bound * 2);
      }
      self.advice = -1;
      self.due = self.now + wait;
      self.ackAt = Infinity;
      self.probes = 0;
      self.enter('waiting');
    },

    drop(code, reason) {
      handler.close(code, reason);
      self.wait();
    },

    end(code, reason) {
      const text = `the session has ended: ${code} ${reason}`.trimEnd();
      const sent = outbox.restart();
      self.enter('ended');
      for (const command of sent) command.settle({ outcome: 'unknown', text });
      for (const command of outbox.take(() => true)) command.settle({ outcome: 'not sent', text });
      handler.tell('end', { code, reason });
    },

    bye() {
      if (self.state === 'ended') return;
      if (self.state === 'open') handler.send('bye');
      handler.close(1000, 'bye');
      self.end(1000, 'bye');
    },

    hint() {
      if (self.state === 'waiting') self.connect();
      else if (self.state === 'open' && self.probes === 0) self.probe();
    },

    renew(reason) {
      if (self.state === 'ended' || self.id === '') return;
      self.breakOff(reason);
      handler.close(4000, '');
      self.connect();
    },

    get deadline() {
      if (self.state === 'waiting') return self.due;
      if (self.state === 'open') return Math.min(self.ackAt, self.silentAt);
      return self.state === 'ended' ? Infinity : self.since + ATTEMPT_MILLIS;
    },

    get silentAt() {
      const { ping, grace } = /** @type {Core.Welcome} */ (self.terms);
      return self.probes > 0 ? self.probedAt + grace : self.heardAt + ping + grace;
    },

    onTime() {
      if (self.now < self.deadline) return;
      if (self.state === 'waiting') self.connect();
      else if (self.state !== 'open') self.drop(4001, `${self.state} took too long`);
      else {
        if (self.now >= self.ackAt) self.acknowledge();
        const late = self.now - self.silentAt;
        if (late >= SLEPT_MILLIS && self.probes < 2) self.probe();
        else if (late >= 0) self.drop(4001, self.probes > 0 ? 'no answer to a ping' : 'nothing heard');
      }
    },

    probe() {
      self.probes++;
      self.probedAt = self.now;
      handler.send('ping');
    },

    received(wire) {
      if (self.state !== 'greeting' && self.state !== 'open') return;
      self.heardAt = self.now;
      self.probes = 0;
      const message = parse(wire);
      if (message.verb === 'malformed') self.violation(message.code, message.detail);
      else if (message.verb === 'ping') handler.send('pong');
      else if (message.verb === 'retry') self.advice = message.ms;
      else if (message.verb === 'welcome') self.welcome(message);
      else if (message.verb === 'pong') return;
      else if (self.state === 'greeting') self.violation('hello', 'the first message is no welcome');
      else if ('n' in message) self.direct(message, sizeOf(wire));
      else self.topic(message);
      if (self.now >= self.ackAt) self.acknowledge(); // the timer may be late
    },

    violation(code, detail) {
      self.breakOff(`violation by the server: ${detail}`);
      self.drop(4500, code);
    },

    breakOff(reason) {
      self.id = self.token = '';
      self.brokenOff = reason;
    },

    welcome(welcome) {
      const { session: id, token, user = null, resumed } = welcome;
      const isResumed = resumed !== undefined;
      if (self.state !== 'greeting') return self.violation('hello', 'a second welcome');
      if (isResumed && id !== self.id) return self.violation('hello', 'another session was resumed');
      if (isResumed && self.foreign === Infinity) {
        self.foreign = outbox.lastSeq = resumed;
        for (const command of outbox.sent.values()) {
          if (command.seq > resumed) outbox.settle(command);
          else command.isGivenUp = command.credit > 0; // nobody takes its parts
        }
      }
      if (isResumed && resumed > outbox.lastSeq) return self.violation('number', `${resumed} was not sent`);

      const isFirst = self.id === '' && self.brokenOff === '';
      const reason = isResumed || isFirst ? null : welcome.new || self.brokenOff || null;
      self.id = id;
      self.token = token;
      self.terms = welcome;
      self.brokenOff = '';
      self.bound = 1_000;
      // Before anybody is told, and may add to it.
      const lost = isResumed || isFirst ? [] : self.begin();
      if (isResumed) self.resume(resumed);
      self.inherited = [];
      if (self.enter('open')) handler.tell('welcome', { id, user, resumed: isResumed, reason });
      const text = `the session is new: ${reason}`;
      for (const { verb, settle } of lost) {
        settle(verb === 'unsub' ? { outcome: 'done' } : { outcome: 'unknown', text });
      }
      self.pump();
    },

    resume(handled) {
      for (const { seq, wire, credit, isGivenUp } of outbox.sent.values()) {
        if (seq > handled) handler.send(wire);
        if (isGivenUp) handler.send(`cancel ${seq}`);
        else if (credit > 0) handler.send(`more ${seq} ${credit}`);
      }
      // Behind what waits: a topic that another pattern wants goes on.
      for (const pattern of self.inherited) if (!topics.wanted.has(pattern)) outbox.add(self.leave(pattern));
      topics.remove();
    },

    // What is wanted is subscribed to before all else.
    begin() {
      self.seen = self.attempts = self.acknowledged = self.bytes = self.foreign = 0;
      topics.remove();
      const commands = [...outbox.restart(), ...outbox.take(() => true)];
      const kept = new Set(topics.restore((topic) => self.make('sub', topic), self.leave));
      for (const command of commands) if (command.seq === 0 && !command.verb.endsWith('sub')) kept.add(command);
      for (const command of kept) outbox.add(command);
      return commands.filter((command) => !kept.has(command));
    },

    // §5.
    direct(message, bytes) {
      const { verb, n } = message;
      if (n <= self.seen) return; // it came before
      if (n !== self.seen + 1) return self.violation('number', `direct message ${n} after ${self.seen}`);
      const { seq = 0 } = /** @type {{ seq?: number }} */ (message);
      const command = outbox.sent.get(seq);
      if (seq > self.foreign) {
        if (!command) return self.violation('number', `${verb} for command ${seq}, of which none is due`);
        if (verb === 'part' && ++command.parts > command.credit) {
          return self.violation('number', `a part without credit for command ${seq}`);
        }
      }
      self.seen = n;
      self.bytes += bytes;
      self.ackAt = Math.min(self.ackAt, self.now + 1_000);
      if (verb === 'msg') handler.tell('message', { name: message.name, data: message.payload });
      else if (verb === 'part') command?.part?.(message.payload);
      else if (verb === 'out') {
        const { pattern, code } = message;
        // §9: one without a result comes after it.
        const lost = (/** @type {string} */ topic) => handler.tell('reset', { topic, code });
        if (topics.refuse(pattern, (known) => outbox.hasResult(known), lost)) handler.tell('out', { pattern, code });
      } else if (command) {
        outbox.settle(command);
        const { code, payload: data } = /** @type {any} */ (message);
        const text = typeof data === 'object' ? new TextDecoder().decode(data) : data;
        const { restores: topic } = command;
        // It goes on elsewhere, if at all.
        if (verb === 'err' && topics.cursors.delete(topic)) handler.tell('reset', { topic, code });
        command.settle(verb === 'err' ? { outcome: 'refused', code, text } : { outcome: 'done', data });
        self.pump();
      }
      if (self.seen - self.acknowledged >= 32 || self.bytes >= 65_536) self.acknowledge();
    },

    acknowledge() {
      self.ackAt = Infinity;
      if (self.state !== 'open' || self.acknowledged === self.seen) return;
      self.acknowledged = self.seen;
      self.bytes = 0;
      handler.send(`ack ${self.seen}`);
    },

    topic(message) {
      const { verb, ...fields } = message;
      if ('topic' in message && !topics.receives(message.topic)) return; // on its way as the subscription ended
      if (verb === 'pub') {
        const { topic, offset, payload: data } = message;
        const epoch = offset === 0 ? null : topics.cursors.get(topic)?.epoch;
        if (offset === 0 || self.advance(topic, offset, offset)) handler.tell('topic', { topic, epoch, offset, data });
      } else if (verb === 'gap') {
        const from = self.advance(message.topic, message.from, message.to);
        if (from) handler.tell(verb, { ...fields, from });
      } else if (verb === 'at' || verb === 'reset') {
        const { topic, epoch, offset } = message;
        const cursor = topics.cursors.get(topic);
        const isBehind = cursor && self.behind.has(topic);
        const isReset = verb === 'reset' || (isBehind && cursor.epoch !== epoch);
        if (cursor && !isReset && cursor.offset !== offset) {
          if (isBehind && cursor.offset > offset) return;
          // All else would lose without a word.
          return self.violation('number', `${topic} goes on at ${offset}, not at ${cursor.offset}`);
        }
        self.behind.delete(topic);
        topics.move(topic, epoch, offset);
        if (isReset) handler.tell('reset', { topic, epoch, offset, code: 'lost', ...fields });
      } else handler.tell(verb, fields);
    },

    // The first offset that is new.
    advance(topic, from, to) {
      const cursor = topics.cursors.get(topic);
      if (!cursor) return;
      const next = cursor.offset + 1;
      if (self.behind.has(topic)) {
        if (to < next) return;
        from = Math.max(from, next);
        self.behind.delete(topic);
      }
      if (from !== next) return self.violation('number', `${topic} goes on at ${from}, not at ${next}`);
      topics.move(topic, cursor.epoch, to);
      return from;
    },

    make(verb, fields, payload = '', settle = () => {}) {
      const bytes = fields.length + sizeOf(payload) + HEADER_BYTES;
      return { verb, fields, payload, settle, bytes, restores: '', seq: 0, wire: '', credit: 0, parts: 0 };
    },

    leave(pattern, settle) {
      const ending = { pattern, others: new Map(topics.wanted) };
      topics.endings.add(ending);
      return self.make('unsub', pattern, '', (result) => {
        topics.endings.delete(ending);
        settle?.(result);
      });
    },

    put(command) {
      if (self.state === 'ended') return command.settle({ outcome: 'not sent', text: 'the session has ended' });
      outbox.add(command);
      self.pump();
    },

    pump() {
      if (self.state !== 'open' || !self.terms) return;
      const { maxMessage } = self.terms;
      const tooLarge = outbox.take(({ bytes }) => bytes > maxMessage);
      outbox.pump(self.terms, handler.send);
      for (const { bytes, settle } of tooLarge) {
        settle({ outcome: 'not sent', text: `it has up to ${bytes} bytes, the server takes ${maxMessage}` });
      }
    },

    submit(verb, fields, payload, settle, part, credit = 0) {
      const command = { ...self.make(verb, fields, payload, settle), part, credit };
      const bytes = outbox.bytes + command.bytes;
      if (bytes <= options.maxOutboxBytes) self.put(command);
      else settle({ outcome: 'not sent', text: `the outbox is full: with this, ${bytes} bytes wait for results` });
      return command;
    },

    grant(stream, total) {
      if (total <= stream.credit) return;
      stream.credit = total;
      if (self.state === 'open' && outbox.isSent(stream)) handler.send(`more ${stream.seq} ${total}`);
    },

    withdraw(command, text) {
      const [waited] = outbox.take((other) => other === command);
      waited?.settle({ outcome: 'not sent', text });
      return waited !== undefined;
    },

    cancel(request) {
      if (self.withdraw(request, 'cancelled') || request.isGivenUp || !outbox.isSent(request)) return;
      request.isGivenUp = true;
      if (self.state === 'open') handler.send(`cancel ${request.seq}`);
    },

    subscribe(pattern, start, settle) {
      const command = self.make('sub', fieldsOf(pattern, start), '', (result) => {
        const { outcome, code } = result;
        if (outcome !== 'done' && topics.wanted.get(pattern) === command) {
          topics.refuse(pattern);
          if (outcome === 'refused') handler.tell('out', { pattern, code });
        }
        settle(result);
      });
      command.start = start;
      if (self.state !== 'ended') topics.wanted.set(pattern, command);
      self.put(command);
    },

    unsubscribe(pattern, settle) {
      const command = topics.wanted.get(pattern);
      // Others may go on from what it restores.
      if (!command || (!command.restores && self.withdraw(command, 'unsubscribed'))) return settle({ outcome: 'done' });
      topics.remove(pattern);
      self.put(self.leave(pattern, settle));
    },
  };
  if (stored) {
    for (const [topic, { epoch, offset }] of stored.topics) {
      topics.move(checked('topic', topic), checked('epoch', epoch), checked('offset', offset));
    }
    self.foreign = Infinity;
    for (const { seq, bytes, credit } of stored.pending) {
      outbox.sent.set(checked('seq', seq), { ...self.make('', ''), seq, bytes: checked('bytes', bytes), credit });
      outbox.bytes += bytes;
      outbox.sentBytes += bytes;
    }
    self.inherited = stored.patterns.map((pattern) => checked('pattern', pattern));
    self.seen = checked('offset', stored.seen);
    self.attempts = checked('offset', stored.attempts) + 1_000; // it may have tried on since
    self.id = checked('session', stored.session);
    self.token = checked('token', stored.token);
  }
  return self;
};
