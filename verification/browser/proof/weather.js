// When which fault happens to which tab.
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MILLIS = 60_000; // with a fault; none lasts so long

/** Random numbers in [0, 1), of which a seed has as many sequences as one likes. @param {number[]} seeds */
function seeded(...seeds) {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) + 0x7f4a7c15, 0) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Two storms for each tab, one in its network and one in its page, and somebody who changes tabs. The seed says what
 * happens in a storm, in which order, and for how long; the machine says what meets with what.
 */
export class Weather {
  /** How often each kind of fault has happened. @type {Record<string, number>} */
  happened = {};
  /** What happens now. @type {Set<string>} */
  now = new Set();
  /** Never fulfilled; rejected if a fault could not be brought about. @type {Promise<never>} */
  failed;
  #storms = [];
  #counts = [];
  #kinds;
  #isOver = false;

  /**
   * @param {object[]} tabs
   * @param {object} elsewhere a tab that has nothing to do with it
   * @param {{ seed: number, pace: number, network: object, page: object }} options pace: of all waiting; 1 is the usual
   */
  constructor(tabs, elsewhere, { seed, pace, network, page }) {
    this.#kinds = [...Object.keys(network), ...Object.keys(page)];
    for (const [i, tab] of tabs.entries()) {
      for (const [faults, mostBetween] of [[network, 2_000], [page, 5_000]]) {
        const number = this.#counts.push(0);
        // All tabs have the same order, and begin at different places of it: so every kind has its turn soon.
        const names = shuffled(Object.keys(faults), seeded(seed));
        const next = Math.floor((i * names.length) / tabs.length);
        this.#storms.push(this.#storm(tab, faults, [...names.slice(next), ...names.slice(0, next)], {
          ...toolsOf(seeded(seed, number), pace), mostBetween, number: number - 1,
        }));
      }
    }
    this.#storms.push(this.#changeTabs([...tabs, elsewhere], toolsOf(seeded(seed, 0), pace)));
    this.failed = Promise.all(this.#storms).then(() => new Promise(() => {}));
  }

  /** Whether every kind of fault has happened, and each storm has had so many. */
  hadEnough(least) {
    return this.#kinds.every((name) => this.happened[name] > 0) && this.#counts.every((count) => count >= least);
  }

  /** Lets what happens now end, and nothing begin. */
  async calm() {
    this.#isOver = true;
    await Promise.all(this.#storms);
  }

  async #storm(tab, faults, names, tools) {
    for (let deck = []; !this.#isOver; ) {
      await tools.pause(100, tools.mostBetween);
      if (deck.length === 0) deck = [...names];
      const name = deck.shift();
      this.now.add(`${tab.name} ${name}`);
      await within(PATIENCE_MILLIS, faults[name]({ ...tools, ...tab }), `${tab.name} ${name}`);
      this.now.delete(`${tab.name} ${name}`);
      this.happened[name] = (this.happened[name] ?? 0) + 1;
      this.#counts[tools.number]++;
      if (deck.length === 0) names = shuffled(names, tools.random);
    }
  }

  async #changeTabs(tabs, { between, pause }) {
    while (!this.#isOver) {
      tabs[between(0, tabs.length - 1)].bringToFront();
      await pause(300, 3_000);
    }
  }
}

async function within(millis, promise, what) {
  const timer = new AbortController();
  const tooLong = sleep(millis, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`not within ${millis} ms: ${what}`);
  });
  tooLong.catch(() => {}); // aborted, or told by the race
  await Promise.race([promise, tooLong]);
  timer.abort();
}

function toolsOf(random, pace) {
  const between = (least, most) => least + Math.floor(random() * (most - least + 1));
  return {
    random,
    between,
    pause: (least, most) => sleep(pace * between(least, most)),
    way: () => ['TO_SERVER', 'TO_CLIENT', 'BOTH'][between(0, 2)],
  };
}

function shuffled(names, random) {
  return names
    .map((name) => ({ name, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ name }) => name);
}
