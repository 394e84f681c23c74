package dev.bowline.verification.bench;

import dev.bowline.codec.BufferSource;
import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.ExtensionScope;
import dev.bowline.codec.Opcode;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.ProtocolHandler;
import dev.bowline.codec.ProtocolOptions;
import dev.bowline.codec.Role;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.codec.deflate.PermessageDeflate;
import dev.bowline.testkit.Corpus;
import dev.bowline.testkit.RawFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What compression costs a connection in memory, in each mode, when messages have passed in both directions: prints a
 * table. Measured on the protocol objects of a server, so that sockets and buffers of a transport do not blur it. Takes
 * the number of connections. docs/compression.md has the command.
 */
public final class CompressionMemory {
    private static final byte[] MESSAGE = Corpus.message(Corpus.Kind.JSON, 64 * 1024, 1);

    private CompressionMemory() {}

    public static void main(String[] arguments) throws IOException {
        int connections = arguments.length == 0 ? 2000 : Integer.parseInt(arguments[0]);
        // Once for nothing: what the JVM sets up for itself does not count. Without inflaters, whose memory would be
        // used again unseen.
        var unused = rows(connections, false);
        System.out.printf(Locale.ROOT, "%-44s %14s %14s%n", "bytes for each of " + connections, "heap", "native");
        rows(connections, true).forEach(System.out::println);
    }

    private static List<String> rows(int connections, boolean insideMessages) throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add(measure("off", connections, null, false));
        rows.add(measure("no context", connections, PermessageDeflate.builder(), false));
        if (insideMessages) {
            rows.add(measure(
                    "no context, inside a message in fragments", connections, PermessageDeflate.builder(), true));
        }
        for (int bits : new int[] {9, 10, 12, 15}) {
            PermessageDeflate.Builder own =
                    PermessageDeflate.builder().ownContext(true).ownWindowBits(bits);
            rows.add(measure("own context, window of " + bits + " bits", connections, own, false));
        }
        for (int bits : new int[] {9, 10, 12, 15}) {
            PermessageDeflate.Builder peer =
                    PermessageDeflate.builder().peerContext(true).peerWindowBits(bits);
            rows.add(measure("peer's context, window of " + bits + " bits", connections, peer, false));
        }
        return rows;
    }

    private static String measure(
            String mode, int connections, PermessageDeflate.@Nullable Builder options, boolean insideMessage)
            throws IOException {
        ExtensionScope scope = new ExtensionScope();
        Agreement agreement = options == null ? null : agreement(options.build());
        RawFrame message = message(agreement, scope);
        // One is made beforehand, so that what all share is not counted.
        List<Connection> all = new ArrayList<>(connections);
        all.add(new Connection(agreement, scope).exchange(message, insideMessage));
        long heap = heapBytes();
        long resident = residentBytes();
        for (int i = 0; i < connections; i++) {
            all.add(new Connection(agreement, scope).exchange(message, insideMessage));
        }
        long heapEach = (heapBytes() - heap) / connections;
        long nativeEach = Math.max(0, residentBytes() - resident) / connections;
        all.forEach(Connection::close);
        scope.close();
        return String.format(Locale.ROOT, "%-44s %,14d %,14d", mode, heapEach, nativeEach);
    }

    private static Agreement agreement(PermessageDeflate server) {
        PermessageDeflate client = PermessageDeflate.builder()
                .ownContext(true)
                .peerContext(true)
                .ownWindowBits(server.peerWindowBits())
                .build();
        return Objects.requireNonNull(server.answer(client.offers()));
    }

    /** A client's message, compressed by itself within the window agreed on; all may take the same. */
    private static RawFrame message(@Nullable Agreement agreement, ExtensionScope scope) {
        RawFrame plain = RawFrame.text(new String(MESSAGE, StandardCharsets.UTF_8));
        if (agreement == null) {
            return plain;
        }
        PermessageDeflate smallestWindow =
                PermessageDeflate.builder().ownWindowBits(9).build();
        Agreement sender = Objects.requireNonNull(smallestWindow.answer(smallestWindow.offers()));
        ByteBuffer encoded = Objects.requireNonNull(
                sender.extension().apply(scope).encode(Opcode.TEXT, ByteBuffer.wrap(plain.payload()), true));
        byte[] payload = new byte[encoded.remaining()];
        encoded.get(payload);
        return RawFrame.of(Opcode.TEXT, payload).withRsv(4);
    }

    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What the operating system holds for this process; the heap's part is constant if it is touched beforehand. */
    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** A server's end that sends messages back. */
    private static final class Connection implements ProtocolHandler {
        private final OutputQueue output = new OutputQueue(BufferSource.heap(16 * 1024));
        private final @Nullable Extension extension;
        private final WebSocketProtocol protocol;

        Connection(@Nullable Agreement agreement, ExtensionScope scope) {
            extension = agreement == null ? null : agreement.extension().apply(scope);
            protocol = new WebSocketProtocol(Role.SERVER, ProtocolOptions.DEFAULT, extension, () -> 0, output, this);
        }

        Connection exchange(RawFrame message, boolean insideMessage) {
            receive(message);
            receive(message);
            if (insideMessage) {
                receive(message.withFin(false));
            }
            output.clear(); // as when all of it was written
            return this;
        }

        private void receive(RawFrame message) {
            protocol.receive(ByteBuffer.wrap(message.withMask(1).bytes()), 0);
        }

        @Override
        public void onText(ByteBuffer utf8) {
            protocol.send(Opcode.TEXT, utf8);
        }

        @Override
        public void onBinary(ByteBuffer data) {}

        @Override
        public void onPing(ByteBuffer payload) {}

        @Override
        public void onPong(ByteBuffer payload) {}

        void close() {
            if (extension != null) {
                extension.close();
            }
        }
    }
}
