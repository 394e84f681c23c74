// Starts what the browser tests need: the program under test, and Chromium.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const BOWLINE = process.env.BOWLINE_COMMAND ?? fileURLToPath(new URL('../../bowline', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const READY_MILLIS = Number(process.env.BOWLINE_READY_MILLIS ?? 180_000); // the launcher may have to build first

/** The reason why no test of this folder can run here, or false. Under CI that is a failure, not a reason to skip. */
export const cannotRun = orFail(
  [CHROMIUM, BOWLINE].filter((file) => !existsSync(file)).map((file) => `there is no ${file}`)[0] ?? false,
);

/** @param {string | false} reason why a test cannot run */
export function orFail(reason) {
  if (reason && process.env.CI === 'true') throw new Error(`${reason}; under CI every test must run`);
  return reason;
}

/** Without variables of the program's own, which would be settings, or none at all, and refused; but the launcher's reach it. */
export function environment(settings = {}) {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('BOWLINE_') || name === 'BOWLINE_JAVA_OPTIONS',
  );
  return { ...Object.fromEntries(others), ...settings };
}

/**
 * Runs `bowline serve` and resolves once it says that it is ready. `kill` ends it as a crash would.
 * @param {string[]} [tls] the options that make it speak TLS
 * @param {string[]} [more] further options
 * @param {Record<string, string>} [settings] as variables of its environment
 */
export async function startBowline(port, tls = [], more = [], settings = {}) {
  const child = spawn(BOWLINE, ['serve', '--port', String(port), '--quiet', ...tls, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment(settings),
  });
  const exited = once(child, 'exit');
  const s = tls.length > 0 ? 's' : '';
  const ready = `Bowline ready on ws${s}://127.0.0.1:${port}/ and http${s}://127.0.0.1:${port}/`;
  const kill = async (signal = 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  const patience = setTimeout(kill, READY_MILLIS);
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === ready) break;
  }
  clearTimeout(patience);
  if (lines.at(-1) !== ready) {
    await kill();
    throw new Error(`bowline serve --port ${port} did not say "${ready}" but: ${lines.join('\n') || 'nothing'}`);
  }
  child.stdout.resume();
  return { kill, url: `http${s}://127.0.0.1:${port}/` };
}

/** A key and a certificate for this machine, which nobody knows, in files of a directory that is removed in the end. */
export function selfSigned(t) {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => join(directory, name));
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext ${names}`;
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { certificate, key };
}

export function startChromium() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Chromium as people have it, and tests do not: a tab that is not in front is hidden, and its timers are slow. Its
 * pages are those of one profile, which is removed in the end. It has no back-forward cache, which the debugger does
 * not get over.
 */
export async function startEverydayChromium() {
  const profile = mkdtempSync(join(tmpdir(), 'bowline-'));
  const words = `--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-features=BackForwardCache --remote-debugging-port=0`;
  const child = spawn(CHROMIUM, [...words.split(/\s+/), `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let url; // of its debugger
  createInterface({ input: child.stderr }).on('line', (line) => {
    url ??= /DevTools listening on (\S+)/.exec(line)?.[1];
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    await exited;
    // Its helpers end after it.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await until(() => url ?? child.exitCode !== null, 'Chromium');
    const browser = await chromium.connectOverCDP(url, { noDefaults: true });
    return { context: browser.contexts()[0], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A line to this port that can be cut: then whoever uses it is cut off, and nobody gets through until it is mended. */
export async function startLine(port) {
  const sockets = new Set();
  let isCut = false;
  const keep = (socket, other) => {
    sockets.add(socket);
    // However one side ends, the other does too.
    socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket) && other.destroy());
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const target = connect(port, '127.0.0.1');
    keep(client, target);
    keep(target, client);
    client.pipe(target).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  const close = () => {
    cut();
    server.close();
  };
  return { port: server.address().port, cut, mend: () => (isCut = false), close };
}

/** The blocks of code that a page of docs/ has, in order. @param {string} page a file there */
export function blocksOf(page) {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, text: code }));
}

/** A port nobody uses now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether nobody listens on this port. */
export async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(() => true, () => false);
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/** Waits until `condition()` is truthy and returns its value; fails loudly instead of for ever. */
export async function until(condition, what, withinMillis = 30_000) {
  const deadline = Date.now() + withinMillis;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not within ${withinMillis} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
