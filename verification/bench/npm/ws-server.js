// ws, on Node: ws-server.js echo|broadcast|deflate
//
// With bufferutil, which its documentation recommends for speed with this Node.
//
// It compresses with Node's zlib at level 6, as all servers here, and keeps no context in either direction. Clients are
// tracked only where they are needed, for the broadcast.
import { WebSocketServer } from "ws";
import { serve } from "./console.js";

const mode = process.argv[2];
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  backlog: 8192,
  clientTracking: mode === "broadcast",
  maxPayload: 17 * 1024 * 1024,
  perMessageDeflate:
    mode === "deflate"
      ? {
          threshold: 0,
          serverNoContextTakeover: true,
          clientNoContextTakeover: true,
          zlibDeflateOptions: { level: 6 },
        }
      : false,
});
server.on("connection", (socket) => {
  socket.on("message", (data, binary) => {
    if (mode !== "broadcast") {
      socket.send(data, { binary });
      return;
    }
    for (const client of server.clients) {
      client.send(data, { binary });
    }
  });
  socket.on("error", () => socket.terminate());
});
server.on("listening", () => serve(server.address().port, () => globalThis.gc?.()));
