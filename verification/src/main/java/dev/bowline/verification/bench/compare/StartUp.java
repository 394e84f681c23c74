package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long a server takes from the start of its process to the first connection that is open. */
final class StartUp {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int MOST_HEAD_BYTES = 8192;

    private StartUp() {}

    /** {@code listening} and {@code startup}, in ms. */
    static Map<String, Double> measure(Contender contender) throws IOException {
        try (ServerProcess server = new ServerProcess(contender, "echo", List.of(), "0")) {
            long listening = System.nanoTime();
            open(server.port());
            long opened = System.nanoTime();
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("listening", (listening - server.startedNanos()) / 1e6);
            figures.put("startup", (opened - server.startedNanos()) / 1e6);
            return figures;
        }
    }

    /**
     * Makes the opening handshake, by hand: a client's own start would be measured along.
     *
     * @throws IOException if the server does not agree
     */
    static void open(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                    + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0 || head.length() == MOST_HEAD_BYTES) {
                    throw new IOException("the handshake was answered with \"" + head + "\"");
                }
                head.append((char) next);
            }
            if (!head.toString().startsWith("HTTP/1.1 101 ")) {
                throw new IOException("the handshake was answered with " + head.substring(0, head.indexOf("\r\n")));
            }
        }
    }
}
