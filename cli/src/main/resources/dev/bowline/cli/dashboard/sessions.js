/** The sessions of a node, and the life of one of them. */
import { ask, Problem } from './api.js';
import { byId, count, duration, element, fill, timeOfDayExactly } from './format.js';
import { words } from './page-words.js';

const FETCHED = 1_000;
const SHOWN = 100;
const ID_CHARACTERS = 16;

/** A close code, and what it means where that is known. */
export function closeCode(code) {
  return code in words.codes ? `${code} ${words.codes[code]}` : String(code);
}

/** What an event of a trace says: its name, its words, and whether that is good or bad. */
function describe(event) {
  switch (event.event) {
    case 'started':
      return { name: words.started, tone: 'good' };
    case 'suspended':
      return { name: words.suspended, text: closeCode(event.code), tone: 'wait' };
    case 'resumed': {
      const parts = [];
      if (event.awayMillis > 0) parts.push(words['after-time'](duration(event.awayMillis)));
      if (event.replayed > 0) parts.push(words['sent-again'](count(event.replayed), event.replayed));
      return { name: words.resumed, text: parts.join(words.and), tone: 'good' };
    }
    case 'caught-up': {
      const parts = [words.replayed(count(event.replayed), event.replayed, duration(event.afterMillis))];
      if (event.gaps > 0) parts.push(words.gaps(count(event.gaps), event.gaps, count(event.missed), event.missed));
      if (event.resets > 0) parts.push(words.resets(count(event.resets), event.resets));
      return { name: words['caught-up'], text: parts.join(words.then), tone: event.gaps + event.resets > 0 ? 'bad' : 'good' };
    }
    default: {
      const why = event.reason ? words.because + event.reason : '';
      return { name: words.ended, text: closeCode(event.code) + why, tone: 'soft' };
    }
  }
}

export class Sessions {
  #all = [];
  #more = false;
  #chosen = '';
  #shown = ''; // the trace, as it was told
  #failed;

  /** @param {(problem: unknown) => void} failed is told what the API says is wrong */
  constructor(failed) {
    this.#failed = failed;
    byId('search').addEventListener('input', () => this.#show());
    byId('search-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#lookUp(byId('search').value.trim()).catch(failed);
    });
    byId('sessions').addEventListener('click', ({ target }) => {
      const id = target.closest('button')?.dataset.session;
      if (id) this.choose(id).catch(failed);
    });
  }

  /** Asks anew. */
  async refresh() {
    const page = await ask(`sessions?limit=${FETCHED}`);
    this.#all = page.sessions;
    this.#more = page.next !== null;
    this.#show();
  }

  #found() {
    const search = byId('search').value.trim().toLowerCase();
    if (search === '') return this.#all;
    return this.#all.filter(({ id, user }) => id.toLowerCase().includes(search) || user?.toLowerCase().includes(search));
  }

  #show() {
    const found = this.#found();
    const focused = document.activeElement?.dataset.session;
    fill(
      byId('sessions'),
      found.slice(0, SHOWN).map((session) => [
        this.#button(session.id),
        session.user ?? '',
        this.#state(session),
        count(session.subscriptions),
        count(session.unacknowledged),
      ]),
      this.#all.length === 0 ? words.none : words['none-of-these'],
    );
    if (focused) byId('sessions').querySelector(`[data-session="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const hidden = found.length - SHOWN;
    byId('sessions-hint').textContent =
      hidden > 0 || this.#more
        ? words.shown(count(Math.min(SHOWN, found.length)), count(found.length), this.#more)
        : '';
  }

  #state({ connected, forMillis }) {
    const tell = words[connected ? 'connected-for' : 'away-for'];
    return element('span', tell(duration(forMillis)), connected ? 'good' : 'wait');
  }

  #button(id) {
    const button = element('button', id.length > ID_CHARACTERS ? `${id.slice(0, ID_CHARACTERS)}…` : id, 'link');
    button.type = 'button';
    button.title = id;
    button.dataset.session = id;
    if (id === this.#chosen) button.setAttribute('aria-current', 'true');
    return button;
  }

  /** A session by its id, or else the first of a user. */
  async #lookUp(name) {
    if (name === '') return;
    if (await this.choose(name)) return;
    try {
      const { sessions } = await ask(`users/${encodeURIComponent(name)}`);
      if (sessions.length > 0) {
        await this.choose(sessions[0]);
        return;
      }
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 400) throw problem; // it is no user's name
    }
    this.#tellTrace(words.nobody(name), []);
  }

  /** Shows a session's life from now on. Resolves with whether anything is known of it. */
  async choose(id) {
    this.#chosen = id;
    for (const button of byId('sessions').querySelectorAll('button')) {
      if (button.dataset.session === id) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    return this.refreshTrace();
  }

  async refreshTrace() {
    const id = this.#chosen;
    if (id === '') return false;
    let trace;
    try {
      trace = await ask(`sessions/${encodeURIComponent(id)}/trace`);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
      if (id === this.#chosen) this.#tellTrace(words['no-life'](id), []);
      return false;
    }
    if (id === this.#chosen) {
      const who = [id, trace.user && words['of-user'](trace.user), trace.agent].filter(Boolean).join(' · ');
      const forgotten = trace.forgotten === 0 ? '' : ` · ${words.forgotten(count(trace.forgotten))}`;
      this.#tellTrace(who + forgotten, trace.events);
    }
    return true;
  }

  #tellTrace(hint, events) {
    const told = JSON.stringify([hint, events]);
    if (told === this.#shown) return; // whoever reads it is not disturbed
    this.#shown = told;
    byId('trace-hint').textContent = hint;
    byId('trace').replaceChildren(
      ...events.map((event) => {
        const { name, text, tone } = describe(event);
        const time = element('time', timeOfDayExactly(event.atMillis));
        time.dateTime = new Date(event.atMillis).toISOString();
        return element('li', [time, element('strong', name), element('span', text ?? '')], tone);
      }),
    );
    byId('trace').scrollTop = byId('trace').scrollHeight;
  }
}
