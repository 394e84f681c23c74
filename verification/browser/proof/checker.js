// Says whether anything was lost, doubled or out of order, from what was witnessed at both ends. It knows nothing of
// sessions but what they promise.

const STREAM_PARTS = 40;
const EVENTS = {
  page: 'pages',
  frozen: 'times frozen',
  hidden: 'times hidden',
  visible: 'times visible',
  offline: 'times offline',
};

/** What both ends have told, as they told it. */
export class Evidence {
  /** The lines of ProvedHub.java, in order. */
  server = [];
  /** The reports of page.js: of each tab, by the pages that were in it one after the other, by number. */
  tabs = new Map();
  /** How many lines there have been. */
  lines = 0;

  fromServer(line) {
    this.lines++;
    this.server.push(line);
  }

  fromPage(tab, line) {
    this.lines++;
    const [, life, number, words] = /^(\d+) (\d+) (.*)$/s.exec(line);
    if (!this.tabs.has(tab)) this.tabs.set(tab, []);
    const lives = this.tabs.get(tab);
    (lives[life - 1] ??= [])[number - 1] = words;
  }
}

/**
 * @param {Evidence} evidence when all is calm again
 * @returns {{ faults: string[], counts: Record<string, number> }}
 */
export function check(evidence) {
  const faults = [];
  const counts = {};
  const count = (what, more = 1) => (counts[what] = (counts[what] ?? 0) + more);
  const server = serverSide(evidence.server, faults, count);
  for (const [tab, lives] of evidence.tabs) {
    const tabFaults = [];
    deliveries(lives, server, tabFaults, count);
    for (let life = 1; life <= lives.length; life++) {
      const reports = lives[life - 1] ?? [];
      const handled = server.handled.get(`${tab}.${life}`) ?? new Map();
      commands(`${tab}.${life}`, reports, handled, life === lives.length, tabFaults, count);
    }
    faults.push(...tabFaults.map((fault) => `${tab}: ${fault}`));
  }
  return { faults, counts };
}

/** What the server's application and engine were given and gave. */
function serverSide(lines, faults, count) {
  const logs = new Map(); // topic → what stands at each offset
  const handled = new Map(); // page → its commands that were handled: number → size, in order
  const told = new Map(); // session → direct messages
  const got = new Map(); // session → how many of them the hub says the client has
  const handle = (label, size) => {
    const [, page, number] = /^(.*)\.(\d+)$/.exec(label);
    if (!handled.has(page)) handled.set(page, new Map());
    const numbers = handled.get(page);
    if (numbers.has(Number(number))) faults.push(`${label} was handled twice`);
    else numbers.set(Number(number), size);
  };
  for (const line of lines) {
    const [what, ...words] = line.split(' ');
    if (what === 'logged') {
      const [topic, epoch, offset, label, size] = words;
      if (!logs.has(topic)) logs.set(topic, []);
      logs.get(topic)[offset - 1] = `${epoch} ${offset} ${label} ${size}`;
      if (!label.startsWith('hub.')) {
        handle(label, size);
        count('published by pages');
      } else count('published by the hub');
    } else if (what === 'handled') handle(words[1], words[2]);
    else if (what === 'told') told.set(words[0], Number(words[1]));
    else if (what === 'got') got.set(words[0], Number(words[1]));
    else if (what === 'session' && words[1] === 'STARTED') count('sessions');
    else if (what === 'session' && words[1] === 'ENDED') faults.push(`session ${words[0]} has ended`);
  }
  for (const [page, numbers] of handled) {
    let last = 0;
    for (const number of numbers.keys()) {
      if (number < last) faults.push(`${page}.${number} was handled after ${page}.${last}`);
      last = Math.max(last, number);
    }
  }
  for (const [topic, entries] of logs) {
    for (let i = 0; i < entries.length; i++) if (!entries[i]) faults.push(`${topic} ${i + 1} was not witnessed`);
  }
  return { logs, handled, told, got };
}

/** Counts from 1; says what is missing or too much. */
class Sequence {
  last = 0;

  constructor(name) {
    this.name = name;
  }

  next(number, faults) {
    if (number <= this.last) faults.push(`${this.name} ${number} came again, or late, after ${this.last}`);
    else this.#missing(number - 1, faults);
    this.last = Math.max(this.last, number);
  }

  end(last, faults) {
    if (this.last > last) faults.push(`${this.name} came up to ${this.last}, and there are only ${last}`);
    else this.#missing(last, faults);
  }

  #missing(to, faults) {
    if (this.last < to) faults.push(`${this.name} ${this.last + 1} to ${to} did not come`);
  }
}

/** What the pages of a tab have received: one sequence, whatever the number of pages. */
function deliveries(lives, { logs, told, got }, faults, count) {
  const topics = new Map();
  const sessions = new Map();
  let session;
  for (const [i, reports = []] of lives.entries()) {
    if (reports.length === 0) faults.push(`page ${i + 1} has reported nothing: the proof itself has failed`);
    for (let number = 0; number < reports.length; number++) {
      if (reports[number] === undefined) {
        faults.push(`report ${number + 1} of page ${i + 1} is missing: the proof itself has failed`);
        continue;
      }
      const [what, ...words] = reports[number].split(' ');
      if (what === 'topic') {
        const [topic, epoch, offset, label, size] = words;
        if (!topics.has(topic)) topics.set(topic, new Sequence(topic));
        topics.get(topic).next(Number(offset), faults);
        const logged = logs.get(topic)?.[offset - 1];
        const came = `${epoch} ${offset} ${label} ${size}`;
        if (logged !== came) faults.push(`${topic}: ${logged} was published, ${came} came`);
        count('topic messages delivered');
      } else if (what === 'direct') {
        if (session) session.next(Number(words[0]), faults);
        else faults.push(`direct message ${words[0]} came before the first welcome`);
        count('direct messages delivered');
      } else if (what === 'welcome') {
        const [id, resumed, reason] = words;
        if (resumed === 'true') count('resumes');
        else if (sessions.size > 0) faults.push(`a new session: ${reason}`);
        if (!sessions.has(id)) sessions.set(id, new Sequence(`session ${id}: direct message`));
        session = sessions.get(id);
      } else if (what === 'loss') faults.push(`the page was told of a loss: ${words.join(' ')}`);
      else if (what === 'event') count(EVENTS[words[0]]);
    }
  }
  for (const [topic, entries] of logs) {
    (topics.get(topic) ?? new Sequence(topic)).end(entries.length, faults);
  }
  for (const [id, sequence] of sessions) {
    sequence.end(told.get(id) ?? 0, faults);
    if (got.get(id) > sequence.last) faults.push(`session ${id}: the hub says that ${got.get(id)} came`);
  }
}

/** What a page has given, what it heard of it, and what the server handled. */
function commands(page, reports, handled, isLast, faults, count) {
  const given = new Map();
  for (const line of reports) {
    const [what, label, ...words] = (line ?? '').split(' ');
    const command = given.get(label);
    if (what === 'give') given.set(label, { verb: words[0], size: words[1], outcome: undefined, parts: 0 });
    else if (!['part', 'done', 'failed'].includes(what)) continue;
    else if (!command) faults.push(`${label} has a result, and was never given`);
    else if (what === 'part') {
      const due = ++command.parts;
      if (Number(words[0]) !== due) faults.push(`${label}: part ${words[0]} in the place of ${due}`);
    } else {
      const { verb, size, outcome, parts } = command;
      if (outcome) faults.push(`${label} has two results`);
      command.outcome = what === 'done' ? 'done' : words.join(' ');
      if (what === 'failed') faults.push(`${label} failed: ${words.join(' ')}`);
      else if (verb === 'req' && words.join(' ') !== `${label} ${size}`) {
        faults.push(`${label} of ${size} bytes was answered by ${words.join(' ')}`);
      } else if (verb === 'stream' && parts !== STREAM_PARTS) faults.push(`${label} had ${parts} parts`);
    }
  }
  const last = Math.max(0, ...lastOf(handled));
  let number = 0;
  for (const [label, { verb, size, outcome }] of given) {
    const handledSize = handled.get(++number);
    if (label !== `${page}.${number}`) faults.push(`${label} is the command number ${number} of its page`);
    if (handledSize === undefined && outcome === 'done') faults.push(`${label} is done, and was never handled`);
    else if (handledSize === undefined && number < last) faults.push(`${label} was passed over`);
    else if (handledSize !== undefined && handledSize !== size) {
      faults.push(`${label}: ${size} bytes became ${handledSize}`);
    }
    if (outcome === undefined && isLast) faults.push(`${label} has no result`);
    count(`given: ${verb}`);
    // Its page was gone before it could hear of it: that is what a page knows of such a command.
    if (outcome === undefined) count(`left with a page, ${handledSize === undefined ? 'not ' : ''}handled`);
  }
  if (last > given.size) faults.push(`${page}.${last} was handled, and never given`);
}

const lastOf = (map) => [...map.keys()].slice(-1);
