package dev.bowline.metrics;

import dev.bowline.realtime.Hub;
import dev.bowline.websocket.WebSocketServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a server, and of a hub that it serves, as meters.
 *
 * <pre>{@code
 * BowlineMetrics.of(server, hub).bindTo(registry);
 * }</pre>
 *
 * <p>What the meters are, {@code docs/metrics.md} lists. Their number is bounded: whatever clients do, no tag takes a value that it did
 * not have from the beginning. How long things took has, beside its count and its sum, a counter for each bound that it was within, by the
 * name with {@code .buckets} behind it and the tag {@code le}, in seconds: with that Prometheus can compute quantiles.
 *
 * <p><b>Threads.</b> Meters may be read on any thread but a hub's event loops. What they show is at most a second old; a hub is asked at
 * most once a second, and waited for half a second at most: while one of its event loops is blocked, what it said before stays. Counting
 * costs nothing more for it.
 */
public final class BowlineMetrics implements MeterBinder {
    private final @Nullable WebSocketServer server;
    private final @Nullable Hub hub;
    private final Tags tags;

    private BowlineMetrics(@Nullable WebSocketServer server, @Nullable Hub hub, Tags tags) {
        this.server = server;
        this.hub = hub;
        this.tags = tags;
    }

    /** Those of a server. */
    public static BowlineMetrics of(WebSocketServer server) {
        return new BowlineMetrics(server, null, Tags.empty());
    }

    /** Those of a hub. */
    public static BowlineMetrics of(Hub hub) {
        return new BowlineMetrics(null, hub, Tags.empty());
    }

    /** Those of a server and of a hub. */
    public static BowlineMetrics of(WebSocketServer server, Hub hub) {
        return new BowlineMetrics(server, hub, Tags.empty());
    }

    /** The same with tags on each meter: what tells two servers apart in one registry. */
    public BowlineMetrics tags(Tag... more) {
        return new BowlineMetrics(server, hub, tags.and(more));
    }

    /** Registers the meters. They are read until they are removed; a server or hub that is closed shows what it had. */
    @Override
    public void bindTo(MeterRegistry registry) {
        WebSocketServer boundServer = server;
        if (boundServer != null) {
            ServerMeters.bind(
                    new Meters<>(
                            registry,
                            tags,
                            new Latest<>(
                                    boundServer.statistics(),
                                    () -> CompletableFuture.completedFuture(boundServer.statistics()),
                                    System::nanoTime)),
                    boundServer.statistics());
        }
        Hub boundHub = hub;
        if (boundHub != null) {
            SessionMeters.bind(new Meters<>(
                    registry, tags, new Latest<>(SessionMeters.NONE, boundHub::statistics, System::nanoTime)));
        }
    }
}
