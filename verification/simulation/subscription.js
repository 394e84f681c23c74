// One subscription of a client, and whether what it is told of its topics can be.

const WILD = { '*': '[^.]+', '>': '.+' };

/** §6.1; on purpose not the client's own. @param {string} pattern @param {string} topic */
export function covers(pattern, topic) {
  if (pattern === topic) return true;
  if (topic.startsWith('$')) return false;
  const parts = pattern.replaceAll('$', '\\$').split('.').map((part) => WILD[part] ?? part);
  return new RegExp(`^${parts.join('\\.')}$`).test(topic);
}

/** The host's logs change their epochs and lose nothing: e, e_1, e_2 … are one log. @param {string | null} epoch */
const origin = (epoch) => epoch?.split('_', 1)[0] ?? null;

const LOSSES = { trimmed: 'short.', dropped: 'drop.', conflated: 'latest.' };

export class WatchedSubscription {
  isOver = false;
  isConfirmed = false;
  /** Where each topic is: { epoch, offset }; an epoch that is null is not known. */
  #positions = new Map();
  /** Where the first message of a topic was. */
  #firsts = new Map();
  /** Where logs ended at a moment when this was in effect. */
  #ends;
  /** Whether a topic of which nothing came may have begun anew since. */
  #mayBeginLater = false;
  /** Behind what the first message must come. */
  #starts;
  #unlogged = new Set();

  /**
   * @param {import('./client.js').SimulatedClient} client
   * @param {string} pattern
   * @param {Map<string, { epoch: string | null, offset: number }>} starts behind which topics go on
   */
  constructor(client, pattern, starts) {
    this.client = client;
    this.pattern = pattern;
    this.#starts = starts;
  }

  get positions() {
    return new Map(this.#positions);
  }

  #wrong(what) {
    this.client.fail(`${this.client.name}, subscribed to ${this.pattern}, ${what}`);
  }

  #logOf(topic) {
    return topic === '$mailbox' ? `$mailbox ${this.client.user}` : topic;
  }

  /** @param {Map<string, { epoch: string, end: number }>} ends where logs end, a while after it was in effect */
  confirmedBefore(ends) {
    this.#ends = ends;
    if (!this.#mayBeginLater) for (const topic of this.#firsts.keys()) this.#checkFirst(topic);
  }

  /** A session that is new begins with what comes next, where nothing came before. */
  newSession() {
    this.#mayBeginLater = true;
  }

  #checkFirst(topic) {
    const { epoch, offset } = this.#firsts.get(topic);
    const log = this.#ends?.get(this.#logOf(topic)) ?? { epoch, end: 0 };
    if (this.#ends && log.epoch === epoch && offset > log.end + 1) {
      this.#wrong(`was first told ${offset} of ${topic}, which had ended at ${log.end} when that was in effect`);
    }
  }

  message({ topic, epoch: named, offset, data }) {
    const epoch = origin(named);
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    const id = text.split(' ', 1)[0];
    if (this.isOver || !covers(this.pattern, topic)) this.#wrong(`was told ${id} of ${topic}`);
    if (offset === 0) {
      if (this.#unlogged.has(id)) this.#wrong(`was told ${id} of ${topic} twice`);
      this.#unlogged.add(id);
      return;
    }
    const position = this.#positions.get(topic);
    if (position && ((position.epoch ?? epoch) !== epoch || offset !== position.offset + 1)) {
      this.#wrong(`was told ${id} at ${epoch} ${offset} of ${topic}, behind ${position.epoch} ${position.offset}`);
    }
    if (!position) this.#begins(topic, epoch, offset);
    this.#positions.set(topic, { epoch, offset });
    this.client.truth.told(this.client.name, this.#logOf(topic), epoch, offset, id);
  }

  #begins(topic, epoch, offset) {
    const start = this.#starts.get(topic);
    if (start && ((start.epoch ?? epoch) !== epoch || offset !== start.offset + 1)) {
      this.#wrong(`was first told ${epoch} ${offset} of ${topic}, and not what follows ${start.epoch} ${start.offset}`);
    }
    this.#firsts.set(topic, { epoch, offset });
    if (!start && !this.#mayBeginLater) this.#checkFirst(topic);
  }

  gap({ topic, from, to, code }) {
    const position = this.#positions.get(topic) ?? this.#starts.get(topic);
    if (this.isOver || (position && from !== position.offset + 1)) {
      this.#wrong(`was told a gap of ${topic} from ${from}, behind ${position?.offset}`);
    }
    if (!topic.startsWith(LOSSES[code] ?? ' ')) this.#wrong(`was told a gap of ${topic}, as ${code}`);
    this.#positions.set(topic, { epoch: position?.epoch ?? null, offset: to });
  }

  reset({ topic, epoch: named, offset, code }) {
    const epoch = origin(named);
    const mayBe = this.client.askedInVain.has(topic) || this.client.truth.restarts > 0;
    if (this.isOver || code !== 'lost' || !mayBe) this.#wrong(`was told a reset of ${topic}, as ${code}`);
    this.#positions.set(topic, { epoch, offset });
  }

  /** When the last message of each log has come: topic → { epoch, end }, and the ids of what has no log. */
  isComplete(lasts, unlogged) {
    for (const [log, { epoch, end }] of lasts) {
      const topic = log.startsWith('$mailbox ') ? '$mailbox' : log;
      if (log !== this.#logOf(topic) || !covers(this.pattern, topic) || topic.startsWith('secret.')) continue;
      const position = this.#positions.get(topic);
      if (position?.epoch !== epoch || position.offset !== end) {
        return `${topic} is at ${position?.epoch} ${position?.offset}, and not at ${epoch} ${end}`;
      }
    }
    // Whom a pattern has not yet brought the right to the topic misses it (§6.6).
    for (const [id, topic] of unlogged) {
      if (this.pattern === topic && !this.#unlogged.has(id)) return `${id} of ${topic} did not come`;
    }
    return '';
  }
}
