package dev.bowline.verification.conformance;

import static dev.bowline.testkit.RawFrame.binary;
import static dev.bowline.testkit.RawFrame.close;
import static dev.bowline.testkit.RawFrame.ping;
import static dev.bowline.testkit.RawFrame.pong;
import static dev.bowline.testkit.RawFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import dev.bowline.verification.conformance.Setting.Cut;
import dev.bowline.verification.conformance.Setting.Effort;
import dev.bowline.verification.conformance.Setting.Subject;
import dev.bowline.verification.conformance.Verdict.Behaviour;
import dev.bowline.verification.conformance.Verdict.Close;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The judge sees what is wrong: each test is a side that does one thing badly, or less well than it could. */
class FuzzerTest {
    private static final RawFrame HELLO = text("Hello");
    private static final RawFrame NORMAL = close(1000, "");

    @Test
    void aGoodServerPasses() {
        Verdict verdict = judge(Subject.SERVER, FuzzerTest::echo, server -> {
            server.readFrame();
            server.send(HELLO);
            server.readFrame();
            server.send(NORMAL);
            server.close();
        });
        assertVerdict(verdict, Behaviour.OK, Close.CLEAN, 1000);
    }

    @Test
    void aGoodClientPasses() {
        Verdict verdict = judge(Subject.CLIENT, FuzzerTest::echo, client -> {
            client.readFrame();
            client.send(HELLO.withMask(1));
            client.readFrame();
            client.send(NORMAL.withMask(2));
            client.expectEof();
            client.close();
        });
        assertVerdict(verdict, Behaviour.OK, Close.CLEAN, 1000);
    }

    @Test
    void anotherMessageFails() {
        assertFails(FuzzerTest::echo, text("hello"), NORMAL);
        assertFails(FuzzerTest::echo, binary(HELLO.payload()), NORMAL);
    }

    @Test
    void onePongTooManyFails() {
        Consumer<Fuzzer> script = fuzzer -> fuzzer.expect(pong()).send(ping()).close();
        assertFails(script, pong(), pong(), NORMAL);
    }

    @Test
    void anOrderNotAskedForFails() {
        Consumer<Fuzzer> script =
                fuzzer -> fuzzer.expect(pong(), HELLO).send(HELLO).close();
        assertFails(script, HELLO, pong(), NORMAL);
    }

    @Test
    void aMaskedServerFails() {
        assertFails(FuzzerTest::echo, HELLO.withMask(7), NORMAL);
    }

    @Test
    void aReservedBitFails() {
        assertFails(FuzzerTest::echo, HELLO.withRsv(1), NORMAL);
    }

    @Test
    void aStrayContinuationFails() {
        assertFails(FuzzerTest::echo, RawFrame.continuation(HELLO.payload()), NORMAL);
    }

    @Test
    void aLengthInTooManyBytesFails() {
        assertFails(FuzzerTest::echo, HELLO.withLengthForm(RawFrame.LengthForm.BITS_16), NORMAL);
    }

    @Test
    void aFragmentedEchoPasses() {
        Verdict verdict = judgeAnswers(
                FuzzerTest::echo,
                text("Hel").withFin(false),
                RawFrame.continuation(text("lo").payload()),
                NORMAL);
        assertVerdict(verdict, Behaviour.OK, Close.CLEAN, 1000);
    }

    @Test
    void anUnmaskedClientFails() {
        Verdict verdict = judge(Subject.CLIENT, FuzzerTest::echo, client -> {
            client.send(HELLO, NORMAL.withMask(2));
            client.readToEnd();
        });
        assertThat(verdict.behaviour()).isEqualTo(Behaviour.FAILED);
    }

    @Test
    void aClientWhoseMaskIsAlwaysTheSameFails() {
        Consumer<Fuzzer> script =
                fuzzer -> fuzzer.expect(HELLO, HELLO).send(HELLO, HELLO).close();
        Verdict verdict = judge(Subject.CLIENT, script, client -> {
            client.send(HELLO.withMask(5), HELLO.withMask(5), NORMAL.withMask(5));
            client.readToEnd();
        });
        assertThat(verdict.behaviour()).isEqualTo(Behaviour.FAILED);
    }

    @Test
    void anotherCloseCodeFails() {
        assertVerdict(judgeAnswers(FuzzerTest::echo, HELLO, close(1001, "")), Behaviour.FAILED, Close.WRONG_CODE, 1001);
        assertVerdict(
                judgeAnswers(FuzzerTest::refused, HELLO, close(1007, "")), Behaviour.FAILED, Close.WRONG_CODE, 1007);
    }

    @Test
    void aCloseWithoutACodePasses() {
        assertVerdict(judgeAnswers(FuzzerTest::echo, HELLO, close()), Behaviour.OK, Close.CLEAN, 1005);
    }

    @Test
    void aFrameBehindTheCloseFrameFails() {
        assertFails(FuzzerTest::echo, HELLO, NORMAL, pong());
    }

    @Test
    void anEndWithoutACloseFrameFailsUnlessItIsAllowed() {
        assertVerdict(judgeAnswers(FuzzerTest::echo, HELLO), Behaviour.FAILED, Close.DROPPED, 0);
        assertVerdict(judgeAnswers(FuzzerTest::refused, HELLO), Behaviour.OK, Close.DROPPED, 0);
    }

    @Test
    void theLesserOutcomeIsSaidToBeNotStrict() {
        assertVerdict(judgeAnswers(FuzzerTest::refused, close(1002, "")), Behaviour.NON_STRICT, Close.CLEAN, 1002);
    }

    @Test
    void anEndByResetIsNotClean() {
        Verdict verdict = judge(Subject.SERVER, FuzzerTest::echo, server -> {
            server.readFrame();
            server.send(HELLO);
            server.readFrame();
            server.send(NORMAL);
            server.reset();
        });
        assertThat(verdict.behaviour()).isEqualTo(Behaviour.FAILED);
        assertThat(verdict.close()).isNotEqualTo(Close.CLEAN);
    }

    @Test
    void aServerThatLeavesTheEndToTheClientIsNotClean() {
        Verdict verdict = judge(Subject.SERVER, FuzzerTest::echo, server -> {
            server.readFrame();
            server.send(HELLO);
            server.readFrame();
            server.send(NORMAL);
            server.expectEof(); // the client gives up in the end
        });
        assertVerdict(verdict, Behaviour.FAILED, Close.UNCLEAN, 1000);
    }

    @Test
    void aClientThatEndsTheStreamFirstIsNotClean() {
        Verdict verdict = judge(Subject.CLIENT, FuzzerTest::echo, client -> {
            client.send(HELLO.withMask(1), NORMAL.withMask(2));
            client.shutdownOutput();
            client.readToEnd();
        });
        assertVerdict(verdict, Behaviour.FAILED, Close.UNCLEAN, 1000);
    }

    @Test
    void aTextThatIsNotUtf8Fails() {
        RawFrame bad = RawFrame.of(RawFrame.TEXT, (byte) 0xC0);
        assertFails(fuzzer -> fuzzer.expect(bad).close(), bad, NORMAL);
    }

    private static void echo(Fuzzer fuzzer) {
        fuzzer.expect(HELLO).send(HELLO).close();
    }

    private static void refused(Fuzzer fuzzer) {
        fuzzer.expect(HELLO).orElse(Behaviour.NON_STRICT).send(HELLO).peerFails(1002);
    }

    @Test
    void messagesAreCompressedAndTheEchoToo() {
        DeflateParameters agreed = DeflateParameters.parse(
                "permessage-deflate; server_max_window_bits=9; client_no_context_takeover", true);
        try (Compression fuzzers = new Compression(agreed, Subject.SERVER);
                Compression servers = new Compression(agreed, Subject.CLIENT)) {
            Verdict verdict = judge(
                    Subject.SERVER,
                    fuzzers,
                    fuzzer -> fuzzer.exchange(RawFrame.TEXT, 3, 256, i -> Sample.JSON.slice(i, 2000))
                            .close(),
                    server -> {
                        for (int i = 0; i < 3; i++) {
                            byte[] content = servers.decompress(readMessage(server));
                            server.send(RawFrame.of(RawFrame.TEXT, servers.compress(content))
                                    .withRsv(Compression.RSV1));
                        }
                        server.readFrame();
                        server.send(NORMAL);
                        server.close();
                    });
            assertVerdict(verdict, Behaviour.OK, Close.CLEAN, 1000);
        }
    }

    private static byte[] readMessage(RawPeer server) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        RawFrame frame = server.readFrame();
        assertThat(frame.rsv()).isEqualTo(Compression.RSV1);
        message.writeBytes(frame.payload());
        while (!frame.fin()) {
            frame = server.readFrame();
            assertThat(frame.rsv()).isZero();
            message.writeBytes(frame.payload());
        }
        return message.toByteArray();
    }

    /** A server that sends these frames, whatever comes, and ends the stream. */
    private static Verdict judgeAnswers(Consumer<Fuzzer> script, RawFrame... answers) {
        return judge(Subject.SERVER, script, server -> {
            server.send(answers);
            server.shutdownOutput();
            server.readToEnd();
        });
    }

    private static void assertFails(Consumer<Fuzzer> script, RawFrame... answers) {
        assertThat(judgeAnswers(script, answers).behaviour()).isEqualTo(Behaviour.FAILED);
    }

    private static void assertVerdict(Verdict verdict, Behaviour behaviour, Close close, int code) {
        assertThat(verdict.behaviour()).as(verdict.toString()).isEqualTo(behaviour);
        assertThat(verdict.close()).as(verdict.toString()).isEqualTo(close);
        assertThat(verdict.closeCode()).isEqualTo(code);
    }

    private static Verdict judge(Subject subject, Consumer<Fuzzer> script, Consumer<RawPeer> side) {
        return judge(subject, null, script, side);
    }

    private static Verdict judge(
            Subject subject, @Nullable Compression compression, Consumer<Fuzzer> script, Consumer<RawPeer> side) {
        Setting setting = new Setting(subject, Cut.AS_DESCRIBED, Effort.REDUCED);
        try (RawListener listener = RawListener.open();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                RawPeer peer = listener.accept().deadline(Duration.ofSeconds(8))) {
            CompletableFuture<Void> played = CompletableFuture.runAsync(() -> side.accept(peer));
            Verdict verdict = play(script, socket, setting, compression);
            Await.until("the other side is done", played::isDone);
            played.join();
            return verdict;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Verdict play(
            Consumer<Fuzzer> script, Socket socket, Setting setting, @Nullable Compression compression)
            throws IOException {
        try (Wire wire = new Wire(socket, setting)) {
            Fuzzer fuzzer = new Fuzzer(wire, setting, compression);
            script.accept(fuzzer);
            return fuzzer.verdict();
        }
    }
}
