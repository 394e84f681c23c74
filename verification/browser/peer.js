// Chromium's WebSocket, driven over standard input and telling over standard output what it sees. The lines are those of
// ../src/test/node/peer.js, the other half is LinePeer.java.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { startChromium } from './support.js';

const say = (line) => process.stdout.write(`${line}\n`);

const browser = await startChromium();
const context = await browser.newContext({ ignoreHTTPSErrors: true }); // the authority is of the test's making
const page = await context.newPage();
// A page of loopback: it may hash, and connect to loopback.
const origin = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end());
await once(origin.listen(0, '127.0.0.1'), 'listening');
await page.goto(`http://127.0.0.1:${origin.address().port}/`);
await page.exposeFunction('say', say);
await page.evaluate(() => {
  const links = new Map();
  const bytesOf = (base64 = '') => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const textOf = (base64) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(base64));

  /** Says things in the order in which they happened, though a hash takes its time. */
  function teller(link) {
    let told = Promise.resolve();
    return (words) => (told = told.then(async () => say(`${link} ${await words}`)));
  }

  async function came(data) {
    const type = typeof data === 'string' ? 'text' : 'binary';
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return `${type} ${bytes.length} ${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }

  function open(link, url, subprotocols) {
    const socket = new WebSocket(url, subprotocols);
    const tell = teller(link);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => tell(`open ${socket.protocol || '-'}`);
    socket.onmessage = ({ data }) => tell(came(data));
    socket.onclose = ({ code, reason }) => tell(`close ${code} ${reason}`);
    links.set(link, socket);
  }

  globalThis.obey = (line) => {
    const [link, command, ...rest] = line.split(' ');
    const socket = links.get(link);
    if (command === 'open') open(link, rest[1], rest.slice(2));
    else if (command === 'text') socket.send(textOf(rest[0]));
    else if (command === 'binary') socket.send(bytesOf(rest[0]));
    else if (command === 'close' && rest.length === 0) socket.close();
    else if (command === 'close') socket.close(Number(rest[0]), textOf(rest[1]));
    else throw new Error(`unknown command ${command}`);
  };
});

say(`0 version ${browser.version()}`);
for await (const line of createInterface({ input: process.stdin })) {
  await page.evaluate((line) => obey(line), line);
}
await browser.close();
origin.close();
