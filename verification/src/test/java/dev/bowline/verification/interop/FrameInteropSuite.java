package dev.bowline.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.testkit.Seeded;
import dev.bowline.verification.interop.Pairing.Ends;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold with implementations whose users can ping, send fragments and cut the line. */
abstract class FrameInteropSuite extends InteropSuite {
    private static final int FRAGMENTS = 7;

    /** Whether the other implementation tells its user of a close when that user has cut the line. */
    abstract boolean tellsWhoCuts();

    static List<byte[]> pingPayloads() {
        return List.of(
                new byte[0],
                new byte[] {'h', 'i', 0, (byte) 0xFF},
                Seeded.of(55).bytes(125));
    }

    @ParameterizedTest
    @MethodSource("pingPayloads")
    void pingsAreSeenAndAnsweredBothWays(byte... payload) {
        Ends ends = connected();
        String hex = HexFormat.of().formatHex(payload);
        ends.peer().ping(payload);
        ends.ours().events().expect("ping " + hex);
        ends.peer().events().expect("pong " + hex);
        ends.ours().ping(payload);
        ends.peer().events().expect("ping " + hex);
        ends.ours().events().expect("pong " + hex);
    }

    static List<Message> fragmented() {
        return List.of(
                Message.text("text of 70,000 bytes", "Bowline".repeat(10_000)),
                Message.binary(1 << 20),
                Message.text("short text", "fragment"));
    }

    @ParameterizedTest
    @MethodSource("fragmented")
    void fragmentsWithPingsBetweenThemAreOneMessage(Message message) {
        Ends ends = connected();
        byte[][] parts = message.parts(FRAGMENTS);
        for (int i = 0; i < FRAGMENTS; i++) {
            boolean last = i == FRAGMENTS - 1;
            ends.peer().sendPart(message.isText(), parts[i], last);
            if (!last) {
                ends.peer().ping((byte) i);
            }
        }
        for (int i = 0; i < FRAGMENTS - 1; i++) {
            ends.ours().events().expect("ping 0" + i);
        }
        ends.ours().events().expect(message.event());
        expectPongsUpTo(ends, FRAGMENTS - 2);
    }

    /** A pong may answer several pings at once (RFC 6455 §5.5.3). */
    private static void expectPongsUpTo(Ends ends, int last) {
        int answered = -1;
        while (answered < last) {
            String pong = ends.peer().events().expect(event -> event.startsWith("pong 0"), "a pong");
            int number = Integer.parseInt(pong.substring("pong 0".length()));
            assertThat(number).isGreaterThan(answered);
            answered = number;
        }
    }

    /** Not a row for all, as undici drops the mark: it decodes with a TextDecoder as it comes. */
    @Test
    void aByteOrderMarkIsPartOfTheText() {
        Ends ends = connected();
        Message message = Message.text("\ufeffmark");
        ends.peer().send(message);
        ends.ours().events().expect(message.event());
        ends.ours().send(message);
        ends.peer().events().expect(message.event());
    }

    @Test
    void emptyFragmentsAreAllowed() {
        Ends ends = connected();
        ends.peer().sendPart(true, new byte[0], false);
        ends.peer().sendPart(true, new byte[] {'a'}, false);
        ends.peer().sendPart(true, new byte[0], false);
        ends.peer().sendPart(true, new byte[0], true);
        ends.ours().events().expect(Message.text("a").event());
    }

    @Test
    void fragmentsThatAddUpToTooMuchAreRefusedWith1009() {
        Ends ends = connected();
        byte[] half = new byte[Message.LIMIT_BYTES / 2];
        ends.peer().sendPart(false, half, false);
        ends.peer().sendPart(false, half, false);
        ends.peer().sendPart(false, new byte[] {1}, true);
        expectTooBig(ends);
    }

    @Test
    void aCutByTheOtherEndIs1006() {
        Ends ends = connected();
        ends.peer().terminate();
        ends.ours().events().expect(event -> event.startsWith("close 1006 "), "a close with 1006");
        assertThat(ends.ours().closed().wasClean()).isFalse();
        assertThat(ends.ours().closed().closedBy()).isEqualTo(Origin.NETWORK);
        if (tellsWhoCuts()) {
            ends.peer().events().expect("close 1006 ");
        }
    }
}
