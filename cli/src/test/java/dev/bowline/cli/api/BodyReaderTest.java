package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private final Deque<Content.Chunk> came = new ArrayDeque<>();
    private @Nullable Runnable demand;
    private long length = -1;

    /** A request with such a body. */
    private Request request() {
        return (Request) Proxy.newProxyInstance(
                Request.class.getClassLoader(), new Class<?>[] {Request.class}, (self, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getLength" -> length;
                        case "read" -> came.pollFirst();
                        case "demand" -> {
                            demand = (Runnable) arguments[0];
                            yield null;
                        }
                        default -> throw new AssertionError("asked for " + method.getName());
                    };
                });
    }

    private static Content.Chunk chunk(String text, boolean last) {
        return Content.Chunk.from(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), last);
    }

    private void come(Content.Chunk... chunks) {
        came.addAll(Arrays.asList(chunks));
        Runnable next = demand;
        demand = null;
        if (next != null) {
            next.run();
        }
    }

    @Test
    void readsWhatComesWhenItComes() {
        came.add(chunk("a", false));
        CompletableFuture<byte[]> body = BodyReader.read(request(), 10);
        assertThat(body).isNotDone();
        come();
        come(chunk("bc", false), chunk("", false), chunk("d", false));
        assertThat(body).isNotDone();
        come(chunk("e", true));
        assertThat(body)
                .isCompletedWithValueMatching(bytes -> new String(bytes, StandardCharsets.UTF_8).equals("abcde"));
        assertThat(demand).isNull();
    }

    @Test
    void readsUpToTheBound() {
        came.add(chunk("abcd", true));
        assertThat(BodyReader.read(request(), 4)).isCompleted();
        came.add(chunk("abcd", false));
        came.add(chunk("e", true));
        assertThat(problem(BodyReader.read(request(), 4)).status()).isEqualTo(413);
        length = 5;
        assertThat(problem(BodyReader.read(request(), 4)).status())
                .as("before any of it is read")
                .isEqualTo(413);
        assertThat(came).isEmpty();
    }

    @Test
    void tellsWhyNothingMoreComes() {
        came.add(Content.Chunk.from(new TimeoutException("idle")));
        assertThat(problem(BodyReader.read(request(), 4)).status()).isEqualTo(408);
        came.add(Content.Chunk.from(new EOFException("gone")));
        assertThat(BodyReader.read(request(), 4)).isCompletedExceptionally();
    }

    private static Problem problem(CompletableFuture<byte[]> body) {
        return (Problem) body.handle((bytes, failure) -> failure).join();
    }
}
