package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.Compression;
import dev.bowline.codec.Extension;
import dev.bowline.codec.Opcode;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.ProtocolHandler;
import dev.bowline.codec.Role;
import dev.bowline.codec.TcpAction;
import dev.bowline.codec.Violation;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.OverflowPolicy;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Callbacks.Event;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket: binds the protocol object to a stream, an event loop and the application's listener.
 *
 * <p>All state is touched by the event loop alone, but for what is marked otherwise. Calls from other threads become tasks
 * of the loop, in one order with its other tasks, such as broadcasts; their bytes are counted at once, so that the cap on
 * the queue holds for them too.
 */
public final class Connection extends OpenedWebSocket implements StreamHandler, ProtocolHandler, EventLoop.Flushable {
    private static final Log LOG = Log.of(Connection.class);

    /** With more than this waiting to be sent, text heartbeats are not answered at once. */
    private static final int REPLY_BACKLOG_BYTES = 4096;

    private final EventLoop loop;
    private final OutputQueue output;
    private final ConnectionOptions options;
    private final ConnectionOwner owner;
    private final @Nullable Extension extension;
    private final WebSocketProtocol protocol;
    private final Callbacks callbacks;
    private final Liveness liveness;
    private final @Nullable MessageRate rate;
    private final SendBudget budget;
    private final boolean plainFrames; // what is sent is neither masked nor touched by an extension

    private boolean busy; // inside one of our own entry points, which settles at its end
    private boolean flushScheduled;
    private boolean writeBlocked; // the operating system takes no more bytes for now
    private boolean outputShut;
    private boolean inputEnded; // the peer has ended its side of the stream: it would be readable for ever
    private boolean pausedByApplication;
    private boolean pausedForCallbacks;
    private boolean closingNoticed;
    private boolean replyOwed; // a text heartbeat was not answered, as too much was waiting to be sent
    private long uncounted; // of what is queued: what the opening handshake had still to send

    // Written by the event loop, read by any thread.
    private volatile ReadyState readyState = ReadyState.OPEN;

    // Written by any thread.
    private volatile boolean ending; // the application has closed or terminated it: nothing more is accepted

    /**
     * @param output what the opening handshake has still to send; the connection goes on with it
     */
    public Connection(
            EventLoop loop,
            Stream stream,
            OutputQueue output,
            ConnectionOptions options,
            Opened opened,
            WebSocketListener listener,
            ConnectionOwner owner) {
        super(opened, stream);
        this.loop = loop;
        this.output = output;
        this.options = options;
        this.owner = owner;
        this.extension = opened.extension() == null
                ? null
                : opened.extension().extension().apply(loop.extensions());
        this.protocol =
                new WebSocketProtocol(opened.role(), options.protocol(), extension, loop.maskingKeys(), output, this);
        Executor executor = options.callbackExecutor();
        this.callbacks =
                executor == null ? new Callbacks(this, listener) : new ExecutorCallbacks(this, listener, executor);
        this.liveness = new Liveness(this, protocol, options.heartbeat());
        this.plainFrames = opened.role() == Role.SERVER && extension == null;
        this.budget = new SendBudget(options.maxQueuedBytes(), loop.counters());
        this.rate = options.maxMessagesPerSecond() == 0
                ? null
                : new MessageRate(options.maxMessagesPerSecond(), loop.nowNanos());
    }

    /** Begins: tells the application, then takes the bytes that came behind the opening handshake. */
    public void start(ByteBuffer leftover) {
        stream.handler(this);
        updateInterest();
        liveness.arm();
        uncounted = output.size();
        loop.counters().receivedBytes(leftover.remaining());
        owner.onOpened(this);
        busy = true;
        callbacks.tell(Event.OPEN, null);
        receive(leftover);
        busy = false;
        settleBatch();
    }

    /** The event loop that it lives on. */
    public EventLoop loop() {
        return loop;
    }

    // ---- The stream ----

    @Override
    public void onReadable() {
        busy = true;
        try {
            ByteBuffer direct = protocol.directTarget();
            ByteBuffer buffer = direct == null ? loop.readBuffer() : direct;
            int n = stream.read(buffer);
            if (n > 0) {
                loop.counters().receivedBytes(n);
                liveness.show();
                if (direct == null) {
                    receive(buffer.flip());
                } else {
                    receivedDirectly(n);
                }
            } else if (n < 0) {
                inputEnded = true;
                protocol.receiveEnd();
                if (!output.isEmpty()) { // else it is closed now
                    updateInterest();
                }
            }
        } catch (IOException e) {
            protocol.abort(Origin.NETWORK, describe(e), null);
        } catch (RuntimeException | Error e) {
            broken(e);
        }
        busy = false;
        settleBatch(); // what the bytes brought about leaves at once
    }

    private void receive(ByteBuffer bytes) {
        try { // not by guarded, which would make garbage of each read
            protocol.receive(bytes, loop.nowNanos());
        } catch (RuntimeException | Error e) {
            broken(e);
        }
        liveness.received();
    }

    private void receivedDirectly(int count) {
        protocol.receivedDirectly(count, loop.nowNanos());
        liveness.received();
    }

    /** Runs what reads or writes frames; false where that failed, and this connection is done for. */
    boolean guarded(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException | Error e) {
            broken(e);
            return false;
        }
    }

    /**
     * Neither the peer nor a listener can cause this, only a fault of an extension or of our own, or of the platform: no
     * memory. It must not reach the other connections of this loop. Half a frame may stand in the queue, so that not even a
     * Close frame can follow.
     */
    private void broken(Throwable fault) {
        LOG.log(System.Logger.Level.ERROR, "Given up: " + this, fault);
        protocol.abort(Origin.LOCAL, "internal error: " + fault, null);
    }

    @Override
    public void onWritable() {
        flush();
    }

    private void updateInterest() {
        stream.interest(!inputEnded && !pausedByApplication && !pausedForCallbacks, writeBlocked);
    }

    /** After anything that may have changed the protocol's state or queued bytes; once, where they come nested. */
    void settle() {
        if (settled()) {
            flushLater();
        }
    }

    /** As {@link #settle}, but for the flush; whether that is due. */
    private boolean settled() {
        if (busy || readyState == ReadyState.CLOSED) {
            return false;
        }
        if (!closingNoticed && !protocol.isOpen()) {
            closingNoticed = true;
            readyState = ReadyState.CLOSING;
            pausedByApplication = false; // or the peer's Close could not be read
            updateInterest();
            liveness.arm();
        }
        if (protocol.tcp() == TcpAction.DROP) {
            finish();
            return false;
        }
        return !output.isEmpty() || protocol.tcp() != TcpAction.KEEP || budget.isDrainAwaited();
    }

    /**
     * As {@link #settle}, with the flush at once, while all of this connection is in the processor's caches; but for one that
     * would be in vain, or is to come anyway.
     */
    private void settleBatch() {
        if (settled()) {
            if (writeBlocked || flushScheduled) {
                flushLater();
            } else {
                flush();
            }
        }
    }

    private void flushLater() {
        if (!flushScheduled) {
            flushScheduled = true;
            loop.flushLater(this);
        }
    }

    /** Writes what is queued, and does to the stream what the protocol wants then. */
    @Override
    public void flush() {
        flushScheduled = false;
        if (readyState == ReadyState.CLOSED) {
            return;
        }
        budget.look(output.size());
        try {
            write();
            if (output.isEmpty()) {
                protocol.outputDrained();
                sendOwedReply();
                write(); // what was put off
            }
            budget.queued(output.size());
            if (output.isEmpty() && (protocol.tcp() == TcpAction.HALF_CLOSE || protocol.tcp() == TcpAction.CLOSE)) {
                endOutput(); // before a close too, as TLS tells an end from a cut
            }
        } catch (IOException e) {
            protocol.abort(Origin.NETWORK, describe(e), null);
        } catch (RuntimeException | Error e) {
            broken(e);
        }
        if (protocol.tcp() == TcpAction.DROP || (protocol.tcp() == TcpAction.CLOSE && output.isEmpty())) {
            finish();
        } else if (budget.hasDrained(output.size())) {
            busy = true;
            callbacks.tell(Event.DRAINED, null);
            busy = false;
            settle();
        }
    }

    private void endOutput() throws IOException {
        if (!outputShut) {
            outputShut = true;
            stream.shutdownOutput();
        }
    }

    private void sendOwedReply() {
        EncodedTextHeartbeat text = replyOwed ? opened.textHeartbeat() : null;
        if (text != null) {
            replyOwed = false;
            protocol.send(text.reply());
        }
    }

    private void write() throws IOException {
        boolean wasBlocked = writeBlocked;
        long before = output.size();
        writeBlocked = !loop.drain(output, stream);
        long written = before - output.size();
        long skipped = Math.min(uncounted, written);
        uncounted -= skipped;
        loop.counters().sentBytes(written - skipped);
        if (wasBlocked && written > 0) {
            // The peer takes bytes again: life, though our ping may still stand in the queue behind them.
            liveness.show();
        }
        if (writeBlocked != wasBlocked) {
            updateInterest();
        }
    }

    private void finish() {
        readyState = ReadyState.CLOSED;
        liveness.stop();
        stream.close();
        output.clear();
        protocol.discard();
        budget.queued(0);
        if (extension != null) {
            extension.close();
        }
        owner.onClosed(this, protocol.closeEvent());
        callbacks.tell(Event.CLOSE, protocol.closeEvent());
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    // ---- Time: what it asks of the connection ----

    /** Tries to write where that is blocked; false if the connection is closed since. */
    boolean retryWrite() {
        if (writeBlocked && protocol.isOpen()) {
            // The operating system tells of room only when a third of its buffer is free. A peer that reads slowly but
            // steadily shows life much sooner to those who ask.
            flush();
        }
        return readyState != ReadyState.CLOSED;
    }

    boolean isReadingPaused() {
        return pausedByApplication || pausedForCallbacks;
    }

    boolean isDropped() {
        return protocol.tcp() == TcpAction.DROP;
    }

    // ---- What comes ----

    @Override
    public void onText(ByteBuffer utf8) {
        EncodedTextHeartbeat text = opened.textHeartbeat();
        if (text != null && text.isRequest(utf8)) {
            // As with pongs: who asks and reads nothing gets one answer when the queue has drained.
            if (output.size() <= REPLY_BACKLOG_BYTES) {
                protocol.send(text.reply());
            } else {
                replyOwed = true;
            }
        } else if (withinRate()) {
            callbacks.tell(Event.TEXT, utf8);
        }
    }

    @Override
    public void onBinary(ByteBuffer data) {
        if (withinRate()) {
            callbacks.tell(Event.BINARY, data);
        }
    }

    @Override
    public void onPing(ByteBuffer payload) {
        callbacks.tell(Event.PING, payload);
    }

    @Override
    public void onPong(ByteBuffer payload) {
        if (!liveness.pong(payload)) {
            callbacks.tell(Event.PONG, payload);
        }
    }

    private boolean withinRate() {
        long now = loop.nowNanos();
        if (rate == null || rate.allow(now)) {
            loop.counters().received();
            return true;
        }
        protocol.fail(Violation.MESSAGE_RATE_EXCEEDED.error("allowed " + options.maxMessagesPerSecond()), now);
        return false;
    }

    /** A callback threw, or could not be run: nothing more can be done for this peer. From any thread. */
    void callbackFailed() {
        close(CloseCode.INTERNAL_ERROR, "internal error");
    }

    /** Reads no more, or again, because of callbacks that wait for their executor. On the event loop. */
    void pauseForCallbacks(boolean pause) {
        pausedForCallbacks = pause;
        pauseChanged(pause);
    }

    private void pauseChanged(boolean pause) {
        if (readyState != ReadyState.CLOSED) {
            updateInterest();
        }
        if (!pause) {
            protocol.readingResumed(loop.nowNanos());
        }
    }

    // ---- What is sent, from any thread ----

    @Override
    public SendResult send(String text, Compression compression) {
        ByteBuffer utf8 = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return loop.isInLoop() ? sendNow(Opcode.TEXT, utf8, compression) : handOver(Opcode.TEXT, utf8, compression);
    }

    @Override
    public SendResult send(ByteBuffer data, Compression compression) {
        // The event loop sends it or copies it into its queue at once; another thread must copy it for the way there.
        return loop.isInLoop()
                ? sendNow(Opcode.BINARY, data, compression)
                : handOver(Opcode.BINARY, copy(data), compression);
    }

    @Override
    public SendResult send(PreparedMessage message) {
        int bytes = message.payloadBytes();
        if (!loop.isInLoop()) {
            return handOver(bytes, () -> queued(protocol.send(message)));
        }
        SendResult refusal = refusal(bytes);
        if (refusal == null) {
            try { // not by guarded, which would make garbage of each message; as in sendNow
                queued(protocol.send(message));
            } catch (RuntimeException | Error e) {
                broken(e);
                refusal = SendResult.CLOSED;
            }
            settle();
        }
        return refusal == null ? SendResult.ACCEPTED : refusal;
    }

    @Override
    public SendResult ping(ByteBuffer payload) {
        if (payload.remaining() > 125) {
            throw new IllegalArgumentException(
                    "payload has " + payload.remaining() + " bytes, a ping takes at most 125 (RFC 6455 §5.5)");
        }
        if (!loop.isInLoop()) {
            ByteBuffer kept = copy(payload);
            return handOver(kept.remaining(), () -> protocol.ping(kept));
        }
        SendResult refusal = refusal(payload.remaining());
        if (refusal == null) {
            refusal = guarded(() -> protocol.ping(payload)) ? null : SendResult.CLOSED;
            settle();
        }
        return refusal == null ? SendResult.ACCEPTED : refusal;
    }

    /** On the event loop: counts a message, if it was queued. */
    private void queued(boolean message) {
        if (message) {
            loop.counters().sent();
        }
    }

    private static ByteBuffer copy(ByteBuffer data) {
        return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
    }

    /** Sends on the event loop. A large message leaves at once, from where it lies, before what else the turn brings. */
    private SendResult sendNow(int opcode, ByteBuffer payload, Compression compression) {
        SendResult refusal = refusal(payload.remaining());
        if (refusal != null) {
            return refusal;
        }
        SendResult result = SendResult.ACCEPTED;
        try {
            if (!writeBlocked) {
                output.allowLoan();
            }
            queued(protocol.send(opcode, payload, compression));
            if (output.hasLoan()) {
                write();
            }
        } catch (IOException e) {
            protocol.abort(Origin.NETWORK, describe(e), null);
        } catch (RuntimeException | Error e) {
            broken(e);
            result = SendResult.CLOSED;
        } finally {
            output.settleLoan();
        }
        settle();
        return result;
    }

    /** On the event loop: what speaks against a message; null if nothing does. */
    private @Nullable SendResult refusal(int payloadBytes) {
        if (readyState() != ReadyState.OPEN || !protocol.isOpen()) {
            return SendResult.CLOSED;
        }
        long bytes = (long) payloadBytes + SendBudget.MAX_HEADER_BYTES;
        return budget.fits(bytes, output.size()) ? null : overflow(bytes);
    }

    private SendResult handOver(int opcode, ByteBuffer payload, Compression compression) {
        return handOver(payload.remaining(), () -> queued(protocol.send(opcode, payload, compression)));
    }

    /** Off the event loop: makes a task of it there. */
    private SendResult handOver(int payloadBytes, Runnable write) {
        if (readyState() != ReadyState.OPEN) {
            return SendResult.CLOSED;
        }
        long bytes = (long) payloadBytes + SendBudget.MAX_HEADER_BYTES;
        if (!budget.handOver(bytes)) {
            return overflow(bytes);
        }
        loop.execute(() -> {
            guarded(write);
            budget.arrived(bytes, output.size());
            settle();
        });
        return SendResult.ACCEPTED;
    }

    /** Whether a message would leave at once. Looks at all that sending looks at, so that its memory is in the caches. */
    @SuppressWarnings("ShortCircuitBoolean") // all of it is to be looked at
    public boolean isReadyToSend() {
        return (readyState == ReadyState.OPEN) & !writeBlocked & output.isEmpty() & stream.isOpen();
    }

    /**
     * As {@link #send(PreparedMessage)} and a flush. Where nothing stands in its way, the message passes by the protocol and the queue,
     * which would have nothing to do with it: so a broadcast touches little of each connection. On the event loop, outside of
     * this connection's callbacks.
     */
    public SendResult sendAlone(PreparedMessage message) {
        ByteBuffer frame = message.sharedFrame();
        if (busy) {
            return send(message);
        }
        if (frame == null
                || !plainFrames
                || !isReadyToSend()
                || ending
                || flushScheduled
                || message.payloadBytes() + SendBudget.MAX_HEADER_BYTES > options.maxQueuedBytes()) {
            beginBatch();
            SendResult queued = send(message);
            endBatch();
            return queued;
        }
        SendResult result = SendResult.ACCEPTED;
        try {
            int n = loop.write(frame, stream);
            loop.counters().sent();
            loop.counters().sentBytes(n);
            if (n < frame.limit()) {
                output.share(frame);
                output.skip(n);
                flush();
            }
            return result;
        } catch (IOException e) { // as if it had been queued before
            protocol.abort(Origin.NETWORK, describe(e), null);
        } catch (RuntimeException | Error e) {
            broken(e);
            result = SendResult.CLOSED;
        }
        settle();
        return result;
    }

    /**
     * Until {@link #endBatch}, what is sent only queues. On the event loop, outside of this connection's callbacks; for sending
     * many messages to one connection after the other.
     */
    public void beginBatch() {
        busy = true;
    }

    /** Writes what the batch has queued. */
    public void endBatch() {
        busy = false;
        settleBatch();
    }

    /** Has {@code onDrained} called once the outgoing queue holds no more than so many bytes, be it now. From any thread. */
    public void awaitDrained(long bytes) {
        if (budget.awaitDrained(bytes)) {
            loop.execute(this::checkDrained);
        }
    }

    private SendResult overflow(long bytes) {
        if (budget.awaitRoomFor(bytes)) {
            loop.execute(this::checkDrained);
        }
        OverflowPolicy policy = options.overflowPolicy();
        if (policy == OverflowPolicy.CLOSE) {
            close(CloseCode.TRY_AGAIN_LATER, "outgoing queue is full");
        } else if (policy == OverflowPolicy.TERMINATE) {
            terminate("outgoing queue is full");
        }
        return SendResult.QUEUE_FULL;
    }

    private void checkDrained() {
        budget.checkBegins();
        settle();
    }

    @Override
    public void close(int code, String reason) {
        WebSocketProtocol.requireClose(code, reason);
        ending = true;
        Runnable command = () -> {
            guarded(() -> protocol.close(code, reason, loop.nowNanos()));
            settle();
        };
        // Not before what other threads have been told is queued.
        if (loop.isInLoop() && !budget.isAnythingOnItsWay()) {
            command.run();
        } else {
            loop.execute(command);
        }
    }

    @Override
    public void terminate() {
        terminate("terminated by the application");
    }

    private void terminate(String why) {
        ending = true;
        inLoop(() -> {
            protocol.abort(Origin.LOCAL, why, null);
            settle();
        });
    }

    @Override
    public void pauseReading() {
        inLoop(() -> pauseByApplication(true));
    }

    @Override
    public void resumeReading() {
        inLoop(() -> pauseByApplication(false));
    }

    private void pauseByApplication(boolean pause) {
        pausedByApplication = pause && protocol.isOpen(); // the peer's Close must be read
        pauseChanged(pausedByApplication);
    }

    private void inLoop(Runnable task) {
        if (loop.isInLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    // ---- What is known, from any thread ----

    @Override
    public ReadyState readyState() {
        ReadyState state = readyState;
        return state == ReadyState.OPEN && ending ? ReadyState.CLOSING : state;
    }

    @Override
    public long bufferedAmount() {
        return loop.isInLoop() ? budget.amount(output.size()) : budget.amount();
    }

    @Override
    public Optional<Duration> roundTripTime() {
        long nanos = liveness.roundTripNanos();
        return nanos == HeartbeatMonitor.UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
