// One course of events: clients at work while the network does what it can; then all is well, and everything must be in
// order; then all leave, and no session may be left. A seed is one choice of what is done, though not of how long it
// takes: the server and the network are real.
import { WebSocket } from 'ws';
import { seededRandom } from '../../javascript-client/test/support.js';
import { SimulatedClient } from './client.js';
import { startHost } from './host.js';
import { Truth } from './truth.js';

const TOPICS = ['open.a', 'open.b', 'open.c', 'short.a', 'drop.a', 'latest.a'];
const USERS = ['ada', 'bob', 'eve'];
const ENDS = ['close-after', 'reset-after'];
const STEP_MILLIS = 5;
const PATIENCE_MILLIS = 12_000; // until all is in order again
const HOLE_MILLIS = 2_500; // in which both ends notice that a line is dead
const MORE_ATTEMPTS = 1_000_000;

/** What no message suffers. */
export const NO_DEFECT = { up: (wire) => [wire], down: (wire) => [wire] };

/** A seeded source of numbers in [0, 1), with what one does with it. */
function randomOf(seed) {
  const random = seededRandom(seed);
  random.below = (bound) => Math.floor(random() * bound);
  random.oneOf = (items) => items[random.below(items.length)];
  return random;
}

class Simulation {
  truth = new Truth((what) => this.fail(what));
  /** All that there ever were. */
  sessions = new Set();
  /** Sessions that clients lost. @type {{ client: SimulatedClient, session: string, reason: string }[]} */
  losses = [];
  /** Those that are at work. */
  clients = [];
  /** Those that ever were. */
  #everybody = [];
  #isOver = false;
  #marks = [];
  #told = 0;
  #made = 0;
  #began = performance.now();
  #notes = new Map();
  /** @type {(error: Error) => void} */
  #reject = () => {};
  /** What went wrong first. */
  failure = new Promise((_, reject) => (this.#reject = reject));

  constructor({ seed, clients, millis, restarts, defect }) {
    this.failure.catch(() => {}); // whoever waits for it is told
    this.random = randomOf(seed);
    this.count = clients;
    this.millis = millis;
    this.restarts = restarts;
    this.defect = defect;
  }

  now() {
    return performance.now() - this.#began;
  }

  fail(what) {
    this.#reject(new Error(what));
  }

  /** Calls with the ends of the logs as they were at a moment after this. */
  mark(call) {
    this.#marks.push(call);
    this.host.say('mark');
  }

  /** The ends of the logs, now that all was told that happened before. */
  ends() {
    return new Promise((resolve) => this.mark(resolve));
  }

  #hear(line) {
    if (line === 'mark') this.#marks.shift()(this.truth.ends());
    else if (!this.truth.take(line)) this.fail(`the host says: ${line}`);
  }

  async run() {
    this.host = await startHost((line) => this.#hear(line));
    this.url = this.host.url;
    try {
      await Promise.race([this.failure, this.#play()]);
    } finally {
      this.#isOver = true;
      for (const client of this.#everybody) client.quit();
      await this.host.stop();
    }
  }

  async #play() {
    for (let i = 0; i < this.count; i++) this.#add();
    const end = performance.now() + this.millis;
    while (!this.#isOver && performance.now() < end) {
      await pass(STEP_MILLIS);
      if (!this.#isOver) this.#step(); // else there would be new clients, whom nobody ends
    }
    await this.#settle();
    await this.#leave();
  }

  #add() {
    const user = this.random.below(4) === 0 ? null : this.random.oneOf(USERS);
    this.#take(new SimulatedClient(this, `c${++this.#made}`, user));
  }

  #step() {
    const { random } = this;
    const dice = random.below(1_000);
    const client = random.oneOf(this.clients);
    if (dice < 700) client.act();
    else if (dice < 800) this.host.say(`publish ${random.oneOf([...TOPICS, 'typing.a'])} app.${++this.#told}`);
    else if (dice < 830) this.host.say(`mail ${random.oneOf(USERS)} app.${++this.#told}`);
    else if (dice < 900) this.#note(client);
    else if (dice < 970) this.#spoil(client);
    else if (dice < 980) this.#replace(client, client.reload(`c${++this.#made}`));
    else if (dice < 984) this.#rob(client);
    else if (dice < 988) client.bye();
    else if (dice < 995) client.sleep(random.oneOf([200, 1_500, 3_000, 7_000]));
    else if (dice < 997) this.#shut(random.oneOf(['refused', 'reset', 'silent']), random.oneOf([100, 500]));
    else if (dice < 999) this.host.say('rename');
    else if (dice === 999 && this.restarts && random.below(2) === 0) this.host.say('restart');
    if (client.endedFor) this.#replace(client);
  }

  /** Another client in the place of one that has ended. */
  #replace(client, next) {
    if (!next && !client.endedFor) return;
    this.clients.splice(this.clients.indexOf(client), 1);
    if (next) this.#take(next);
    else this.#add();
  }

  #take(client) {
    this.clients.push(client);
    this.#everybody.push(client);
  }

  #note(client) {
    if (!client.id || client.endedFor) return;
    const number = (this.#notes.get(client.id) ?? 0) + 1;
    this.#notes.set(client.id, number);
    this.host.say(`say ${client.id} ${client.id}:${number}`);
  }

  /** Does something to a client's line. */
  #spoil({ Socket: { current: line } }) {
    const { random, host } = this;
    const port = line?.port;
    // What went into a black hole leaves a hole in the stream, which no network does: the line must end.
    if (!port || line.isHole) return;
    const way = random.oneOf(['up', 'down', 'both']);
    const dice = random.below(9);
    if (dice === 0) host.say(`close ${port}`);
    else if (dice === 1) host.say(`reset ${port}`);
    else if (dice === 2) host.say(`fault ${port} ${way} ${random.oneOf(ENDS)} ${random.below(2_000)}`);
    else if (dice < 5) {
      line.isHole = true;
      host.say(`fault ${port} ${way} ${random.oneOf(['black-hole', `black-hole-after ${random.below(2_000)}`])}`);
      setTimeout(() => host.say(`reset ${port}`), HOLE_MILLIS);
    } else {
      const [delay, pace] = [20 + random.below(400), 500 + random.below(5_000)];
      const slow = [`delay ${delay}`, `throttle ${pace}`, 'single-bytes', 'stall'];
      host.say(`fault ${port} ${way} ${slow[dice - 5]}`);
      setTimeout(() => line.isHole || host.say(`fault ${port} ${way} none`), random.oneOf([100, 1_000, 3_000]));
    }
  }

  /** Nobody new comes in for a while. */
  #shut(how, millis) {
    this.host.say(`admit ${how}`);
    setTimeout(() => this.host.say('admit open'), millis);
  }

  #rob(client) {
    const stolen = client.rob();
    if (!stolen) return;
    const thief = new WebSocket(this.url, 'bowline.v1');
    const [, seen] = client.notes.split(' ');
    const auth = client.user ? `\nauth ${client.user}` : '';
    const resume = `resume ${stolen.session} ${stolen.token} ${seen} ${MORE_ATTEMPTS}`;
    thief.on('open', () => thief.send(`hello${auth}\n${resume}`));
    thief.on('error', () => {}); // its line may break
    setTimeout(() => thief.terminate(), this.random.oneOf([100, 1_000]));
  }

  /** Waits for something that must come about now that nothing hinders it. */
  async #until(condition, millis = PATIENCE_MILLIS) {
    const deadline = performance.now() + millis;
    for (;;) {
      const [client, what] = condition() ?? [];
      if (!what || this.#isOver) return;
      if (performance.now() > deadline) {
        if (client) client.fail(`${client.name} ${what}`);
        else this.fail(what);
        return;
      }
      await pass(20);
    }
  }

  async #settle() {
    await pass(HOLE_MILLIS + 1_000); // what was put off has been done
    for (const client of this.clients) client.wake();
    this.host.say('calm');
    await this.ends();
    await pass(500); // all have heard of the end of their lines
    await this.#until(() => {
      for (const client of this.clients) {
        if (client.endedFor) continue;
        if (client.state !== 'open') return [client, `is ${client.state}, though all is well`];
        if (client.awaited.size > 0) return [client, `has no result of ${[...client.awaited]}`];
      }
      return undefined;
    });
    this.clients = this.clients.filter((client) => !client.endedFor);
    for (const topic of TOPICS) this.host.say(`publish ${topic} app.${++this.#told}`);
    for (const user of USERS) this.host.say(`mail ${user} app.${++this.#told}`);
    const unlogged = `app.${++this.#told}`;
    this.host.say(`publish typing.a ${unlogged}`);
    for (const client of this.clients) this.#note(client);
    await this.ends();
    await this.#until(() => {
      for (const client of this.clients) {
        for (const subscription of client.subscriptions.values()) {
          const missing = subscription.isComplete(this.truth.ends(), [[unlogged, 'typing.a']]);
          if (missing) return [client, `is not up to date: of ${subscription.pattern}, ${missing}`];
        }
        const notes = `${client.id} ${this.#notes.get(client.id)}`;
        if (client.notes !== notes) return [client, `has the notes ${client.notes}, and there are ${notes}`];
      }
      return undefined;
    });
  }

  async #leave() {
    for (const client of this.clients) client.bye();
    await this.#until(() => {
      const left = [...this.sessions].filter((session) => !this.truth.isOver(session));
      return left.length > 0 && this.truth.restarts === 0 ? [undefined, `sessions are not over: ${left}`] : undefined;
    });
    await this.ends();
    this.truth.checkComplete();
    for (const { client, session, reason } of this.losses) {
      if (!this.truth.isOver(session) && this.truth.restarts === 0) {
        client.fail(`${client.name} has lost ${session} by "${reason}", which was not over`);
      }
    }
    await pass(0); // whoever failed is heard first
  }
}

function pass(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/**
 * Plays one course of events.
 *
 * @param {object} options
 * @param {number} options.seed
 * @param {number} [options.clients]
 * @param {number} [options.millis] how long things go wrong
 * @param {boolean} [options.restarts] whether the server restarts, with the loss of all that it has
 * @param {(client: SimulatedClient) => typeof NO_DEFECT} [options.defect] what is wrong with a client
 * @throws {Error} with the seed and the last that the client saw, if anybody was told what is not so
 */
export async function simulate({ seed, clients = 24, millis = 10_000, restarts = false, defect = () => NO_DEFECT }) {
  const simulation = new Simulation({ seed, clients, millis, restarts, defect });
  try {
    await simulation.run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  }
  return { sessions: simulation.sessions.size, losses: simulation.losses.length };
}
