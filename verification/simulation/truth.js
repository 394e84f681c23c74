// What really happened, as the server's log and its handlers tell it; the clients know nothing of it. What they were
// told is compared with it.

/** The last number in what something is known by. */
const numberOf = (id) => Number(id.slice(id.lastIndexOf('.') + 1));
const makerOf = (id) => id.slice(0, id.lastIndexOf('.'));

export class Truth {
  /** By topic: the epoch, and what is known of each offset; the one at offset 1 first. */
  #logs = new Map();
  /** Where messages are. */
  #places = new Map();
  /** How often handlers were given something. */
  #handled = new Map();
  #over = new Set();
  #lastNumbers = new Map();
  /** What clients were told before the log told it, by place. */
  #early = new Map();
  /** Results of commands that the application, or a log, has seen or not. */
  #results = [];
  #fail;
  restarts = 0;

  /** @param {(what: string) => void} fail */
  constructor(fail) {
    this.#fail = fail;
  }

  /** A line of the host's. False if it is none of these. */
  take(line) {
    const [verb, ...words] = line.split(' ');
    // A mailbox has a name of two words.
    const [epoch, offset, id] = words.slice(-3);
    if (verb === 'appended') this.#appended(words.slice(0, -3).join(' '), epoch, Number(offset), id);
    else if (verb === 'handled') this.#wasHandled(...words);
    else if (verb === 'over') this.#over.add(words[0]);
    else if (verb === 'restarted') this.restarts++;
    else return false;
    return true;
  }

  #appended(topic, epoch, offset, id) {
    const place = `${topic} ${epoch} ${offset}`;
    if (this.#places.has(id)) this.#fail(`${id} is in a log twice: ${this.#places.get(id)}, ${place}`);
    this.#places.set(id, place);
    let log = this.#logs.get(topic);
    if (log?.epoch !== epoch) this.#logs.set(topic, (log = { epoch, end: 0 }));
    if (offset !== log.end + 1) this.#fail(`${id} got ${offset} in ${topic}, behind ${log.end}`);
    log.end = offset;
    this.#inOrder(id, topic);
    for (const { told, who } of this.#early.get(place) ?? []) {
      if (told !== id) this.#fail(`${who} was told ${told} at ${place}, where ${id} is`);
    }
    this.#early.delete(place);
  }

  #wasHandled(id, session, name) {
    const times = (this.#handled.get(id) ?? 0) + 1;
    this.#handled.set(id, times);
    if (times > 1) this.#fail(`${id} was handled ${times} times, at last for ${session}`);
    this.#inOrder(id, name);
  }

  /** Of one page's commands to one place. */
  #inOrder(id, channel) {
    const key = `${makerOf(id)} ${channel}`;
    const last = this.#lastNumbers.get(key) ?? -1;
    if (numberOf(id) <= last && makerOf(id) !== 'app') this.#fail(`${id} was handled behind ${last}, by ${channel}`);
    this.#lastNumbers.set(key, numberOf(id));
  }

  /** Where the logs end now: topic → { epoch, end }. */
  ends() {
    return new Map([...this.#logs].map(([topic, log]) => [topic, { ...log }]));
  }

  /** A client was told of a message. */
  told(who, topic, epoch, offset, id) {
    const place = `${topic} ${epoch} ${offset}`;
    const at = this.#places.get(id);
    if (at === place) return;
    if (at) this.#fail(`${who} was told ${id} at ${place}, and it is at ${at}`);
    const log = this.#logs.get(topic);
    if (log?.epoch === epoch && offset <= log.end) this.#fail(`${who} was told ${id} at ${place}: it is another one`);
    this.#early.set(place, [...(this.#early.get(place) ?? []), { told: id, who }]);
  }

  /** A command has its result: checked in the end. */
  result(id, kind, outcome, code) {
    this.#results.push({ id, kind, outcome, code });
  }

  isOver(session) {
    return this.#over.has(session);
  }

  /** When nothing happens any more. */
  checkComplete() {
    for (const [place, [{ who, told }]] of this.#early) {
      this.#fail(`${who} was told ${told} at ${place}, where nothing is`);
    }
    for (const { id, kind, outcome, code } of this.#results) {
      const times = kind === 'pub' ? Number(this.#places.has(id)) : (this.#handled.get(id) ?? 0);
      const [least, most] = expected(kind, outcome, code);
      if (times < least || times > most) {
        this.#fail(`${id} has the result ${outcome} ${code ?? ''}, and was handled ${times} times`);
      }
    }
  }
}

/** How often something with this result must have been handled, at least and at most. */
function expected(kind, outcome, code) {
  if (kind === 'typing') return [0, 1];
  if (outcome === 'done') return [1, 1];
  if (outcome === 'not sent') return [0, 0];
  if (outcome !== 'refused') return [0, 1];
  if (['forbidden', 'not-found', 'bad-request', 'unauthorized', 'unavailable'].includes(code)) return [0, 0];
  return code === 'orders.sold-out' || code === 'timeout' ? [1, 1] : [0, 1];
}
