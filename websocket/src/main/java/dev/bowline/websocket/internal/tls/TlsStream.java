package dev.bowline.websocket.internal.tls;

import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import dev.bowline.websocket.tls.ClientTls;
import dev.bowline.websocket.tls.ServerTls;
import dev.bowline.websocket.tls.TlsSession;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Plaintext for whoever is above, TLS records for the stream below. The one above need not know: until the handshake is
 * done nothing can be read and nothing is taken; then it is told {@link StreamHandler#onConnected}.
 *
 * <p>Where the handshake fails, the peer is sent the alert, the one above is told {@link StreamHandler#onConnectFailed},
 * and the stream stays open for reading, which discards what comes until the peer has ended its side: closed at once it
 * would be reset, and the alert might never arrive.
 *
 * <p>The end: {@link #shutdownOutput} sends close_notify; reading -1 means that the peer sent it. A stream that ends
 * without it is truncated (RFC 8446 §6.1), and reading fails.
 *
 * <p>Touched by its event loop alone, but for what the engine calls delegated tasks, which run on {@link TlsTasks}. As
 * long as they do, the engine is not touched here: it would block.
 */
public final class TlsStream implements Stream, StreamHandler {
    private static final Log LOG = Log.of(TlsStream.class);

    /** How often to read and discard what has come already, when a stream has failed that will be closed at once. */
    private static final int DISCARDED_READS = 4;

    /** What a task has thrown the engine throws too, once or twice, before it gives the alert out. */
    private static final int ALERT_ATTEMPTS = 3;

    private enum Phase {
        HANDSHAKE,
        OPEN,
        /** The handshake has failed; what comes is discarded. */
        REFUSED,
        CLOSED
    }

    private final EventLoop loop;
    private final Stream raw;
    private final Supplier<SSLEngine> engines;
    private final @Nullable Supplier<ByteBuffer> plainAnswer; // null for a client
    private final TlsInput input;
    private final TlsInput.Observer observer = this::onRecord; // one object for all reads
    private final TlsOutput output;

    private @Nullable SSLEngine engine; // from the first bytes of the client on
    private Phase phase = Phase.HANDSHAKE;
    private @Nullable StreamHandler handler;
    private boolean firstBytesSeen;
    private boolean tasksRunning;
    private boolean wantsRead = true; // as any stream begins
    private boolean wantsWrite;
    private boolean ending; // our side is to end when the output has gone
    private boolean rawEnded; // our side of it
    private boolean tellingAgain;
    private @Nullable IOException failure; // of an open stream
    private volatile boolean closed; // so that a task which waits for its turn need not run

    private TlsStream(
            EventLoop loop, Stream raw, Supplier<SSLEngine> engines, @Nullable Supplier<ByteBuffer> plainAnswer) {
        this.loop = loop;
        this.raw = raw;
        this.engines = engines;
        this.plainAnswer = plainAnswer;
        TlsBuffers shared = TlsBuffers.of(loop);
        this.input = new TlsInput(raw, shared);
        this.output = new TlsOutput(raw, shared);
    }

    /**
     * The server's end of a stream. It begins when the client does: register the stream with this as its handler.
     *
     * @param plainAnswer what to send to a client that speaks plain HTTP
     */
    public static TlsStream server(EventLoop loop, Stream raw, ServerTls tls, Supplier<ByteBuffer> plainAnswer) {
        return new TlsStream(loop, raw, () -> TlsEngines.server(tls), plainAnswer);
    }

    /**
     * The client's end of a stream; {@link #start} follows.
     *
     * @param host as the URI names it
     */
    public static TlsStream client(EventLoop loop, Stream raw, ClientTls tls, String host, int port) {
        return new TlsStream(loop, raw, () -> TlsEngines.client(tls, host, port), null);
    }

    /**
     * Begins the handshake as a client, and takes the stream's events from now on.
     *
     * @param early bytes that have come already
     */
    public void start(ByteBuffer early) {
        raw.handler(this);
        input.keep(early);
        // Loading whom to trust, and making keys, takes long: most of all for the first connection of a program.
        offLoop(this::begin);
    }

    /** Whether the handshake is done. */
    public boolean isHandshakeDone() {
        return phase == Phase.OPEN;
    }

    /** What the handshake agreed on; to be asked of an open stream alone. */
    public TlsSession session() {
        return TlsEngines.session(engine());
    }

    private SSLEngine engine() {
        if (engine == null) {
            throw new IllegalStateException("no handshake has begun");
        }
        return engine;
    }

    private SSLEngine begin() throws IOException {
        try {
            SSLEngine made = engines.get();
            made.beginHandshake();
            return made;
        } catch (RuntimeException e) {
            throw ownFault(e);
        }
    }

    private String peer() {
        return plainAnswer == null ? "the server" : "the client";
    }

    // ---- For the one above ----

    @Override
    public void handler(StreamHandler newHandler) {
        handler = newHandler;
    }

    private StreamHandler handler() {
        if (handler == null) {
            throw new IllegalStateException("a TLS stream has no handler");
        }
        return handler;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (phase == Phase.REFUSED) {
            return discard(target);
        }
        if (phase != Phase.OPEN || tasksRunning || output.isControlFull()) {
            return 0;
        }
        try {
            return input.read(engine(), target, observer);
        } catch (IOException | RuntimeException e) {
            throw broken(asIOException(e));
        } finally {
            updateInterest();
        }
    }

    private int discard(ByteBuffer target) throws IOException {
        int at = target.position();
        int n = raw.read(target);
        target.position(at);
        return Math.min(n, 0);
    }

    /** A record of an open stream may have been a request for new keys, or the peer's end: the engine may answer it. */
    private boolean onRecord(SSLEngineResult result) throws IOException {
        if (result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            output.sendControl(engine());
            if (engine().getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks();
            }
        }
        return !tasksRunning && !output.isControlFull();
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (phase != Phase.OPEN || tasksRunning) {
            return 0;
        }
        try {
            return output.write(engine(), buffers, count);
        } catch (IOException | RuntimeException e) {
            throw broken(asIOException(e));
        } finally {
            updateInterest();
        }
    }

    @Override
    public void interest(boolean read, boolean write) {
        wantsRead = read;
        wantsWrite = write;
        updateInterest();
        if (hasNews()) {
            tellAgain();
        }
    }

    /** What the stream below is to tell: what the one above wants, and what TLS itself needs. */
    private void updateInterest() {
        boolean blocked = output.isBlocked();
        switch (phase) {
            case HANDSHAKE -> raw.interest(!tasksRunning && !blocked, blocked);
            case OPEN ->
                raw.interest(
                        wantsRead && !tasksRunning && !input.isEnded() && !output.isControlFull(),
                        blocked || (wantsWrite && !tasksRunning));
            case REFUSED -> raw.interest(wantsRead, blocked);
            case CLOSED -> {}
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (phase != Phase.CLOSED && !ending) {
            ending = true;
            if (engine != null && !tasksRunning && failure == null) {
                engine.closeOutbound();
                output.sendControl(engine);
            }
            endRaw();
            updateInterest();
        }
    }

    private void endRaw() throws IOException {
        if (ending && !rawEnded && !output.isBlocked()) {
            rawEnded = true;
            raw.shutdownOutput();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        phase = Phase.CLOSED;
        closed = true;
        input.clear();
        output.clear();
        raw.close();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return raw.remoteAddress();
    }

    // ---- From the stream below ----

    @Override
    public void onReadable() {
        if (phase == Phase.HANDSHAKE) {
            shakeHands();
        } else if (phase != Phase.CLOSED) {
            tellReadable();
        }
    }

    @Override
    public void onWritable() {
        if (phase == Phase.OPEN && wantsWrite && !tasksRunning) {
            handler().onWritable(); // it writes, and what is left of the last time goes first
            return;
        }
        try {
            output.flush();
            endRaw();
        } catch (IOException e) {
            lost(e);
            return;
        }
        if (phase == Phase.HANDSHAKE && !output.isBlocked()) {
            shakeHands();
        } else {
            updateInterest();
            if (hasNews()) { // which had to wait for this
                tellAgain();
            }
        }
    }

    /** Whether the one above has something to read though nothing may come any more. */
    private boolean hasNews() {
        return phase == Phase.OPEN
                && wantsRead
                && !tasksRunning
                && !output.isControlFull()
                && (input.hasMore() || failure != null);
    }

    private void tellReadable() {
        handler().onReadable();
        if (hasNews()) {
            tellAgain();
        }
    }

    /** In the next turn: what this one has caused to be written goes first, and other streams get theirs. */
    private void tellAgain() {
        if (!tellingAgain) {
            tellingAgain = true;
            loop.flushLater(() -> loop.execute(this::tellNow));
        }
    }

    private void tellNow() {
        tellingAgain = false;
        if (hasNews()) {
            tellReadable();
        }
    }

    // ---- The handshake ----

    private void shakeHands() {
        if (tasksRunning) {
            return;
        }
        boolean done;
        try {
            ByteBuffer in = input.take();
            try {
                done = proceed(in);
            } finally {
                input.keep(in);
            }
        } catch (IOException | RuntimeException e) {
            refused(asIOException(e));
            return;
        }
        if (done) {
            opened();
        } else {
            updateInterest();
        }
    }

    /** Goes on as far as it can; true when the handshake is done. */
    private boolean proceed(ByteBuffer in) throws IOException {
        if (engine == null) { // a server: who says nothing costs nothing
            if (!seeFirstBytes(in)) {
                return false;
            }
            engine = begin();
        }
        SSLEngine on = engine;
        while (true) {
            switch (on.getHandshakeStatus()) {
                case NEED_TASK -> {
                    runTasks();
                    return false;
                }
                case NEED_WRAP -> {
                    output.sendControl(on);
                    if (output.isBlocked()) {
                        return false;
                    }
                    if (on.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        throw new SSLException("the TLS handshake with " + peer() + " was given up");
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!firstBytesSeen && !seeFirstBytes(in)) {
                        return false;
                    }
                    SSLEngineResult result = input.unwrap(on, in);
                    if (result.getStatus() == Status.CLOSED) {
                        throw new SSLException(peer() + " gave the TLS handshake up");
                    }
                    if (result.getStatus() == Status.BUFFER_UNDERFLOW && !fill(in)) {
                        return false;
                    }
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    return true;
                }
            }
        }
    }

    /** False if there are too few of them to tell whether the peer speaks TLS. */
    private boolean seeFirstBytes(ByteBuffer in) throws IOException {
        while (true) {
            switch (plainAnswer == null ? FirstBytes.ofServer(in) : FirstBytes.ofClient(in)) {
                case TOO_FEW -> {
                    if (!fill(in)) {
                        return false;
                    }
                }
                case HTTP -> throw new PlainHttpException(plainAnswer == null);
                case FOR_THE_ENGINE -> {
                    firstBytesSeen = true;
                    return true;
                }
            }
        }
    }

    private boolean fill(ByteBuffer in) throws IOException {
        if (input.fill(in)) {
            return true;
        }
        if (input.isRawEnded()) {
            throw new EOFException(peer() + " ended the TCP stream within the TLS handshake");
        }
        return false;
    }

    private void opened() {
        phase = Phase.OPEN;
        input.opened(engine());
        updateInterest();
        handler().onConnected();
        if (phase == Phase.OPEN && wantsWrite) {
            handler().onWritable();
        }
        if (hasNews()) {
            tellReadable();
        }
    }

    private void runTasks() {
        SSLEngine on = engine();
        offLoop(() -> {
            for (Runnable task = on.getDelegatedTask(); task != null; task = on.getDelegatedTask()) {
                task.run();
            }
            return on;
        });
    }

    private void offLoop(Callable<SSLEngine> work) {
        tasksRunning = true;
        updateInterest();
        TlsTasks.EXECUTOR.execute(() -> {
            if (closed) {
                return;
            }
            try {
                SSLEngine worked = work.call();
                loop.execute(() -> tasksDone(worked, null));
            } catch (Throwable thrown) { // by the application's key or trust manager, which may throw anything
                loop.execute(() -> tasksDone(null, thrown));
            }
        });
    }

    private void tasksDone(@Nullable SSLEngine worked, @Nullable Throwable thrown) {
        tasksRunning = false;
        if (phase == Phase.CLOSED) {
            return;
        }
        if (worked == null) {
            lost(thrown instanceof Exception e ? asIOException(e) : ownFault(Objects.requireNonNull(thrown)));
            return;
        }
        engine = worked;
        if (phase == Phase.HANDSHAKE) {
            shakeHands();
            return;
        }
        updateInterest();
        if (wantsWrite) {
            handler().onWritable();
        }
        if (hasNews()) {
            tellReadable();
        }
    }

    // ---- Failures ----

    /** An engine should throw nothing else. What it throws all the same the peer may have caused: it makes no noise. */
    private static IOException asIOException(Exception thrown) {
        return thrown instanceof IOException e ? e : new SSLException("TLS failed here: " + thrown, thrown);
    }

    /** The peer can't have caused this. */
    private IOException ownFault(Throwable thrown) {
        if (plainAnswer != null) { // a client tells whoever wants to connect
            LOG.log(System.Logger.Level.ERROR, "TLS with " + raw.remoteAddress() + " failed here", thrown);
        }
        return new SSLException("TLS failed here: " + thrown, thrown);
    }

    /** The handshake has failed. The peer is told why, and our side is ended. */
    private void refused(IOException e) {
        phase = Phase.REFUSED;
        try {
            if (plainAnswer != null && e instanceof PlainHttpException) {
                output.sendPlain(plainAnswer.get());
                ending = true;
                endRaw();
            } else {
                sayWhy();
            }
        } catch (IOException alsoBroken) {
            LOG.log(System.Logger.Level.DEBUG, "A peer can't be told that TLS failed", alsoBroken);
            output.clear();
        }
        updateInterest();
        handler().onConnectFailed(TlsFailure.of(e, peer()));
    }

    /** An open stream has failed. The peer is told why, if it is not the stream below that has failed. */
    private IOException broken(IOException e) {
        if (failure != null) {
            return failure;
        }
        failure = TlsFailure.of(e, peer());
        if (e instanceof SSLException) {
            try {
                sayWhy();
                // With input that was not read the stream would be reset, and the alert might be lost.
                ByteBuffer room = TlsBuffers.of(loop).in();
                for (int i = 0; i < DISCARDED_READS && raw.read(room) > 0; i++) {
                    room.clear();
                }
            } catch (IOException alsoBroken) {
                LOG.log(System.Logger.Level.DEBUG, "A peer can't be told that TLS failed", alsoBroken);
            }
        }
        return failure;
    }

    /** Bytes of TLS's own could not be sent: the one above learns it when it reads. */
    private void lost(IOException e) {
        if (phase == Phase.HANDSHAKE) {
            refused(e);
        } else if (phase == Phase.OPEN) {
            failure = e;
            output.clear();
            updateInterest();
            if (hasNews()) {
                tellAgain();
            }
        }
    }

    /** Sends the alert that the engine has made, else close_notify; then ends our side. */
    private void sayWhy() throws IOException {
        SSLEngine on = engine;
        if (on != null && !tasksRunning && !ending) {
            on.closeOutbound();
            for (int attempt = 0; attempt < ALERT_ATTEMPTS; attempt++) {
                try {
                    output.sendControl(on);
                    break;
                } catch (SSLException | RuntimeException again) {
                    LOG.log(System.Logger.Level.DEBUG, "TLS failed", again);
                }
            }
        }
        ending = true;
        endRaw();
    }

    /** The peer speaks HTTP, but not TLS. */
    private static final class PlainHttpException extends SSLException {
        private static final long serialVersionUID = 1L;

        PlainHttpException(boolean byServer) {
            super(
                    byServer
                            ? "the server answered in plain text, not in TLS; is it a ws:// port?"
                            : "the client speaks plain HTTP, not TLS");
        }
    }
}
