package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Splits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One end of a connection under test: writes down what it tells and what it sends. */
final class Endpoint implements ProtocolHandler {
    static final ProtocolOptions SMALL = new ProtocolOptions(1000, 600, Duration.ofSeconds(5));

    final Role role;
    final OutputQueue output;
    final WebSocketProtocol protocol;
    /** What the handler was told, in order: {@code text Hello}, {@code binary 00ff}, {@code ping}, {@code pong 01}. */
    final List<String> events = new ArrayList<>();
    /** Called after each event was written down: what the application does in its callback. */
    Consumer<ByteBuffer> reaction = payload -> {};

    long now = 1_000_000_000L;
    int keysMade;

    Endpoint(Role role) {
        this(role, ProtocolOptions.DEFAULT, null);
    }

    Endpoint(Role role, ProtocolOptions options, @Nullable Extension extension) {
        this.role = role;
        this.output = new OutputQueue(BufferSource.heap(256));
        this.protocol = new WebSocketProtocol(role, options, extension, this::nextKey, output, this);
    }

    private int nextKey() {
        keysMade++;
        return 0x9E37_79B9 * keysMade;
    }

    // ---- What comes ----

    /** The bytes as a peer of {@code role} sends these frames: masked with differing keys to a server. */
    static byte[] wire(Role role, RawFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int key = 0x1234_5678;
        for (RawFrame frame : frames) {
            all.writeBytes((role == Role.SERVER ? frame.withMask(key += 0x0F1E_2D3C) : frame).bytes());
        }
        return all.toByteArray();
    }

    Endpoint receive(RawFrame... frames) {
        return receive(wire(role, frames));
    }

    Endpoint receive(byte[] bytes) {
        return receive(List.of(Splits.whole(bytes, false)));
    }

    Endpoint receive(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            int end = part.limit();
            protocol.receive(part, now);
            assertThat(part.position()).as("all bytes are taken").isEqualTo(end);
            assertThat(part.limit()).as("the limit is left alone").isEqualTo(end);
        }
        return this;
    }

    /** How many bytes of {@code bytes} it takes, one by one, until it refuses the peer; -1 if it never does. */
    int settledAfter(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            receive(new byte[] {bytes[i]});
            if (error() != null) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Runs the check on a fresh endpoint for every cut of the input in two, and byte by byte. */
    static void inEveryCut(Role role, byte[] input, Consumer<Endpoint> check) {
        Splits.SplitConsumer consumer = parts -> check.accept(new Endpoint(role).receive(parts));
        Splits.everyBoundary(input, consumer);
        Splits.oneByteAtATime(input, consumer);
    }

    // ---- What it tells ----

    @Override
    public void onText(ByteBuffer utf8) {
        event("text", utf8);
    }

    @Override
    public void onBinary(ByteBuffer data) {
        event("binary", data);
    }

    @Override
    public void onPing(ByteBuffer payload) {
        event("ping", payload);
    }

    @Override
    public void onPong(ByteBuffer payload) {
        event("pong", payload);
    }

    private void event(String kind, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        events.add(describe(kind, bytes));
        reaction.accept(payload);
    }

    static String describe(String kind, byte[] payload) {
        if (payload.length > 500) {
            CRC32 crc = new CRC32();
            crc.update(payload);
            return kind + " of " + payload.length + " bytes, CRC " + Long.toHexString(crc.getValue());
        }
        String content = kind.equals("text")
                ? new String(payload, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(payload);
        return content.isEmpty() ? kind : kind + " " + content;
    }

    @Nullable
    ProtocolError error() {
        return protocol.closeEvent().error();
    }

    @Nullable
    Violation violation() {
        ProtocolError error = error();
        return error == null ? null : error.violation();
    }

    /** Everything that can be seen of it, for comparing cuts. Takes what it has queued. */
    List<String> outcome() {
        List<String> all = new ArrayList<>(events);
        sent().forEach(frame -> all.add("sent " + frame.withoutMask()));
        all.add(protocol.tcp() + " " + protocol.isOpen() + " " + protocol.hasDeadline() + " " + protocol.closeEvent());
        return all;
    }

    // ---- What it sends ----

    /** Takes all bytes that are queued, as a transport that writes everything. */
    byte[] drain() {
        return write(Long.MAX_VALUE);
    }

    /** Takes at most so many of the bytes that are queued, as a transport whose socket takes no more. */
    byte[] write(long most) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer[] batch = new ByteBuffer[3];
        while (!output.isEmpty() && all.size() < most) {
            int n = output.gather(batch);
            if (n == 0) { // a shared one is next
                ByteBuffer copy = ByteBuffer.allocate((int) Math.min(1000, most - all.size()));
                output.copyTo(copy);
                all.write(copy.array(), 0, copy.remaining());
                output.skip(copy.remaining());
                continue;
            }
            long written = 0;
            for (int i = 0; i < n && all.size() < most; i++) {
                byte[] bytes = new byte[(int) Math.min(batch[i].remaining(), most - all.size())];
                batch[i].get(bytes);
                all.writeBytes(bytes);
                written += bytes.length;
            }
            output.sent(written);
        }
        return all.toByteArray();
    }

    /** Takes the frames that are queued; all of them masked where a client sends, none where a server does. */
    List<RawFrame> sent() {
        return frames(drain());
    }

    List<RawFrame> frames(byte[] written) {
        ByteBuffer bytes = ByteBuffer.wrap(written);
        List<RawFrame> frames = new ArrayList<>();
        while (bytes.hasRemaining()) {
            RawFrame frame = RawFrame.parse(bytes);
            if (frame == null) {
                throw new AssertionError("half a frame was queued: " + bytes.remaining() + " bytes");
            }
            assertThat(frame.masked()).as("masked").isEqualTo(role == Role.CLIENT);
            frames.add(frame);
        }
        return frames;
    }

    /** Takes the frames that are queued, without their masks. */
    List<RawFrame> sentUnmasked() {
        return sent().stream().map(RawFrame::withoutMask).toList();
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
