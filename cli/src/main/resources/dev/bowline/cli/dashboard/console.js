/** Publishes to a topic, and watches one: by asking for what is new, so that it needs nothing but the API. */
import { ask } from './api.js';
import { byId, count, element } from './format.js';
import { words } from './page-words.js';

const EVERY_MILLIS = 1_000;
const FIRST = 20;
const ENTRIES = 500;

export class Console {
  #topic = ''; // which is watched; '' for none
  #epoch;
  #after = 0;
  #timer;

  constructor() {
    byId('publish-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#publish();
    });
    byId('watch-form').addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#topic === '') this.#begin(byId('watch-topic').value.trim());
      else this.stop();
    });
  }

  async #publish() {
    const topic = byId('publish-topic').value.trim();
    const tell = (text, bad) => {
      byId('published').textContent = text;
      byId('published').classList.toggle('bad', bad);
    };
    try {
      const { offset } = await ask(`topics/${encodeURIComponent(topic)}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: byId('publish-text').value,
      });
      tell(offset === 0 ? words['published-only'] : words.published(count(offset)), false);
    } catch (problem) {
      tell(problem.message, true);
    }
  }

  #begin(topic) {
    this.#topic = topic;
    this.#epoch = undefined;
    this.#after = 0;
    byId('watched').replaceChildren();
    byId('watch').textContent = words.stop;
    byId('watch-topic').readOnly = true;
    this.#look();
  }

  stop() {
    this.#topic = '';
    clearTimeout(this.#timer);
    byId('watch').textContent = words.watch;
    byId('watch-topic').readOnly = false;
  }

  async #look() {
    const topic = this.#topic;
    const query = this.#epoch === undefined ? `last=${FIRST}` : `after=${this.#after}&epoch=${encodeURIComponent(this.#epoch)}`;
    try {
      const history = await ask(`topics/${encodeURIComponent(topic)}/messages?${query}`);
      if (topic !== this.#topic) return;
      this.#show(history);
      this.#timer = setTimeout(() => this.#look(), history.more && this.#epoch !== undefined ? 0 : EVERY_MILLIS);
    } catch (problem) {
      if (topic !== this.#topic) return;
      this.#add('bad', '!', problem.message);
      this.stop();
    }
  }

  #show({ epoch, begin, end, reset, messages }) {
    const first = this.#epoch === undefined;
    if (reset) {
      this.#add('bad', '!', words['log-lost']);
      this.#after = 0;
    }
    if (!first && begin > this.#after + 1) {
      this.#add('bad', '!', words['not-kept'](count(this.#after + 1), count(begin - 1)));
    }
    for (const { offset, text, data } of messages) {
      this.#add('', count(offset), text ?? words.binary(count(atob(data).length), data));
    }
    this.#epoch = epoch;
    this.#after = messages.at(-1)?.offset ?? Math.max(reset ? 0 : this.#after, first ? end : begin - 1);
  }

  #add(tone, number, text) {
    const log = byId('watched');
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    log.append(element('li', [element('span', number, 'offset'), element('span', text, 'text')], tone));
    while (log.childElementCount > ENTRIES) log.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}
