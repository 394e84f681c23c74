package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.RawFrame;
import dev.bowline.testkit.RawPeer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The program as a reader of the README would run it. */
class EchoServerTest {
    private final Program program = Program.server(EchoServer.class);

    @AfterEach
    void stop() {
        program.close();
    }

    @Test
    void echoesTextAndAnswersTheTextHeartbeat() {
        try (RawPeer peer = RawPeer.connect(program.port())) {
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
        URI uri = URI.create("http://127.0.0.1:" + program.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
