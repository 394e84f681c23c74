package dev.bowline.verification.bench.polling;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Orders by HTTP, from Jetty as it is by default but for its name in each answer, without servlets, database or log: an answer costs as
 * little as it can. {@code GET /orders/N} is answered at once: by 304 where {@code If-None-Match} names the version that the order has.
 * {@code GET /orders/N?after=VERSION} is answered when there is a later version; or by 204, when there was none for so long.
 */
final class PolledServer implements BenchServer {
    private static final String AFTER = "after=";
    private static final long IDLE_MILLIS = 120_000; // longer than anybody waits
    private static final HttpField CACHE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, no-cache");
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");

    private final Server server = new Server();
    private final ServerConnector connector;
    private final ScheduledThreadPoolExecutor timer;
    private final List<Order> orders;
    private final long waitMillis;
    private final LongAdder answered = new LongAdder();

    /** @param wait how long an answer may wait for something new */
    PolledServer(int users, Duration wait) throws IOException {
        waitMillis = wait.toMillis();
        orders = IntStream.range(0, users).mapToObj(Order::new).toList();
        timer = new ScheduledThreadPoolExecutor(1);
        timer.setRemoveOnCancelPolicy(true);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4_096);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return answer(request, response, callback);
            }
        });
        try {
            server.start();
        } catch (Exception e) { // its parts may throw anything
            close();
            throw new IOException("can't start the HTTP server: " + e.getMessage(), e);
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void change(int order, long version) {
        orders.get(order).change(version);
    }

    @Override
    public long handled() {
        return answered.sum();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) { // as above
            throw new IllegalStateException("the HTTP server did not stop", e);
        }
    }

    private boolean answer(Request request, Response response, Callback callback) {
        String path = String.valueOf(request.getHttpURI().getPath());
        Order order = orders.get(Integer.parseInt(path, path.lastIndexOf('/') + 1, path.length(), 10));
        String query = request.getHttpURI().getQuery();
        if (query == null) {
            order.tell(request.getHeaders().get(HttpHeader.IF_NONE_MATCH), response, callback);
        } else {
            order.tellAfter(Long.parseLong(query.substring(AFTER.length())), response, callback);
        }
        return true;
    }

    private void write(Response response, Callback callback, int status, long version, @Nullable String state) {
        response.setStatus(status);
        HttpFields.Mutable headers = response.getHeaders();
        if (status != HttpStatus.NO_CONTENT_204) {
            headers.put(HttpHeader.ETAG, tag(version));
        }
        headers.put(CACHE);
        ByteBuffer body = null;
        if (state != null) {
            byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
            headers.put(JSON);
            headers.put(HttpHeader.CONTENT_LENGTH, bytes.length);
            body = ByteBuffer.wrap(bytes);
        }
        answered.increment();
        response.write(true, body, callback);
    }

    private static String tag(long version) {
        return "\"" + version + "\"";
    }

    /** Who waits for an order. */
    private record Waiting(Response response, Callback callback, Future<?> timeout) {}

    private final class Order {
        private final int number;

        // under the lock
        private long version = Orders.FIRST_VERSION;
        private final List<Waiting> waiting = new ArrayList<>();

        Order(int number) {
            this.number = number;
        }

        void tell(@Nullable String known, Response response, Callback callback) {
            long now = version();
            if (tag(now).equals(known)) {
                write(response, callback, HttpStatus.NOT_MODIFIED_304, now, null);
            } else {
                write(response, callback, HttpStatus.OK_200, now, Orders.state(number, now));
            }
        }

        void tellAfter(long known, Response response, Callback callback) {
            long now;
            synchronized (this) {
                now = version;
                if (now <= known) {
                    Future<?> timeout =
                            timer.schedule(() -> giveUp(response, callback), waitMillis, TimeUnit.MILLISECONDS);
                    waiting.add(new Waiting(response, callback, timeout));
                    return;
                }
            }
            write(response, callback, HttpStatus.OK_200, now, Orders.state(number, now));
        }

        void change(long to) {
            List<Waiting> told;
            synchronized (this) {
                version = to;
                told = List.copyOf(waiting);
                waiting.clear();
            }
            for (Waiting one : told) {
                one.timeout().cancel(false);
                write(one.response(), one.callback(), HttpStatus.OK_200, to, Orders.state(number, to));
            }
        }

        private void giveUp(Response response, Callback callback) {
            synchronized (this) {
                if (!waiting.removeIf(one -> one.response() == response)) {
                    return; // there was something new just now
                }
            }
            write(response, callback, HttpStatus.NO_CONTENT_204, 0, null);
        }

        private synchronized long version() {
            return version;
        }
    }
}
