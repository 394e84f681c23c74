package dev.bowline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.Program;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program {@code bowline connect} on wss://, with input from a pipe. */
@Tag("once")
class ConnectTlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create("nobody knows");

    private final Path directory;

    ConnectTlsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private @Nullable WebSocketServer server;

    private int serve(TestIdentity identity) throws IOException {
        WebSocketServer started = WebSocketServer.builder()
                .host("localhost")
                .options(ServerOptions.builder()
                        .tls(ServerTls.of(identity.context()))
                        .build())
                .endpoint("/*", new GreetingEcho())
                .start();
        server = started;
        return started.port();
    }

    private static final class GreetingEcho implements WebSocketListener {
        @Override
        public void onOpen(WebSocket socket) {
            socket.send("message");
        }

        @Override
        public void onText(WebSocket socket, String text) {
            socket.send(text);
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String authority() {
        return AUTHORITY.writePem(directory).toString();
    }

    @Test
    void theAuthorityThatIsGivenIsTrusted() throws IOException {
        int port = serve(AUTHORITY.issue("localhost"));
        try (Program program = Program.start("connect", "wss://localhost:" + port + "/", "--tls-ca", authority())) {
            program.type("hello\n").endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("message", "hello");
            assertThat(program.err()).containsExactly("open", "closed by this end: 1000");
        }
    }

    @Test
    void insecureTrustsAnyoneAndSaysSo() throws IOException {
        int port = serve(AUTHORITY.request("another.example").expired().issue());
        try (Program program = Program.start("connect", "wss://localhost:" + port + "/", "--insecure")) {
            program.type("hello\n").endOfInput();
            assertThat(program.exitCode()).isZero();
            assertThat(program.out()).containsExactly("message", "hello");
            assertThat(program.err().get(0))
                    .endsWith(" WARNING TLS without security: certificates of servers are not verified");
        }
    }

    @Test
    void whoIsNotTrustedIsRefusedWithAWayOut() throws IOException {
        int port = serve(AUTHORITY.issue("localhost"));
        try (Program program = Program.start("connect", "wss://localhost:" + port + "/")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .singleElement()
                    .asString()
                    .startsWith("bowline connect: can't connect to wss://localhost:" + port + "/: ")
                    .endsWith("the certificate of localhost is not trusted: its chain leads to CN=nobody knows, who is"
                            + " not among the trusted authorities; trust its issuer with --tls-ca FILE, or anyone with"
                            + " --insecure");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, localhost, the certificate of localhost expired at ",
        "false, another.example, is for another name: another.example; connect by a name that it is for"
    })
    void aCertificateThatIsNotGoodForThisIsRefused(boolean expired, String name, String sentence) throws IOException {
        TestCertificates.Request request = AUTHORITY.request(name);
        int port = serve(expired ? request.expired().issue() : request.issue());
        try (Program program = Program.start("connect", "wss://localhost:" + port + "/", "--tls-ca", authority())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).singleElement().asString().contains(sentence);
        }
    }

    @Test
    void anAuthorityThatCannotBeReadIsToldInOneSentence() {
        Path missing = directory.resolve("missing.pem");
        try (Program program = Program.start("connect", "wss://localhost:1/", "--tls-ca", missing.toString())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).containsExactly("bowline connect: " + missing + " does not exist.");
        }
    }
}
