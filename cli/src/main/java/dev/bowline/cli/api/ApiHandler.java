package dev.bowline.cli.api;

import dev.bowline.cli.api.Router.Body;
import dev.bowline.cli.api.Router.Match;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** From a request to its endpoint, and from there to the response. No thread waits. */
final class ApiHandler extends Handler.Abstract.NonBlocking {
    private final Router router;
    private final BearerKeys keys;
    private final int maxBodyBytes;
    private final Duration timeout;
    private final Executor executor;

    /** @param executor where answers are written, which come from event loops */
    ApiHandler(Router router, ApiOptions options, Executor executor) {
        this.router = router;
        this.keys = new BearerKeys(options.keys());
        this.maxBodyBytes = options.maxBodyBytes();
        this.timeout = options.timeout();
        this.executor = executor;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            Match match = router.match(
                    request.getMethod(), String.valueOf(request.getHttpURI().getPath()));
            HttpFields headers = request.getHeaders();
            if (!match.route().open()) {
                keys.require(headers.get(HttpHeader.AUTHORIZATION));
            }
            Call call = Call.of(match, request.getHttpURI().getQuery(), headers);
            CompletionStage<Answer> answer;
            if (match.route().body() == Body.NONE) {
                answer = answered(match, call);
            } else {
                call.requireType(match.route().body());
                answer = BodyReader.read(request, maxBodyBytes)
                        .thenCompose(bytes -> answered(match, call.withBody(bytes)));
            }
            respond(answer, response, callback);
        } catch (Problem problem) {
            write(response, problem.toAnswer(), callback);
        }
        return true;
    }

    /** Has the endpoint answer, in time. */
    private CompletionStage<Answer> answered(Match match, Call call) {
        try {
            long limitMillis = timeout.toMillis() + call.waitMillis();
            CompletionStage<Answer> answer = match.route().endpoint().answer(call);
            return answer.thenApply(one -> one) // what has its time is not the endpoint's own
                    .toCompletableFuture()
                    .orTimeout(limitMillis, TimeUnit.MILLISECONDS);
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }

    private void respond(CompletionStage<Answer> answer, Response response, Callback callback) {
        CompletionStage<Boolean> unused = answer.handleAsync(
                        (given, failure) -> {
                            if (failure == null) {
                                write(response, given, callback);
                            } else if (causeOf(failure) instanceof IOException gone) { // there is nobody to be told
                                callback.failed(gone);
                            } else {
                                write(response, Problem.of(failure).toAnswer(), callback);
                            }
                            return true;
                        },
                        executor)
                .exceptionally(thrown -> {
                    callback.failed(thrown);
                    return false;
                });
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    /** Writes a whole response. */
    static void write(Response response, Answer answer, Callback callback) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(headers::put);
        if (!answer.contentType().isEmpty()) {
            headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        }
        if (answer.status() != 204) {
            headers.put(HttpHeader.CONTENT_LENGTH, answer.body().remaining());
        }
        response.write(true, answer.body().duplicate(), callback);
    }
}
