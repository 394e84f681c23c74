package dev.bowline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Program;
import dev.bowline.cli.serve.Service;
import dev.bowline.cli.serve.TestServices;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program {@code bowline connect} as a process, with input from a pipe. */
@Tag("once")
class ConnectCommandTest {
    private final List<AutoCloseable> opened = new ArrayList<>();

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private Program connect(int port, String... arguments) {
        List<String> all = new ArrayList<>(List.of("connect", "ws://127.0.0.1:" + port + "/chat"));
        all.addAll(List.of(arguments));
        return opened(Program.start(all.toArray(String[]::new)));
    }

    @Nested
    class AgainstTheDemo {
        private final Service server = opened(TestServices.demo());

        @Test
        void eachLineIsAMessageAndEachAnswerALine() {
            Program program =
                    connect(server.port()).type("hello\n\r\n@bob hi\nhéllo 你好").endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("message", "hello", "", "bob is not connected", "héllo 你好");
            assertThat(program.err()).containsExactly("open", "closed by this end: 1000");
        }

        @Test
        void withoutInputItWaitsForWhatComes() {
            Program program = connect(server.port()).endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("message");
        }

        @Test
        void manyLinesLoseNothing() {
            List<String> expected = new ArrayList<>(List.of("message"));
            StringBuilder input = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                String line = i + "x".repeat(i % 10 == 0 ? 100_000 : 10);
                expected.add(line);
                input.append(line).append('\n');
            }
            Program program = connect(server.port()).type(input.toString()).endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out().equals(expected)).as("all lines, in order").isTrue();
        }

        @Test
        void aMessageOverTheServersLimitIsAFailure() {
            Program program = connect(server.port(), "--wait", "60000").type("x".repeat((1 << 20) + 1) + "\n");
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errLine("closed by the peer: 1009")).isNotEmpty();
        }

        @Test
        void aRefusalIsToldWithItsStatus() {
            Program program = opened(Program.start("connect", "ws://127.0.0.1:" + server.port() + "/?user=a%20b"));
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).singleElement().asString().contains("400 Bad Request");
        }
    }

    @Nested
    class AgainstARawServer {
        private final RawListener listener = opened(RawListener.open());

        private RawPeer accept(String... headerLines) {
            RawPeer peer = opened(listener.accept(Duration.ofSeconds(30)));
            peer.handshakeAsServer(headerLines);
            return peer;
        }

        @Test
        void theRequestHasTheHeaderFieldsAndSubprotocolsGiven() {
            Program program = connect(
                    listener.port(),
                    "--header",
                    "Authorization: Bearer abc:def",
                    "--header=X-Empty:",
                    "--subprotocol",
                    "chat",
                    "--subprotocol",
                    "superchat");
            RawPeer peer = opened(listener.accept(Duration.ofSeconds(30)));
            String head = peer.handshakeAsServer("Sec-WebSocket-Protocol: superchat");
            assertThat(head).startsWith("GET /chat HTTP/1.1\r\n");
            assertThat(RawHandshake.header(head, "Authorization")).isEqualTo("Bearer abc:def");
            assertThat(RawHandshake.header(head, "X-Empty")).isEmpty();
            assertThat(RawHandshake.header(head, "Sec-WebSocket-Protocol")).isEqualTo("chat, superchat");
            assertThat(program.errLine("open")).isEqualTo("open, subprotocol superchat");
        }

        @Test
        void linesAreSentAsTheyAreWithBinary() {
            Program program = connect(listener.port(), "--binary", "--wait", "0")
                    .type("héllo\n")
                    .endOfInput();
            RawPeer peer = accept();
            RawFrame frame = peer.readFrame();
            assertThat(frame.opcode()).isEqualTo(RawFrame.BINARY);
            assertThat(frame.text()).isEqualTo("héllo");
            RawFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1000);
            peer.send(close.withoutMask());
            peer.shutdownOutput();
            assertThat(program.exitCode()).isZero();
        }

        @Test
        void binaryThatComesIsShownAsTextOrDumped() {
            Program program = connect(listener.port());
            RawPeer peer = accept();
            peer.send(RawFrame.binary((byte) 'o', (byte) 'k'), RawFrame.binary((byte) 0, (byte) 0xff));
            assertThat(program.outLine()).isEqualTo("ok");
            assertThat(program.outLine()).isEqualTo("<binary, 2 bytes: 00 ff>");
        }

        @Test
        void textThatIsNotUtf8IsNotSent() {
            Program program = connect(listener.port()).typeBytes('a', 0xff, '\n');
            RawPeer peer = accept();
            RawFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1000);
            peer.send(close.withoutMask());
            peer.shutdownOutput();
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.errLine("line 1 is not UTF-8")).contains("--binary");
        }

        @Test
        void pingsAndPongsAreShown() {
            Program program = connect(listener.port());
            RawPeer peer = accept();
            peer.send(RawFrame.ping((byte) 'h', (byte) 'i'), RawFrame.pong());
            RawFrame pong = peer.readFrame();
            assertThat(pong.withoutMask()).isEqualTo(RawFrame.pong((byte) 'h', (byte) 'i'));
            program.errLine("ping \"hi\"");
            program.errLine("pong");
            assertThat(program.out()).isEmpty();
        }

        @Test
        void theLastAnswerIsAwaitedAnewWithEachMessage() {
            Program program = connect(listener.port(), "--wait", "2000")
                    .type("question\n")
                    .endOfInput();
            RawPeer peer = accept();
            assertThat(peer.readFrame().text()).isEqualTo("question");
            for (int i = 0; i < 3; i++) {
                peer.expectNothing(Duration.ofSeconds(1)); // in all more than the wait
                peer.send(RawFrame.text("answer " + i));
            }
            RawFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1000);
            peer.send(close.withoutMask());
            peer.shutdownOutput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("answer 0", "answer 1", "answer 2");
        }

        @ParameterizedTest
        @CsvSource({"1000, 0", "4001, 0", "1011, 1"})
        void theCloseIsShownAndMakesTheExitCode(int code, int exitCode) {
            Program program =
                    connect(listener.port(), "--wait", "60000"); // stdin stays open: it is the peer who ends it
            RawPeer peer = accept();
            peer.send(RawFrame.close(code, "that is \"all\""));
            assertThat(peer.readFrame().closeCode()).isEqualTo(code);
            peer.close();
            assertThat(program.exitCode()).isEqualTo(exitCode);
            program.errLine("closed by the peer: " + code + " \"that is \"all\"\"");
        }

        @Test
        void aConnectionThatIsLostIsAFailure() {
            Program program = connect(listener.port());
            accept().reset();
            assertThat(program.exitCode()).isEqualTo(1);
            program.errLine("connection lost: 1006");
        }

        @Test
        void linesThatCouldNotBeSentAreAFailure() {
            Program program = connect(listener.port());
            RawPeer peer = accept();
            program.type("first\n");
            assertThat(peer.readFrame().text()).isEqualTo("first");
            peer.send(RawFrame.close(1000, ""));
            assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
            program.type("second\n");
            program.errLine("not sent: line 2");
            peer.close();
            assertThat(program.exitCode()).isEqualTo(1);
        }

        @Test
        void thePeerIsToldWhenTheProgramIsStopped() {
            Program program = connect(listener.port());
            RawPeer peer = accept();
            program.errLine("open");
            program.signal("TERM");
            RawFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1001);
            peer.send(close.withoutMask());
            peer.shutdownOutput();
            assertThat(program.exitCode()).isEqualTo(143);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "HTTP/1.1 401 Unauthorized         | 401 Unauthorized | give credentials",
                    "HTTP/1.1 302 Found%Location: /new | 302 Found        | to /new (RFC",
                    "HTTP/1.1 404 Not Found            | 404 Not Found    | bowline connect: can't connect to ws://127.0.0.1:",
                    "SSH-2.0-OpenSSH_9.2               | HTTP             | bowline connect: can't connect to ws://127.0.0.1:",
                })
        void anAnswerThatOpensNoWebSocketIsToldInOneSentence(String answer, String status, String hint) {
            Program program = connect(listener.port());
            RawPeer peer = opened(listener.accept(Duration.ofSeconds(30)));
            peer.readHead();
            peer.write(answer.replace("%", "\r\n") + "\r\nContent-Length: 0\r\n\r\n");
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).singleElement().asString().contains(status, hint);
        }

        @Test
        void aPortWhereNobodyListensIsToldInOneSentence() {
            int port = listener.port();
            listener.close();
            Program program = connect(port);
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).singleElement().asString().contains("127.0.0.1:" + port, "refused");
        }
    }

    @Nested
    class Reconnecting {
        @Test
        void goesOnWhenTheServerIsStartedAgain() {
            Program first = opened(Program.serve("--quiet"));
            int port = first.port();
            Program program = connect(port, "--reconnect").type("before\n");
            assertThat(program.outLine()).isEqualTo("message");
            assertThat(program.outLine()).isEqualTo("before");
            first.signal("KILL");
            first.exitCode();
            program.errLine("connection lost: 1006");
            program.errLine("waiting ");
            program.type("meanwhile\n");
            opened(Program.serve("--quiet", "--port", Integer.toString(port))).port();
            assertThat(program.outLine()).isEqualTo("message");
            assertThat(program.outLine()).isEqualTo("meanwhile");
            program.endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.err().get(0)).isEqualTo("connecting to ws://127.0.0.1:" + port + "/chat");
            assertThat(program.err()).contains("open", "closed by this end: 1000");
            assertThat(program.errLine(", attempt 1")).startsWith("connecting to ws://");
        }

        @Test
        void givesUpWhereAnotherAttemptWouldBeAnsweredAlike() {
            RawListener listener = opened(RawListener.open());
            Program program = connect(listener.port(), "--reconnect").type("never\n");
            RawPeer peer = opened(listener.accept(Duration.ofSeconds(30)));
            peer.readHead();
            program.errLine("connecting");
            peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            assertThat(program.exitCode()).isEqualTo(1);
            program.errLine("403 Forbidden");
        }

        @Test
        void aMistakeInTheUrlIsStillAMistake() {
            Program program = opened(Program.start("connect", "--reconnect", "wss://127.0.0.1/#part"));
            assertThat(program.exitCode()).isEqualTo(2);
        }
    }
}
