package dev.bowline.websocket.internal.server;

import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.codec.Violation;
import dev.bowline.codec.handshake.HeadParser;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.codec.handshake.OpeningHandshake;
import dev.bowline.codec.handshake.OpeningHandshake.Offer;
import dev.bowline.codec.handshake.OpeningHandshake.Refusal;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.TextHeartbeat;
import dev.bowline.websocket.UpgradeDecision;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Connection;
import dev.bowline.websocket.internal.connection.Opened;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.server.HttpResponses.Response;
import dev.bowline.websocket.internal.tls.TlsStream;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import dev.bowline.websocket.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An accepted stream until it becomes a WebSocket, or ends: reads request heads, answers plain ones, and asks the
 * endpoint to decide on upgrades. Touched by its event loop alone.
 */
final class HttpConnection implements StreamHandler, EventLoop.Flushable {
    private static final Log LOG = Log.of(HttpConnection.class);

    private enum State {
        /** Reading a request head. */
        READING,
        /** Waiting for the endpoint's decision; nothing is read meanwhile. */
        DECIDING,
        /** The last response is being sent; what comes is discarded until the client has ended its side. */
        LAST_RESPONSE,
        /** A WebSocket, or closed: this object is done. */
        DONE
    }

    private final ServerContext context;
    private final Registry.LoopConnections registry;
    private final EventLoop loop;
    private final Stream accepted;
    private final @Nullable TlsStream secured; // null on plain TCP
    private final Stream stream; // the one of the two that HTTP is spoken on
    private final OutputQueue output;
    private final boolean admitted; // or over a limit, to be told so
    private final TimingWheel.Timer timer = TimingWheel.Timer.of(this::onTimer);
    private InetAddress counted; // whose it is, as far as is known
    private State state = State.READING;
    private @Nullable HeadParser parser; // null between requests
    private boolean answered; // something, be it a handshake or not
    private boolean outputShut;

    HttpConnection(ServerContext context, Registry.LoopConnections registry, Stream accepted, boolean admitted) {
        this.context = context;
        this.registry = registry;
        this.loop = registry.loop();
        this.accepted = accepted;
        ServerTls tls = context.tls();
        this.secured = tls == null ? null : TlsStream.server(loop, accepted, tls, HttpResponses::plainOnTlsPort);
        this.stream = secured == null ? accepted : secured;
        this.admitted = admitted;
        this.counted = accepted.remoteAddress().getAddress();
        this.output = new OutputQueue(loop.buffers());
    }

    /** Takes the stream over from the acceptor. */
    void start() {
        armTimer();
        stream.handler(this);
        try {
            loop.transport().register(accepted, secured == null ? this : secured);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "An accepted stream was broken", e);
            finish();
        } catch (RuntimeException | Error e) {
            broken(e);
        }
    }

    /** Takes the stream over only to refuse it. */
    void refuse(Response response) {
        start();
        guarded(() -> {
            if (state == State.READING) {
                refuseHandshake(response);
            }
        });
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            broken(e);
        }
    }

    /** A fault of our own or of the platform, such as memory that has run out: it costs this stream, and no other one. */
    private void broken(Throwable fault) {
        LOG.log(System.Logger.Level.ERROR, "Given up: a connection from " + stream.remoteAddress(), fault);
        outputShut = true; // half a response is no end
        finish();
    }

    private void armTimer() {
        loop.timers()
                .set(
                        timer,
                        loop.nowNanos() + context.options().handshakeTimeout().toNanos());
    }

    // ---- The stream ----

    @Override
    public void onReadable() {
        ByteBuffer buffer = loop.readBuffer();
        int n;
        try {
            n = stream.read(buffer);
        } catch (IOException e) {
            n = -1; // reset by the client before there was a WebSocket: nobody needs to know
        } catch (RuntimeException | Error e) {
            broken(e);
            return;
        }
        if (n < 0) {
            unanswered(ServerCounters.GONE);
            finish();
        } else if (state == State.READING) {
            guarded(() -> readHeads(buffer.flip()));
        }
    }

    @Override
    public void onWritable() {
        flush();
    }

    /** There is no TLS with this client. It has been told why: what it still sends is discarded until it ends. */
    @Override
    public void onConnectFailed(IOException cause) {
        LOG.log(System.Logger.Level.DEBUG, () -> "TLS with " + stream.remoteAddress() + " failed", cause);
        unanswered(ServerCounters.TLS);
        output.clear();
        outputShut = true;
        lastResponse();
    }

    /** Sends what is queued; reads again when all of it is sent. */
    @Override
    public void flush() {
        if (state == State.DONE) {
            return;
        }
        try {
            boolean sent = loop.drain(output, stream);
            if (state == State.LAST_RESPONSE && sent && !outputShut) {
                outputShut = true;
                stream.shutdownOutput();
            }
            stream.interest(state != State.DECIDING && sent, !sent);
        } catch (IOException e) {
            finish();
        } catch (RuntimeException | Error e) {
            broken(e);
        }
    }

    private void onTimer() {
        guarded(this::onDeadline);
    }

    private void onDeadline() {
        if (state == State.READING && parser != null && parser.hasBegun()) {
            refuseHandshake(HttpResponses.refusal(Violation.HANDSHAKE_TIMEOUT.error()));
        } else if (state == State.DECIDING) {
            refuseHandshake(HttpResponses.refusal(504, "The decision took too long.", HttpHeaders.EMPTY, false));
        } else {
            unanswered(ServerCounters.SILENT);
            finish(); // silent from the start, idle between requests, or slow to take its last response
        }
    }

    private void finish() {
        if (state != State.DONE) {
            endOutput();
            release();
            stream.close();
            output.clear();
            if (admitted) {
                context.admission().release(counted);
            } else {
                context.admission().releaseRefused();
            }
        }
    }

    /** Where nothing is cut off by it: TLS tells an end from a cut. */
    private void endOutput() {
        if (!outputShut && output.isEmpty()) {
            outputShut = true;
            try {
                stream.shutdownOutput();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "The client is gone", e);
            }
        }
    }

    /** Lets go of what this object holds, but for the stream. */
    private void release() {
        state = State.DONE;
        loop.timers().cancel(timer);
    }

    // ---- Requests ----

    private void readHeads(ByteBuffer in) {
        while (state == State.READING && in.hasRemaining()) {
            HeadParser reading = parser == null
                    ? new HeadParser(Role.SERVER, context.options().headLimits())
                    : parser;
            parser = reading;
            switch (reading.parse(in)) {
                case INCOMPLETE -> {
                    return;
                }
                case INVALID -> refuseHandshake(HttpResponses.refusal(reading.error()));
                case COMPLETE -> {
                    parser = null;
                    armTimer();
                    handle(reading.request(), in);
                }
            }
        }
    }

    private void handle(RequestHead request, ByteBuffer leftover) {
        Endpoint endpoint = context.endpoint(request.path());
        ProtocolError misdirected = context.gate().host(request, loop.nowNanos());
        if (!OpeningHandshake.isRequested(request)) {
            respond(
                    misdirected != null
                            ? HttpResponses.refusal(misdirected)
                            : context.responses().answer(request, endpoint != null));
            return;
        }
        if (misdirected != null) {
            refuseHandshake(HttpResponses.refusal(misdirected));
            return;
        }
        OpeningHandshake.Examination examined = OpeningHandshake.examine(request);
        if (examined instanceof Refusal refusal) {
            refuseHandshake(HttpResponses.refusal(refusal.error()));
        } else if (endpoint == null) {
            refuseHandshake(context.responses().answer(request, false));
        } else if (examined instanceof Offer offer) {
            ProtocolError foreign = context.gate().origin(endpoint, request, loop.nowNanos());
            if (foreign != null) {
                refuseHandshake(HttpResponses.refusal(foreign));
            } else {
                decide(endpoint, offer, leftover);
            }
        }
    }

    private void refuseHandshake(Response response) {
        registry.counters().answered(response.head().status());
        respond(response);
    }

    /** Nothing was heard of this client that could be answered. */
    private void unanswered(String why) {
        if (state == State.READING && !answered) {
            registry.counters().unanswered(why);
        }
    }

    private void respond(Response response) {
        answered = true;
        output.put(response.head().toBytes());
        if (response.body().hasRemaining()) {
            output.append(response.body().duplicate());
        }
        if (response.keepAlive()) {
            state = State.READING;
        } else {
            lastResponse();
        }
        loop.flushLater(this);
    }

    /** Closing with unread input would reset the stream, and the response might never be read. */
    private void lastResponse() {
        state = State.LAST_RESPONSE;
        Duration timeout = context.options().connection().protocol().closeTimeout();
        loop.timers().set(timer, loop.nowNanos() + timeout.toNanos());
    }

    // ---- Upgrades ----

    private void decide(Endpoint endpoint, Offer offer, ByteBuffer leftover) {
        state = State.DECIDING;
        UpgradeRequest request = new UpgradeRequest(
                offer.request(),
                offer.subprotocols(),
                context.proxies().client(stream.remoteAddress(), offer.request().headers()),
                secured == null ? null : secured.session());
        CompletableFuture<UpgradeDecision> decision = new CompletableFuture<>();
        loop.callbackBegins(endpoint, "onUpgrade");
        try {
            CompletionStage<UpgradeDecision> asked = endpoint.decide(request);
            if (asked instanceof CompletableFuture<UpgradeDecision> future && future.isDone()) {
                decision = future; // the usual case
            } else {
                relay(asked, decision);
            }
        } catch (Throwable thrown) { // the application's code may throw anything; the loop must survive it
            decision.completeExceptionally(thrown);
        }
        loop.callbackEnds();
        CompletionStage<UpgradeDecision> stage = decision;
        if (decision.isDone()) {
            // The stage would keep to itself what is thrown in here.
            stage.whenComplete(
                    (decided, error) -> guarded(() -> decided(endpoint, offer, request, decided, error, leftover)));
            return;
        }
        // The read buffer belongs to the next stream; what came behind the head waits in a copy.
        ByteBuffer kept =
                ByteBuffer.allocate(leftover.remaining()).put(leftover).flip();
        stream.interest(false, false);
        stage.whenComplete((decided, error) ->
                loop.execute(() -> guarded(() -> decided(endpoint, offer, request, decided, error, kept))));
    }

    /** The application's stage may call back more than once, or in any other way that a stage of its own likes. */
    private static void relay(CompletionStage<UpgradeDecision> from, CompletableFuture<UpgradeDecision> to) {
        from.whenComplete((decided, error) -> {
            if (error == null) {
                to.complete(decided);
            } else {
                to.completeExceptionally(error);
            }
        });
    }

    private void decided(
            Endpoint endpoint,
            Offer offer,
            UpgradeRequest request,
            @Nullable UpgradeDecision decision,
            @Nullable Throwable error,
            ByteBuffer leftover) {
        if (state != State.DECIDING) {
            return; // too late: the client has been answered, or is gone
        }
        if (error != null || decision == null) {
            LOG.log(System.Logger.Level.ERROR, "onUpgrade of endpoint " + endpoint.path() + " failed", error);
            refuseHandshake(HttpResponses.refusal(500, "Internal server error.", HttpHeaders.EMPTY, false));
        } else if (!decision.isAccepted()) {
            refuseHandshake(HttpResponses.refusal(decision.status(), decision.body(), decision.headers(), false));
        } else if (context.isStopping()) {
            refuseHandshake(HttpResponses.refusal(503, "The server is shutting down.", HttpHeaders.EMPTY, false));
        } else {
            open(endpoint, offer, request, decision, leftover);
        }
    }

    private void open(
            Endpoint endpoint, Offer offer, UpgradeRequest request, UpgradeDecision decision, ByteBuffer leftover) {
        String subprotocol =
                decision.subprotocol() != null ? decision.subprotocol() : endpoint.chooseSubprotocol(request);
        Endpoint.Service service = endpoint.service(subprotocol);
        ConnectionOptions options = context.options().connection();
        if (service != null) {
            options = service.options().apply(options);
        }
        Agreement extension = OpeningHandshake.negotiate(options.extensions(), offer.extensions());
        InetAddress client = request.remoteAddress().getAddress();
        if (!context.admission().admitClient(counted, client)) {
            refuseHandshake(HttpResponses.addressFull());
            return;
        }
        counted = client;
        try {
            output.put(OpeningHandshake.accept(offer, subprotocol, extension, decision.headers())
                    .toBytes());
        } catch (IllegalArgumentException e) { // the application chose what can't be
            LOG.log(System.Logger.Level.ERROR, "onUpgrade of endpoint " + endpoint.path() + " decided wrongly", e);
            refuseHandshake(HttpResponses.refusal(500, "Internal server error.", HttpHeaders.EMPTY, false));
            return;
        }
        TextHeartbeat heartbeat = service != null
                ? null
                : decision.textHeartbeat() != null ? decision.textHeartbeat() : endpoint.textHeartbeat();
        Opened opened = new Opened(
                Role.SERVER,
                request,
                subprotocol == null ? "" : subprotocol,
                extension,
                decision.user(),
                context.encoded(heartbeat));
        WebSocketListener listener = service == null ? endpoint.listener() : service.listener();
        Connection connection = new Connection(loop, stream, output, options, opened, listener, registry);
        registry.counters().answered(101);
        release(); // from here on the connection answers for the stream
        connection.start(leftover);
    }
}
