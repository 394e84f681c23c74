package dev.bowline.verification.scale;

import dev.bowline.testkit.RawHandshake;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Many clients in a JVM of its own, as one process cannot hold both ends of so many connections. It knows nothing of
 * Bowline: frames are taken apart by hand. Client n opens {@code /?user=un} and answers pings.
 *
 * <p>Arguments: port, first user, number of clients. It says
 *
 * <ul>
 *   <li>{@code open N}, once: all handshakes are done
 *   <li>{@code pinged N}, once: every client has been pinged
 *   <li>{@code message USER TEXT}, for each message
 *   <li>{@code closed N CLEAN LOST}, once: all are gone; so many got a Close frame back, so many were cut
 *   <li>{@code pings N} with the last line, how many there were
 * </ul>
 *
 * <p>and hears {@code close}: every client sends a Close frame. When its input ends it exits.
 */
public final class IdleClients {
    /** How many handshakes are under way at a time. */
    private static final int AT_A_TIME = 256;

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final byte[] NO_MASK = new byte[4];

    private final InetSocketAddress server;
    private final int firstUser;
    private final Client[] clients;
    private final Selector selector = Selector.open();
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);

    private int begun;
    private int open;
    private int pinged;
    private long pings;
    private int closedClean;
    private int lost;

    private IdleClients(int port, int firstUser, int count) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.firstUser = firstUser;
        this.clients = new Client[count];
    }

    /** One connection: a state, and what came of a frame that is not complete. */
    private static final class Client {
        final String user;
        boolean isOpen;
        boolean wasPinged;
        boolean closeCame;
        ByteBuffer rest = ByteBuffer.allocate(0);

        Client(String user) {
            this.user = user;
        }
    }

    public static void main(String[] arguments) throws IOException {
        IdleClients all = new IdleClients(
                Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Thread listener = new Thread(all::hear, "commands");
        listener.setDaemon(true);
        listener.start();
        all.run();
    }

    private void hear() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                commands.add(line);
                selector.wakeup();
            }
        } catch (IOException e) {
            // The same as its end.
        }
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private void run() throws IOException {
        while (closedClean + lost < clients.length) {
            while (begun < clients.length && begun - open < AT_A_TIME) {
                begin(begun++);
            }
            selector.select(this::ready);
            for (@Nullable String command = commands.poll(); command != null; command = commands.poll()) {
                if (command.equals("close")) {
                    closeAll();
                }
            }
        }
        say("pings " + pings);
        say("closed " + clients.length + " " + closedClean + " " + lost);
    }

    private void begin(int index) throws IOException {
        Client client = new Client("u" + (firstUser + index));
        clients[index] = client;
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_CONNECT, client);
        channel.connect(server);
    }

    private void ready(SelectionKey key) {
        Client client = (Client) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                write(channel, RawHandshake.request("localhost", "/?user=" + client.user));
                return;
            }
            in.clear();
            int n = channel.read(in);
            if (n < 0) {
                end(key, client);
            } else {
                take(client, channel, in.flip());
            }
        } catch (IOException e) {
            System.err.println(client.user + ": " + e);
            end(key, client);
        }
    }

    private void end(SelectionKey key, Client client) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // It is gone in any case.
        }
        if (client.closeCame) {
            closedClean++;
        } else {
            lost++;
        }
    }

    /** Frames of servers are not masked, and these here are short: 125 bytes at most. */
    private void take(Client client, SocketChannel channel, ByteBuffer bytes) throws IOException {
        ByteBuffer all = bytes;
        if (client.rest.hasRemaining()) {
            all = ByteBuffer.allocate(client.rest.remaining() + bytes.remaining())
                    .put(client.rest)
                    .put(bytes)
                    .flip();
        }
        if (!client.isOpen && !takeHead(client, all)) {
            keep(client, all);
            return;
        }
        while (all.remaining() >= 2 && all.remaining() >= 2 + all.get(all.position() + 1)) {
            int first = all.get() & 0xFF;
            byte[] payload = new byte[all.get()];
            all.get(payload);
            takeFrame(client, channel, first, payload);
        }
        keep(client, all);
    }

    private static void keep(Client client, ByteBuffer all) {
        client.rest = ByteBuffer.allocate(all.remaining()).put(all).flip();
    }

    private boolean takeHead(Client client, ByteBuffer all) throws IOException {
        String head = StandardCharsets.ISO_8859_1.decode(all.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("refused: " + head);
        }
        all.position(all.position() + end + 4);
        client.isOpen = true;
        if (++open == clients.length) {
            say("open " + open);
        }
        return true;
    }

    private void takeFrame(Client client, SocketChannel channel, int first, byte[] payload) throws IOException {
        switch (first) {
            case PING -> {
                pings++;
                write(channel, PONG, payload);
                if (!client.wasPinged) {
                    client.wasPinged = true;
                    if (++pinged == clients.length) {
                        say("pinged " + pinged);
                    }
                }
            }
            case TEXT -> say("message " + client.user + " " + new String(payload, StandardCharsets.UTF_8));
            case CLOSE -> client.closeCame = true;
            default -> throw new IOException("unexpected frame " + Integer.toHexString(first));
        }
    }

    private void closeAll() throws IOException {
        for (SelectionKey key : selector.keys()) {
            write((SocketChannel) key.channel(), CLOSE, (byte) (1000 >> 8), (byte) 1000);
        }
    }

    /** Masked with zeros, which is a mask. */
    private static void write(SocketChannel channel, int first, byte... payload) throws IOException {
        write(
                channel,
                ByteBuffer.allocate(6 + payload.length)
                        .put((byte) first)
                        .put((byte) (0x80 | payload.length))
                        .put(NO_MASK)
                        .put(payload)
                        .flip());
    }

    private static void write(SocketChannel channel, String head) throws IOException {
        write(channel, StandardCharsets.ISO_8859_1.encode(head));
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("so little does not fit?");
        }
    }
}
