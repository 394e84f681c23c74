package dev.bowline.cli.serve;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.Logging;
import dev.bowline.cli.api.ApiOptions;
import dev.bowline.cli.api.ApiServer;
import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.cli.config.Settings;
import dev.bowline.cli.config.Values;
import dev.bowline.cli.dashboard.Dashboard;
import dev.bowline.cli.dashboard.Pages;
import dev.bowline.cli.hook.Hooks;
import dev.bowline.cli.token.RightsAuthorizer;
import dev.bowline.cli.token.Tickets;
import dev.bowline.metrics.BowlineMetrics;
import dev.bowline.realtime.Hub;
import dev.bowline.realtime.HubOptions;
import dev.bowline.session.engine.Engine;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.ServerOptions;
import dev.bowline.websocket.WebSocketServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** All that {@code serve} serves by a configuration: engine, hub, WebSocket server, API. Used by one thread. */
public final class Service implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Service.class.getName());

    /** Leaves time, within the 5 s that a stop may take, to cut who does not answer and to end the event loops. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private final Values values;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // in the order in which they are to be closed
    private final CompletableFuture<Hub> hub = new CompletableFuture<>();
    private final CompletableFuture<WebSocketServer> server = new CompletableFuture<>();
    private final boolean demo;
    private boolean shared;
    private Duration grace = STOP_GRACE;
    private volatile boolean draining;
    private @Nullable Dashboard dashboard;
    private @Nullable ApiServer api;
    private @Nullable String freshKey; // of the API, if none was given

    private Service(Values values) {
        this.values = values;
        this.demo = Settings.isDemo(values);
    }

    /**
     * Starts it.
     *
     * @throws CommandFailure if something can't be had that the configuration asks for; then nothing of it is left
     */
    public static Service start(Values values) throws CommandFailure {
        Service service = new Service(values);
        Logging.use(values.get(Settings.LOG_FORMAT), values.get(Settings.LOG_LEVEL));
        Connections.areLogged(values.get(Settings.LOG_CONNECTIONS));
        try {
            service.startParts();
            return service;
        } catch (CommandFailure | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private void startParts() throws CommandFailure {
        ServerOptions.Builder options = ServerOptions.builder()
                .maxConnections(values.get(Settings.MAX_CONNECTIONS))
                .maxConnectionsPerAddress(values.get(Settings.MAX_CONNECTIONS_PER_ADDRESS));
        Access.apply(values, options);
        @Nullable ServeTls tls = null;
        if (values.isGiven(Settings.TLS_CERTIFICATE)) {
            Path key = values.isGiven(Settings.TLS_KEY) ? Tokens.file(values, Settings.TLS_KEY) : null;
            tls = ServeTls.load(Tokens.file(values, Settings.TLS_CERTIFICATE), key);
            parts.addFirst(tls);
            options.tls(tls.options());
        }
        Engines.Opened engine = Engines.open(values.get(Settings.ENGINE).with(values));
        parts.addFirst(engine);
        shared = engine.isShared();
        @Nullable Tokens tokens = null;
        if (!demo) {
            tokens = Tokens.of(values, (id, ttl) -> hub.join().once(id, ttl));
            parts.addFirst(tokens);
        }
        Hooks hooks = Webhooks.of(values);
        parts.addFirst(hooks); // closed behind the hub, which ends sessions then
        hub.complete(hub(engine.engine(), tokens));
        hooks.addTo(hub.join());
        parts.addFirst(this::closeConnections);
        if (values.get(Settings.API_ENABLED)) {
            Dashboard begun = new Dashboard(hub.join(), server::join, shared);
            parts.addFirst(begun);
            dashboard = begun;
        }
        startServer(options.build());
        if (tls != null) {
            tls.keepReloaded(server.join());
        }
        if (values.get(Settings.API_ENABLED)) {
            startApi(tokens, hooks);
        }
    }

    // ---- WebSockets ----

    private Hub hub(@Nullable Engine engine, @Nullable Tokens tokens) {
        Hub.Builder builder = Hub.builder().options(hubOptions()).topic(Dashboard.policy());
        if (engine != null) {
            builder.engine(engine);
        }
        Topics topics = new Topics(values.all(Settings.TOPICS));
        if (tokens == null) {
            DemoSessions.addTo(builder);
        } else {
            topics.addTo(builder);
            builder.authenticator(tokens.authenticator()).authorizer(new RightsAuthorizer(topics));
        }
        Hub built = builder.build();
        if (tokens == null) {
            DemoSessions.addTo(built);
        }
        built.onSession(DemoSessions::log);
        return built;
    }

    private HubOptions hubOptions() {
        boolean soon = demo
                && !values.isGiven(Settings.HEARTBEAT_INTERVAL); // who cuts the line on the page need not wait long
        return HubOptions.builder()
                .resumeWindow(values.get(Settings.RESUME_WINDOW))
                .heartbeat(
                        soon ? Duration.ofSeconds(5) : values.get(Settings.HEARTBEAT_INTERVAL),
                        soon ? Duration.ofSeconds(3) : values.get(Settings.HEARTBEAT_TIMEOUT))
                .maxMessageBytes((int) Math.min(Integer.MAX_VALUE, values.get(Settings.MAX_MESSAGE_BYTES)))
                .maxSubscriptions(values.get(Settings.MAX_SUBSCRIPTIONS))
                .maxSessions(values.get(Settings.MAX_SESSIONS))
                .returnsPerSecond(values.get(Settings.RETURNS_PER_SECOND))
                .hellosPerSecond(values.get(Settings.HELLOS_PER_SECOND))
                .build();
    }

    private void startServer(ServerOptions options) throws CommandFailure {
        WebSocketServer.Builder builder = WebSocketServer.builder()
                .host(values.get(Settings.HOST))
                .port(values.get(Settings.PORT))
                .options(options);
        if (demo) {
            // The endpoint looks users up in the server, which begins to accept before its builder returns it.
            DemoEndpoint plain = new DemoEndpoint(
                    values.get(Settings.GREETING), name -> server.join().user(name));
            Endpoint both = hub.join().serve(Endpoint.of("/*", plain).onUpgrade(plain::decide));
            builder.endpoint(Connections.logged(both));
            Demo.addPages(builder);
        } else {
            builder.endpoint(Connections.logged(hub.join().endpoint("/*")));
            Demo.addModules(builder);
        }
        try {
            server.complete(builder.start());
        } catch (IOException e) {
            throw new CommandFailure(ListenFailure.explain(values.get(Settings.HOST), values.get(Settings.PORT), e));
        }
    }

    /** The port for WebSockets. */
    public int port() {
        return server.join().port();
    }

    WebSocketServer server() {
        return server.join();
    }

    /**
     * The port of the API.
     *
     * @throws IllegalStateException if there is none
     */
    int apiPort() {
        if (api == null) {
            throw new IllegalStateException("there is no API");
        }
        return api.port();
    }

    // ---- The API ----

    private void startApi(@Nullable Tokens tokens, Hooks hooks) throws CommandFailure {
        List<String> keys = values.all(Settings.API_KEYS);
        if (keys.isEmpty()) { // on a loopback address alone
            freshKey = "dev-" + Base64.getUrlEncoder().withoutPadding().encodeToString(Tickets.newSecret());
            keys = List.of(freshKey);
        }
        String host = values.get(Settings.API_HOST);
        int port = values.get(Settings.API_PORT);
        ApiOptions options =
                ApiOptions.of(keys).withHost(host).withPort(port).withOpenMetrics(values.get(Settings.OPEN_METRICS));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        BowlineMetrics.of(server.join(), hub.join()).bindTo(registry);
        hooks.bindTo(registry);
        parts.addFirst(registry::close);
        ApiParts apiParts = new ApiParts(
                hub.join(),
                hub.join()::sessions,
                tokens == null ? null : tokens::issue,
                registry::scrape,
                () -> draining ? "draining" : null,
                dashboard,
                Pages.files());
        try {
            ApiServer started = ApiServer.start(options, apiParts);
            parts.addFirst(started);
            api = started;
            if (dashboard != null) {
                dashboard.begin();
            }
        } catch (IOException e) {
            String why = ListenFailure.explain(host, port, e, "api.host", "api.port (--api-port)");
            if (freshKey == null || values.isGiven(Settings.API_PORT)) {
                throw new CommandFailure("the API: " + why);
            }
            LOG.log(Level.WARNING, () -> "there is no API: " + why); // nobody has asked for it
        }
    }

    /** Says where the API is, and with which key if nobody knows it yet. */
    void tellOfApi(PrintWriter err) {
        ApiServer started = api;
        String key = freshKey;
        if (started != null && key != null) {
            err.println("The dashboard and the HTTP API are on http://"
                    + ServeCommand.inUrl(values.get(Settings.API_HOST)) + ":" + started.port() + "/ with the key " + key
                    + " until this program ends (api.keys keeps one).");
            err.flush();
        }
    }

    // ---- The end ----

    /**
     * Stops: has the clients of sessions come back to whoever serves them next, and says goodbye to all others. Where other nodes may serve
     * them, a few go at a time; what is left when that takes too long goes all at once.
     */
    void stop() throws InterruptedException {
        draining = true;
        if (shared) {
            server.join().stopAccepting();
            Duration limit = values.get(Settings.DRAIN);
            try {
                hub.join().drain().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.log(Level.INFO, "not all clients have moved in {0} ms; the rest goes now", limit.toMillis());
            } catch (ExecutionException e) {
                throw new IllegalStateException("draining does not fail", e);
            }
        }
        close(STOP_GRACE);
    }

    /** Stops at once, with 5 s for goodbyes. */
    @Override
    public void close() {
        try {
            close(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Duration forGoodbyes) throws InterruptedException {
        grace = forGoodbyes;
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.removeFirst();
            try {
                part.close();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) { // the others are closed all the same
                LOG.log(Level.WARNING, "could not close " + part, e);
            }
        }
    }

    /** Clients of sessions are told to come back, before the server that they are connected to says goodbye to all. */
    private void closeConnections() throws InterruptedException {
        hub.join().close();
        if (server.isDone()) {
            server.join().stop(grace);
        }
    }
}
