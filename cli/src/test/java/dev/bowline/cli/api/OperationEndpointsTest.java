package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.cli.api.parts.MetricsSource;
import dev.bowline.cli.api.parts.Readiness;
import dev.bowline.testkit.CapturedLog;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationEndpointsTest extends ApiTestBase {
    private static final String[] NO_KEY = {"Authorization", "none"};

    private void startWith(ApiOptions options, @Nullable MetricsSource metrics, Readiness readiness) {
        ApiParts parts = parts(hub());
        start(options, new ApiParts(parts.hub(), parts.sessions(), parts.tickets(), metrics, readiness));
    }

    @Test
    void healthNeedsNoKey() {
        Got got = get("/healthz", NO_KEY);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("ok");
        assertThat(got.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(got.header("Cache-Control")).isEqualTo("no-store");
        assertThat(got.header("Server")).isEmpty();
        assertThat(get("/healthz?now=1", NO_KEY).status())
                .as("what else is asked is nothing to it")
                .isEqualTo(200);
    }

    @Test
    void readinessTellsWhyNot() {
        AtomicReference<@Nullable String> whyNot = new AtomicReference<>();
        startWith(options(), null, whyNot::get);
        assertThat(get("/readyz", NO_KEY).body()).isEqualTo("ready");
        whyNot.set("draining");
        assertThat(get("/readyz", NO_KEY).problem()).isEqualTo("503 unavailable: Not ready: draining.");
        assertThat(send("HEAD", "/readyz", BodyPublishers.noBody(), NO_KEY).status())
                .isEqualTo(503);
    }

    @Test
    void metricsNeedAKeyUnlessTheyAreOpen() {
        assertThat(get("/metrics", NO_KEY).status()).isEqualTo(401);
        Got got = get("/metrics");
        assertThat(got.body()).isEqualTo("bowline_up 1\n");
        assertThat(got.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void metricsMayBeOpen() {
        startWith(options().withOpenMetrics(true), () -> "up 1\n", () -> null);
        assertThat(get("/metrics", NO_KEY).body()).isEqualTo("up 1\n");
    }

    @Test
    void whoReadsMetricsHoldsUpNobodyElse() {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>(); // by one thread at a time
        startWith(
                options(),
                () -> {
                    threads.add(Thread.currentThread());
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return "up 1\n";
                },
                () -> null);
        List<CompletableFuture<Got>> scrapes = new ArrayList<>();
        for (int i = 0; i < 12; i++) { // more than there are threads
            scrapes.add(CompletableFuture.supplyAsync(() -> get("/metrics"), task -> new Thread(task).start()));
        }
        assertThat(postText("/v1/topics/news/messages", "x").status()).isEqualTo(201);
        go.countDown();
        scrapes.forEach(scrape -> assertThat(scrape.join().body()).isEqualTo("up 1\n"));
        assertThat(threads).extracting(Thread::getName).containsOnly("bowline-api-metrics");
    }

    @Test
    void metricsThatFailAreToldToTheLogAlone() {
        startWith(
                options(),
                () -> {
                    throw new IllegalStateException("a secret");
                },
                () -> null);
        try (CapturedLog log = CapturedLog.of(Problem.class)) {
            assertThat(get("/metrics").problem()).isEqualTo("500 internal: The server failed; its log says why.");
            assertThat(log.lines()).singleElement().asString().contains("a secret");
        }
    }

    @Test
    void metricsMayNotBeThere() {
        startWith(options(), null, () -> null);
        assertThat(get("/metrics").problem()).isEqualTo("501 not-configured: This server has no metrics.");
    }

    @Test
    void theDocumentIsHandedOut() {
        Got got = get("/v1/openapi.json", NO_KEY);
        assertThat(got.body()).isEqualTo(OpenApi.load().text());
        assertThat(got.header("Content-Type")).isEqualTo("application/json");
    }
}
