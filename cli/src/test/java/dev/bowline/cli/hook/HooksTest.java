package dev.bowline.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.Hub;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Leaks;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sessions do, {@code WebhooksTest} of the program has. */
class HooksTest {
    private final BackEnd backEnd = new BackEnd();
    private final Hub hub = Hub.builder().build();

    @AfterEach
    void close() {
        hub.close();
        backEnd.close();
        assertThat(backEnd.wrong()).isEmpty();
    }

    private Target target() {
        return new Target(backEnd.url(), SigningSecret.of(BackEnd.SECRET), Duration.ofSeconds(20));
    }

    private HookOptions hook(Set<EventType> events) {
        return new HookOptions(target(), events, 100, 1 << 20, Duration.ofMinutes(10));
    }

    @Test
    void eachHookIsToldWhatItWants() {
        Set<EventType> others = EnumSet.complementOf(EnumSet.of(EventType.STORED_OFFLINE));
        HookOptions stored = hook(Set.of(EventType.STORED_OFFLINE));
        try (Hooks hooks = new Hooks("node-1", List.of(hook(others), stored, stored), List.of())) {
            hooks.addTo(hub);
            hub.user("ada").send("one");
            Await.until("told", () -> backEnd.told().size() >= 2);
        }
        assertThat(backEnd.told()).as("when all is over").hasSize(2);
        assertThat(backEnd.ids())
                .as("the same event")
                .containsOnly(backEnd.ids().get(0));
    }

    @Test
    void anEventSaysWhatWhenAndWhere() {
        Instant before = Instant.now().minusMillis(1);
        try (Hooks hooks = new Hooks("node-1", List.of(hook(Set.of(EventType.STORED_OFFLINE))), List.of())) {
            hooks.addTo(hub);
            hub.user("ada").send("one");
            Await.until("told", () -> backEnd.told().size() == 1);
            hub.user("ada").send(Payload.binary(ByteBuffer.wrap(new byte[] {0, 1})));
            Await.until("told", () -> backEnd.told().size() == 2);
        }
        BackEnd.Told one = backEnd.told().get(0);
        assertThat(one.json().path("id").asText()).isEqualTo(one.id());
        assertThat(one.type()).isEqualTo("stored-offline");
        assertThat(one.json().path("node").asText()).isEqualTo("node-1");
        assertThat(Instant.parse(one.json().path("timestamp").asText())).isBetween(before, Instant.now());
        assertThat(one.json().path("data")).hasToString("{\"user\":\"ada\",\"offset\":1,\"text\":\"one\"}");
        assertThat(backEnd.told().get(1).json().path("data"))
                .hasToString("{\"user\":\"ada\",\"offset\":2,\"data\":\"AAE=\"}");
    }

    @Test
    void metersCountWhatBecameOfIt() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ForwardOptions orders = new ForwardOptions("shop.>", target());
        try (Hooks hooks = new Hooks("node-1", List.of(hook(Set.of(EventType.STORED_OFFLINE))), List.of(orders))) {
            hooks.addTo(hub);
            hooks.bindTo(registry);
            hub.user("ada").send("one");
            String hook = "hook=\"0\",";
            String url = "url=\"http://127.0.0.1:" + backEnd.port() + "/hook\"";
            Await.until("counted", () -> registry.scrape()
                    .contains("bowline_hooks_events_total{" + hook + "outcome=\"delivered\"," + url + "} 1.0"));
            assertThat(registry.scrape())
                    .contains("bowline_hooks_events_total{" + hook + "outcome=\"given-up\"," + url + "} 0.0")
                    .contains("bowline_hooks_events_total{" + hook + "outcome=\"dropped\"," + url + "} 0.0")
                    .contains("bowline_hooks_retries_total{" + hook + url + "} 0.0")
                    .contains("bowline_hooks_queued{" + hook + url + "} 0.0")
                    .contains("bowline_hooks_requests_total{name=\"shop.>\",outcome=\"answered\"} 0.0")
                    .contains("bowline_hooks_requests_total{name=\"shop.>\",outcome=\"refused\"} 0.0")
                    .contains("bowline_hooks_requests_total{name=\"shop.>\",outcome=\"failed\"} 0.0");
        }
    }

    @Test
    void aRequestThatHasAHandlerIsNotForwarded() {
        hub.onRequest("shop.order", request -> CompletableFuture.completedFuture(request.payload()));
        try (Hooks hooks = new Hooks("node-1", List.of(), List.of(new ForwardOptions("shop.order", target())))) {
            assertThatThrownBy(() -> hooks.addTo(hub))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("there is a handler for shop.order already");
        }
    }

    @Test
    void nothingIsLeftOfThem() {
        try (Hooks hooks = new Hooks("node-1", List.of(hook(Set.of(EventType.STORED_OFFLINE))), List.of())) {
            hooks.addTo(hub);
            hub.user("ada").send("one");
            Await.until("told", () -> backEnd.told().size() == 1);
        }
        Leaks.assertNoThreads("bowline-hooks");
    }
}
