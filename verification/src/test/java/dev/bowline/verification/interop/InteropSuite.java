package dev.bowline.verification.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.interop.Pairing.Ends;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold between Bowline and any other implementation, whichever of them is the server. A subclass names the
 * other one. Content is compared by hash; a test ends with every event of both ends accounted for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InteropSuite {
    /** More than ASCII, and fewer than 123 bytes. */
    private static final String REASON = "auf Wiedersehen, 再见 🪢";

    private static final int BURST = 500;

    private @Nullable Pairing started;
    private final List<Recorder<String>> recorders = new ArrayList<>();
    private final List<OurEnd> ours = new ArrayList<>();

    abstract Pairing pair();

    /** The close codes that the other implementation lets its user send; 1005 is none. */
    abstract List<Integer> peerCloseCodes();

    /** Started once, but by the first test: were it skipped before all tests, none of them would be reported. */
    @BeforeEach
    void startPairing() {
        if (started == null) {
            started = pair();
        }
    }

    @AfterAll
    void closePairing() {
        if (started != null) {
            started.close();
        }
    }

    private Pairing pairing() {
        return Objects.requireNonNull(started);
    }

    final Ends connect(String... subprotocols) {
        Ends ends = pairing().connect(subprotocols);
        ours.add(ends.ours());
        recorders.add(ends.ours().events());
        recorders.add(ends.peer().events());
        return ends;
    }

    final Ends connected() {
        Ends ends = connect();
        ends.ours().events().expect("open -");
        ends.peer().events().expect("open -");
        return ends;
    }

    @AfterEach
    void nothingElseHappened() {
        try {
            recorders.forEach(Recorder::assertEmpty);
        } finally {
            recorders.clear(); // or what one test has left would fail all that follow
            ours.forEach(end -> end.socket().terminate());
            ours.clear();
        }
    }

    // ---- messages

    static Stream<Message> messages() {
        return Message.all();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void arrivesAsItWasSent(Message message) {
        Ends ends = connected();
        ends.peer().send(message);
        ends.ours().events().expect(message.event());
        ends.ours().send(message);
        ends.peer().events().expect(message.event());
    }

    @Test
    void manyMessagesArriveInOrderBothWaysAtOnce() {
        Ends ends = connected();
        List<Message> burst = IntStream.range(0, BURST)
                .mapToObj(i -> i % 2 == 0 ? Message.text("number " + i) : Message.binary(i))
                .toList();
        for (Message message : burst) {
            ends.peer().send(message);
            ends.ours().send(message);
        }
        for (Message message : burst) {
            ends.ours().events().expect(message.event());
            ends.peer().events().expect(message.event());
        }
    }

    @Test
    void whoSendsTooMuchIsToldSoWith1009() {
        Ends ends = connected();
        ends.peer().send(Message.binary(Message.LIMIT_BYTES + 1));
        expectTooBig(ends);
    }

    final void expectTooBig(Ends ends) {
        ends.peer().events().expect(event -> event.startsWith("close 1009 "), "a close with 1009");
        ends.ours().events().expect(event -> event.startsWith("close 1009 "), "a close with 1009");
        assertThat(ends.ours().closed().closedBy()).isEqualTo(Origin.LOCAL);
        assertThat(ends.ours().closed().error()).isNotNull();
    }

    // ---- closing

    @ParameterizedTest
    @MethodSource("peerCloseCodes")
    void closesWhenTheOtherEndDoes(int code) {
        Ends ends = connected();
        String reason = code == CloseCode.NO_STATUS_RECEIVED ? "" : REASON;
        ends.peer().close(code, reason);
        ends.ours().events().expect("close " + code + " " + reason);
        CloseEvent closed = ends.ours().closed();
        assertThat(closed.wasClean()).isTrue();
        assertThat(closed.closedBy()).isEqualTo(Origin.REMOTE);
        ends.peer().events().expect(event -> event.startsWith("close " + code), "the code sent back");
    }

    static List<Integer> ourCloseCodes() {
        return List.of(1000, 1001, 1011, 3000, 4000, 4999, CloseCode.NO_STATUS_RECEIVED);
    }

    @ParameterizedTest
    @MethodSource("ourCloseCodes")
    void isHeardWhenItCloses(int code) {
        Ends ends = connected();
        String reason = code == CloseCode.NO_STATUS_RECEIVED ? "" : REASON;
        ends.ours().close(code, reason);
        ends.peer().events().expect("close " + code + " " + reason);
        ends.ours().events().expect(event -> event.startsWith("close "), "the close confirmed");
        CloseEvent closed = ends.ours().closed();
        assertThat(closed.wasClean()).isTrue();
        assertThat(closed.closedBy()).isEqualTo(Origin.LOCAL);
        if (code != CloseCode.NO_STATUS_RECEIVED) { // to no code, some answer 1000
            assertThat(closed.code()).isEqualTo(code);
        }
    }

    @Test
    void whatWasSentBeforeACloseArrives() {
        Ends ends = connected();
        Message last = Message.binary(Message.LIMIT_BYTES);
        ends.ours().send(last);
        ends.ours().close(CloseCode.GOING_AWAY, "");
        ends.peer().events().expect(last.event());
        ends.peer().events().expect("close 1001 ");
        ends.ours().events().expect(event -> event.startsWith("close 1001 "), "the close confirmed");
    }

    @Test
    void aCutIs1006AtBothEnds() {
        Ends ends = connected();
        ends.ours().terminate();
        ends.peer().events().expect("close 1006 ");
        ends.ours().events().expect(event -> event.startsWith("close 1006 "), "a close with 1006");
        assertThat(ends.ours().closed().wasClean()).isFalse();
    }

    // ---- opening

    @Test
    void agreesOnTheSubprotocolThatTheServerPrefers() {
        Ends ends = connect("a", "b");
        ends.ours().events().expect("open b");
        ends.peer().events().expect("open b");
    }

    @Test
    void agreesOnTheOnlySubprotocolThatBothSpeak() {
        Ends ends = connect("z", "a");
        ends.ours().events().expect("open a");
        ends.peer().events().expect("open a");
    }

    @Test
    void aRefusalIsSeenByTheClient() {
        Recorder<String> client = pairing().refused();
        client.expect(pairing().refusal());
        recorders.add(client);
    }
}
