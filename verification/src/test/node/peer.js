// A WebSocket implementation that is not Bowline's, driven over standard input and telling over standard output what it
// sees. The other half is LinePeer.java; peer.py beside it and browser/peer.js speak the same lines.
//
//   node peer.js ws | undici | bowline
//
// Every line, in and out, begins with the number of its connection. In:
//
//   open SETTINGS URL [SUBPROTOCOL…]    connects as a client
//   listen SETTINGS                     begins to listen; a connection that comes has its number in its query, ?link=NUMBER
//   unlisten                            ends that
//   text|binary BASE64                  a message
//   text-part|binary-part LAST BASE64   a fragment, LAST 0 or 1; not WHATWG's interface
//   ping BASE64, terminate              not WHATWG's interface
//   close [CODE [BASE64]]               with a reason in UTF-8
//
// SETTINGS is JSON without blanks: {"deflate": false or the parameters to ask for, "tls": false or names of PEM files}. Out:
//
//   version VERSION                     of the implementation; for connection 0
//   listening PORT
//   open SUBPROTOCOL                    "-" for none
//   text|binary BYTES SHA256            a message that came
//   ping|pong HEX                       a control frame that came; not WHATWG's interface
//   refused STATUS                      the handshake was answered with another status than 101; not WHATWG's interface
//   close CODE REASON
//
// It ends when standard input does.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createInterface } from 'node:readline';
import { Agent, WebSocket as UndiciWebSocket } from 'undici';
import { WebSocket as WsWebSocket, WebSocketServer } from 'ws';
import { ReconnectingWebSocket } from '../../../../javascript-client/bowline.js';

const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url)));

const say = (link, ...words) => process.stdout.write(`${link} ${words.join(' ')}\n`);

function came(link, type, bytes) {
  say(link, type, bytes.length, createHash('sha256').update(bytes).digest('hex'));
}

/** The interface of `ws`, which shows frames. */
function watchWs(link, socket) {
  socket.on('open', () => say(link, 'open', socket.protocol || '-'));
  socket.on('message', (data, isBinary) => came(link, isBinary ? 'binary' : 'text', data));
  socket.on('ping', (payload) => say(link, 'ping', payload.toString('hex')));
  socket.on('pong', (payload) => say(link, 'pong', payload.toString('hex')));
  socket.on('unexpected-response', (request, response) => say(link, 'refused', response.statusCode));
  socket.on('error', (error) => process.stderr.write(`${link}: ${error.message}\n`));
  socket.on('close', (code, reason) => say(link, 'close', code, reason));
  return {
    text: (bytes) => socket.send(bytes, { binary: false }),
    binary: (bytes) => socket.send(bytes, { binary: true }),
    part: (type, last, bytes) => socket.send(bytes, { binary: type === 'binary', fin: last }),
    ping: (bytes) => socket.ping(bytes),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}

/** The interface of browsers. */
function watchWhatwg(link, socket) {
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => say(link, 'open', socket.protocol || '-');
  socket.onmessage = ({ data }) =>
    typeof data === 'string' ? came(link, 'text', Buffer.from(data)) : came(link, 'binary', Buffer.from(data));
  socket.onclose = ({ code, reason }) => say(link, 'close', code, reason);
  return {
    text: (bytes) => socket.send(bytes.toString()),
    binary: (bytes) => socket.send(bytes),
    close: (code, reason) => socket.close(code, reason?.toString()),
  };
}

/** What `ws` is to negotiate; it compresses whatever the size, so that little goes a long way in a test. */
function perMessageDeflate(deflate) {
  if (!deflate) return false;
  const asked = Object.entries(deflate).filter(([, value]) => value);
  return { threshold: 0, ...Object.fromEntries(asked) };
}

const authority = (tls) => (tls ? { ca: readFileSync(tls.ca) } : {});

const openers = {
  ws: (link, { deflate, tls }, url, subprotocols) =>
    watchWs(
      link,
      new WsWebSocket(url, subprotocols, { perMessageDeflate: perMessageDeflate(deflate), ...authority(tls) }),
    ),
  undici: (link, { tls }, url, protocols) => watchWhatwg(link, new UndiciWebSocket(url, { protocols, ...trusting(tls) })),
  bowline: (link, settings, url, subprotocols) =>
    watchWhatwg(
      link,
      new ReconnectingWebSocket(url, subprotocols, { WebSocket: UndiciWebSocket, shouldReconnect: () => false }),
    ),
};

const trusting = (tls) => (tls ? { dispatcher: new Agent({ connect: authority(tls) }) } : {});

/** A server that prefers subprotocol "b" to "a" and refuses /refuse with 401. */
function listen(links, number, { deflate, tls }) {
  const http = tls
    ? createTlsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) })
    : createPlainServer();
  const server = new WebSocketServer({
    server: http,
    perMessageDeflate: perMessageDeflate(deflate),
    verifyClient: ({ req }, answer) => answer(!req.url.startsWith('/refuse'), 401, 'not you'),
    handleProtocols: (offered) => ['b', 'a'].find((name) => offered.has(name)) ?? false,
  });
  server.on('connection', (socket, request) => {
    const link = new URL(request.url, 'ws://localhost').searchParams.get('link');
    links.set(link, watchWs(link, socket));
    say(link, 'open', socket.protocol || '-');
  });
  http.listen(0, '127.0.0.1', () => say(number, 'listening', http.address().port));
  return { unlisten: () => http.close() };
}

function obey(links, kind, line) {
  const [link, command, ...rest] = line.split(' ');
  const bytes = (base64 = '') => Buffer.from(base64, 'base64');
  const socket = links.get(link);
  switch (command) {
    case 'open':
      links.set(link, openers[kind](link, JSON.parse(rest[0]), rest[1], rest.slice(2)));
      break;
    case 'listen':
      links.set(link, listen(links, link, JSON.parse(rest[0])));
      break;
    case 'unlisten':
      socket.unlisten();
      break;
    case 'text':
    case 'binary':
      socket[command](bytes(rest[0]));
      break;
    case 'text-part':
    case 'binary-part':
      socket.part(command.slice(0, -'-part'.length), rest[0] === '1', bytes(rest[1]));
      break;
    case 'ping':
      socket.ping(bytes(rest[0]));
      break;
    case 'terminate':
      socket.terminate();
      break;
    case 'close':
      if (rest.length === 0) socket.close();
      else socket.close(Number(rest[0]), bytes(rest[1]));
      break;
    default:
      throw new Error(`unknown command ${command}`);
  }
}

const [, , kind] = process.argv;
const links = new Map();
if (!openers[kind]) throw new Error(`unknown kind ${kind}`);
say(0, 'version', packages[`node_modules/${kind}`]?.version ?? '-');
const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => obey(links, kind, line));
commands.on('close', () => process.exit(0));
