// Bun, whose server is uWebSockets inside: bun-server.js echo|broadcast|deflate
import { serve } from "./console.js";

const mode = process.argv[2];
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, self) {
    return self.upgrade(request) ? undefined : new Response("a WebSocket is wanted", { status: 426 });
  },
  websocket: {
    maxPayloadLength: 17 * 1024 * 1024,
    backpressureLimit: 64 * 1024 * 1024,
    idleTimeout: 960,
    perMessageDeflate: mode === "deflate",
    open(socket) {
      if (mode === "broadcast") {
        socket.subscribe("all");
      }
    },
    message(socket, data) {
      if (mode === "broadcast") {
        server.publish("all", data);
      } else {
        socket.send(data, mode === "deflate");
      }
    },
  },
});
serve(server.port, () => Bun.gc(true));
