package dev.bowline.cli.api;

import dev.bowline.cli.api.parts.ApiParts;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP API: what {@code docs/http-api.md} tells, and {@code /v1/openapi.json} in full; and files of pages. On a port of its own, so that a firewall can
 * keep it from those whom the WebSockets are for.
 *
 * <p><b>Threads.</b> A few of its own, which wait for nobody. All methods may be called from any thread.
 */
public final class ApiServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());

    private static final int MAX_THREADS = 8;
    private static final int MIN_THREADS = 2;
    private static final int MAX_WAITING_SCRAPES = 16;
    private static final int IDLE_MILLIS = 60_000;
    private static final int STOP_IDLE_MILLIS = 100;
    private static final long STOP_MILLIS = 2_000;

    private final Server server;
    private final ServerConnector connector;
    private final ThreadPoolExecutor scraper;

    private ApiServer(Server server, ServerConnector connector, ThreadPoolExecutor scraper) {
        this.server = server;
        this.connector = connector;
        this.scraper = scraper;
    }

    /**
     * Starts it.
     *
     * @throws IOException if the port can't be listened on
     */
    public static ApiServer start(ApiOptions options, ApiParts parts) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS);
        threads.setName("bowline-api");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS); // of requests that are answered late it cuts none
        connector.setShutdownIdleTimeout(STOP_IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(options.maxConnections(), connector));
        ThreadPoolExecutor scraper = scraper();
        server.setHandler(new GracefulHandler(new Handler.Sequence(
                new PageHandler(parts.pages()),
                new ApiHandler(router(options, parts, threads, scraper), options, threads))));
        server.setErrorHandler(ApiServer::tell);
        server.setStopTimeout(STOP_MILLIS);
        ApiServer started = new ApiServer(server, connector, scraper);
        try {
            server.start();
        } catch (Exception e) { // the server's parts may throw anything
            started.close();
            throw e instanceof IOException io ? io : new IOException("can't start the HTTP API: " + e.getMessage(), e);
        }
        return started;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Users' names may have an encoded slash, or be dots: paths are no files here, and each variable is one
        // segment.
        http.setUriCompliance(new UriCompliance("BOWLINE", UriCompliance.AMBIGUOUS_VIOLATIONS));
        return http;
    }

    private static ThreadPoolExecutor scraper() {
        return new ThreadPoolExecutor(
                0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING_SCRAPES), task -> {
                    Thread thread = new Thread(task, "bowline-api-metrics");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    static Router router(ApiOptions options, ApiParts parts, Executor threads, Executor scraper) {
        Router router = new Router();
        new TopicEndpoints(parts.hub(), threads).addTo(router);
        new UserEndpoints(parts.hub()).addTo(router);
        new BatchEndpoint(parts.hub()).addTo(router);
        new SessionEndpoints(parts.hub(), parts.sessions(), threads).addTo(router);
        new TicketEndpoint(parts.tickets()).addTo(router);
        new WatchEndpoints(parts.watch()).addTo(router);
        new OperationEndpoints(parts.readiness(), parts.metrics(), options.openMetrics(), scraper).addTo(router);
        return router;
    }

    /** What the server finds wrong by itself, before it comes to any endpoint, in the form that all problems have. */
    private static boolean tell(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String detail = status >= 500 || message == null ? HttpStatus.getMessage(status) : message.toString();
        String code = status == 413 || status == 414 || status == 431
                ? "too-large"
                : status == 503 ? "unavailable" : status >= 500 ? "internal" : "bad-request";
        ApiHandler.write(response, new Problem(status, code, detail + ".").toAnswer(), callback);
        return true;
    }

    /** Where it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Ends it; waits, for 2 s at most, for what is under way. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // as above; what remains is the connections, which end with the process
            LOG.log(Level.WARNING, "The HTTP API did not stop as it should", e);
        }
        scraper.shutdownNow();
    }
}
