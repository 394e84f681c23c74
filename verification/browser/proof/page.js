// A page with a session, as anybody would write one. It publishes, sends and asks as fast as it is allowed to, and
// reports what it gives and gets to the checker: by `witness`, a function of the browser's debugger, which knows
// nothing of the session.
import { connect } from './session.js';

const parameters = new URLSearchParams(location.search);
const tab = parameters.get('tab');
const ratePerSecond = Number(parameters.get('rate'));
const MAX_OPEN = 300; // commands without a result: more than the server takes, so some wait in the outbox
const life = Number(sessionStorage.getItem('life') ?? 0) + 1; // which page of this tab this is
sessionStorage.setItem('life', life);

// ---- Reports ----

// The debugger stops listening to a page that is left before the page itself has ended. So a page leaves its last
// reports to the next one. They have numbers: none is lost unseen, and none counts twice.
let reports = 0;
let lastReports = JSON.parse(sessionStorage.getItem('reports') ?? '[]');
let untold = [...lastReports]; // one call for each would keep the debugger from all else

function tell() {
  if (untold.length > 0) witness(untold.join('\n'));
  untold = [];
}

function report(words) {
  const line = `${life} ${++reports} ${words}`;
  lastReports.push(line);
  if (lastReports.length > 4_000) lastReports = lastReports.slice(-2_000);
  untold.push(line);
  if (untold.length >= 500) tell();
}

setInterval(tell, 50);

addEventListener('pagehide', () => sessionStorage.setItem('reports', JSON.stringify(lastReports)));
report('event page');
addEventListener('freeze', () => report('event frozen'), { capture: true });
addEventListener('offline', () => report('event offline'));
document.addEventListener('visibilitychange', () => report(`event ${document.visibilityState}`));

const sizeOf = (data) => (typeof data === 'string' ? new TextEncoder().encode(data).length : data.length);
const labelOf = (data) => (typeof data === 'string' ? data : new TextDecoder().decode(data)).split(' ', 1)[0];

// ---- What comes ----

const session = connect(`ws://127.0.0.1:${parameters.get('port')}/`, { storage: sessionStorage, agent: tab });
session.addEventListener('welcome', ({ id, resumed, reason }) => {
  report(`welcome ${id} ${resumed} ${reason ?? ''}`.trimEnd());
});
session.addEventListener('message', ({ data }) => report(`direct ${data}`));
for (const type of ['gap', 'reset', 'out', 'overflow', 'end']) {
  session.addEventListener(type, (event) => report(`loss ${type} ${JSON.stringify({ ...event })}`));
}
const subscription = session.subscribe('proof.>', ({ topic, epoch, offset, data }) => {
  report(`topic ${topic} ${epoch} ${offset} ${labelOf(data)} ${sizeOf(data)}`);
});
subscription.ready.then(() => report('subscribed'), (error) => report(`loss subscription ${error}`));

// ---- What goes ----

let given = 0;
let open = 0;
let due = 0;
let lookedAt = performance.now();
let hasBegun = false;
let isStopped = false;

/** Some are empty but for their label, some have many frames' worth of bytes, some are binary. */
function payload(label, number) {
  const text = `${label} ${'a→🪢'.repeat(number % 97 === 0 ? 3_000 : (number * 31) % 61)}`.trimEnd();
  return number % 16 === 7 ? new TextEncoder().encode(text) : text;
}

const VERBS = {
  pub: (data) => session.publish('proof.room', data),
  own: (data) => session.publish(`proof.${tab}`, data),
  send: (data) => session.send('note', data),
  answer: (data) => session.send('answer', data),
  req: async (data) => {
    const answer = await session.request('echo', data);
    return `${labelOf(answer)} ${sizeOf(answer)}`;
  },
  stream: async (data, label) => {
    for await (const part of session.stream('count', data)) report(`part ${label} ${part}`);
  },
};

function verbOf(number) {
  if (number % 100 === 50) return 'stream';
  return { 2: 'own', 4: 'send', 6: 'answer', 8: 'req' }[number % 10] ?? 'pub';
}

async function give(number) {
  const label = `${tab}.${life}.${number}`;
  const verb = verbOf(number);
  const data = payload(label, number);
  report(`give ${label} ${verb} ${sizeOf(data)}`);
  open++;
  try {
    const answer = await VERBS[verb](data, label);
    report(`done ${label} ${answer ?? ''}`.trimEnd());
  } catch (error) {
    report(`failed ${label} ${error.outcome ?? error} ${error.code ?? ''}`.trimEnd());
  }
  open--;
  if (isStopped && open === 0) report('idle');
  giveMore();
}

function giveMore() {
  if (!hasBegun || isStopped) return;
  const now = performance.now();
  due = Math.min(due + ((now - lookedAt) / 1_000) * ratePerSecond, ratePerSecond); // of a second at most
  lookedAt = now;
  for (; due >= 1 && open < MAX_OPEN; due--) void give(++given);
}

/** Whether it is time to begin, or to stop. */
async function look() {
  const phase = await fetch('phase').then((response) => response.text(), () => 'offline');
  if (phase === 'go') hasBegun = true;
  if (phase !== 'stop') return;
  if (!isStopped && open === 0) report('idle');
  isStopped = true;
}

void look();
setInterval(look, 500);
setInterval(giveMore, 20);
