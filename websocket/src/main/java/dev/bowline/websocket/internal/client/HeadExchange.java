package dev.bowline.websocket.internal.client;

import dev.bowline.codec.OutputQueue;
import dev.bowline.codec.ProtocolError;
import dev.bowline.codec.Role;
import dev.bowline.codec.handshake.HeadLimits;
import dev.bowline.codec.handshake.HeadParser;
import dev.bowline.codec.handshake.RequestHead;
import dev.bowline.codec.handshake.ResponseHead;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.transport.Stream;
import dev.bowline.websocket.internal.transport.StreamHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the head of a request and reads the head of the response: once with a proxy, where there is one, once with the
 * server. Touched by its event loop alone.
 */
final class HeadExchange implements StreamHandler {
    /** Whom to tell, once. The stream is open still. */
    interface Outcome {
        /**
         * The head is complete.
         *
         * @param leftover what came behind it in the same read; valid only during the call
         */
        void onResponse(ResponseHead response, ByteBuffer leftover);

        /** What came is no head of a response. */
        void onInvalid(ProtocolError error);

        /**
         * The stream failed, or ended before the head did.
         *
         * @param cause null where it ended
         */
        void onBroken(String how, @Nullable IOException cause);
    }

    private final EventLoop loop;
    private final Stream stream;
    private final OutputQueue output;
    private final HeadParser parser;
    private final Outcome outcome;
    private boolean done;

    HeadExchange(EventLoop loop, Stream stream, OutputQueue output, HeadLimits limits, Outcome outcome) {
        this.loop = loop;
        this.stream = stream;
        this.output = output;
        this.parser = new HeadParser(Role.CLIENT, limits);
        this.outcome = outcome;
    }

    /**
     * Sends the request and takes the stream's events from now on.
     *
     * @param early bytes that have come already
     */
    void start(RequestHead request, ByteBuffer early) {
        stream.handler(this);
        try {
            output.put(request.toBytes());
        } catch (RuntimeException | Error e) {
            broken(e);
            return;
        }
        onWritable();
        if (!done) {
            receive(early);
        }
    }

    @Override
    public void onWritable() {
        try {
            boolean sent = loop.drain(output, stream);
            // It is read meanwhile, too: a server may refuse before it has seen all of the request.
            stream.interest(true, !sent);
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            broken(e);
        }
    }

    @Override
    public void onReadable() {
        ByteBuffer buffer = loop.readBuffer();
        int n;
        try {
            n = stream.read(buffer);
        } catch (IOException e) {
            failed(e);
            return;
        } catch (RuntimeException | Error e) {
            broken(e);
            return;
        }
        if (n < 0) {
            broken(
                    parser.hasBegun() ? "the stream ended within the answer" : "the stream ended without an answer",
                    null);
        } else {
            receive(buffer.flip());
        }
    }

    /** Takes bytes of the response. */
    private void receive(ByteBuffer bytes) {
        switch (parser.parse(bytes)) {
            case INCOMPLETE -> {}
            case INVALID -> {
                done = true;
                outcome.onInvalid(parser.error());
            }
            case COMPLETE -> {
                done = true;
                outcome.onResponse(parser.response(), bytes);
            }
        }
    }

    private void failed(IOException e) {
        broken("the stream failed: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
    }

    /** A fault of our own or of the platform, such as memory that has run out. */
    private void broken(Throwable fault) {
        broken("there was an internal error: " + fault, new IOException(fault));
    }

    private void broken(String how, @Nullable IOException cause) {
        if (!done) {
            done = true;
            outcome.onBroken(how, cause);
        }
    }
}
