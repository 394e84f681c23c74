// Clients in JavaScript for `scripts/prove nodes`: one process for all of them. It obeys the lines of
// JavaScriptClients.java and says, a line each, what they ask and are told.
import { createInterface } from 'node:readline';
import { connect } from '../../javascript-client/session.js';

const [url, seed, period, patience, parts, mostOpen] = process.argv.slice(2).map((word, i) => (i ? Number(word) : word));
const MARKS = { 'not sent': 'not-sent', ended: 'not-sent' };

// mulberry32: small, and the same everywhere.
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
const oneOf = (items) => items[Math.floor(random() * items.length)];

let lines = [];
const say = (line) => {
  if (lines.push(line) === 1) setImmediate(tell);
};
function tell() {
  process.stdout.write(`${lines.join('\n')}\n`);
  lines = [];
}

let users = [];
const clients = [];

class Client {
  #number = 0;
  #open = 0;

  constructor(client, user, patterns, topics) {
    this.client = client;
    this.topics = topics;
    const session = connect(url, {
      auth: user === '-' ? undefined : user,
      random: () => random() * patience,
    });
    this.session = session;
    const on = (type, words) => session.addEventListener(type, (event) => say(`${type} ${client} ${words(event)}`));
    on('state', () => session.state);
    on('welcome', ({ id, resumed, reason }) => `${id} ${resumed} ${reason ?? ''}`.trimEnd());
    on('here', ({ topic, users: there }) => [topic, ...there].join(' '));
    on('join', ({ topic, user: who }) => `${topic} ${who}`);
    on('leave', ({ topic, user: who }) => `${topic} ${who}`);
    on('gap', ({ topic, from, to, code }) => `${topic} ${from} ${to} ${code}`);
    on('reset', ({ topic, code }) => `${topic} ${code}`);
    session.addEventListener('message', ({ name, data }) => {
      if (name === 'relayed') say(`direct ${client} ${data}`);
    });
    for (const type of ['overflow', 'end']) {
      session.addEventListener(type, (event) => say(`wrong ${type} of ${client}: ${event.pattern ?? event.code}`));
    }
    const listener = ({ topic, offset, data }) => say(`message ${client} ${topic} ${offset} ${data}`);
    const subscribe = (pattern) => session.subscribe(pattern, { presence: pattern.startsWith('room.') }, listener).ready;
    const ready = patterns.map(subscribe);
    session.addEventListener('out', ({ pattern, code }) => {
      say(`out ${client} ${pattern} ${code}`);
      queueMicrotask(() => subscribe(pattern));
    });
    Promise.all(ready).then(() => say(`ready ${client}`), (error) => say(`wrong ${client} has no ${error}`));
  }

  act() {
    if (this.#open >= mostOpen) return;
    const chance = random() * 100;
    if (chance < 50) {
      const topic = oneOf(this.topics);
      this.#give('PUBLISH', topic, (label) => this.session.publish(topic, label));
    } else if (chance < 63) {
      this.#give('WORK', '', (label) => this.#ask('work', label, label));
    } else if (chance < 75) {
      this.#give('NOTE', '', (label) => this.session.send('note', label));
    } else if (chance < 80) {
      this.#give('COUNT', '', (label) => this.#count(label));
    } else if (chance < 90) {
      const user = oneOf(users);
      this.#give('MAIL', `$mailbox ${user}`, (label) => this.#ask('mail', label, `${label} ${user}`));
    } else {
      const target = oneOf(clients);
      const { id } = target.session;
      if (id) this.#give('RELAY', target.client, (label) => this.#ask('relay', label, `${label} ${id}`));
    }
  }

  async #ask(name, label, data) {
    const answer = await this.session.request(name, data);
    if (answer !== label) say(`wrong ${label} is answered by ${answer}`);
  }

  async #count(label) {
    let count = 0;
    for await (const part of this.session.stream('count', label, { credit: 4 })) {
      count += 1;
      if (part !== `${label} ${count}`) say(`wrong part ${count} of stream ${label} is ${part}`);
    }
    if (count !== parts) say(`wrong stream ${label} ended with ${count} parts`);
  }

  async #give(kind, place, ask) {
    const label = `${this.client}.${++this.#number}`;
    say(`given ${label} ${kind} ${place}`.trimEnd());
    this.#open += 1;
    try {
      await ask(label);
      say(`told ${label} done`);
    } catch (error) {
      const { outcome, code } = error;
      say(`told ${label} ${outcome === 'refused' ? `refused:${code}` : (MARKS[outcome] ?? outcome ?? `failed:${error}`)}`);
    }
    this.#open -= 1;
  }
}

let timer;
const orders = {
  users: (...names) => (users = names),
  client: (client, user, patterns, topics) => {
    clients.push(new Client(client, user, patterns.split(','), topics.split(',')));
  },
  begin: () => (timer = setInterval(() => oneOf(clients).act(), period / clients.length)),
  quiet: () => clearInterval(timer),
};

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const [order, ...words] = line.split(' ');
  orders[order](...words);
});
input.on('close', () => process.exit());
