package dev.bowline.websocket.internal.connection;

import dev.bowline.codec.CloseCode;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.Compression;
import dev.bowline.codec.Extension;
import dev.bowline.codec.ExtensionNegotiator.Agreement;
import dev.bowline.codec.Opcode;
import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.ProtocolHandler;
import dev.bowline.codec.Role;
import dev.bowline.codec.TcpAction;
import dev.bowline.codec.Violation;
import dev.bowline.codec.WebSocketProtocol;
import dev.bowline.websocket.ConnectionOptions;
import dev.bowline.websocket.OverflowPolicy;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import dev.bowline.websocket.UpgradeRequest;
import dev.bowline.websocket.WebSocket;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.internal.connection.Callbacks.Event;
import dev.bowline.websocket.internal.log.Log;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket: binds the protocol object to a stream, an event loop and the application's listener.
 *
 * <p>All state is touched by the event loop alone, but for what is marked otherwise. Calls from other threads become tasks
 * of the loop, in one order with its other tasks, such as broadcasts; their bytes are counted at once, so that the cap on
 * the queue holds for them too.
 */
public final class Connection implements WebSocket, StreamHandler, ProtocolHandler, EventLoop.Flushable {
    private static final Log LOG = Log.of(Connection.class);

    /** What an outgoing message counts beside its payload: the largest frame header. */
    private static final int MAX_HEADER_BYTES = 14;

    /** With more than this waiting to be sent, text heartbeats are not answered at once. */
    private static final int REPLY_BACKLOG_BYTES = 4096;

    private static final long NOT_AWAITED = -1;

    /** Whoever keeps count of connections. Called on the event loop. */
    public interface Owner {
        /** The connection is open; called before the application's {@code onOpen}. */
        void onOpened(Connection connection);

        /** The connection is gone; called before the application's {@code onClose}. */
        void onClosed(Connection connection);
    }

    /**
     * What the opening handshake brought about.
     *
     * @param subprotocol empty for none
     * @param extension null for none
     */
    public record Opened(
            Role role,
            UpgradeRequest request,
            String subprotocol,
            @Nullable Agreement extension,
            @Nullable String user,
            @Nullable EncodedTextHeartbeat textHeartbeat) {}

    private final EventLoop loop;
    private final Stream stream;
    private final OutputQueue output;
    private final ConnectionOptions options;
    private final Opened opened;
    private final Owner owner;
    private final @Nullable Extension extension;
    private final WebSocketProtocol protocol;
    private final Callbacks callbacks;
    private final HeartbeatMonitor heartbeat;
    private final @Nullable MessageRate rate;
    private final TimingWheel.Timer timer = new TimingWheel.Timer(this::onTimer);

    private boolean busy; // inside one of our own entry points, which settles at its end
    private boolean flushScheduled;
    private boolean writeBlocked; // the operating system takes no more bytes for now
    private boolean outputShut;
    private boolean inputEnded; // the peer has ended its side of the stream: it would be readable for ever
    private boolean pausedByApplication;
    private boolean pausedForCallbacks;
    private boolean closingNoticed;
    private long timerNanos; // when the timer fires, where it is set
    private boolean replyOwed; // a text heartbeat was not answered, as too much was waiting to be sent
    private int registryIndex = -1; // the owner's

    // Written by the event loop, read by any thread.
    private volatile ReadyState readyState = ReadyState.OPEN;
    private volatile long queuedBytes; // what the output queue held when last looked at
    private volatile long roundTripNanos = HeartbeatMonitor.UNKNOWN;

    // Written by any thread.
    private volatile boolean ending; // the application has closed or terminated it: nothing more is accepted
    private final AtomicLong handedOverBytes = new AtomicLong(); // of messages on their way to the event loop
    private final AtomicBoolean drainCheckScheduled = new AtomicBoolean();
    // The size to which the queue must fall before onDrained is called; NOT_AWAITED until the queue was more than half
    // full or refused a message.
    private volatile long drainedAtBytes = NOT_AWAITED;
    private volatile @Nullable Object attachment;

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
            Owner owner) {
        this.loop = loop;
        this.stream = stream;
        this.output = output;
        this.options = options;
        this.opened = opened;
        this.owner = owner;
        this.extension = opened.extension() == null
                ? null
                : opened.extension().extension().apply(loop.extensions());
        this.protocol =
                new WebSocketProtocol(opened.role(), options.protocol(), extension, loop::maskingKey, output, this);
        Executor executor = options.callbackExecutor();
        this.callbacks =
                executor == null ? new Callbacks(this, listener) : new ExecutorCallbacks(this, listener, executor);
        long now = loop.nowNanos();
        this.heartbeat = new HeartbeatMonitor(options.heartbeat(), ThreadLocalRandom.current(), now);
        this.rate = options.maxMessagesPerSecond() == 0 ? null : new MessageRate(options.maxMessagesPerSecond(), now);
    }

    /** Begins: tells the application, then takes the bytes that came behind the opening handshake. */
    public void start(ByteBuffer leftover) {
        stream.handler(this);
        updateInterest();
        armTimer();
        owner.onOpened(this);
        busy = true;
        callbacks.tell(Event.OPEN, null);
        receive(leftover);
        busy = false;
        settle();
    }

    EventLoop loop() {
        return loop;
    }

    /** Where the owner finds this connection among those of its event loop. Touched by that loop alone. */
    public int registryIndex() {
        return registryIndex;
    }

    public void registryIndex(int index) {
        registryIndex = index;
    }

    // ---- The stream ----

    @Override
    public void onReadable() {
        busy = true;
        ByteBuffer buffer = loop.readBuffer();
        try {
            int n = stream.read(buffer);
            if (n > 0) {
                showLife();
                receive(buffer.flip());
            } else if (n < 0) {
                inputEnded = true;
                updateInterest();
                protocol.receiveEnd();
            }
        } catch (IOException e) {
            protocol.abort(Origin.NETWORK, describe(e), null);
        } catch (RuntimeException | Error e) {
            broken(e);
        }
        busy = false;
        settle();
    }

    private void receive(ByteBuffer bytes) {
        try { // not by guarded, which would make garbage of each read
            protocol.receive(bytes, loop.nowNanos());
        } catch (RuntimeException | Error e) {
            broken(e);
        }
        // Seldom: only where the heartbeat does not look at the time often enough.
        if (protocol.hasDeadline() && (!timer.isSet() || protocol.deadlineNanos() - timerNanos < 0)) {
            armTimer();
        }
    }

    /** Runs what reads or writes frames; false where that failed, and this connection is done for. */
    private boolean guarded(Runnable action) {
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
    private void settle() {
        if (busy || readyState == ReadyState.CLOSED) {
            return;
        }
        if (!closingNoticed && !protocol.isOpen()) {
            closingNoticed = true;
            readyState = ReadyState.CLOSING;
            pausedByApplication = false; // or the peer's Close could not be read
            updateInterest();
            armTimer();
        }
        if (protocol.tcp() == TcpAction.DROP) {
            finish();
        } else if (!flushScheduled
                && (!output.isEmpty() || protocol.tcp() != TcpAction.KEEP || drainedAtBytes != NOT_AWAITED)) {
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
        if (drainedAtBytes == NOT_AWAITED && output.size() > options.maxQueuedBytes() / 2) {
            drainedAtBytes = options.maxQueuedBytes() / 2;
        }
        try {
            write();
            if (output.isEmpty()) {
                protocol.outputDrained();
                sendOwedReply();
                write(); // what was put off
            }
            queuedBytes = output.size();
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
        } else if (queuedBytes <= drainedAtBytes) { // never, where it is not awaited
            drainedAtBytes = NOT_AWAITED;
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
        EncodedTextHeartbeat text = opened.textHeartbeat();
        if (replyOwed && text != null) {
            replyOwed = false;
            protocol.send(text.reply());
        }
    }

    private void write() throws IOException {
        boolean wasBlocked = writeBlocked;
        writeBlocked = false;
        while (!output.isEmpty()) {
            ByteBuffer[] buffers = loop.gathered();
            int count = output.gather(buffers);
            long before = output.size();
            long written = stream.write(buffers, count);
            output.sent(written);
            if (written > 0 && wasBlocked) {
                // The peer takes bytes again: life, though our ping may still stand in the queue behind them.
                showLife();
            }
            if (written == 0 || (written < before && count < buffers.length)) {
                writeBlocked = true;
                break;
            }
        }
        if (writeBlocked != wasBlocked) {
            updateInterest();
        }
    }

    private void finish() {
        readyState = ReadyState.CLOSED;
        loop.timers().cancel(timer);
        stream.close();
        output.clear();
        queuedBytes = 0;
        if (extension != null) {
            extension.close();
        }
        owner.onClosed(this);
        callbacks.tell(Event.CLOSE, protocol.closeEvent());
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    // ---- Time ----

    private void armTimer() {
        boolean beats = options.heartbeat().isOn() && protocol.isOpen();
        if (!beats && !protocol.hasDeadline()) {
            return;
        }
        timerNanos = beats ? heartbeat.nextNanos() : protocol.deadlineNanos();
        if (protocol.hasDeadline() && protocol.deadlineNanos() - timerNanos < 0) {
            timerNanos = protocol.deadlineNanos();
        }
        loop.timers().set(timer, timerNanos);
    }

    private void showLife() {
        if (heartbeat.alive(loop.nowNanos())) {
            armTimer(); // it stands at the end of the wait that is over now
        }
    }

    private void onTimer() {
        if (writeBlocked && protocol.isOpen()) {
            // The operating system tells of room only when a third of its buffer is free. A peer that reads slowly but
            // steadily shows life much sooner to those who ask.
            flush();
            if (readyState == ReadyState.CLOSED) {
                return;
            }
        }
        long now = loop.nowNanos();
        if (pausedByApplication || pausedForCallbacks) {
            // Nothing can be heard, so silence means nothing.
            heartbeat.alive(now);
            protocol.readingResumed(now);
        }
        protocol.onDeadline(now);
        if (protocol.isOpen() && options.heartbeat().isOn()) {
            beat(now);
        }
        if (protocol.tcp() != TcpAction.DROP) {
            armTimer();
        }
        settle();
    }

    private void beat(long now) {
        switch (heartbeat.check(now)) {
            case SEND_PING -> guarded(() -> protocol.ping(heartbeat.pingSent(now)));
            case GIVE_UP -> {
                ProtocolError silent = Violation.HEARTBEAT_TIMEOUT.error(
                        "timeout " + options.heartbeat().timeout().toMillis() + " ms");
                protocol.abort(Origin.LOCAL, silent.message(), silent);
            }
            case NOTHING -> {}
        }
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
        if (heartbeat.pongReceived(payload, loop.nowNanos())) {
            roundTripNanos = heartbeat.roundTripNanos();
        } else {
            callbacks.tell(Event.PONG, payload);
        }
    }

    private boolean withinRate() {
        long now = loop.nowNanos();
        if (rate == null || rate.allow(now)) {
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
        return sendOwned(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), compression);
    }

    @Override
    public SendResult send(ByteBuffer data, Compression compression) {
        // The event loop copies it into its queue at once; another thread must copy it for the way there.
        return sendOwned(Opcode.BINARY, loop.isInLoop() ? data : copy(data), compression);
    }

    private SendResult sendOwned(int opcode, ByteBuffer payload, Compression compression) {
        return enqueue(payload.remaining(), () -> protocol.send(opcode, payload, compression));
    }

    @Override
    public SendResult send(PreparedMessage message) {
        return enqueue(message.payloadBytes(), () -> protocol.send(message));
    }

    @Override
    public SendResult ping(ByteBuffer payload) {
        if (payload.remaining() > 125) {
            throw new IllegalArgumentException(
                    "payload has " + payload.remaining() + " bytes, a ping takes at most 125 (RFC 6455 §5.5)");
        }
        ByteBuffer kept = loop.isInLoop() ? payload : copy(payload);
        return enqueue(payload.remaining(), () -> protocol.ping(kept));
    }

    private static ByteBuffer copy(ByteBuffer data) {
        return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
    }

    private SendResult enqueue(int payloadBytes, Runnable write) {
        long bytes = (long) payloadBytes + MAX_HEADER_BYTES;
        if (readyState() != ReadyState.OPEN) {
            return SendResult.CLOSED;
        }
        if (loop.isInLoop()) {
            if (!protocol.isOpen()) {
                return SendResult.CLOSED;
            }
            if (output.size() + handedOverBytes.get() + bytes > options.maxQueuedBytes()) {
                return overflow(bytes);
            }
            boolean written = guarded(write);
            settle();
            return written ? SendResult.ACCEPTED : SendResult.CLOSED;
        }
        // The way of a message is from the one count to the other. Looked at in the same order, it may be seen in both,
        // but not in neither.
        long handedOverNow = handedOverBytes.addAndGet(bytes);
        if (handedOverNow + queuedBytes > options.maxQueuedBytes()) {
            handedOverBytes.addAndGet(-bytes);
            return overflow(bytes);
        }
        loop.execute(() -> {
            guarded(write);
            // In this order: counted twice for a moment, but never not at all, or senders could pass the cap.
            queuedBytes = output.size();
            handedOverBytes.addAndGet(-bytes);
            settle();
        });
        return SendResult.ACCEPTED;
    }

    /** Has {@code onDrained} called once the outgoing queue is no more than half full, be it now. From any thread. */
    public void awaitDrained() {
        awaitDrained(options.maxQueuedBytes() / 2);
    }

    private void awaitDrained(long atBytes) {
        long awaited = drainedAtBytes;
        drainedAtBytes = awaited == NOT_AWAITED ? atBytes : Math.min(awaited, atBytes);
        // The queue may have drained since the caller looked; then no event would follow.
        if (drainCheckScheduled.compareAndSet(false, true)) {
            loop.execute(this::checkDrained);
        }
    }

    private SendResult overflow(long bytes) {
        // A message that would not fit an empty queue is worth no waiting; for another one, wait until it would fit.
        long room = options.maxQueuedBytes() - bytes;
        if (room >= 0) {
            awaitDrained(Math.min(room, options.maxQueuedBytes() / 2));
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
        drainCheckScheduled.set(false);
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
        if (loop.isInLoop() && handedOverBytes.get() == 0) {
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
        long handedOverNow = handedOverBytes.get(); // first, as in enqueue
        return handedOverNow + (loop.isInLoop() ? output.size() : queuedBytes);
    }

    @Override
    public String protocol() {
        return opened.subprotocol();
    }

    @Override
    public String extensions() {
        return opened.extension() == null ? "" : opened.extension().parameters().toHeader();
    }

    @Override
    public UpgradeRequest request() {
        return opened.request();
    }

    @Override
    public @Nullable String user() {
        return opened.user();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return stream.remoteAddress();
    }

    @Override
    public Optional<Duration> roundTripTime() {
        long nanos = roundTripNanos;
        return nanos == HeartbeatMonitor.UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }

    @Override
    public String toString() {
        return "WebSocket[" + opened.role() + " " + opened.request().path() + " " + remoteAddress() + " " + readyState()
                + "]";
    }
}
