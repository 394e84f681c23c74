package dev.bowline.cli.serve;

import dev.bowline.cli.Logging;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.realtime.Hub;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The server of {@code bowline serve}: the demo endpoint and its sessions at every path, the pages, and a health check. */
public final class Demo implements AutoCloseable {
    /** The page runs and loads nothing but its own files, talks to WebSockets only, and is shown in no frame. */
    private static final HttpHeaders PAGE_POLICY = HttpHeaders.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer");

    /** The module is for the pages of other origins too, and a browser loads modules with CORS. */
    private static final HttpHeaders MODULE_POLICY = HttpHeaders.of("Access-Control-Allow-Origin", "*");

    private static final System.Logger LOG = System.getLogger(Demo.class.getName());

    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

    private final WebSocketServer server;
    private final Hub hub;
    private final Engines.Opened engine;

    private Demo(WebSocketServer server, Hub hub, Engines.Opened engine) {
        this.server = server;
        this.hub = hub;
        this.engine = engine;
    }

    /** Starts it, with all that it keeps in memory. */
    public static Demo start(String host, int port, String greeting, ServerOptions options) throws IOException {
        return start(host, port, greeting, options, new Engines.Opened(null));
    }

    /**
     * Starts it.
     *
     * @param greeting what each plain connection is told first; empty for nothing
     * @param options which pages and hosts it answers, among others
     * @param engine the demo's from now on: closed with it, or if it does not start
     */
    static Demo start(String host, int port, String greeting, ServerOptions options, Engines.Opened engine)
            throws IOException {
        // The endpoint looks users up in the server, which begins to accept before its builder returns it.
        CompletableFuture<WebSocketServer> started = new CompletableFuture<>();
        DemoEndpoint plain = new DemoEndpoint(greeting, name -> started.join().user(name));
        Hub hub = DemoSessions.hub(engine.engine());
        WebSocketServer.Builder builder = WebSocketServer.builder()
                .host(host)
                .port(port)
                .options(options)
                .endpoint(hub.serve(Endpoint.of("/*", plain).onUpgrade(plain::decide)))
                .resource("/", page("index.html", "text/html; charset=utf-8"))
                .resource("/sessions", page("sessions.html", "text/html; charset=utf-8"))
                .resource("/page.css", page("page.css", "text/css; charset=utf-8"))
                .resource("/sessions.css", page("sessions.css", "text/css; charset=utf-8"))
                .resource("/page.js", page("page.js", JAVASCRIPT))
                .resource("/sessions.js", page("sessions.js", JAVASCRIPT))
                .resource("/favicon.svg", page("favicon.svg", "image/svg+xml"))
                .resource("/bowline.js", StaticResource.browserModule().withHeaders(MODULE_POLICY))
                .resource(
                        "/healthz",
                        StaticResource.of("text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.US_ASCII)));
        Hub.browserModules().forEach((path, module) -> builder.resource(path, module.withHeaders(MODULE_POLICY)));
        try {
            started.complete(builder.start());
        } catch (IOException | RuntimeException e) {
            hub.close();
            engine.close();
            throw e;
        }
        return new Demo(started.join(), hub, engine);
    }

    /** Does not log connections that open and close, nor what happens to sessions. */
    public static void quiet() {
        Logging.quiet(DemoEndpoint.class, DemoSessions.class);
    }

    public WebSocketServer server() {
        return server;
    }

    public int port() {
        return server.port();
    }

    /** Stops, with 5 s for goodbyes. */
    @Override
    public void close() {
        hub.close();
        server.close();
        engine.close();
    }

    /**
     * Stops: has the clients of sessions come back to whoever serves them next, and says goodbye to all others. Where other nodes may serve
     * them, a few go at a time; what is left when that takes too long goes all at once.
     *
     * @param drain how long that may take
     */
    void stop(Duration grace, Duration drain) throws InterruptedException {
        if (engine.isShared()) {
            server.stopAccepting();
            try {
                hub.drain().toCompletableFuture().get(drain.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.log(Level.INFO, "not all clients have moved in {0} s; the rest goes now", drain.toSeconds());
            } catch (ExecutionException e) {
                throw new IllegalStateException("draining does not fail", e);
            }
        }
        hub.close();
        server.stop(grace);
        engine.close();
    }

    private static StaticResource page(String name, String contentType) {
        return StaticResource.of(contentType, Demo.class.getResourceAsStream("page/" + name))
                .withHeaders(PAGE_POLICY);
    }
}
