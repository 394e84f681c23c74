// Chromium through the fault proxy: tabs that publish and listen, while their network and they themselves meet with
// everything that faults.js has, at random; and then the checker's verdict.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEverydayChromium, until } from '../support.js';
import { check, Evidence } from './checker.js';
import { NETWORK, PAGE } from './faults.js';
import { Weather } from './weather.js';

const PROVE = fileURLToPath(new URL('../../../scripts/prove', import.meta.url));
const FILES = {
  '': ['page.html', 'text/html'],
  'page.js': ['page.js', 'text/javascript'],
  'session.js': ['../../../javascript-client/session.js', 'text/javascript'],
  'session-core.js': ['../../../javascript-client/session-core.js', 'text/javascript'],
  elsewhere: [null, 'text/html'],
  phase: [null, 'text/plain'],
};
// When nothing has come for so long, nothing will: a busy machine may keep the debugger waiting.
const QUIET_MILLIS = 8_000;
const SETTLING_MILLIS = 150_000; // when it has not become quiet by then, it will not

/**
 * Plays until the tabs have published so many messages, and each kind of fault has happened.
 *
 * @param {object} options
 * @param {number} options.messages
 * @param {number} options.seed of the faults: what, and for how long. When things happen the machine has its say, too
 * @param {number} [options.tabs]
 * @param {number} [options.rate] how many commands a second a tab gives while it can
 * @param {number} [options.pace] how long faults last, and what is between them
 * @param {object} [options.network] which of the faults; default: all
 * @param {object} [options.page] likewise
 * @param {number} [options.least] how many faults the network and the page of each tab must have had
 * @param {(source: string, file: string, tab: string) => string} [options.spoil] changes what a tab is served
 * @param {(line: string) => void} [options.say] is told how it goes
 */
export async function prove({
  messages, seed, tabs = 2, rate = 500, pace = 1, least = 1, network = NETWORK, page = PAGE,
  spoil = (source) => source, say = () => {},
}) {
  const began = Date.now();
  const evidence = new Evidence();
  const stack = [];
  try {
    const hub = await startHub(tabs, evidence);
    stack.push(hub.close);
    const origin = await serve(spoil);
    stack.push(origin.close);
    const chromium = await startEverydayChromium();
    stack.push(chromium.close);

    const all = [];
    for (let i = 0; i < tabs; i++) all.push(await openTab(chromium.context, origin.url, hub, i, rate, evidence));
    // A tab that hides the others.
    const elsewhere = { bringToFront: await fronting(chromium.context, await chromium.context.newPage()) };
    const allReported = (words) => all.every(({ name }) => evidence.tabs.get(name)?.at(-1)?.includes(words));
    await until(() => allReported('subscribed'), 'the subscriptions');
    origin.phase = 'go';
    hub.order('speak');

    const weather = new Weather(all, elsewhere, { seed, pace, network, page });
    const progress = setInterval(() => say(`${hub.published()} published; ${[...weather.now].join(', ')}`), 10_000);
    stack.push(() => clearInterval(progress));
    const isEnough = () => hub.published() >= messages && weather.hadEnough(least);
    const patience = 120_000 + messages * 20;
    await Promise.race([weather.failed, until(isEnough, `${messages} messages and every fault`, patience)]);
    await weather.calm();

    for (const tab of all) tab.bringToFront();
    origin.phase = 'stop';
    await quiet(evidence, () => allReported('idle'));
    await hub.silence();
    await quiet(evidence, () => check(evidence).faults.length === 0);
    return { ...check(evidence), happened: weather.happened, seconds: Math.round((Date.now() - began) / 1_000) };
  } finally {
    for (const close of stack.reverse()) await close();
  }
}

/** Waits for the condition for as long as there is news; what is missing then is for the checker to say. */
async function quiet(evidence, condition) {
  const deadline = Date.now() + SETTLING_MILLIS;
  let [last, since] = [evidence.lines, Date.now()];
  while (!condition() && Date.now() < Math.min(since + QUIET_MILLIS, deadline)) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (evidence.lines !== last) [last, since] = [evidence.lines, Date.now()];
  }
}

/** The server and the proxies, as a process of their own. */
async function startHub(tabs, evidence) {
  const child = spawn(PROVE, ['hub', String(tabs)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let ports;
  let published = 0;
  let isSilent = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('ready ')) ports = line.split(' ').slice(1);
    else if (line === 'silent') isSilent = true;
    else evidence.fromServer(line);
    if (line.startsWith('logged ') && !line.includes(' hub.')) published++;
  });
  await until(() => ports ?? child.exitCode !== null, 'the hub', 180_000); // it may have to be built first
  if (!ports) throw new Error('the hub has not started');
  return {
    ports,
    order: (words) => child.stdin.write(`${words}\n`),
    published: () => published,
    lines: () => evidence.server.length,
    silence: async () => {
      child.stdin.write('silence\n');
      await until(() => isSilent, 'the silence of the hub');
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

/** Where the page comes from: not through the proxies, as it is the session that is to be proved. */
async function serve(spoil) {
  const origin = { phase: 'wait', url: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    const [, tab, name] = new URL(request.url, 'http://localhost').pathname.split('/');
    const [file, type] = FILES[name] ?? [];
    response.writeHead(type ? 200 : 404, { 'Content-Type': type ?? 'text/plain', 'Cache-Control': 'no-store' });
    if (name === 'phase') response.end(origin.phase);
    else response.end(file ? spoil(await readFile(new URL(file, import.meta.url), 'utf8'), name, tab) : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin.url = `http://127.0.0.1:${server.address().port}/`;
  return origin;
}

async function openTab(context, url, hub, i, rate, evidence) {
  const name = `t${i}`;
  const page = await context.newPage();
  const debug = await context.newCDPSession(page);
  const appearances = new Set(); // a report may come twice
  debug.on('Runtime.bindingCalled', ({ payload }) => {
    for (const line of payload.split('\n')) {
      evidence.fromPage(name, line);
      if (/ event page$/.test(line)) appearances.add(line);
    }
  });
  await debug.send('Runtime.enable');
  await debug.send('Runtime.addBinding', { name: 'witness' });
  await debug.send('Network.enable');
  await page.goto(`${url}${name}/?tab=${name}&port=${hub.ports[i]}&rate=${rate}`);
  return {
    name,
    debug,
    bringToFront: await fronting(context, page),
    appearances: () => appearances.size,
    order: (words) => hub.order(`${i} ${words}`),
  };
}

/** Nobody waits for it: a tab that is busy answers late, or when the browser has ended. */
async function fronting(context, page) {
  const debug = await context.newCDPSession(page);
  const { targetInfo: { targetId } } = await debug.send('Target.getTargetInfo');
  const browser = await context.browser().newBrowserCDPSession();
  return () => void browser.send('Target.activateTarget', { targetId }).catch(() => {});
}

/** What a verdict says, for people. */
export function summary({ faults, counts, happened, seconds }) {
  const list = (numbers) => Object.entries(numbers).map(([name, number]) => `  ${String(number).padStart(8)}  ${name}`);
  return [
    'what happened:', ...list(happened),
    'what was witnessed:', ...list(counts),
    ...faults.slice(0, 20).map((fault) => `FAULT ${fault}`),
    `${faults.length} faults; ${seconds} s`,
  ].join('\n');
}
