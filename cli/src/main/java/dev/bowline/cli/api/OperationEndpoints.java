package dev.bowline.cli.api;

import dev.bowline.cli.api.parts.MetricsSource;
import dev.bowline.cli.api.parts.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** For whoever runs the server: is it alive, is it ready, how does it do, and what can it be asked. */
final class OperationEndpoints {
    static final String OPEN_API = "openapi.json";

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Readiness readiness;
    private final @Nullable MetricsSource metrics;
    private final boolean openMetrics;
    private final Executor scraper;
    private final ByteBuffer openApi;

    /**
     * @param metrics null where there are none
     * @param scraper where they are read, one after the other; refuses where too many wait
     */
    OperationEndpoints(Readiness readiness, @Nullable MetricsSource metrics, boolean openMetrics, Executor scraper) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.openMetrics = openMetrics;
        this.scraper = scraper;
        this.openApi = openApi();
    }

    private static ByteBuffer openApi() {
        try (InputStream in = OperationEndpoints.class.getResourceAsStream(OPEN_API)) {
            if (in == null) {
                throw new IllegalStateException(OPEN_API + " is missing beside " + OperationEndpoints.class);
            }
            return ByteBuffer.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void addTo(Router router) {
        router.add(open("/healthz", true, call -> done(Answer.text(TEXT, "ok"))))
                .add(open("/readyz", true, this::ready))
                .add(open("/metrics", openMetrics, this::scrape))
                .add(open(
                        "/v1/openapi.json",
                        true,
                        call -> done(new Answer(200, "application/json", openApi, Map.of()))));
    }

    private static Router.Route open(String path, boolean open, Router.Endpoint endpoint) {
        return new Router.Route("GET", path, open, Router.Body.NONE, null, endpoint);
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private CompletionStage<Answer> ready(Call call) {
        String whyNot = readiness.whyNot();
        if (whyNot != null) {
            throw new Problem(503, "unavailable", "Not ready: " + whyNot + ".");
        }
        return done(Answer.text(TEXT, "ready"));
    }

    private CompletionStage<Answer> scrape(Call call) {
        MetricsSource source = metrics;
        if (source == null) {
            throw new Problem(501, "not-configured", "This server has no metrics.");
        }
        try {
            return CompletableFuture.supplyAsync(source::scrape, scraper)
                    .thenApply(text -> Answer.text(PROMETHEUS, text));
        } catch (RejectedExecutionException e) {
            throw new Problem(503, "unavailable", "Too many ask for metrics at once.");
        }
    }
}
