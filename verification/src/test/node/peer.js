// A WebSocket implementation that is not Bowline's, driven over standard input and telling over standard output what it
// sees. The other half is NodePeer.java.
//
//   node peer.js ws-client | undici-client | bowline-client | ws-server
//
// Every line, in and out, begins with the number of its connection. In:
//
//   open URL [SUBPROTOCOL…]             only clients; a server's connection has the number in its query, ?link=NUMBER
//   text|binary BASE64                  a message
//   text-part|binary-part LAST BASE64   a fragment, LAST 0 or 1; only ws
//   ping BASE64, terminate              only ws
//   close [CODE [BASE64]]               with a reason in UTF-8
//
// Out:
//
//   listening PORT                      only the server, for connection 0
//   open SUBPROTOCOL                    "-" for none
//   text|binary BYTES SHA256            a message that came
//   ping|pong HEX                       a control frame that came; only ws
//   refused STATUS                      the handshake was answered with another status than 101; only ws
//   close CODE REASON
//
// It ends when standard input does.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { WebSocket as UndiciWebSocket } from 'undici';
import { WebSocket as WsWebSocket, WebSocketServer } from 'ws';
import { ReconnectingWebSocket } from '../../../../javascript-client/bowline.js';

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

const openers = {
  'ws-client': (link, url, subprotocols) => watchWs(link, new WsWebSocket(url, subprotocols)),
  'undici-client': (link, url, subprotocols) => watchWhatwg(link, new UndiciWebSocket(url, subprotocols)),
  'bowline-client': (link, url, subprotocols) =>
    watchWhatwg(
      link,
      new ReconnectingWebSocket(url, subprotocols, { WebSocket: UndiciWebSocket, shouldReconnect: () => false }),
    ),
};

/** A server that prefers subprotocol "b" to "a" and refuses /refuse with 401. */
function listen(links) {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    verifyClient: ({ req }, answer) => answer(!req.url.startsWith('/refuse'), 401, 'not you'),
    handleProtocols: (offered) => ['b', 'a'].find((name) => offered.has(name)) ?? false,
  });
  server.on('listening', () => say(0, 'listening', server.address().port));
  server.on('connection', (socket, request) => {
    const link = new URL(request.url, 'ws://localhost').searchParams.get('link');
    links.set(link, watchWs(link, socket));
    say(link, 'open', socket.protocol || '-');
  });
}

function obey(links, kind, line) {
  const [link, command, ...rest] = line.split(' ');
  const bytes = (base64 = '') => Buffer.from(base64, 'base64');
  const socket = links.get(link);
  switch (command) {
    case 'open':
      links.set(link, openers[kind](link, rest[0], rest.slice(1)));
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
if (kind === 'ws-server') listen(links);
else if (!openers[kind]) throw new Error(`unknown kind ${kind}`);
const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => obey(links, kind, line));
commands.on('close', () => process.exit(0));
