package dev.bowline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.Seeded;
import dev.bowline.testkit.Splits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one end sends the other end tells, whatever the messages, the fragments and the cuts. */
final class RoundTripTest {
    private static Role peerOf(Role role) {
        return role == Role.SERVER ? Role.CLIENT : Role.SERVER;
    }

    private static byte[] payload(Seeded random, boolean text) {
        int size = random.chance(70)
                ? random.intBetween(0, 300)
                : random.oneOf(0, 1, 125, 126, 127, 4095, 65_535, 65_536, random.intBetween(0, 100_000));
        return text ? random.text(size / 3).getBytes(StandardCharsets.UTF_8) : random.bytes(size);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void whatIsSentIsReceived(Role sending) {
        Seeded.run(300, random -> {
            Endpoint sender = new Endpoint(sending);
            List<String> expected = new ArrayList<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = random.intBetween(1, 6); i > 0; i--) {
                boolean text = random.nextBoolean();
                byte[] payload = payload(random, text);
                switch (random.intBetween(0, 5)) {
                    case 0 -> {
                        payload = Arrays.copyOf(payload, Math.min(payload.length, 125));
                        assertThat(sender.protocol.ping(ByteBuffer.wrap(payload)))
                                .isTrue();
                        expected.add(Endpoint.describe("ping", payload));
                    }
                    case 1 -> {
                        PreparedMessage prepared = text
                                ? PreparedMessage.text(new String(payload, StandardCharsets.UTF_8))
                                : PreparedMessage.binary(ByteBuffer.wrap(payload));
                        assertThat(sender.protocol.send(prepared)).isTrue();
                        expected.add(Endpoint.describe(text ? "text" : "binary", payload));
                    }
                    default -> {
                        int opcode = text ? Opcode.TEXT : Opcode.BINARY;
                        assertThat(sender.protocol.send(opcode, ByteBuffer.wrap(payload)))
                                .isTrue();
                        expected.add(Endpoint.describe(text ? "text" : "binary", payload));
                    }
                }
                if (random.nextBoolean()) {
                    bytes.writeBytes(sender.write(random.intBetween(0, 1000)));
                }
            }
            bytes.writeBytes(sender.drain());
            Splits.random(bytes.toByteArray(), random, parts -> {
                Endpoint receiver = new Endpoint(peerOf(sending)).receive(parts);
                assertThat(receiver.events).isEqualTo(expected);
                assertThat(receiver.protocol.isOpen()).isTrue();
                // The pongs come back.
                assertThat(sender.receive(receiver.drain()).events)
                        .isEqualTo(expected.stream()
                                .filter(event -> event.startsWith("ping"))
                                .map(event -> event.replaceFirst("ping", "pong"))
                                .toList());
            });
        });
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("messages in random fragments with control frames between them")
    void whatIsFragmentedIsPutTogether(Role receiving) {
        Seeded.run(300, random -> {
            List<String> expected = new ArrayList<>();
            List<RawFrame> frames = new ArrayList<>();
            for (int i = random.intBetween(1, 4); i > 0; i--) {
                boolean text = random.nextBoolean();
                byte[] payload = payload(random, text);
                int[] cuts = new int[random.intBetween(0, 6)];
                Arrays.setAll(cuts, cut -> random.intBetween(0, payload.length));
                Arrays.sort(cuts);
                int from = 0;
                for (int fragment = 0; fragment <= cuts.length; fragment++) {
                    int to = fragment < cuts.length ? cuts[fragment] : payload.length;
                    int opcode = fragment > 0 ? RawFrame.CONTINUATION : text ? RawFrame.TEXT : RawFrame.BINARY;
                    frames.add(RawFrame.of(opcode, Arrays.copyOfRange(payload, from, to))
                            .withFin(fragment == cuts.length));
                    from = to;
                    if (fragment < cuts.length && random.chance(30)) {
                        byte[] data = random.bytes(random.intBetween(0, 125));
                        frames.add(RawFrame.pong(data));
                        expected.add(Endpoint.describe("pong", data));
                    }
                }
                expected.add(Endpoint.describe(text ? "text" : "binary", payload));
            }
            byte[] bytes = Endpoint.wire(receiving, frames.toArray(RawFrame[]::new));
            Splits.random(bytes, random, parts -> {
                Endpoint receiver = new Endpoint(receiving).receive(parts);
                assertThat(receiver.error()).isNull();
                assertThat(receiver.events).isEqualTo(expected);
            });
        });
    }
}
