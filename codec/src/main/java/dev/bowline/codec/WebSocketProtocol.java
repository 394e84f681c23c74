package dev.bowline.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One open WebSocket connection, for either role, without I/O (RFC 6455 §5 to §7).
 *
 * <p>Bytes that came go in through {@link #receive}; what they mean comes out through a {@link ProtocolHandler}.
 * Commands ({@link #send}, {@link #ping}, {@link #close}) leave the bytes to send in the {@link OutputQueue}. After each
 * call the owner asks {@link #tcp()} what to do with the TCP stream, and {@link #hasDeadline()} when to call
 * {@link #onDeadline}. The object answers pings and runs the closing handshake by itself.
 *
 * <p><b>Life.</b> It begins open, after the opening handshake. It ends with {@link TcpAction#CLOSE} or
 * {@link TcpAction#DROP}; then {@link #closeEvent()} says how. What a peer sends never makes it throw; exceptions are
 * for the caller's own mistakes.
 *
 * <p><b>Threads.</b> Not thread-safe: touched by the connection's event loop alone. It has no clock: {@code nowNanos} is
 * the caller's {@link System#nanoTime}.
 */
public final class WebSocketProtocol {
    /**
     * With more than this in pongs waiting to be sent, a ping is not answered at once: only the latest one is, when the
     * queue has drained (RFC 6455 §5.5.3). A peer that sends pings and reads nothing costs no more than this. Data does
     * not count: on a connection that always has more to send, pings are answered all the same.
     */
    private static final int PONG_BACKLOG_BYTES = 4096;

    /** With at least this much of a frame still to come, it is read to where the message is put together. */
    private static final int DIRECT_BYTES = 32 * 1024;

    private final boolean masks;
    private final IntSupplier maskingKeys;
    private final OutputQueue output;
    private final ProtocolHandler handler;
    private final @Nullable Extension extension;
    private final FrameParser parser;
    private final CloseHandshake closing;
    private final ProtocolOptions options;

    // The frame being received.
    private boolean insidePayload;
    private int received; // payload bytes of it that came
    private int underWayFrom; // where in the bytes being received begins what is not complete yet

    // The data message being received, where it did not come in one piece.
    private int messageOpcode;
    private boolean messageEncoded; // whether the extension must restore it
    private int messageFrames;
    private int utf8State;

    // These are there once they were needed, which on most connections is never.
    private @Nullable MessageBuffer message;
    private @Nullable MessageClock messageClock;

    private @Nullable MessageBuffer control; // the payload of a control frame that came in pieces
    private byte @Nullable [] delayedPong;
    private long pongsEnd; // where in the output the latest pong ends
    private long pongBytes; // how much of the output was pongs since one was queued with none waiting

    /**
     * @param role which end this is
     * @param options the limits
     * @param extension what was negotiated, or null
     * @param maskingKeys unpredictable masking keys, a fresh one for each frame (§5.3); not called by a server
     * @param output where to queue the bytes to send
     * @param handler whom to tell what came
     */
    public WebSocketProtocol(
            Role role,
            ProtocolOptions options,
            @Nullable Extension extension,
            IntSupplier maskingKeys,
            OutputQueue output,
            ProtocolHandler handler) {
        this.masks = role == Role.CLIENT;
        this.options = options;
        this.maskingKeys = maskingKeys;
        this.output = output;
        this.handler = handler;
        this.extension = extension;
        this.parser = new FrameParser(role, extension == null ? 0 : extension.reservedBits(), options.maxFrameBytes());
        this.closing = new CloseHandshake(role, options.closeTimeout());
    }

    // ---- What comes ----

    /**
     * Takes bytes from the peer: all of them, from position to limit. Payloads are unmasked in place.
     *
     * @param in a writable buffer; its byte order is big-endian afterwards
     */
    public void receive(ByteBuffer in, long nowNanos) {
        in.order(ByteOrder.BIG_ENDIAN);
        underWayFrom = in.position();
        receiveAll(in, nowNanos);
        if (closing.isOpen() && (insidePayload || parser.isInsideHeader() || parser.isInsideMessage())) {
            messageClock().underWay(in.limit() - underWayFrom, nowNanos);
        } else {
            stopMessageClock();
        }
    }

    /**
     * A buffer of the message under way itself, into which to read what comes next: where much of one frame is still to come,
     * this spares a copy. Null where there is none, and {@link #receive} is to be called.
     *
     * @return a buffer to read into, from its position to its limit; if bytes were read, {@link #receivedDirectly} is next
     */
    public @Nullable ByteBuffer directTarget() {
        int left = parser.length() - received;
        if (!insidePayload
                || left < DIRECT_BYTES
                || messageEncoded
                || Opcode.isControl(parser.opcode())
                || closing.discardsInput()) {
            return null;
        }
        return message().room(left);
    }

    /** Takes bytes that were read into the {@link #directTarget}. */
    public void receivedDirectly(int count, long nowNanos) {
        MessageBuffer target = message();
        int from = target.size();
        target.filled(count);
        ByteBuffer bytes = target.view();
        if (parser.masked()) {
            Masking.apply(bytes, from, from + count, Masking.rotate(parser.maskingKey(), received));
        }
        received += count;
        boolean last = received == parser.length();
        insidePayload = !last;
        ProtocolError error = finishPiece(bytes, from, from + count, last && parser.fin());
        if (error != null) {
            fail(error, nowNanos);
        }
        if (closing.isOpen() && (insidePayload || parser.isInsideMessage())) {
            messageClock().underWay(count, nowNanos);
        } else {
            stopMessageClock();
        }
    }

    private void receiveAll(ByteBuffer in, long nowNanos) {
        while (in.hasRemaining()) {
            if (closing.discardsInput()) {
                in.position(in.limit());
                return;
            }
            if (!insidePayload) {
                switch (parser.parse(in)) {
                    case INCOMPLETE -> {
                        return;
                    }
                    case INVALID -> {
                        fail(verdict(parser.error()), nowNanos);
                        continue;
                    }
                    case HEADER -> {
                        ProtocolError refusal = beginFrame();
                        if (refusal != null) {
                            fail(refusal, nowNanos);
                            continue;
                        }
                    }
                }
            }
            receivePayload(in, nowNanos);
        }
    }

    private MessageBuffer message() {
        if (message == null) {
            message = new MessageBuffer(options.maxMessageBytes(), output.source());
        }
        return message;
    }

    private MessageClock messageClock() {
        if (messageClock == null) {
            messageClock = new MessageClock(options.messageTimeout().toNanos());
        }
        return messageClock;
    }

    private void stopMessageClock() {
        if (messageClock != null) {
            messageClock.stop();
        }
    }

    /** Gives the memory of a message that is under way back; for when nothing more will be received. */
    public void discard() {
        if (message != null) {
            message.clear();
        }
    }

    /** The peer has ended its side of the TCP stream. */
    public void receiveEnd() {
        closing.endOfStream();
    }

    private static ProtocolError verdict(@Nullable ProtocolError error) {
        if (error == null) {
            throw new IllegalStateException("a parser said INVALID without a verdict");
        }
        return error;
    }

    private @Nullable ProtocolError beginFrame() {
        insidePayload = true;
        received = 0;
        int opcode = parser.opcode();
        if (Opcode.isControl(opcode)) {
            return null;
        }
        messageFrames++;
        if (opcode != Opcode.CONTINUATION) {
            messageFrames = 1;
            messageOpcode = opcode;
            messageEncoded = parser.reservedBits() != 0;
            utf8State = Utf8.ACCEPT;
        }
        if (messageFrames > options.maxFragments()) {
            return Violation.FRAGMENTS_TOO_MANY.error(messageFrames, options.maxFragments(), "frames");
        }
        // The size of an encoded message is known only when it is decoded; the extension keeps the limit then.
        long size = (message == null ? 0L : message.size()) + parser.length();
        if (!messageEncoded && size > options.maxMessageBytes()) {
            return Violation.MESSAGE_TOO_BIG.error(size, options.maxMessageBytes(), "bytes");
        }
        return null;
    }

    private void receivePayload(ByteBuffer in, long nowNanos) {
        int from = in.position();
        int n = Math.min(in.remaining(), parser.length() - received);
        int to = from + n;
        if (parser.masked()) {
            Masking.apply(in, from, to, Masking.rotate(parser.maskingKey(), received));
        }
        boolean whole = n == parser.length();
        received += n;
        boolean last = received == parser.length();
        insidePayload = !last;
        in.position(to);

        ProtocolError error = Opcode.isControl(parser.opcode())
                ? receiveControl(in, from, to, whole, last, nowNanos)
                : receiveData(in, from, to, whole, last);
        if (error != null) {
            fail(error, nowNanos);
        } else if (last && !parser.isInsideMessage()) {
            stopMessageClock();
            underWayFrom = to;
        }
    }

    private @Nullable ProtocolError receiveData(ByteBuffer in, int from, int to, boolean whole, boolean last) {
        boolean end = last && parser.fin();
        if (messageEncoded) {
            MessageBuffer decoded = message();
            int decodedFrom = decoded.size();
            ProtocolError error = extension().decode(in, from, to, end, decoded);
            if (error != null) {
                return error;
            }
            return finishPiece(decoded.view(), decodedFrom, decoded.size(), end);
        }
        if (whole && end && parser.opcode() != Opcode.CONTINUATION) {
            // The common case: the message lies whole in the read buffer and is handed over from there.
            if (messageOpcode == Opcode.TEXT && Utf8.validate(in, from, to, Utf8.ACCEPT) != Utf8.ACCEPT) {
                return Violation.TEXT_NOT_UTF8.error();
            }
            deliver(messageOpcode, in, from, to);
            return null;
        }
        message().append(in, from, to); // fits: beginFrame has checked
        return finishPiece(in, from, to, end);
    }

    /** Validates the piece of a message that was just appended, and delivers the message at its end. */
    private @Nullable ProtocolError finishPiece(ByteBuffer piece, int from, int to, boolean end) {
        if (messageOpcode == Opcode.TEXT) {
            utf8State = Utf8.validate(piece, from, to, utf8State);
            if (utf8State == Utf8.REJECT || (end && utf8State != Utf8.ACCEPT)) {
                return Violation.TEXT_NOT_UTF8.error();
            }
        }
        if (end) {
            try {
                deliver(messageOpcode, message().view(), 0, message().size());
            } finally {
                discard();
            }
        }
        return null;
    }

    private @Nullable ProtocolError receiveControl(
            ByteBuffer in, int from, int to, boolean whole, boolean last, long nowNanos) {
        if (whole) {
            return handleControl(in, from, to, nowNanos);
        }
        if (control == null) {
            control = new MessageBuffer(125);
        }
        control.append(in, from, to);
        if (!last) {
            return null;
        }
        ByteBuffer payload = control.view();
        control = null;
        return handleControl(payload, 0, payload.limit(), nowNanos);
    }

    private @Nullable ProtocolError handleControl(ByteBuffer buffer, int from, int to, long nowNanos) {
        switch (parser.opcode()) {
            case Opcode.PING -> {
                answerPing(buffer, from, to);
                deliver(Opcode.PING, buffer, from, to);
            }
            case Opcode.PONG -> deliver(Opcode.PONG, buffer, from, to);
            default -> {
                return receiveClose(buffer, from, to, nowNanos);
            }
        }
        return null;
    }

    private @Nullable ProtocolError receiveClose(ByteBuffer buffer, int from, int to, long nowNanos) {
        int code = CloseCode.NO_STATUS_RECEIVED;
        String reason = "";
        if (to - from == 1) {
            return Violation.CLOSE_PAYLOAD_MALFORMED.error();
        }
        if (to - from >= 2) {
            code = buffer.getShort(from) & 0xFFFF;
            if (!CloseCode.isAllowedOnWire(code)) {
                return Violation.CLOSE_CODE_INVALID.error(Integer.toString(code));
            }
            if (Utf8.validate(buffer, from + 2, to, Utf8.ACCEPT) != Utf8.ACCEPT) {
                return Violation.CLOSE_REASON_NOT_UTF8.error();
            }
            byte[] text = new byte[to - from - 2];
            buffer.get(from + 2, text);
            reason = new String(text, StandardCharsets.UTF_8);
        }
        if (closing.isOpen()) {
            // §5.5.1: answer with a Close frame, typically with the status code received.
            writeClose(code, "");
        }
        closing.closeReceived(code, reason, nowNanos);
        discard(); // a message that was under way will have no end
        return null;
    }

    private void deliver(int opcode, ByteBuffer buffer, int from, int to) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(to).position(from);
        try {
            switch (opcode) {
                case Opcode.TEXT -> handler.onText(buffer);
                case Opcode.BINARY -> handler.onBinary(buffer);
                case Opcode.PING -> handler.onPing(buffer);
                default -> handler.onPong(buffer);
            }
        } finally {
            // The callee may have moved anything; the bytes behind the payload are the next frame's.
            buffer.order(ByteOrder.BIG_ENDIAN).limit(limit).position(position);
        }
    }

    // ---- What is sent ----

    /** Whether data may still be sent: no Close frame was sent or received. */
    public boolean isOpen() {
        return closing.isOpen();
    }

    /** Queues a data message, compressed where that was negotiated and is worth it. */
    public boolean send(int opcode, ByteBuffer payload) {
        return send(opcode, payload, Compression.AUTO);
    }

    /**
     * Queues a data message.
     *
     * @param opcode {@link Opcode#TEXT}, with valid UTF-8, or {@link Opcode#BINARY}
     * @param payload the bytes between position and limit; copied, so the caller may use it again at once
     * @return false, with nothing queued, when the connection is no longer open
     */
    public boolean send(int opcode, ByteBuffer payload, Compression compression) {
        if (opcode != Opcode.TEXT && opcode != Opcode.BINARY) {
            throw new IllegalArgumentException("opcode is " + Opcode.name(opcode) + ", must be text or binary");
        }
        if (!closing.isOpen()) {
            return false;
        }
        ByteBuffer encoded = extension == null || compression == Compression.NEVER
                ? null
                : extension.encode(opcode, payload, compression == Compression.ALWAYS);
        if (extension == null || encoded == null) {
            writeFrame(FrameWriter.FIN | opcode, payload);
        } else {
            writeFrame(FrameWriter.FIN | extension.reservedBits() | opcode, encoded);
        }
        return true;
    }

    /** Queues a data message that was framed before; false, with nothing queued, when no longer open. */
    public boolean send(PreparedMessage prepared) {
        Extension encoding = prepared.compression() == Compression.NEVER ? null : extension;
        Object key = encoding == null ? null : encoding.sharingKey();
        if (encoding != null && key == null) {
            return send(prepared.opcode(), prepared.payload(), prepared.compression());
        }
        if (!closing.isOpen()) {
            return false;
        }
        PreparedMessage.Frame frame =
                encoding == null || key == null ? prepared.plain() : prepared.encoded(encoding, key);
        if (masks) {
            writeFrame(frame.firstByte(), frame.payload());
        } else {
            frame.writeTo(output);
        }
        return true;
    }

    /**
     * Queues a ping; false, with nothing queued, when no longer open.
     *
     * @param payload at most 125 bytes between position and limit; copied
     */
    public boolean ping(ByteBuffer payload) {
        return sendControl(Opcode.PING, payload);
    }

    /** Queues a pong that nobody asked for (§5.5.3); false, with nothing queued, when no longer open. */
    public boolean pong(ByteBuffer payload) {
        return sendControl(Opcode.PONG, payload);
    }

    private boolean sendControl(int opcode, ByteBuffer payload) {
        if (payload.remaining() > 125) {
            throw new IllegalArgumentException(
                    "payload has " + payload.remaining() + " bytes, a " + Opcode.name(opcode) + " takes at most 125");
        }
        if (!closing.isOpen()) {
            return false;
        }
        writeFrame(FrameWriter.FIN | opcode, payload);
        return true;
    }

    /**
     * Begins the closing handshake (§7.1.2); false, with nothing queued, when it has begun already. Messages that the
     * peer sent before its own Close frame are still delivered.
     *
     * @param code a code that may stand in a Close frame (see {@link CloseCode#isAllowedOnWire}), or
     *     {@link CloseCode#NO_STATUS_RECEIVED} for a Close frame without a code
     * @param reason at most 123 bytes of UTF-8; empty where there is no code
     */
    public boolean close(int code, String reason, long nowNanos) {
        requireClose(code, reason);
        if (!closing.isOpen()) {
            return false;
        }
        writeClose(code, reason);
        closing.closeSent(nowNanos);
        return true;
    }

    /** Throws {@link IllegalArgumentException} for a code or reason that {@link #close} would not take. */
    public static void requireClose(int code, String reason) {
        if (code != CloseCode.NO_STATUS_RECEIVED && !CloseCode.isAllowedOnWire(code)) {
            throw new IllegalArgumentException(
                    "close code is " + code + ", must be 1000-1003, 1007-1014 or 3000-4999 (RFC 6455 §7.4)");
        }
        if (code == CloseCode.NO_STATUS_RECEIVED && !reason.isEmpty()) {
            throw new IllegalArgumentException("a reason needs a close code (RFC 6455 §5.5.1)");
        }
        int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > 123) {
            throw new IllegalArgumentException(
                    "close reason has " + bytes + " bytes of UTF-8, at most 123 fit (RFC 6455 §5.5)");
        }
    }

    /**
     * Refuses the peer: sends the verdict's close code and reads no more. Does nothing when already closed.
     *
     * @param verdict one whose answer may stand in a Close frame; where it may not, {@link #abort} is meant
     */
    public void fail(ProtocolError verdict, long nowNanos) {
        if (!CloseCode.isAllowedOnWire(verdict.answer())) {
            throw new IllegalArgumentException(
                    "the answer to " + verdict.violation().code() + " is " + verdict.answer()
                            + ", which must not stand in a Close frame (RFC 6455 §7.4)");
        }
        if (closing.discardsInput()) {
            return;
        }
        if (closing.isOpen()) {
            writeClose(verdict.answer(), verdict.closeReason());
        }
        discard();
        closing.fail(verdict, nowNanos);
    }

    /** The owner gives the TCP stream up, or it failed: no Close frame is sent any more. */
    public void abort(CloseEvent.Origin by, String reason, @Nullable ProtocolError error) {
        discard();
        closing.lose(by, reason, error);
    }

    private void answerPing(ByteBuffer buffer, int from, int to) {
        // §5.5.2 demands a pong until a Close frame was received; receive() discards what comes later.
        if (output.hasSent(pongsEnd)) {
            pongBytes = 0;
        }
        if (pongBytes <= PONG_BACKLOG_BYTES) {
            delayedPong = null;
            writePong(buffer.slice(from, to - from));
        } else {
            delayedPong = new byte[to - from];
            buffer.get(from, delayedPong);
        }
    }

    /** The owner has sent everything that was queued. */
    public void outputDrained() {
        pongBytes = 0;
        if (delayedPong != null && !closing.discardsInput()) {
            writePong(ByteBuffer.wrap(delayedPong));
        }
        delayedPong = null;
    }

    private void writePong(ByteBuffer payload) {
        long start = output.end();
        writeFrame(FrameWriter.FIN | Opcode.PONG, payload);
        pongsEnd = output.end();
        pongBytes += pongsEnd - start;
    }

    private void writeClose(int code, String reason) {
        if (code == CloseCode.NO_STATUS_RECEIVED) {
            writeFrame(FrameWriter.FIN | Opcode.CLOSE, ByteBuffer.allocate(0));
            return;
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(2 + text.length);
        writeFrame(
                FrameWriter.FIN | Opcode.CLOSE,
                payload.putShort((short) code).put(text).flip());
    }

    private void writeFrame(int firstByte, ByteBuffer payload) {
        if (masks) {
            FrameWriter.maskedFrame(output, firstByte, payload, maskingKeys.getAsInt());
        } else {
            FrameWriter.frame(output, firstByte, payload);
        }
    }

    // ---- The stream and the time ----

    /** What to do with the TCP stream now. */
    public TcpAction tcp() {
        return closing.tcp();
    }

    /** Whether {@link #deadlineNanos} counts: while closing, and while a message is under way. */
    public boolean hasDeadline() {
        return closing.hasDeadline() || isMessageTimed();
    }

    private boolean isMessageTimed() {
        return closing.isOpen() && messageClock != null && messageClock.isRunning();
    }

    /** When to call {@link #onDeadline}, on the scale of {@link System#nanoTime}. */
    public long deadlineNanos() {
        return isMessageTimed() ? messageClock().deadlineNanos() : closing.deadlineNanos();
    }

    /** The owner reads again after it did not: the peer could not finish its message meanwhile, and gets its time anew. */
    public void readingResumed(long nowNanos) {
        if (messageClock != null) {
            messageClock.restart(nowNanos);
        }
    }

    /**
     * Tells the time: where the deadline has passed, the TCP stream is to be dropped, or the peer refused for a message
     * that takes too long.
     */
    public void onDeadline(long nowNanos) {
        if (isMessageTimed() && messageClock().isOver(nowNanos)) {
            fail(messageClock().error(nowNanos), nowNanos);
        } else if (closing.hasDeadline() && nowNanos - closing.deadlineNanos() >= 0) {
            closing.timeOut();
        }
    }

    /** How it ended. Final once {@link #tcp()} is {@link TcpAction#CLOSE} or {@link TcpAction#DROP}. */
    public CloseEvent closeEvent() {
        return closing.event();
    }

    private Extension extension() {
        if (extension == null) {
            throw new IllegalStateException("a reserved bit was accepted without an extension");
        }
        return extension;
    }
}
