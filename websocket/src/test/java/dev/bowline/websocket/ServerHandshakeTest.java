package dev.bowline.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The opening handshake over real sockets; its rules one by one are the codec's tests. */
class ServerHandshakeTest {
    private static final String GOOD = RawHandshake.request("localhost", "/");

    @RegisterExtension
    final TestServer server = new TestServer();

    @BeforeEach
    void start() {
        server.start(new EchoListener(), ServerOptions.builder().eventLoops(1).build());
    }

    /** Sends a head; returns the head of the refusal, behind which come its body and the end of the stream. */
    private String refusal(String head) {
        RawPeer peer = server.connect();
        peer.write(head);
        String answer = peer.readHead();
        String length = RawHandshake.header(answer, "Content-Length");
        assertThat(length).isNotNull();
        peer.read(Integer.parseInt(String.valueOf(length)));
        peer.expectEof();
        return answer;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # status | in place of  | this
                    400 | GET / HTTP/1.1                   | GET  / HTTP/1.1
                    400 | GET / HTTP/1.1                   | GET / HTTP/x
                    505 | GET / HTTP/1.1                   | GET / HTTP/1.0
                    505 | GET / HTTP/1.1                   | GET / HTTP/2.0
                    405 | GET / HTTP/1.1                   | POST / HTTP/1.1
                    400 | GET / HTTP/1.1                   | GET chat HTTP/1.1
                    400 | Host: localhost                  | X-Host: localhost
                    400 | Host: localhost                  | Host : localhost
                    400 | Host: localhost                  | Host
                    400 | Host: localhost                  | Host: a~Host: b
                    400 | Host: localhost                  | Host: a~ folded
                    400 | Connection: Upgrade              | Connection: keep-alive
                    426 | Sec-WebSocket-Version: 13        | Sec-WebSocket-Version: 8
                    426 | Sec-WebSocket-Version: 13        | X-No-Version: 13
                    400 | Sec-WebSocket-Version: 13        | Sec-WebSocket-Version: 13~Sec-WebSocket-Version: 13
                    400 | dGhlIHNhbXBsZSBub25jZQ==         | dGhlIHNhbXBsZSBub25jZQ
                    400 | Sec-WebSocket-Version: 13        | Sec-WebSocket-Version: 13~Sec-WebSocket-Protocol: a, a
                    400 | Sec-WebSocket-Version: 13        | Sec-WebSocket-Version: 13~Sec-WebSocket-Extensions: =
                    400 | Sec-WebSocket-Version: 13        | Sec-WebSocket-Version: 13~Content-Length: 5
                    """)
    void refusesWithTheStatusOfTheViolation(int status, String inPlaceOf, String placed) {
        String head = GOOD.replace(inPlaceOf, placed.replace("~", "\r\n"));
        assertThat(head).isNotEqualTo(GOOD);
        assertThat(RawHandshake.status(refusal(head))).isEqualTo(status);
    }

    @Test
    void aRefusedVersionNamesTheOneSpoken() {
        String answer = refusal(GOOD.replace("Version: 13", "Version: 7"));
        assertThat(RawHandshake.header(answer, "Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(RawHandshake.header(answer, "Upgrade")).isEqualTo("websocket");
        assertThat(RawHandshake.header(refusal(GOOD.replace("GET", "PUT")), "Allow"))
                .isEqualTo("GET");
    }

    @Test
    void headsAreBounded() {
        assertThat(RawHandshake.status(refusal("GET /" + "a".repeat(9000)))).isEqualTo(414);
        assertThat(RawHandshake.status(refusal(GOOD.replace("\r\n\r\n", "\r\nX: " + "a".repeat(9000)))))
                .isEqualTo(431);
        assertThat(RawHandshake.status(refusal(GOOD.replace("\r\n\r\n", "\r\n" + "A: b\r\n".repeat(60) + "\r\n"))))
                .isEqualTo(431);
        assertThat(RawHandshake.status(refusal(GOOD.replace("\r\n", "\n")))).isEqualTo(400);
        RawPeer atTheLimit = server.connect();
        atTheLimit.write(GOOD.replace("\r\n\r\n", "\r\n" + "A: b\r\n".repeat(59) + "\r\n"));
        assertThat(RawHandshake.status(atTheLimit.readHead())).isEqualTo(101);
    }

    @Test
    void aHeadMayBeCutAnywhere() {
        byte[] head = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        RawPeer beside = server.open(); // on the same loop
        for (int cut = 1; cut < head.length; cut++) {
            RawPeer peer = server.connect();
            peer.write(Arrays.copyOf(head, cut));
            TestServer.echo(beside, "the loop has come round, and read the first piece");
            peer.write(Arrays.copyOfRange(head, cut, head.length));
            assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
            peer.close();
        }
    }

    @Test
    void aHeadMayComeByteByByteWithFramesBehindIt() {
        RawPeer peer = server.connect();
        peer.writeOneByteAtATime(GOOD.getBytes(StandardCharsets.ISO_8859_1));
        peer.writeOneByteAtATime(TestServer.text("Hello").bytes());
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        peer.expectFrame(RawFrame.text("Hello"));
    }

    @Test
    void whatComesBehindTheHeadInTheSameWriteIsNotLost() {
        RawPeer peer = server.connect();
        byte[] head = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frames =
                RawFrame.concat(TestServer.text("one"), TestServer.text("two"), TestServer.masked(RawFrame.ping()));
        byte[] both = Arrays.copyOf(head, head.length + frames.length);
        System.arraycopy(frames, 0, both, head.length, frames.length);
        peer.write(both);
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        peer.expectFrame(RawFrame.text("one"));
        peer.expectFrame(RawFrame.text("two"));
        peer.expectFrame(RawFrame.pong());
    }

    @Test
    void anEmptyLineMayComeFirstAndTheTargetMayBeAbsolute() {
        RawPeer peer = server.connect();
        peer.write("\r\n" + RawHandshake.request("localhost", "http://localhost/chat?a=b"));
        assertThat(RawHandshake.status(peer.readHead())).isEqualTo(101);
        assertThat(server.onlySocket().request().path()).isEqualTo("/chat");
        assertThat(server.onlySocket().request().queryParameter("a")).isEqualTo("b");
    }
}
