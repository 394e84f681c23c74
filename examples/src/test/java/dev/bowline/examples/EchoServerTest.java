package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program as a reader of the README would run it. */
class EchoServerTest {
    private Process program;
    private int port;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        program = new ProcessBuilder(java.toString(), "-Dport=" + port, "-cp", classPath, EchoServer.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(new File("target/echo-server.log"))
                .start();
        Await.until("EchoServer accepts connections", this::accepts);
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            assertThat(program.isAlive()).as("EchoServer runs").isTrue();
            return false;
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        program.destroy();
        program.waitFor();
    }

    @Test
    void echoesTextAndAnswersTheTextHeartbeat() {
        try (RawPeer peer = RawPeer.connect(port)) {
            peer.handshakeAsClient("/");
            peer.send(RawFrame.text("hello").withMask(1), RawFrame.text("ping").withMask(2));
            peer.expectFrame(RawFrame.text("hello"));
            peer.expectFrame(RawFrame.text("pong"));
        }
    }

    @Test
    void servesThePageAndItsModule() throws IOException, InterruptedException {
        assertThat(get("/").body()).contains("ReconnectingWebSocket");
        HttpResponse<String> module = get("/bowline.js");
        assertThat(module.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(module.body()).contains("export class ReconnectingWebSocket");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
