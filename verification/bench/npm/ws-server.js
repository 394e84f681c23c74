// ws, on Node: ws-server.js echo|broadcast|deflate
import { WebSocketServer } from "ws";
import { serve } from "./console.js";

const mode = process.argv[2];
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  backlog: 4096,
  maxPayload: 17 * 1024 * 1024,
  perMessageDeflate: mode === "deflate" ? { threshold: 0 } : false,
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
