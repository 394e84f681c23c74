package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Program;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawListener;
import dev.bowline.testkit.RawPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program {@code bowline serve} as a process. */
@Tag("once")
class ServeCommandTest {
    private static final Duration TO_STOP = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void stopsGracefullyWhenTold(String signal) {
        try (Program program = Program.serve();
                RawPeer peer = RawPeer.connect(program.port())) {
            peer.handshakeAsClient("/?user=ann");
            peer.expectFrame(RawFrame.text("message"));
            program.signal(signal);
            RawFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1001);
            peer.send(close.withMask(1));
            peer.expectEof();
            assertThat(program.exitCode(TO_STOP)).isZero();
            assertThat(program.out()).hasSize(1);
            assertThat(program.err()).hasSize(2);
            assertThat(program.err().get(0))
                    .contains("INFO open 127.0.0.1 port ")
                    .endsWith(" at / as ann");
            assertThat(program.err().get(1))
                    .contains("INFO closed 127.0.0.1 port ")
                    .contains(" at / as ann: 1001");
        }
    }

    @Test
    void cutsPeersThatDoNotAnswerTheClose() {
        try (Program program = Program.serve("--quiet", "--greeting", "");
                RawPeer peer = RawPeer.connect(program.port())) {
            peer.handshakeAsClient("/");
            program.signal("TERM");
            assertThat(program.exitCode(TO_STOP)).isZero();
            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void quietlySaysOnlyThatItIsReady() {
        try (Program program = Program.serve("--quiet");
                RawPeer peer = RawPeer.connect(program.port())) {
            peer.handshakeAsClient("/");
            peer.expectFrame(RawFrame.text("message"));
            peer.send(RawFrame.close(1000, "").withMask(1));
            peer.expectFrame(RawFrame.close(1000, ""));
            peer.expectEofAndEnd();
            program.signal("TERM");
            assertThat(program.exitCode(TO_STOP)).isZero();
            assertThat(program.out()).hasSize(1);
            assertThat(program.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "localhost, localhost", "::1, [::1]", "[::1], [::1]", "0.0.0.0, 0.0.0.0"})
    void namesWhereItListens(String host, String inUrl) {
        try (Program program = Program.serve("--quiet", "--host", host, "--allow-any-origin")) {
            String ready = program.outLine();
            assertThat(ready)
                    .matches("Bowline ready on ws://\\Q" + inUrl + "\\E:(\\d+)/ and http://\\Q" + inUrl + "\\E:\\1/");
            int port = Integer.parseInt(ready.replaceAll(".*:(\\d+)/", "$1"));
            try (RawPeer peer = RawPeer.connect(new InetSocketAddress(host, port), 0)) {
                peer.handshakeAsClient("/");
                peer.expectFrame(RawFrame.text("message"));
            }
        }
    }

    @Test
    void doesNotTakeAPortThatIsTaken() {
        try (RawListener other = RawListener.open();
                Program program = Program.serve(
                        "--host",
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        "--port",
                        Integer.toString(other.port()))) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err())
                    .containsExactly(
                            "bowline serve: port " + other.port() + " of 127.0.0.1 is taken by another program;"
                                    + " stop that program, or choose another port with --port (0 takes a free one).");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, the host 192.0.2.1 is not an address of this machine;",
        "no-such-host.invalid, the host \"no-such-host.invalid\" is unknown;",
        "999.1.1.1, the host \"999.1.1.1\" is unknown;"
    })
    void doesNotListenOnAHostOfOthers(String host, String sentence) {
        try (Program program = Program.serve("--host", host, "--allow-any-origin")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).singleElement().asString().startsWith("bowline serve: " + sentence);
        }
    }

    @Test
    void onLoopbackEveryPageIsTakenThatKnowsItsName() {
        try (Program program = Program.serve("--quiet", "--allow-host", "bowline.test")) {
            int port = program.port();
            assertThat(status(port, "localhost:" + port, "Origin: null")).isEqualTo(101);
            assertThat(status(port, "127.0.0.1:" + port, "Origin: https://elsewhere.example"))
                    .isEqualTo(101);
            assertThat(status(port, "[::1]:" + port, "Origin: http://localhost:5173"))
                    .isEqualTo(101);
            assertThat(status(port, "bowline.test")).isEqualTo(101);
            assertThat(status(port, "rebound.example:" + port, "Origin: http://rebound.example:" + port))
                    .isEqualTo(421);
            program.errLine("Refused a request for the host rebound.example:" + port + " with 421");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "0.0.0.0"})
    void takesOnlyThePagesListedAndItsOwn(String host) {
        try (Program program = Program.serve(
                "--quiet", "--host", host, "--allow-origin", "https://a.example", "--allow-origin", "http://b:1")) {
            int port = program.port();
            String own = "localhost:" + port;
            assertThat(status(port, own, "Origin: https://a.example")).isEqualTo(101);
            assertThat(status(port, own, "Origin: http://b:1")).isEqualTo(101);
            assertThat(status(port, own, "Origin: http://" + own)).isEqualTo(101);
            assertThat(status(port, own)).isEqualTo(101);
            assertThat(status(port, own, "Origin: null")).isEqualTo(403);
            assertThat(status(port, own, "Origin: http://c.example")).isEqualTo(403);
            assertThat(program.errLine("origin null with 403")).contains("--allow-any-origin of bowline serve");
            assertThat(program.errLine("origin http://c.example with 403")).contains("--allow-origin of bowline serve");
        }
    }

    private static int status(int port, String host, String... headerLines) {
        try (RawPeer peer = RawPeer.connect(port)) {
            peer.write(RawHandshake.request(host, "/", headerLines));
            return RawHandshake.status(peer.readHead());
        }
    }

    @Test
    void isToldOfAMistakeInHowItWasCalled() {
        try (Program program = Program.serve("--port", "http")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).singleElement().asString().startsWith("bowline serve: the port is \"http\"");
        }
    }
}
