package dev.bowline.verification.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.History;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is said with a key is there once, be it that it is tried again at the other hub. */
class TriedAgainTest extends TwoHubsTestBase {
    private static final Payload PAID = Payload.text("paid");

    private static CompletionStage<Long> publish(HubNode node, String key) {
        return node.hub.topic("orders").publish(PAID, key);
    }

    private static List<Long> offsets(HubNode node) {
        return get(node.hub.topic("orders").history(0, 100, 1 << 20)).messages().stream()
                .map(History.Message::offset)
                .toList();
    }

    @Test
    void atTheOtherHub() {
        assertThat(get(publish(a, "order-1"))).isEqualTo(1);
        assertThat(get(publish(b, "order-1"))).isEqualTo(1);
        assertThat(get(publish(b, "order-2"))).isEqualTo(2);
        assertThat(get(publish(a, "order-2"))).isEqualTo(2);
        assertThat(offsets(b)).containsExactly(1L, 2L);
        assertThat(get(a.hub.user("42").send(PAID, "order-1").stored())).isEqualTo(1);
        assertThat(get(b.hub.user("42").send(PAID, "order-1").stored())).isEqualTo(1);
    }

    @Test
    void atBothHubsAtOnce() {
        List<CompletableFuture<Long>> tries = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tries.add(publish(i % 2 == 0 ? a : b, "order-1").toCompletableFuture());
        }
        tries.forEach(one -> assertThat(get(one)).isEqualTo(1));
        assertThat(offsets(a)).containsExactly(1L);
    }

    @Test
    void afterNobodyKnewWhatBecameOfIt() {
        get(publish(a, "order-0")); // both are connected
        get(publish(b, "order-0"));
        REDIS.process().pause();
        CompletionStage<Long> first = publish(a, "order-1");
        assertThatThrownBy(() -> get(first)).hasMessageContaining("not known");
        REDIS.process().resume();
        assertThat(get(publish(b, "order-1"))).isEqualTo(2);
        assertThat(get(publish(a, "order-1"))).isEqualTo(2);
        assertThat(offsets(a)).containsExactly(1L, 2L);
    }

    @Test
    void aUsersSessionsAreKnownAtBoth() {
        String one = id(client(a, "42"));
        String other = id(client(b, "42"));
        assertThat(get(a.hub.user("42").sessions())).containsExactlyInAnyOrder(one, other);
        assertThat(get(b.hub.user("42").sessions())).containsExactlyInAnyOrder(one, other);
        assertThat(get(a.hub.session(other).end(4555, "go"))).isTrue();
        assertThat(get(b.hub.session(other).end(4555, "go"))).isFalse();
    }
}
