package dev.bowline.verification.soak;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.soak.Ledger.Count;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A peer that writes frames by hand: messages in fragments with pings between them, cut anywhere, wrong frames too, one
 * connection after the other, on a thread of its own. Over TLS, of which it knows nothing, it is a nuisance.
 */
final class RawCaller implements Runnable {
    private final SoakOptions options;
    private final Ledger ledger;
    private final Host host;
    private final Weather weather;
    private final Seeded random;
    private final long number;
    private final BooleanSupplier stop;
    private long sessions;

    /** @param stop when to begin no more connections */
    RawCaller(
            SoakOptions options,
            Ledger ledger,
            Host host,
            Weather weather,
            Seeded random,
            long number,
            BooleanSupplier stop) {
        this.options = options;
        this.ledger = ledger;
        this.host = host;
        this.weather = weather;
        this.random = random;
        this.number = number;
        this.stop = stop;
    }

    @Override
    public void run() {
        while (!stop.getAsBoolean()) {
            boolean direct = random.nextBoolean();
            int port = direct ? host.port() : weather.port(random);
            int epoch = host.epoch();
            Seeded own = Seeded.of(random.nextLong());
            try (RawPeer peer = RawPeer.connect(port)) {
                peer.deadline(options.patience());
                if (options.tls()) {
                    annoy(peer, own);
                    rest(); // each costs the server a handshake; a flood would leave it no time for others
                } else {
                    new Session(peer, own, number * 1_000_000_000 + sessions++).play();
                }
                ledger.count(Count.RAW_SESSIONS);
            } catch (AssertionError e) {
                if (direct && host.undisturbedSince(epoch)) {
                    ledger.complain("raw peer " + own + " (direct): " + e.getMessage());
                } else {
                    rest();
                }
            }
        }
    }

    /** What is no TLS, or stops within its handshake. */
    private static void annoy(RawPeer peer, Seeded own) {
        byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
        byte[] sent = own.oneOf(
                new byte[0],
                own.bytes(own.intBetween(1, 2_000)),
                hello,
                RawHandshake.request("localhost", "/").getBytes(StandardCharsets.US_ASCII));
        peer.tryWrite(sent);
        if (own.nextBoolean()) {
            peer.shutdownOutput();
            peer.readToEnd();
        } else {
            peer.reset();
        }
    }

    /** Nobody is to be tried a thousand times a second. */
    private static void rest() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Session {
        private final RawPeer peer;
        private final Seeded own;
        private final long name;
        private final long user;
        private long lastFromServer = -1;
        private byte lastPing;

        Session(RawPeer peer, Seeded own, long name) {
            this.peer = peer;
            this.own = own;
            this.name = name;
            this.user = own.intBetween(0, host.users() - 1);
        }

        void play() {
            peer.handshakeAsClient("/?user=" + user);
            int messages = own.intBetween(0, 10);
            for (int i = 0; i < messages; i++) {
                exchange(i);
            }
            switch (own.intBetween(0, 5)) {
                case 0 -> peer.reset();
                case 1 -> peer.shutdownOutput();
                case 2 -> refused(RawFrame.text("a").withRsv(1 << 1), 1002);
                case 3 -> refused(RawFrame.of(RawFrame.TEXT, (byte) 0xC3, (byte) 0x28), 1007);
                case 4 ->
                    refused(
                            RawFrame.binary()
                                    .withLengthForm(RawFrame.LengthForm.BITS_64)
                                    .withDeclaredLength(2L << 20),
                            1009);
                default -> close(Ends.code(own));
            }
        }

        private void exchange(long sequence) {
            boolean text = own.nextBoolean();
            byte[] content = Content.of('E', name, sequence, text, own.intBetween(0, own.oneOf(100, 2_000, 100_000)));
            byte[] frames = frames(text ? RawFrame.TEXT : RawFrame.BINARY, content);
            if (own.nextBoolean()) {
                peer.write(frames);
            } else {
                peer.writeInPieces(frames, own.intBetween(frames.length / 50 + 1, frames.length + 1), () -> {});
            }
            RawFrame echo = next();
            if (echo.opcode() != (text ? RawFrame.TEXT : RawFrame.BINARY) || !Arrays.equals(echo.payload(), content)) {
                throw new AssertionError("wanted the echo of message " + sequence + ", and got " + echo);
            }
        }

        /** A message in as many as eight fragments, with pings between them. */
        private byte[] frames(int opcode, byte[] content) {
            List<RawFrame> frames = new ArrayList<>();
            int from = 0;
            int count = own.intBetween(1, 8);
            for (int left = count; left > 0; left--) {
                int to = left == 1 ? content.length : own.intBetween(from, content.length);
                frames.add(RawFrame.of(
                                left == count ? opcode : RawFrame.CONTINUATION, Arrays.copyOfRange(content, from, to))
                        .withFin(left == 1)
                        .withMask(own.nextInt()));
                if (own.chance(20)) {
                    frames.add(RawFrame.ping(++lastPing).withMask(own.nextInt()));
                }
                from = to;
            }
            return RawFrame.concat(frames.toArray(RawFrame[]::new));
        }

        /** The next frame that the server did not send of its own accord. */
        private RawFrame next() {
            while (true) {
                RawFrame frame = peer.readFrame();
                if (frame.opcode() == RawFrame.PING) {
                    peer.tryWrite(RawFrame.pong(frame.payload())
                            .withMask(own.nextInt())
                            .bytes());
                } else if (frame.opcode() == RawFrame.PONG) {
                    ledger.count(Count.PONGS);
                } else if (!isFromServer(frame)) {
                    return frame;
                }
            }
        }

        private boolean isFromServer(RawFrame frame) {
            ByteBuffer payload = ByteBuffer.wrap(frame.payload());
            char kind = Content.kind(payload);
            boolean data = frame.opcode() == RawFrame.TEXT || frame.opcode() == RawFrame.BINARY;
            if (!data || (kind != 'B' && kind != 'U')) {
                return false;
            }
            lastFromServer = Life.fromServer(
                    ledger, () -> "raw peer " + own, payload, frame.opcode() == RawFrame.TEXT, user, lastFromServer);
            return true;
        }

        private void close(int code) {
            RawFrame close = code == 1005 ? RawFrame.close() : RawFrame.close(code, "");
            peer.send(close.withMask(own.nextInt()));
            expect(close);
            peer.expectEof();
        }

        private void expect(RawFrame close) {
            RawFrame frame = next();
            if (!frame.equals(close)) {
                throw new AssertionError("wanted " + close + ", and got " + frame);
            }
        }

        /** A frame that breaks a rule is answered with that rule's code, and then the end. */
        private void refused(RawFrame wrong, int code) {
            peer.send(wrong.withMask(own.nextInt()));
            RawFrame close = next();
            if (close.opcode() != RawFrame.CLOSE || close.closeCode() != code) {
                throw new AssertionError("wanted a close with " + code + ", and got " + close);
            }
            peer.shutdownOutput();
            peer.expectEof();
        }
    }
}
