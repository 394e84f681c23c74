package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Program;
import dev.bowline.testkit.Recorder;
import dev.bowline.testkit.TestCertificates;
import dev.bowline.testkit.TestIdentity;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.TlsTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bowline serve} with TLS. */
class ServeTlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.shared();
    private static final TestIdentity FIRST = AUTHORITY.issue("localhost", "127.0.0.1");
    private static final TestIdentity SECOND = AUTHORITY.issue("localhost", "127.0.0.1");

    private final Path directory;

    ServeTlsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @RegisterExtension
    final Recorder<String> texts = new Recorder<>();

    private WebSocket connect(int port) {
        ClientTls tls = ClientTls.DEFAULT.trust(TlsTrust.of(AUTHORITY.root()));
        WebSocket socket = WebSocketClient.shared()
                .connect(
                        URI.create("wss://localhost:" + port + "/"),
                        new WebSocketListener() {
                            @Override
                            public void onText(WebSocket from, String text) {
                                texts.record(text);
                            }
                        },
                        ClientOptions.builder().tls(tls).build())
                .toCompletableFuture()
                .join();
        texts.expect("message");
        return socket;
    }

    private static X509Certificate shownTo(WebSocket socket) {
        return Objects.requireNonNull(socket.request().tls()).peerCertificates().get(0);
    }

    /** At once, so that the program finds no half of a file. */
    private static void replace(Path file, Path next) throws IOException {
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void echo(WebSocket socket, String text) {
        socket.send(text);
        texts.expect(text);
    }

    @Test
    void servesThePageAndWebSocketsAndTakesNewFilesWithoutHarmToConnections() throws Exception {
        Path chain = FIRST.writeChain(directory, "server");
        Path key = FIRST.writeKey(directory, "server");
        try (Program program = Program.serve(
                "--host", "localhost", "--quiet", "--tls-cert", chain.toString(), "--tls-key", key.toString())) {
            int port = program.port();
            assertThat(program.out())
                    .containsExactly(
                            "Bowline ready on wss://localhost:" + port + "/ and https://localhost:" + port + "/");
            HttpResponse<String> page = HttpClient.newBuilder()
                    .sslContext(AUTHORITY.context())
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            WebSocket old = connect(port);
            echo(old, "before");
            assertThat(shownTo(old)).isEqualTo(FIRST.certificate());

            replace(chain, SECOND.writeChain(directory, "next"));
            program.errLine("WARNING TLS goes on with the certificate that it has, as the private key in " + key
                    + " does not match the certificate in " + chain);
            WebSocket between = connect(port);
            assertThat(shownTo(between)).isEqualTo(FIRST.certificate());
            replace(key, SECOND.writeKey(directory, "next"));
            assertThat(program.errLine("INFO reloaded the TLS certificate from " + chain))
                    .endsWith(": localhost, 127.0.0.1, valid until "
                            + SECOND.certificate().getNotAfter().toInstant());

            echo(old, "the old one goes on");
            WebSocket young = connect(port);
            assertThat(shownTo(young)).isEqualTo(SECOND.certificate());
            echo(young, "with the new one");
            List.of(old, between, young).forEach(socket -> socket.close(1000, ""));
            program.signal("TERM");
            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).hasSize(2);
        }
    }

    // ---- What can't be used ----

    private static String refused(Path certificate, @Nullable Path key) {
        Throwable[] failure = new Throwable[1];
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> ServeTls.load(certificate, key).close())
                .satisfies(e -> failure[0] = e);
        return String.valueOf(failure[0].getMessage());
    }

    @Test
    void whatCannotBeUsedIsToldInOneSentence() {
        Path chain = FIRST.writeChain(directory, "first");
        Path key = FIRST.writeKey(directory, "first");
        assertThat(refused(directory.resolve("none.pem"), key))
                .isEqualTo(directory.resolve("none.pem") + " does not exist.");
        assertThat(refused(chain, SECOND.writeKey(directory, "second")))
                .startsWith("the private key in " + directory.resolve("second.key")
                        + " does not match the certificate in " + chain)
                .endsWith(".");
        assertThat(refused(chain, null))
                .startsWith(chain + " holds no private key, ")
                .endsWith("; name the key's own file with --tls-key.");
        assertThat(refused(key, null)).startsWith(key + " holds no certificate, ");
    }

    @Test
    void anExpiredCertificateEndsTheProgram() throws IOException {
        TestIdentity late = AUTHORITY.request("localhost").expired().issue();
        Path both = Files.writeString(directory.resolve("both.pem"), late.chainPem() + late.keyPem());
        try (Program program = Program.serve("--tls-cert", both.toString())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.out()).isEmpty();
            assertThat(program.err())
                    .containsExactly("bowline serve: the certificate in " + both + " (localhost) expired at "
                            + late.certificate().getNotAfter().toInstant() + "; put a new one there.");
        }
    }

    @Test
    void aKeyInTheFileOfTheCertificateIsEnough() throws IOException, CommandFailure {
        Path both = Files.writeString(directory.resolve("both.pem"), FIRST.keyPem() + FIRST.chainPem());
        try (ServeTls tls = ServeTls.load(both, null)) {
            assertThat(tls.options().context()).isNotNull();
        }
    }
}
