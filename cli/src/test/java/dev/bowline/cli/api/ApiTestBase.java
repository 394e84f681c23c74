package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.cli.api.parts.Tickets;
import dev.bowline.cli.dashboard.Dashboard;
import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Leaks;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A server with a hub in memory, clients whose token is their name, and the API beside it. Each answer is held against the OpenAPI
 * document.
 */
abstract class ApiTestBase {
    static final String KEY = "test-key-0123456789";

    private static final OpenApi DOCUMENT = OpenApi.load();

    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<SessionClient> clients = new ArrayList<>();
    private @Nullable Hub hub;
    private @Nullable Dashboard dashboard;
    private @Nullable WebSocketServer server;
    private @Nullable ApiServer api;

    ApiOptions options() {
        return ApiOptions.of(List.of(KEY)).withPort(0);
    }

    /** What the API speaks for; those who want another part start with their own. */
    ApiParts parts(Hub served) {
        return new ApiParts(
                served,
                served::sessions,
                order -> new Tickets.Ticket("ticket-of-" + order.user(), Duration.ofSeconds(30)),
                () -> "bowline_up 1\n",
                () -> null,
                dashboard,
                Map.of());
    }

    /** The hub that the API speaks for, made when first asked for. */
    Hub hub() {
        Hub made = hub;
        if (made == null) {
            made = Hub.builder()
                    .topic(TopicPolicy.of("typing.>").ephemeral())
                    .topic(TopicPolicy.of("short.>").retain(2, 1 << 20, Duration.ofHours(1)))
                    .authenticator(token ->
                            CompletableFuture.completedFuture(token == null ? Identity.ANONYMOUS : Identity.of(token)))
                    .build();
            hub = made;
            dashboard = new Dashboard(made, this::server, false);
        }
        return made;
    }

    ApiServer start() {
        return start(options(), parts(hub()));
    }

    ApiServer start(ApiOptions options, ApiParts parts) {
        try {
            ApiServer started = ApiServer.start(options, parts);
            api = started;
            return started;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return (api == null ? start() : api).port();
    }

    // ---- Clients ----

    /** The server that the hub serves. */
    synchronized WebSocketServer server() {
        WebSocketServer started = server;
        if (started == null) {
            try {
                started = WebSocketServer.builder()
                        .port(0)
                        .endpoint(hub().endpoint("/"))
                        .start();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            server = started;
        }
        return started;
    }

    /** A client that has a session. */
    SessionClient client(@Nullable String user) {
        SessionClientOptions.Builder options = SessionClientOptions.builder();
        if (user != null) {
            options.token(user);
        }
        SessionClient client = Bowline.connect(
                URI.create("ws://127.0.0.1:" + server().port()), options.build(), new SessionListener() {});
        clients.add(client);
        Await.until("the session has begun", () -> client.state() == SessionState.OPEN);
        return client;
    }

    // ---- Requests ----

    /** An answer. */
    record Got(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + response.body(), e);
            }
        }

        /** Of a problem: its status, its code and its detail. */
        String problem() {
            return status() + " " + json().path("code").asText() + ": "
                    + json().path("detail").asText();
        }
    }

    Got get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Got delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    Got postText(String path, String text, String... headers) {
        return post(path, "text/plain", BodyPublishers.ofString(text), headers);
    }

    Got postJson(String path, String json) {
        return post(path, "application/json", BodyPublishers.ofString(json));
    }

    Got post(String path, String contentType, BodyPublisher body, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", contentType));
        all.addAll(List.of(headers));
        return send("POST", path, body, all.toArray(String[]::new));
    }

    /** With the key, if the headers have no other one. */
    Got send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!List.of(headers).contains("Authorization")) {
            request.header("Authorization", "Bearer " + KEY);
        }
        return send(request.build());
    }

    Got send(HttpRequest request) {
        Got got;
        try {
            got = new Got(http.send(request, BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(request + " was not answered", e);
        }
        check(request.method(), request.uri().getRawPath(), got);
        return got;
    }

    private static void check(String method, String path, Got got) {
        String type = got.response().headers().firstValue("Content-Type").orElse(null);
        if (got.status() >= 400 && !method.equals("HEAD")) {
            DOCUMENT.checkProblem(type, got.body());
        }
        DOCUMENT.operations().stream()
                .filter(operation -> operation.startsWith(method + " "))
                .map(operation -> operation.substring(operation.indexOf(' ') + 1))
                .filter(template -> path.matches(template.replaceAll("\\{[a-z]+}", "[^/]+")))
                .findFirst()
                .ifPresent(template -> DOCUMENT.check(method, template, got.status(), type, got.body()));
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.bye().toCompletableFuture().join());
        if (api != null) {
            api.close();
        }
        if (hub != null) {
            hub.close();
        }
        if (server != null) {
            server.close();
        }
        Leaks.assertNoThreads("bowline-api");
    }
}
