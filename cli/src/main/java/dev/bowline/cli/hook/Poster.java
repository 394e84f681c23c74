package dev.bowline.cli.hook;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON, signed by the headers of Standard Webhooks: {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}.
 * Safe from any thread; no method waits.
 */
final class Poster implements AutoCloseable {
    private static final int THREADS = 4; // a name that is being looked up holds one
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HookTimer timer;
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "bowline-hooks");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable HttpClient
            client; // under the lock; made when first needed, as it has a thread from the beginning

    Poster(HookTimer timer) {
        this.timer = timer;
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .executor(executor)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER) // what is signed is for the one that is named
                    .build();
        }
        return client;
    }

    /**
     * Posts once.
     *
     * @param body asked for on a thread of the poster's
     * @param answers takes the body of the answer
     * @return completed with whatever the answer is, by any thread; exceptionally where none comes in time, all of it
     */
    <T> CompletableFuture<HttpResponse<T>> post(
            Target target, String id, Supplier<byte[]> body, BodyHandler<T> answers) {
        CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<HttpResponse<T>>()
                .orTimeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS); // the client's own ends with the header
        try {
            executor.execute(() -> send(target, id, body, answers, answer));
        } catch (RejectedExecutionException closed) {
            answer.completeExceptionally(closed);
        }
        return answer;
    }

    private <T> void send(
            Target target,
            String id,
            Supplier<byte[]> body,
            BodyHandler<T> answers,
            CompletableFuture<HttpResponse<T>> answer) {
        if (answer.isDone()) {
            return; // out of time before it had a turn
        }
        try {
            HttpRequest request = request(target, id, body.get());
            CompletableFuture<HttpResponse<T>> sent = client().sendAsync(request, answers);
            CompletableFuture<?> unused = sent.whenComplete((response, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(failure);
                } else {
                    answer.complete(response);
                }
            });
            // Out of time: it is of no use any more. Where the answer came, there is nothing left to cancel.
            CompletableFuture<?> unusedToo = answer.whenComplete((response, failure) -> sent.cancel(true));
        } catch (RuntimeException thrown) { // what the client throws is a failure as any other
            answer.completeExceptionally(thrown);
        }
    }

    private HttpRequest request(Target target, String id, byte[] body) {
        long timestamp = timer.now().getEpochSecond();
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url())
                .header("Content-Type", "application/json")
                .header("User-Agent", "Bowline")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", target.secret().sign(id, timestamp, body))
                .POST(BodyPublishers.ofByteArray(body));
        if (target.url().getScheme().equalsIgnoreCase("http")) {
            request.version(HttpClient.Version.HTTP_1_1); // else it would ask each time whether it may be HTTP/2
        }
        return request.build();
    }

    /** What it was that failed. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Why no answer came, for people. */
    static String reason(Throwable failure, Target target) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException) {
            return "no answer in " + target.timeout().toMillis() + " ms";
        }
        if (cause instanceof ConnectException) {
            return "it can't be connected to"; // of a name that is unknown, too; the exception says less
        }
        if (cause instanceof RejectedExecutionException) {
            return "this program ends";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
