package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.session.server.SessionChange;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.RawHandshake;
import dev.bowline.testkit.RawPeer;
import dev.bowline.testkit.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The hub over real connections, with the Java client at the other end. Of each engine there is a subclass. */
public class HubTest extends HubTestBase {
    @Nested
    final class Requests {
        @Test
        void areAnsweredAtOnceOrLater() {
            CompletableFuture<Payload> later = new CompletableFuture<>();
            start(hub())
                    .onRequest("echo", request -> CompletableFuture.completedFuture(request.payload()))
                    .onRequest("later", request -> later);
            SessionClient client = client("ada");

            CompletionStage<Payload> slow = client.request("later", "");
            assertThat(text(get(client.request("echo", "hello")))).isEqualTo("hello");
            later.complete(Payload.text("at last"));
            assertThat(text(get(slow))).isEqualTo("at last");
        }

        @Test
        void areRefusedWithTheApplicationsCode() {
            start(hub())
                    .onRequest("orders.place", request -> {
                        throw new RefusedException("orders.sold-out", "no more of " + request.text());
                    })
                    .onRequest(
                            "broken", request -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
            SessionClient client = client(null);

            assertThatThrownBy(() -> get(client.request("orders.place", "tea")))
                    .hasMessage("orders.sold-out: no more of tea");
            assertThatThrownBy(() -> get(client.request("broken", "")))
                    .hasMessage("internal"); // what went wrong is in the server's log
            assertThatThrownBy(() -> get(client.request("nobody", ""))).hasMessage("not-found: no handler for nobody");
        }

        @Test
        void areAnsweredByAPatternWhereTheirNameHasNoHandler() {
            start(hub())
                    .onRequest("shop.*", request -> CompletableFuture.completedFuture(Payload.text("one segment")))
                    .onRequest("shop.>", request -> CompletableFuture.completedFuture(Payload.text(request.name())))
                    .onRequest("shop.open", request -> CompletableFuture.completedFuture(Payload.text("its own")))
                    .onStream("shop.words", (request, stream) -> stream.finish());
            SessionClient client = client("ada");

            assertThat(text(get(client.request("shop.price", "")))).isEqualTo("one segment");
            assertThat(text(get(client.request("shop.price.tea", "")))).isEqualTo("shop.price.tea");
            assertThat(text(get(client.request("shop.open", "")))).isEqualTo("its own");
            assertThatThrownBy(() -> get(client.request("shop.words", ""))).hasMessageStartingWith("bad-request");
            assertThatThrownBy(() -> get(client.request("shop", ""))).hasMessage("not-found: no handler for shop");
        }

        @Test
        void haveOneHandlerForANameOrAPattern() {
            RequestHandler none = request -> new CompletableFuture<>();
            Hub hub = start(hub()).onRequest("shop.>", none).onRequest("time", none);

            assertThatThrownBy(() -> hub.onRequest("shop.>", none))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("there is a handler for shop.> already");
            assertThatThrownBy(() -> hub.onRequest("time", none)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> hub.onRequest("shop.>.tea", none)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> hub.onRequest("a tea", none)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void endByThemselvesWhenNobodyAnswers() {
            start(hub().options(quick().build())).onRequest("never", request -> new CompletableFuture<>());

            assertThatThrownBy(() -> get(client(null).request("never", ""))).hasMessageStartingWith("timeout");
        }

        @Test
        @DisplayName("an answer that is given after the session has moved to another event loop arrives")
        void surviveTheConnection() {
            CompletableFuture<Payload> later = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            start(hub()).onRequest("later", request -> {
                asked.countDown();
                return later;
            });
            Recorder<String> events = new Recorder<>();
            SessionClient client = client("ada", events);
            CompletionStage<Payload> answer = client.request("later", "");
            Await.until("asked", () -> asked.getCount() == 0);

            proxy().resetAll();
            later.complete(Payload.text("here"));

            assertThat(text(get(answer))).isEqualTo("here");
            assertThat(events.drain()).contains("open resumed");
        }
    }

    @Nested
    final class Topics {
        @Test
        void reachEverySubscriberInOrder() {
            Hub hub = start(hub());
            List<String> first = Collections.synchronizedList(new ArrayList<>());
            List<String> second = Collections.synchronizedList(new ArrayList<>());
            get(client("ada")
                    .subscribe("open.news", (topic, offset, payload) -> first.add(offset + text(payload)))
                    .ready());
            get(client("bob")
                    .subscribe("open.*", (topic, offset, payload) -> second.add(offset + text(payload)))
                    .ready());

            for (int i = 1; i <= 100; i++) {
                hub.topic("open.news").publish("n" + i);
            }

            Await.until("all came", () -> first.size() == 100 && second.size() == 100);
            assertThat(second).isEqualTo(first).startsWith("1n1").endsWith("100n100");
            assertThat(get(hub.topic("open.news").subscribers())).isEqualTo(2);
        }

        @Test
        void takeWhatClientsMayPublish() {
            start(hub());
            SessionClient client = client("ada");
            List<String> got = Collections.synchronizedList(new ArrayList<>());
            get(client.subscribe("open.chat", (topic, offset, payload) -> got.add(text(payload)))
                    .ready());

            get(client.publish("open.chat", "hi"));
            Await.until("it came back", () -> got.equals(List.of("hi")));
            assertThatThrownBy(() -> get(client.publish("closed", "hi"))).hasMessageStartingWith("forbidden");
        }

        @Test
        void replayTheirLastMessages() {
            Hub hub = start(hub());
            for (int i = 1; i <= 5; i++) {
                get(hub.topic("open.log").publish("m" + i));
            }
            List<String> got = Collections.synchronizedList(new ArrayList<>());
            client(null)
                    .subscribe(
                            "open.log",
                            SubscribeOptions.DEFAULT.last(2),
                            (topic, offset, payload) -> got.add(text(payload)));
            Await.until("the last two came", () -> got.equals(List.of("m4", "m5")));
        }

        @Test
        void areReadBack() {
            Hub hub = start(hub());
            Hub.Topic topic = hub.topic("open.log");
            History empty = get(topic.history(0, 10, 1_000));
            assertThat(empty.messages()).isEmpty();
            assertThat(empty.end()).isZero();
            for (int i = 1; i <= 5; i++) {
                get(topic.publish(Payload.text("m" + i)));
            }

            History first = get(topic.history(0, 3, 1_000));
            assertThat(texts(first)).containsExactly("1 m1", "2 m2", "3 m3");
            assertThat(first.hasMore()).isTrue();
            assertThat(first.begin()).isEqualTo(1);
            assertThat(first.end()).isEqualTo(5);
            History rest = get(topic.history(first.cursor(), 10, 1_000));
            assertThat(texts(rest)).containsExactly("4 m4", "5 m5");
            assertThat(rest.hasMore()).isFalse();
            assertThat(rest.reset()).isFalse();
            assertThat(texts(get(topic.history(rest.cursor(), 10, 1_000)))).isEmpty();
            assertThat(get(topic.history(rest.cursor(), 10, 1_000)).cursor()).isEqualTo(rest.cursor());
            assertThat(texts(get(topic.latest(2, 1_000)))).containsExactly("4 m4", "5 m5");
            assertThat(texts(get(topic.latest(100, 1_000)))).hasSize(5);
            assertThat(texts(get(topic.history(1, 10, 1)))).as("never nothing").containsExactly("2 m2");
        }

        @Test
        void thatAreOthersSinceAreReadFromTheBeginning() {
            Hub hub = start(hub());
            Hub.Topic topic = hub.topic("open.log");
            get(topic.publish("m1"));
            get(topic.publish("m2"));
            History other = get(topic.history(new Cursor("other", 1), 10, 1_000));
            assertThat(other.reset()).isTrue();
            assertThat(texts(other)).containsExactly("1 m1", "2 m2");
            History ahead = get(topic.history(new Cursor(other.epoch(), 3), 10, 1_000));
            assertThat(ahead.reset()).isTrue();
        }

        private List<String> texts(History history) {
            return history.messages().stream()
                    .map(message -> message.offset() + " " + text(message.payload()))
                    .toList();
        }

        @Test
        void takeAMessageOnceByItsKey() {
            Hub hub = start(hub());
            Hub.Topic topic = hub.topic("open.log");
            List<CompletableFuture<Long>> tries = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tries.add(CompletableFuture.supplyAsync(() -> get(topic.publish(Payload.text("paid"), "order-1"))));
            }
            tries.forEach(one -> assertThat(one.join()).isEqualTo(1));
            assertThat(get(topic.publish(Payload.text("paid"), "order-2"))).isEqualTo(2);
            assertThat(texts(get(topic.history(0, 100, 1_000)))).containsExactly("1 paid", "2 paid");
            assertThatThrownBy(() -> topic.publish(Payload.text("paid"), "order 1"))
                    .hasMessage("key is \"order 1\", must be 1 to 255 visible ASCII characters");
        }

        @Test
        void tellWhoIsThere() {
            Hub hub = start(hub());
            PresenceRecorder told = new PresenceRecorder();
            get(client("ada")
                    .subscribe("open.room", SubscribeOptions.DEFAULT.withPresence(), told)
                    .ready());
            told.expectAlone("ada");

            SessionClient bob = client("bob");
            SessionClient bobsPhone = client("bob");
            get(bob.subscribe("open.room", (topic, offset, payload) -> {}).ready());
            told.expect("joined bob");
            get(bobsPhone.subscribe("open.room", (topic, offset, payload) -> {}).ready());
            assertThat(get(hub.topic("open.room").users())).containsExactlyInAnyOrder("ada", "bob");
            get(bob.bye());
            get(bobsPhone.bye());
            told.expect("left bob");
        }
    }

    @Nested
    final class Users {
        @Test
        @DisplayName("every device gets it, now or when it comes")
        void haveMailboxes() throws Exception {
            Map<String, Long> offline = new ConcurrentHashMap<>();
            Hub hub = start(hub());
            hub.onStoredOffline((user, offset, payload) -> offline.put(user, offset));

            Delivery early = hub.user("42").send("early");
            assertThat(get(early.stored())).isEqualTo(1);
            Await.until("told that nobody is there", () -> offline.equals(Map.of("42", 1L)));
            assertThat(early.received().toCompletableFuture()).isNotDone();

            List<String> laptop = Collections.synchronizedList(new ArrayList<>());
            List<String> phone = Collections.synchronizedList(new ArrayList<>());
            SubscribeOptions all = SubscribeOptions.DEFAULT.last(100);
            get(client("42")
                    .subscribe("$mailbox", all, (topic, offset, payload) -> laptop.add(text(payload)))
                    .ready());
            get(client("42")
                    .subscribe("$mailbox", all, (topic, offset, payload) -> phone.add(text(payload)))
                    .ready());
            get(early.received());
            Delivery live = hub.user("42").send("live");
            get(live.received());
            Await.until("both have both", () -> laptop.size() == 2 && phone.size() == 2);
            assertThat(phone).isEqualTo(laptop).containsExactly("early", "live");
            assertThat(get(hub.users())).containsExactly("42");
            assertThat(get(hub.user("42").isConnected())).isTrue();
            assertThat(offline).hasSize(1);
        }

        @Test
        void areSentAMessageOnceByItsKey() {
            Hub hub = start(hub());
            assertThat(get(hub.user("42").send(Payload.text("paid"), "order-1").stored()))
                    .isEqualTo(1);
            assertThat(get(hub.user("42").send(Payload.text("paid"), "order-1").stored()))
                    .isEqualTo(1);
            assertThat(get(hub.user("43").send(Payload.text("paid"), "order-1").stored()))
                    .isEqualTo(1);
            assertThat(get(hub.user("42").send("other").stored())).isEqualTo(2);
        }

        @Test
        void haveSessionsThatCanBeEnded() {
            Hub hub = start(hub());
            Recorder<String> events = new Recorder<>();
            SessionClient phone = client("ada", events);
            SessionClient laptop = client("ada", events);
            Await.until("both are there", () -> get(hub.user("ada").sessions()).size() == 2);
            assertThat(get(hub.user("eve").sessions())).isEmpty();
            for (String id : get(hub.user("ada").sessions())) {
                assertThat(get(hub.session(id).end(4555, "go"))).isTrue();
            }
            Await.until("ended", () -> phone.state() == SessionState.ENDED && laptop.state() == SessionState.ENDED);
            Await.until("none is left", () -> get(hub.user("ada").sessions()).isEmpty());
        }

        @Test
        void canBeRevoked() {
            Hub hub = start(hub());
            Recorder<String> events = new Recorder<>();
            SessionClient client = client("mallory", events);
            get(client.subscribe("open.x", (topic, offset, payload) -> {}).ready());
            events.drain();

            hub.user("mallory").revoke("enough");

            Await.until("ended", () -> client.state() == SessionState.ENDED);
            Await.until("told", () -> events.drain().contains("ended 4502 enough"));
        }

        @Test
        @DisplayName("a subscription of theirs ends on every device, and only that")
        void loseSubscriptions() {
            Hub hub = start(hub());
            Recorder<String> told = new Recorder<>();
            List<SessionClient> devices = List.of(client("ada"), client("ada"));
            for (SessionClient device : devices) {
                for (String pattern : List.of("open.*", "open.room")) {
                    get(device.subscribe(pattern, new TopicListener() {
                                @Override
                                public void onMessage(String topic, long offset, Payload payload) {
                                    told.record(pattern + " " + text(payload));
                                }

                                @Override
                                public void onEnded(String ended, String code) {
                                    told.record(ended + " ended " + code);
                                }
                            })
                            .ready());
                }
            }

            hub.user("ada").unsubscribe("open.*", "forbidden");
            hub.user("ada").unsubscribe("unheard.of", "forbidden");
            told.expect("open.* ended forbidden");
            told.expect("open.* ended forbidden");
            hub.topic("open.other").publish("unheard");
            hub.topic("open.room").publish("still here");
            told.expect("open.room still here");
            told.expect("open.room still here");
            told.assertEmpty();
        }

        @Test
        void mayBeRefused() {
            start(hub());
            Recorder<String> events = new Recorder<>();
            SessionClient client = client(ENDED_TOKEN, events);
            Await.until("ended", () -> client.state() == SessionState.ENDED);
            Await.until("told", () -> events.drain().contains("ended 4501 unauthorized"));
        }
    }

    @Nested
    final class Sessions {
        @Test
        void areToldAloneAndAcknowledge() {
            Hub hub = start(hub());
            Map<String, String> ids = new ConcurrentHashMap<>();
            hub.onSession((session, change) -> {
                if (change == SessionChange.STARTED) {
                    ids.put(String.valueOf(session.user()), session.id());
                }
            });
            Recorder<String> events = new Recorder<>();
            SessionClient client = client("ada", events);
            Await.until("started", () -> ids.containsKey("ada"));

            String id = String.valueOf(ids.get("ada"));
            Delivery delivery = hub.session(id).send("greeting", "hello");
            get(delivery.stored());
            get(delivery.received());
            assertThat(events.drain()).contains("message greeting hello");

            assertThatThrownBy(() ->
                            get(hub.session("none").send("greeting", "hello").stored()))
                    .hasMessageContaining("no session");
            get(client.subscribe("open.x", (topic, offset, payload) -> {}).ready());
            assertThat(get(hub.session(id).unsubscribe("open.*", "forbidden"))).isFalse();
            assertThat(get(hub.session(id).unsubscribe("open.x", "forbidden"))).isTrue();
            assertThat(get(hub.topic("open.x").subscribers())).isZero();
            assertThat(get(hub.session(id).end(4555, "go"))).isTrue();
            Await.until("ended", () -> events.drain().contains("ended 4555 go"));
        }

        @Test
        void losesNothing() {
            Hub hub = start(hub());
            List<String> handled = Collections.synchronizedList(new ArrayList<>());
            hub.onMessage("count", message -> handled.add(message.text()));
            SessionClient client = client("ada");
            List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
            List<String> told = Collections.synchronizedList(new ArrayList<>()); // that something is lost
            get(client.subscribe("open.ticks", new TopicListener() {
                        @Override
                        public void onMessage(String topic, long offset, Payload payload) {
                            offsets.add(offset);
                        }

                        @Override
                        public void onGap(String topic, long from, long to, String code) {
                            told.add("gap " + from + " " + to + " " + code);
                        }

                        @Override
                        public void onReset(String topic, String code) {
                            told.add("reset " + code);
                        }
                    })
                    .ready());
            AtomicInteger done = new AtomicInteger();
            int count = 3_000;
            for (int i = 1; i <= count; i++) {
                client.send("count", Integer.toString(i)).thenRun(done::incrementAndGet);
                hub.topic("open.ticks").publish("t" + i).whenComplete((offset, failure) -> {
                    if (failure != null) {
                        told.add("refused " + failure);
                    }
                });
                if (i % 300 == 0) {
                    int reached = i;
                    proxy().resetAll();
                    Await.until("came back", () -> done.get() > reached - 250);
                }
            }
            Await.until("all handled", () -> done.get() == count);
            Await.until("all came, or something was told", () -> offsets.size() == count || !told.isEmpty());
            assertThat(told).isEmpty();
            assertThat(handled)
                    .hasSize(count)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
            assertThat(offsets).doesNotHaveDuplicates().isSorted();
        }
    }

    @Nested
    final class Once {
        @Test
        void isSaidToOneAlone() {
            Hub hub = start(hub());
            List<CompletionStage<Boolean>> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                asked.add(hub.once("ticket-1", Duration.ofMinutes(1)));
            }
            assertThat(asked.stream().filter(HubTestBase::get)).hasSize(1);
            assertThat(get(hub.once("ticket-2", Duration.ofMinutes(1)))).isTrue();
        }

        @Test
        void isOfAKeyAndATime() {
            Hub hub = start(hub());
            assertThatThrownBy(() -> hub.once("two words", Duration.ofMinutes(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("key is \"two words\", must be 1 to 255 visible ASCII characters");
            assertThatThrownBy(() -> hub.once("k".repeat(256), Duration.ofMinutes(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> hub.once("key", Duration.ofNanos(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ttl is PT0.000000001S, must be 1 ms to 30 days");
            assertThatThrownBy(() -> hub.once("key", Duration.ofDays(31))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    final class Endpoints {
        @Test
        void forSessionsAloneRefuseOthers() {
            start(hub());
            try (RawPeer peer = RawPeer.connect(port())) {
                peer.write(RawHandshake.request("localhost", "/sessions"));
                assertThat(peer.readHead()).startsWith("HTTP/1.1 400 ");
            }
            try (RawPeer peer = RawPeer.connect(port())) {
                peer.write(RawHandshake.request("localhost", "/sessions", "Sec-WebSocket-Protocol: bowline.v1"));
                String head = peer.readHead();
                assertThat(head).startsWith("HTTP/1.1 101 ");
                assertThat(RawHandshake.header(head, "Sec-WebSocket-Protocol")).isEqualTo("bowline.v1");
            }
        }
    }

    @Nested
    final class Streams {
        @Test
        @DisplayName("the text is whole, though the line was cut in the middle of it")
        void surviveTheConnection() throws Exception {
            int parts = 200;
            start(hub()).onStream("ai.complete", (request, stream) -> sendFrom(stream, 1, parts));
            SessionClient client = client("ada");
            StringBuilder whole = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= parts; i++) {
                expected.append('w').append(i).append(' ');
            }
            CountDownLatch complete = new CountDownLatch(1);
            client.stream("ai.complete", "prompt").subscribe(new Flow.Subscriber<>() {
                private Flow.@Nullable Subscription subscription;
                private int seen;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(4);
                }

                @Override
                public void onNext(Payload part) {
                    whole.append(text(part));
                    if (++seen % 50 == 0) {
                        proxy().resetAll();
                    }
                    Objects.requireNonNull(subscription).request(1);
                }

                @Override
                public void onError(Throwable error) {
                    whole.append(error);
                    complete.countDown();
                }

                @Override
                public void onComplete() {
                    complete.countDown();
                }
            });
            assertThat(complete.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(whole).hasToString(expected.toString());
        }

        private void sendFrom(StreamSender stream, int from, int to) {
            if (from > to) {
                stream.finish();
            } else {
                stream.send("w" + from + " ").thenRun(() -> sendFrom(stream, from + 1, to));
            }
        }

        @Test
        void canBeCancelled() throws Exception {
            CountDownLatch cancelled = new CountDownLatch(1);
            CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
            start(hub()).onStream("endless", (request, stream) -> {
                stream.onCancel(cancelled::countDown);
                get(subscribed).cancel();
            });
            client(null).stream("endless", "").subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                    subscribed.complete(subscription);
                }

                @Override
                public void onNext(Payload part) {}

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onComplete() {}
            });
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
