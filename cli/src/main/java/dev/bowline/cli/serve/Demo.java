package dev.bowline.cli.serve;

import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.realtime.Hub;
import dev.bowline.websocket.StaticResource;
import dev.bowline.websocket.WebSocketServer;
import java.nio.charset.StandardCharsets;

/** The pages of the demo, and what every server hands out. */
public final class Demo {
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

    /** The pages, and what they load. */
    static void addPages(WebSocketServer.Builder builder) {
        builder.resource("/", page("index.html", "text/html; charset=utf-8"))
                .resource("/sessions", page("sessions.html", "text/html; charset=utf-8"))
                .resource("/page.css", page("page.css", "text/css; charset=utf-8"))
                .resource("/sessions.css", page("sessions.css", "text/css; charset=utf-8"))
                .resource("/page.js", page("page.js", JAVASCRIPT))
                .resource("/sessions.js", page("sessions.js", JAVASCRIPT))
                .resource("/favicon.svg", page("favicon.svg", "image/svg+xml"));
        addModules(builder);
    }

    /** The modules for pages of any origin, and a health check. */
    static void addModules(WebSocketServer.Builder builder) {
        builder.resource("/bowline.js", StaticResource.browserModule().withHeaders(MODULE_POLICY))
                .resource(
                        "/healthz",
                        StaticResource.of("text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.US_ASCII)));
        Hub.browserModules().forEach((path, module) -> builder.resource(path, module.withHeaders(MODULE_POLICY)));
    }

    private static StaticResource page(String name, String contentType) {
        return StaticResource.of(contentType, Demo.class.getResourceAsStream("page/" + name))
                .withHeaders(PAGE_POLICY);
    }
}
