package dev.bowline.websocket.internal.client;

import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.codec.handshake.ClientHandshake;
import dev.bowline.codec.handshake.ClientHandshake.Established;
import dev.bowline.codec.handshake.ClientHandshake.Failure;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.codec.handshake.ResponseHead;
import dev.bowline.websocket.ClientOptions;
import dev.bowline.websocket.HttpProxy;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketHandshakeException;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.connection.Opened;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.tls.TlsStream;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a WebSocket: looks the name up, connects, asks the proxy for a tunnel where there is one, begins TLS
 * for {@code wss://}, shakes hands, and ends in a {@link Connection} or an {@link IOException}. Touched by its event loop alone.
 */
final class Attempt implements Dialer.Outcome {
    private static final Log LOG = Log.of(Attempt.class);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What the watchdog calls the code that runs when the stage completes. */
    private static final String DEPENDENTS = "connect, in what depends on its stage";

    private final Client client;
    private final EventLoop loop;
    private final URI uri;
    private final ClientOptions options;
    private final WebSocketListener listener;
    private final CompletableFuture<WebSocket> result;
    private final ClientHandshake handshake;
    private final OutputQueue output; // an open connection goes on with it
    private final TimingWheel.Timer timer = TimingWheel.Timer.of(this::onTimer);

    private boolean done;
    private @Nullable Dialer dialer; // from the look-up on
    private @Nullable Stream stream; // from the connect on
    private @Nullable TlsStream secured; // the same one, where it speaks TLS

    Attempt(
            Client client,
            EventLoop loop,
            URI uri,
            ClientOptions options,
            WebSocketListener listener,
            CompletableFuture<WebSocket> result) {
        this.client = client;
        this.loop = loop;
        this.uri = uri;
        this.options = options;
        this.listener = listener;
        this.result = result;
        this.output = new OutputQueue(loop.buffers());
        ByteBuffer nonce = ByteBuffer.allocate(16);
        while (nonce.hasRemaining()) {
            nonce.putInt(loop.maskingKeys().getAsInt());
        }
        this.handshake = new ClientHandshake(
                uri, nonce.array(), options.subprotocols(), options.connection().extensions(), options.headers());
    }

    void start() {
        loop.timers().set(timer, loop.nowNanos() + options.connectTimeout().toNanos());
        client.resolver().resolve(dialledHost()).whenComplete((addresses, error) -> {
            // What is known at once is not put off by a turn.
            if (loop.isInLoop()) {
                resolved(addresses, error);
            } else {
                loop.execute(() -> resolved(addresses, error));
            }
        });
    }

    private String dialledHost() {
        HttpProxy proxy = options.proxy();
        return proxy == null ? uri.getHost() : proxy.host();
    }

    private int dialledPort() {
        HttpProxy proxy = options.proxy();
        return proxy == null ? ClientHandshake.port(uri) : proxy.port();
    }

    // ---- The ways it ends ----

    private void fail(IOException cause) {
        if (release()) {
            drop();
            loop.callbackBegins(listener, DEPENDENTS);
            result.completeExceptionally(cause);
            loop.callbackEnds();
        }
    }

    /** Nobody wants it any more: its result was cancelled, or its client closed. Harmless when it is done. */
    void abandon() {
        if (release()) {
            drop();
        }
    }

    private void drop() {
        if (stream != null) {
            try {
                stream.shutdownOutput(); // TLS tells an end from a cut
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "The server is gone", e);
            }
            stream.close();
        }
        output.clear(); // the request may not have left, and its chunks are the loop's
    }

    private void refused(String who, ResponseHead response, @Nullable ProtocolError error) {
        String what = error == null ? who + " answered " + status(response) : error.message();
        fail(new WebSocketHandshakeException(problem(what), response.status(), response.headers(), error));
    }

    private static String status(ResponseHead response) {
        return response.reason().isEmpty()
                ? String.valueOf(response.status())
                : response.status() + " " + response.reason();
    }

    private void invalid(String who, ProtocolError error) {
        String what = who + " did not answer in HTTP: " + error.message();
        fail(new WebSocketHandshakeException(problem(what), 0, HttpHeaders.EMPTY, error));
    }

    /** Done, whatever comes now; false where it was already. */
    private boolean release() {
        if (done) {
            return false;
        }
        done = true;
        loop.timers().cancel(timer);
        if (dialer != null) {
            dialer.cancel();
        }
        return true;
    }

    /** A sentence for people. The query is left out: it may hold a token, and messages end up in logs. */
    private String problem(String what) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String via = options.proxy() == null ? "" : " through proxy " + options.proxy();
        return "can't connect to " + uri.getScheme() + "://" + uri.getRawAuthority() + path + via + ": " + what;
    }

    private void onTimer() {
        if (stream != null) {
            String what = secured != null && !secured.isHandshakeDone()
                    ? "connected, but the TLS handshake did not end within "
                    : "connected, but no answer came within ";
            fail(new SocketTimeoutException(problem(what + millis(options.handshakeTimeout()))));
            return;
        }
        String limit = " within " + millis(options.connectTimeout());
        if (dialer == null) {
            fail(new SocketTimeoutException(problem("the name " + dialledHost() + " was not found" + limit)));
            return;
        }
        String silent = String.join(", ", dialer.waitingFor());
        fail(withFailures(dialer, new SocketTimeoutException(problem("no answer from " + silent + limit))));
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    // ---- Name and TCP ----

    private void resolved(@Nullable List<InetAddress> addresses, @Nullable Throwable error) {
        if (done) {
            return;
        }
        if (error != null || addresses == null || addresses.isEmpty()) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            String what = cause == null || cause instanceof UnknownHostException
                    ? "unknown host " + dialledHost()
                    : "looking up " + dialledHost() + " failed: " + cause;
            fail(caused(new UnknownHostException(problem(what)), cause));
            return;
        }
        dialer = new Dialer(loop, addresses, dialledPort(), this);
        dialer.start();
    }

    @Override
    public void onAllFailed() {
        if (dialer == null) {
            throw new IllegalStateException("no dialer has failed");
        }
        List<IOException> failures = dialer.failures();
        String what = failures.size() == 1
                ? String.valueOf(failures.get(0).getMessage())
                : "none of " + failures.size() + " addresses: "
                        + String.join(
                                "; ",
                                failures.stream().map(Throwable::getMessage).toList());
        fail(withFailures(dialer, new ConnectException(problem(what))));
    }

    private static IOException withFailures(Dialer dialer, IOException problem) {
        dialer.failures().forEach(problem::addSuppressed);
        return problem;
    }

    private static IOException caused(IOException problem, @Nullable Throwable cause) {
        if (cause != null) {
            problem.initCause(cause);
        }
        return problem;
    }

    @Override
    public void onConnected(Stream connected) {
        stream = connected;
        loop.timers().set(timer, loop.nowNanos() + options.handshakeTimeout().toNanos());
        HttpProxy proxy = options.proxy();
        if (proxy == null) {
            secure(connected, NOTHING);
        } else {
            askForTunnel(connected, proxy);
        }
    }

    // ---- TLS ----

    /** For {@code wss://}: within a proxy's tunnel, which was set up in the clear. */
    private void secure(Stream connected, ByteBuffer early) {
        if (!ClientHandshake.isSecure(uri)) {
            shakeHands(connected, early);
            return;
        }
        TlsStream tls = TlsStream.client(loop, connected, options.tls(), uri.getHost(), ClientHandshake.port(uri));
        secured = tls;
        stream = tls;
        tls.handler(new StreamHandler() {
            @Override
            public void onConnected() {
                shakeHands(tls, NOTHING);
            }

            @Override
            public void onConnectFailed(IOException cause) {
                fail(tlsFailure(cause));
            }

            @Override
            public void onReadable() {
                throw new IllegalStateException("readable before the TLS handshake is done");
            }

            @Override
            public void onWritable() {
                throw new IllegalStateException("writable before the TLS handshake is done");
            }
        });
        tls.start(early);
    }

    private IOException tlsFailure(IOException cause) {
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof SSLException) {
            return new SSLException(problem(what), cause);
        }
        return new IOException(problem("connected, but " + what), cause);
    }

    // ---- HTTP ----

    /** {@code CONNECT host:port} (RFC 9110 §9.3.6). */
    private void askForTunnel(Stream connected, HttpProxy proxy) {
        String target = uri.getHost() + ":" + ClientHandshake.port(uri);
        RequestHead request = new RequestHead(
                "CONNECT",
                target,
                HttpHeaders.builder()
                        .add("Host", target)
                        .addAll(proxy.headers())
                        .build());
        exchange(connected, "the proxy", request, NOTHING, (response, leftover) -> {
            // Any 2xx opens the tunnel, whatever length the head may claim.
            if (response.status() / 100 == 2) {
                secure(connected, leftover);
            } else {
                refused("the proxy", response, null);
            }
        });
    }

    private void shakeHands(Stream connected, ByteBuffer early) {
        RequestHead request = handshake.requestHead();
        exchange(connected, "the server", request, early, (response, leftover) -> {
            ClientHandshake.Examination examined = handshake.examine(response);
            if (examined instanceof Failure failure) {
                refused("the server", response, failure.error());
            } else if (examined instanceof Established established) {
                open(connected, request, established, leftover);
            }
        });
    }

    private void exchange(
            Stream connected,
            String who,
            RequestHead request,
            ByteBuffer early,
            BiConsumer<ResponseHead, ByteBuffer> whenAnswered) {
        HeadExchange.Outcome outcome = new HeadExchange.Outcome() {
            @Override
            public void onResponse(ResponseHead response, ByteBuffer leftover) {
                whenAnswered.accept(response, leftover);
            }

            @Override
            public void onInvalid(ProtocolError error) {
                invalid(who, error);
            }

            @Override
            public void onBroken(String how, @Nullable IOException cause) {
                // With TLS 1.3 a server judges a client's certificate when the client is done already.
                fail(
                        cause instanceof SSLException
                                ? tlsFailure(cause)
                                : new IOException(problem("connected, but " + how), cause));
            }
        };
        new HeadExchange(loop, connected, output, options.headLimits(), outcome).start(request, early);
    }

    private void open(Stream connected, RequestHead request, Established established, ByteBuffer leftover) {
        if (done) {
            return;
        }
        if (result.isDone()) {
            abandon();
            return;
        }
        Opened opened = new Opened(
                Role.CLIENT,
                new UpgradeRequest(
                        request,
                        options.subprotocols(),
                        connected.remoteAddress(),
                        secured == null ? null : secured.session()),
                established.subprotocol(),
                established.extension(),
                null,
                null);
        Connection connection;
        try {
            connection = new Connection(loop, connected, output, options.connection(), opened, listener, client);
        } catch (RuntimeException | Error e) { // of an extension, or no memory
            fail(new IOException(problem("connected, but there was an internal error: " + e), e));
            return;
        }
        release(); // from here on the connection answers for the stream
        connection.start(leftover);
        loop.callbackBegins(listener, DEPENDENTS);
        if (!result.complete(connection)) {
            connection.terminate(); // cancelled while it opened
        }
        loop.callbackEnds();
    }
}
