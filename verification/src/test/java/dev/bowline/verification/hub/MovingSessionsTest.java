package dev.bowline.verification.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.SessionClient;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions that go on at the other hub. */
class MovingSessionsTest extends TwoHubsTestBase {
    private final Recorder<String> events = new Recorder<>();

    /** Takes what came of a stream, and has something done now and then. */
    private static final class Parts implements Flow.Subscriber<Payload> {
        private final Runnable everyFifty;
        private final List<String> parts = Collections.synchronizedList(new ArrayList<>());
        private final CompletableFuture<List<String>> whole = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Parts(Runnable everyFifty) {
            this.everyFifty = everyFifty;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(4);
        }

        @Override
        public void onNext(Payload part) {
            parts.add(part.asText());
            if (parts.size() % 50 == 0) {
                everyFifty.run();
            }
            Objects.requireNonNull(subscription).request(1);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            whole.complete(List.copyOf(parts));
        }
    }

    @Test
    void aStreamGoesOnThoughItsClientGoesToAndFro() {
        SessionClient client = roaming("ada", events);
        Parts parts = new Parts(() -> move(true));
        client.stream("count", "220").subscribe(parts);
        assertThat(get(parts.whole))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 220)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(events.drain())
                .containsExactly("open new", "open resumed", "open resumed", "open resumed", "open resumed");
        assertThat(where(client)).isEqualTo("a");
    }

    @Test
    void anAnswerFindsItsClientAtTheOtherHub() {
        SessionClient client = roaming("ada", events);
        CompletionStage<Payload> answer = client.request("later", "");
        get(a.asked);
        events.expect("open new");
        move(true);
        events.expect("open resumed");
        assertThat(where(client)).isEqualTo("b");
        a.later.complete(Payload.text("here"));
        assertThat(get(answer).asText()).isEqualTo("here");
    }

    @Test
    void nothingIsLostOrDoubledWhileSessionsMove() {
        List<String> handled = Collections.synchronizedList(new ArrayList<>());
        List.of(a, b).forEach(node -> node.hub.onMessage("count", message -> handled.add(message.text())));
        SessionClient client = roaming("ada", events);
        List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
        get(client.subscribe("open.ticks", (topic, offset, payload) -> offsets.add(offset))
                .ready());
        int count = 600;
        List<CompletionStage<Void>> done = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            done.add(client.send("count", Integer.toString(i)));
            (i % 2 == 0 ? a : b).hub.topic("open.ticks").publish("t" + i);
            if (i % 100 == 0) {
                move(true);
                get(done.get(i - 1));
            }
        }
        done.forEach(TwoHubsTestBase::get);
        Await.until("all came", () -> offsets.size() >= count);
        assertThat(offsets)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, count)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(events.drain()).filteredOn("open new"::equals).hasSize(1);
    }

    @Test
    void aDirectMessageIsReceivedWhereTheSessionIsThen() {
        SessionClient client = roaming("ada", events);
        String id = id(client);
        events.expect("open new");
        move(true);
        Delivery delivery = a.hub.session(id).send("greeting", "hello"); // on the way, or there
        events.expect("open resumed");
        events.expect("message greeting hello");
        get(delivery.received());
        assertThat(where(client)).isEqualTo("b");
        assertThat(client.id()).contains(id);
    }

    @Test
    void aHubThatIsDrainedGivesAllItsClientsToTheOther() {
        int count = 20;
        List<SessionClient> clients = new ArrayList<>();
        List<Recorder<String>> opened = new ArrayList<>();
        List<List<Long>> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Recorder<String> recorder = new Recorder<>();
            SessionClient client = roaming("user" + i, recorder);
            List<Long> seen = Collections.synchronizedList(new ArrayList<>());
            get(client.subscribe("open.ticks", (topic, offset, payload) -> seen.add(offset))
                    .ready());
            clients.add(client);
            opened.add(recorder);
            offsets.add(seen);
        }
        move(false);
        a.server.stopAccepting();
        CompletableFuture<Void> drained = a.hub.drain().toCompletableFuture();
        int published = 0;
        while (!drained.isDone()) {
            get((published % 2 == 0 ? a : b).hub.topic("open.ticks").publish("tick"));
            published++;
        }
        get(drained);
        a.close();
        get(b.hub.topic("open.ticks").publish("last"));
        List<Long> all = LongStream.rangeClosed(1, published + 1).boxed().toList();
        Await.until("all came", () -> offsets.stream().allMatch(all::equals));
        for (int i = 0; i < count; i++) {
            assertThat(where(clients.get(i))).isEqualTo("b");
            assertThat(opened.get(i).drain()).containsExactly("open new", "open resumed");
        }
        assertThat(get(b.hub.sessionCount())).isEqualTo(count);
    }

    @Test
    void aHubThatIsClosedLeavesItsSessionsToTheOther() {
        SessionClient client = roaming("ada", events);
        Recorder<String> news = new Recorder<>();
        get(client.subscribe("open.news", (topic, offset, payload) -> news.record(offset + " " + payload.asText()))
                .ready());
        get(a.hub.topic("open.news").publish("one"));
        news.expect("1 one");
        String id = id(client);
        move(false);
        a.close();
        get(b.hub.topic("open.news").publish("two"));
        news.expect("2 two");
        assertThat(client.id()).contains(id);
        assertThat(where(client)).isEqualTo("b");
        events.expect("open new");
        events.expect("open resumed");
        get(b.hub.session(id).send("greeting", "hello").received());
        events.expect("message greeting hello");
        assertThat(get(b.hub.users())).containsExactly("ada");
    }
}
