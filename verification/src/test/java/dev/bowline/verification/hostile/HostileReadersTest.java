package dev.bowline.verification.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import dev.bowline.websocket.OverflowPolicy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Peers that do not read what they get. */
class HostileReadersTest {
    private static final byte[] MESSAGE = many(RawFrame.binary(new byte[64 * 1024]));

    private static byte[] many(RawFrame frame) {
        return HostileSuite.many(1, frame);
    }

    @Nested
    class WhereMessagesAreRefused extends HostileSuite {
        WhereMessagesAreRefused() {
            super(limits(connectionLimits()).build());
        }

        @Test
        void pingsWithoutReading() {
            RawPeer peer = openOne();
            byte[] payload = new byte[125];
            byte[] bytes = many(1_000, RawFrame.ping(payload));
            for (int i = 0; i < 100; i++) {
                peer.write(bytes);
                server.connections()
                        .forEach(socket -> assertThat(socket.bufferedAmount()).isLessThan(2L * QUEUE_BYTES));
            }
            peer.send(RawFrame.ping((byte) 1).withMask(MASK));
            readUntil(peer, RawFrame.pong((byte) 1));
        }

        @Test
        void echoesWithoutReading() {
            RawPeer peer = openOne();
            for (int i = 0; i < 500; i++) {
                peer.write(MESSAGE);
                server.connections()
                        .forEach(socket -> assertThat(socket.bufferedAmount()).isLessThan(2L * QUEUE_BYTES));
            }
        }

        @Test
        void broadcastsThatNobodyTakes() throws ExecutionException, InterruptedException {
            peers(50, i -> openAt("/silent"));
            PreparedMessage message = PreparedMessage.binary(ByteBuffer.wrap(new byte[64 * 1024]));
            for (int i = 0; i < 40; i++) {
                server.broadcast(message, socket -> socket.request().path().equals("/silent"))
                        .toCompletableFuture()
                        .get();
            }
            awaitOnlyTheProbe(); // the heartbeat has found them silent
        }
    }

    @Nested
    class WhereTheyAreClosed extends HostileSuite {
        WhereTheyAreClosed() {
            super(limits(connectionLimits().overflowPolicy(OverflowPolicy.CLOSE))
                    .build());
        }

        @Test
        void echoesWithoutReading() {
            List<RawPeer> greedy = peers(5, i -> open());
            long start = System.nanoTime();
            boolean taken = true;
            while (taken
                    && System.nanoTime() - start
                            < PATIENCE
                                    .toNanos()) { // until the server has had enough of each, has waited for the answer
                // to its Close, and cuts
                taken = false;
                for (RawPeer peer : greedy) {
                    taken |= peer.tryWrite(MESSAGE);
                }
            }
            awaitOnlyTheProbe();
        }
    }
}
