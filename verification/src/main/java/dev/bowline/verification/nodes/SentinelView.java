package dev.bowline.verification.nodes;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sentinel as one node sees it: it answers where the master is as the real one does, but names the node's own proxy to that server, and
 * nothing else. So a node follows a fail-over by itself, and can be cut off alone.
 *
 * <p>A thread for each connection; ends with {@link #close}.
 */
final class SentinelView implements AutoCloseable {
    private final int sentinelPort;
    private final String master;
    private final Map<Integer, Integer> proxies; // of each server
    private final ServerSocket listener;

    /**
     * Listens.
     *
     * @param master its name at Sentinel
     * @param proxies the node's proxy to each server, by their ports
     */
    SentinelView(int sentinelPort, String master, Map<Integer, Integer> proxies) throws IOException {
        this.sentinelPort = sentinelPort;
        this.master = master;
        this.proxies = Map.copyOf(proxies);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "sentinel-view-" + port());
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new IllegalStateException("nobody can ask for the master any more", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            OutputStream output = socket.getOutputStream();
            for (List<String> command = read(input); !command.isEmpty(); command = read(input)) {
                output.write(answer(command).getBytes(StandardCharsets.UTF_8));
                output.flush();
            }
        } catch (IOException e) {
            // The node has gone, or was cut off: that is what this is for.
        }
    }

    private String answer(List<String> command) throws IOException {
        return switch (command.get(0).toUpperCase(Locale.ROOT)) {
            case "PING" -> "+PONG\r\n";
            case "CLIENT" -> "+OK\r\n";
            case "SENTINEL" -> whereMasterIs();
            default -> "-ERR unknown command '" + command.get(0) + "'\r\n";
        };
    }

    private String whereMasterIs() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sentinelPort)) {
            socket.getOutputStream()
                    .write(("SENTINEL get-master-addr-by-name " + master + "\r\n").getBytes(StandardCharsets.UTF_8));
            List<String> address = read(new DataInputStream(socket.getInputStream()));
            if (address.size() != 2) {
                throw new IOException("Sentinel does not know a master");
            }
            Integer proxy = proxies.get(Integer.parseInt(address.get(1)));
            if (proxy == null) {
                throw new IOException("Sentinel names " + address + ", which is none of " + proxies.keySet());
            }
            String port = proxy.toString();
            return "*2\r\n$9\r\n127.0.0.1\r\n$" + port.length() + "\r\n" + port + "\r\n";
        }
    }

    /** An array of strings; empty at the end. */
    private static List<String> read(DataInputStream input) throws IOException {
        List<String> words = new ArrayList<>();
        int count = number(input, '*');
        for (int i = 0; i < count; i++) {
            byte[] word = new byte[number(input, '$')];
            input.readFully(word);
            input.skipNBytes(2);
            words.add(new String(word, StandardCharsets.UTF_8));
        }
        return words;
    }

    /** The number of a line; 0 at the end. */
    private static int number(DataInputStream input, char kind) throws IOException {
        int first = input.read();
        if (first < 0) {
            return 0;
        }
        if (first != kind) {
            throw new IOException("expected " + kind + ", but came " + (char) first);
        }
        StringBuilder digits = new StringBuilder();
        for (int next = input.read(); next >= 0 && next != '\r'; next = input.read()) {
            digits.append((char) next);
        }
        input.skipNBytes(1);
        return Integer.parseInt(digits.toString());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
