package dev.bowline.websocket.internal.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The other end of a TLS stream, as bytes in and bytes out: the JDK's engine driven by the test, with all its work done at
 * once and on the test's thread.
 */
public final class TlsPeer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private ByteBuffer input = ByteBuffer.allocate(0);
    private boolean closeNotified;

    private TlsPeer(SSLEngine engine) {
        this.engine = engine;
    }

    /** A client for that host; it begins at once. */
    public static TlsPeer client(SSLContext context, String host, Consumer<SSLParameters> customise) {
        SSLEngine engine = context.createSSLEngine(host, 443);
        engine.setUseClientMode(true);
        return new TlsPeer(customised(engine, customise)).begun();
    }

    /** A server. */
    public static TlsPeer server(SSLContext context, Consumer<SSLParameters> customise) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return new TlsPeer(customised(engine, customise)).begun();
    }

    private static SSLEngine customised(SSLEngine engine, Consumer<SSLParameters> customise) {
        SSLParameters parameters = engine.getSSLParameters();
        customise.accept(parameters);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private TlsPeer begun() {
        try {
            engine.beginHandshake();
            proceed();
            return this;
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    public SSLEngine engine() {
        return engine;
    }

    /** Whether the handshake is done. */
    public boolean isOpen() {
        return !engine.getSession().getProtocol().equals("NONE")
                && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                && engine.getHandshakeSession() == null;
    }

    /** Whether the other end has said that it ends. */
    public boolean isCloseNotified() {
        return closeNotified;
    }

    /** Seals plaintext. */
    public void send(byte... plaintext) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(plaintext);
        while (source.hasRemaining()) {
            wrap(source);
        }
    }

    /** Sends close_notify. */
    public void end() throws SSLException {
        engine.closeOutbound();
        proceed();
    }

    /** New keys, or with TLS 1.2 a new handshake. */
    public void renew() throws SSLException {
        engine.beginHandshake();
        proceed();
    }

    /** Takes the bytes that are to be sent to the other end. */
    public byte[] takeOutput() {
        byte[] bytes = output.toByteArray();
        output.reset();
        return bytes;
    }

    /**
     * Takes bytes from the other end.
     *
     * @throws SSLException if they are an alert, or wrong
     */
    public void receive(byte... bytes) throws SSLException {
        input = ByteBuffer.allocate(input.remaining() + bytes.length)
                .put(input)
                .put(bytes)
                .flip();
        proceed();
    }

    /** How much plaintext was received and not taken. */
    public int receivedBytes() {
        return received.size();
    }

    /** Takes the plaintext that was received. */
    public byte[] takeReceived() {
        byte[] bytes = received.toByteArray();
        received.reset();
        return bytes;
    }

    private void proceed() throws SSLException {
        try {
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> {
                        if (!wrap(NOTHING)) {
                            return;
                        }
                    }
                    default -> {
                        if (!unwrap()) {
                            return;
                        }
                    }
                }
            }
        } catch (SSLException e) {
            wrapAlert();
            throw e;
        }
    }

    private void wrapAlert() {
        try {
            while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP && wrap(NOTHING)) {
                // go on
            }
        } catch (SSLException again) {
            // what has failed already may say so twice
        }
    }

    private boolean wrap(ByteBuffer source) throws SSLException {
        ByteBuffer room = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(source, room);
        output.write(room.array(), 0, room.position());
        return result.bytesProduced() > 0 || result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer room = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(input, room);
        received.write(room.array(), 0, room.position());
        closeNotified |= result.getStatus() == SSLEngineResult.Status.CLOSED;
        return result.getStatus() == SSLEngineResult.Status.OK && result.bytesConsumed() > 0;
    }
}
