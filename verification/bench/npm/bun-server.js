// Bun, whose server is uWebSockets inside: bun-server.js echo|broadcast|deflate
//
// A broadcast is its own publish to a topic, which its documentation gives for that. Its compressor is the shared one,
// which keeps no context; its level can't be chosen, and is zlib's default, 6 (of libdeflate, which is faster, where
// that takes the message). Nor can it be told how many connections may wait to be accepted.
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
    idleTimeout: 960, // the longest it takes
    perMessageDeflate: mode === "deflate" ? { compress: "shared", decompress: "shared" } : false,
    sendPings: false,
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
