package dev.bowline.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Registers meters that read from the latest statistics. */
final class Meters<S> {
    private static final int NANOS_DIGITS = 9;

    private final MeterRegistry registry;
    private final Tags tags;
    private final Latest<S> latest;

    Meters(MeterRegistry registry, Tags tags, Latest<S> latest) {
        this.registry = registry;
        this.tags = tags;
        this.latest = latest;
    }

    /** What is so now. */
    void gauge(String name, String description, @Nullable String unit, ToDoubleFunction<S> value, String... more) {
        Gauge.builder(name, latest, from -> value.applyAsDouble(from.get()))
                .description(description)
                .baseUnit(unit)
                .tags(tags.and(more))
                .strongReference(true) // counters hold on to nothing: without a gauge their numbers would end
                .register(registry);
    }

    /** A time that is so now. */
    void nanosGauge(String name, String description, ToDoubleFunction<S> nanos, String... more) {
        TimeGauge.builder(name, latest, TimeUnit.NANOSECONDS, from -> nanos.applyAsDouble(from.get()))
                .description(description)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry);
    }

    /** What only grows. */
    void counter(String name, String description, @Nullable String unit, ToDoubleFunction<S> value, String... more) {
        FunctionCounter.builder(name, latest, from -> value.applyAsDouble(from.get()))
                .description(description)
                .baseUnit(unit)
                .tags(tags.and(more))
                .register(registry);
    }

    /** What only grows, under names, which become the values of a tag. */
    void counters(
            String name, String description, String tag, Collection<String> names, Function<S, Map<String, Long>> of) {
        for (String one : names) {
            counter(name, description, null, from -> of.apply(from).getOrDefault(one, 0L), tag, one);
        }
    }

    /** How long something takes: count and sum, and for each bound how often it was within. */
    void durations(String name, String description, Durations first, Function<S, Durations> of, String... more) {
        FunctionTimer.builder(
                        name,
                        latest,
                        from -> of.apply(from.get()).count(),
                        from -> of.apply(from.get()).sumNanos(),
                        TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags.and(more))
                .register(registry);
        for (int i = 0; i < first.boundsNanos().size(); i++) {
            int index = i;
            bucket(
                    name,
                    description,
                    seconds(first.boundsNanos().get(i)),
                    durations -> durations.counts().get(index),
                    of,
                    more);
        }
        bucket(name, description, "+Inf", Durations::count, of, more);
    }

    private void bucket(
            String name,
            String description,
            String bound,
            ToDoubleFunction<Durations> count,
            Function<S, Durations> of,
            String... more) {
        FunctionCounter.builder(name + ".buckets", latest, from -> count.applyAsDouble(of.apply(from.get())))
                .description(description + ": how often up to a bound, in seconds")
                .tags(tags.and(more).and("le", bound))
                .register(registry);
    }

    /** As Prometheus writes bounds. */
    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, NANOS_DIGITS).stripTrailingZeros().toPlainString();
    }
}
