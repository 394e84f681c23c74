// What docs/getting-started.md says, done as it says it: its commands, its page, in Chromium.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { cannotRun, environment, freePort, isFree, orFail, startChromium, until } from './support.js';

// Those of the tests are no settings of the program.
const { BOWLINE_COMMAND, BOWLINE_READY_MILLIS } = process.env;
const READY_MILLIS = Number(BOWLINE_READY_MILLIS ?? 180_000); // the launcher may have to build first
const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The blocks of code of the page, in order. Those that go on run until they are stopped. */
const BLOCKS = [
  ...readFileSync(file('../../docs/getting-started.md'), 'utf8').matchAll(
    /^(<!-- goes on -->\n)?```(\w+)\n(.*?)^```$/gms,
  ),
].map(([, goesOn, language, text]) => ({ goesOn: goesOn !== undefined, language, text }));

const missing = ['bash', 'curl', 'python3', 'awk'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
);
const skip = cannotRun || orFail(missing.length > 0 && `${missing.join(', ')} is missing`);

test('the page of getting started does what it says', { skip }, async (t) => {
  // On ports of its own, as those of the page may be taken.
  const [server, api, pages] = await freePorts(3);
  const ports = { 3000: server, 3001: api, 8000: pages };
  const here = (text) => text.replace(/\b(3000|3001|8000)\b/g, (port) => ports[port]);
  const directory = mkdtempSync(join(tmpdir(), 'bowline-'));
  t.after(() => rmSync(directory, { recursive: true }));
  symlinkSync(BOWLINE_COMMAND ?? file('../../bowline'), join(directory, 'bowline'));
  const shell = {
    cwd: directory,
    env: { ...environment({ BOWLINE_SERVER_PORT: server, BOWLINE_API_PORT: api }), no_proxy: '127.0.0.1' },
  };
  const commands = (text) => ['-e', '-u', '-o', 'pipefail', '-c', here(text)];

  /** Runs a block, and returns what it prints. */
  function run(text) {
    const { status, stdout, stderr } = spawnSync('bash', commands(text), { ...shell, timeout: READY_MILLIS });
    assert.equal(status, 0, `${text}${stderr}`);
    return String(stdout);
  }

  /** Starts a block that goes on, and waits until somebody listens on its port. */
  async function start(text, port) {
    const child = spawn('bash', commands(`exec ${text}`), { ...shell, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    t.after(async () => {
      child.kill();
      await exited;
    });
    createInterface({ input: child.stdout }).resume();
    await until(async () => child.exitCode !== null || !(await isFree(Number(port))), text, READY_MILLIS);
    assert.equal(child.exitCode, null, `${text} has ended`);
  }

  let address;
  let page;
  let published = '';
  for (const { goesOn, language, text } of BLOCKS) {
    if (language === 'html') {
      mkdirSync(join(directory, 'page'));
      writeFileSync(join(directory, 'page', 'index.html'), here(text));
    } else if (goesOn) {
      await start(text, text.includes('http.server') ? pages : server);
    } else {
      const printed = run(text);
      address ??= /^http:\S+$/m.exec(printed)?.[0];
      published += printed;
      if (address) page ??= await open(t, address);
    }
  }
  assert.match(published, /\{"topic":"public\.news","offset":1\}/);
  const lines = async () => (await page.locator('#messages li').allTextContents()).sort();
  const expected = ['Hello again', 'Hello, everybody', 'for you: Hello, Ada'];
  await until(async () => (await lines()).length >= expected.length, 'all messages on the page');
  assert.deepEqual(await lines(), expected);

  await page.context().setOffline(true);
  run(`for i in 1 2 3; do ./bowline publish --config bowline.yaml public.news "missed $i"; done`);
  await page.context().setOffline(false);
  await until(async () => (await lines()).includes('missed 3'), 'what was missed');
  assert.deepEqual((await lines()).filter((line) => line.startsWith('missed')), ['missed 1', 'missed 2', 'missed 3']);
});

/** Ports that nobody uses now, as text. */
async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) ports.add(String(await freePort()));
  return [...ports];
}

/** The page, when it says that it is open. What goes wrong on it is told with the test. */
async function open(t, address) {
  const browser = await startChromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.on('pageerror', (error) => t.diagnostic(String(error)));
  await page.goto(address);
  await until(async () => (await page.textContent('#state')) === 'open', 'the page says open');
  return page;
}
