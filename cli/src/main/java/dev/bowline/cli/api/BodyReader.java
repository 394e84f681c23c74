package dev.bowline.cli.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads the body of a request as it comes, up to a bound. By one thread at a time, as the server calls. */
final class BodyReader implements Runnable {
    private final Request request;
    private final int maxBytes;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();

    private BodyReader(Request request, int maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /** Fails with a {@link Problem} for one that is larger. */
    static CompletableFuture<byte[]> read(Request request, int maxBytes) {
        if (request.getLength() > maxBytes) {
            return CompletableFuture.failedFuture(Problem.tooLarge(maxBytes));
        }
        BodyReader reader = new BodyReader(request, maxBytes);
        reader.run();
        return reader.done;
    }

    @Override
    public void run() {
        while (!done.isDone()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                Throwable failure = chunk.getFailure();
                done.completeExceptionally(
                        failure instanceof TimeoutException
                                ? new Problem(408, "timeout", "The body did not come in time.")
                                : failure);
                return;
            }
            take(chunk);
        }
    }

    private void take(Content.Chunk chunk) {
        ByteBuffer bytes = chunk.getByteBuffer();
        boolean last = chunk.isLast();
        boolean fits = bytes.remaining() <= maxBytes - read.size();
        if (fits) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            read.writeBytes(copy);
        }
        chunk.release();
        if (!fits) {
            done.completeExceptionally(Problem.tooLarge(maxBytes));
        } else if (last) {
            done.complete(read.toByteArray());
        }
    }
}
