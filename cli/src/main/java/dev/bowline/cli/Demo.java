package dev.bowline.cli;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The server of {@code bowline serve}: the demo endpoint at every path, the page, and a health check. */
final class Demo {
    /** The page runs and loads nothing but its own files, talks to WebSockets only, and is shown in no frame. */
    private static final HttpHeaders PAGE_POLICY = HttpHeaders.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer");

    /** The module is for the pages of other origins too, and a browser loads modules with CORS. */
    private static final HttpHeaders MODULE_POLICY = HttpHeaders.of("Access-Control-Allow-Origin", "*");

    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

    private Demo() {}

    /**
     * Starts it.
     *
     * @param greeting what each connection is told first; empty for nothing
     * @param options which pages and hosts it answers, among others
     */
    static WebSocketServer start(String host, int port, String greeting, ServerOptions options) throws IOException {
        // The endpoint looks users up in the server, which begins to accept before its builder returns it.
        CompletableFuture<WebSocketServer> server = new CompletableFuture<>();
        DemoEndpoint demo = new DemoEndpoint(greeting, name -> server.join().user(name));
        server.complete(WebSocketServer.builder()
                .host(host)
                .port(port)
                .options(options)
                .endpoint(Endpoint.of("/*", demo).onUpgrade(demo::decide))
                .resource("/", page("index.html", "text/html; charset=utf-8"))
                .resource("/page.css", page("page.css", "text/css; charset=utf-8"))
                .resource("/page.js", page("page.js", JAVASCRIPT))
                .resource("/favicon.svg", page("favicon.svg", "image/svg+xml"))
                .resource("/bowline.js", StaticResource.browserModule().withHeaders(MODULE_POLICY))
                .resource(
                        "/healthz",
                        StaticResource.of("text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.US_ASCII)))
                .start());
        return server.join();
    }

    private static StaticResource page(String name, String contentType) {
        return StaticResource.of(contentType, Demo.class.getResourceAsStream("page/" + name))
                .withHeaders(PAGE_POLICY);
    }
}
