package dev.bowline.verification.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.verification.support.LineProcess;
import dev.bowline.verification.support.OpenSsl;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketClient;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.TlsTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bowline serve --tls-cert --tls-key} with files as openssl writes them, and openssl as a client. */
class ServeTlsTest {
    private static final Pattern READY =
            Pattern.compile("Bowline ready on wss://localhost:([0-9]+)/ and https://localhost:\\1/");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RELOAD = Duration.ofSeconds(60);

    private final Path directory;

    ServeTlsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @RegisterExtension
    final Recorder<String> output = new Recorder<>();

    @RegisterExtension
    final Recorder<String> texts = new Recorder<>();

    private OpenSsl openSsl;

    @BeforeEach
    void makeAuthority() throws IOException {
        openSsl = new OpenSsl(directory);
        openSsl.call("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem");
        Files.writeString(directory.resolve("names.cnf"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    }

    /** A certificate for a key that is there, {@code NAME.pem} for {@code NAME.key}. */
    private void certify(String name, String commonName) {
        openSsl.call("req -new -key " + name + ".key -subj /CN=" + commonName + " -out " + name + ".csr");
        openSsl.call("x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names.cnf -in " + name
                + ".csr -out " + name + ".pem");
    }

    /** Replaces one file by another at once, as tools that renew certificates do. */
    private void replace(String file, String by) throws IOException {
        Files.move(directory.resolve(by), directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private WebSocket connect(String port) throws IOException {
        ClientTls tls = ClientTls.DEFAULT.trust(TlsTrust.fromPem(directory.resolve("ca.pem")));
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

    private static String shownTo(WebSocket socket) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(socket.request().tls()).peer())
                .getName();
    }

    /** Connects, and disconnects, only to see it. */
    private String shown(String port) {
        try {
            WebSocket socket = connect(port);
            socket.close(1000, "");
            return shownTo(socket);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String askWithOpenSsl(String port) {
        return openSsl.call(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "s_client -ign_eof -CAfile ca.pem -verify_return_error -verify_hostname localhost -servername"
                        + " localhost -connect localhost:" + port);
    }

    @Test
    void renewedFilesAreServedWithoutARestart() throws IOException {
        openSsl.call("genrsa -traditional -out server.key 2048");
        certify("server", "first");
        try (LineProcess program = LineProcess.java(
                output::record,
                List.of(),
                "dev.bowline.cli.Main",
                "serve",
                "--host=localhost",
                "--port=0",
                "--quiet",
                "--tls-cert=" + directory.resolve("server.pem"),
                "--tls-key=" + directory.resolve("server.key"))) {
            String line = output.take(START);
            Matcher ready = READY.matcher(line);
            assertThat(ready.matches()).as(line).isTrue();
            String port = ready.group(1);
            WebSocket old = connect(port);
            assertThat(shownTo(old)).isEqualTo("CN=first");
            assertThat(askWithOpenSsl(port))
                    .containsPattern("subject=CN ?= ?first")
                    .contains("Verify return code: 0 (ok)", "HTTP/1.1 200 OK", "\r\n\r\nok");

            openSsl.call("ecparam -name prime256v1 -genkey -out next.key");
            certify("next", "second");
            replace("server.key", "next.key");
            replace("server.pem", "next.pem");
            Await.untilEquals("the new certificate is shown", RELOAD, () -> shown(port), "CN=second");

            assertThat(askWithOpenSsl(port))
                    .containsPattern("subject=CN ?= ?second")
                    .contains("HTTP/1.1 200 OK");
            old.send("the old one goes on");
            texts.expect("the old one goes on");
            old.close(1000, "");
            program.process().destroy();
        }
    }
}
