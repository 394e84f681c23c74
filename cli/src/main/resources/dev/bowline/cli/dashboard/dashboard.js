/** The page: a login, then what nodes tell, every two seconds. */
import { ask, forgetKey, hasKey, Problem, useKey } from './api.js';
import { Charts } from './charts.js';
import { Console } from './console.js';
import { byId, bytes, count, duration, element, fill, percent, perSecond } from './format.js';
import { Numbers } from './numbers.js';
import { words } from './page-words.js';
import { closeCode, Sessions } from './sessions.js';

const EVERY_MILLIS = 2_000;
const TABLES_EVERY = 3; // the tables take a walk through all sessions

const numbers = new Numbers();
let charts;
let sessions;
let watching;
let timer;
let round = 0;
let problem = ''; // of the last round
let alone = false; // whether other nodes can't be seen

// --- the login ------------------------------------------------------------------------------------------------------

function showLogin(text = '') {
  clearTimeout(timer);
  watching?.stop();
  byId('board').hidden = true;
  byId('tools').hidden = true;
  byId('login').hidden = false;
  byId('status').textContent = '';
  byId('login-problem').textContent = text;
  byId('key').value = '';
  byId('key').focus();
}

byId('login-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  useKey(byId('key').value.trim());
  try {
    await ask('nodes');
    begin();
  } catch (failure) {
    forgetKey();
    showLogin(failure.status === 401 ? words['wrong-key'] : failure.message);
  }
});

byId('log-out').addEventListener('click', () => {
  forgetKey();
  location.reload(); // nothing of what was shown stays
});

// --- asking ---------------------------------------------------------------------------------------------------------

function failed(failure) {
  if (!(failure instanceof Problem)) throw failure;
  if (failure.status === 401) {
    forgetKey();
    showLogin(words['old-key']);
    return;
  }
  problem = failure.message;
  tellStatus();
}

function begin() {
  byId('login').hidden = true;
  byId('board').hidden = false;
  byId('tools').hidden = false;
  charts ??= new Charts(byId('charts'));
  sessions ??= new Sessions(failed);
  watching ??= new Console();
  round = 0;
  turn();
}

async function turn() {
  clearTimeout(timer);
  const startedMillis = Date.now();
  try {
    show(await ask('nodes'));
    if (round % TABLES_EVERY === 0) {
      showTables(await ask('statistics'));
      await sessions.refresh();
    }
    await sessions.refreshTrace();
    problem = '';
    tellStatus();
  } catch (failure) {
    failed(failure);
  }
  round += 1;
  if (hasKey()) timer = setTimeout(turn, Math.max(250, EVERY_MILLIS - (Date.now() - startedMillis)));
}

// --- showing --------------------------------------------------------------------------------------------------------

const chosen = () => byId('node').value;

byId('node').addEventListener('change', () => render());

function show({ nodes, complete }) {
  numbers.add(nodes, Date.now());
  alone = !complete;
  render();
}

function tellStatus() {
  const nodes = numbers.nodes.length;
  const text = problem || (alone ? words.alone : words['node-count'](count(nodes), nodes));
  if (byId('status').textContent !== text) byId('status').textContent = text; // it is read aloud when it changes
  byId('status').classList.toggle('bad', problem !== '' || alone);
}

function render() {
  tellStatus();
  showChoice();
  const now = numbers.latest(chosen());
  for (const [id, value] of Object.entries({
    connections: count(now.connections),
    connected: count(now.connected),
    away: count(now.away),
    resumes: count(now.resumes),
    missed: count(now.missed),
    queued: bytes(now.queued),
  })) {
    byId(id).textContent = value;
  }
  byId('missed').classList.toggle('bad', now.missed > 0);
  charts?.show(numbers.series(chosen()));
  showNodes();
  fill(byId('closes'), numbers.closes(chosen()).map(([code, number]) => [closeCode(code), count(number)]), words.none);
}

/** Which nodes there are to choose from; one that is chosen and gone is all. */
function showChoice() {
  const select = byId('node');
  const ids = numbers.nodes.map(({ id }) => id);
  const there = [...select.options].slice(1).map(({ value }) => value);
  if (select.options.length > 0 && ids.join() === there.join()) return;
  const before = select.value;
  select.replaceChildren(
    new Option(words['all-nodes'], ''),
    ...numbers.nodes.map(({ id, name }) => new Option(name, id)),
  );
  select.value = ids.includes(before) ? before : '';
}

function showNodes() {
  fill(
    byId('nodes'),
    numbers.nodes.map((node) => {
      const now = numbers.latest(node.id);
      return [
        node.name,
        duration(node.uptimeMillis),
        count(now.connections),
        count(now.connected + now.away),
        perSecond(now.received),
        perSecond(now.sent),
        duration(now.p99),
        percent(now.load),
        bytes(now.heap),
        element('span', node.version, 'soft'),
      ];
    }),
    words.none,
  );
}

let topicsBefore = new Map();

function showTables({ node, topics, users }) {
  for (const here of document.querySelectorAll('.here')) here.textContent = node.name;
  fill(
    byId('topics'),
    topics.map(({ topic, subscribers, delivered }) => [
      element('span', topic, topicsBefore.get(topic) < delivered ? 'live' : ''),
      count(subscribers),
      count(delivered),
    ]),
    words['none-subscribed'],
  );
  topicsBefore = new Map(topics.map(({ topic, delivered }) => [topic, delivered]));
  fill(byId('users'), users.map(({ user, sessions: number }) => [user, count(number)]), words.none);
}

if (hasKey()) begin();
else showLogin();
