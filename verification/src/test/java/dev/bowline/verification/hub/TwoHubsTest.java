package dev.bowline.verification.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.PresenceRecorder;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said at one hub, to clients of the other. */
class TwoHubsTest extends TwoHubsTestBase {
    private final Recorder<String> events = new Recorder<>();

    @Test
    void whatIsPublishedReachesAllInOneOrder() {
        List<String> byName = Collections.synchronizedList(new ArrayList<>());
        List<String> byPattern = Collections.synchronizedList(new ArrayList<>());
        get(client(a, "ada")
                .subscribe("open.news", (topic, offset, payload) -> byName.add(offset + payload.asText()))
                .ready());
        SessionClient bob = client(b, "bob");
        get(bob.subscribe("open.*", (topic, offset, payload) -> byPattern.add(offset + payload.asText()))
                .ready());
        for (int i = 1; i <= 100; i++) {
            a.hub.topic("open.news").publish("a" + i);
            b.hub.topic("open.news").publish("b" + i);
        }
        get(bob.publish("open.news", "last"));
        Await.until("all came", () -> byName.size() == 201 && byPattern.size() == 201);
        assertThat(byPattern).isEqualTo(byName);
        assertThat(byName)
                .filteredOn(one -> one.matches("\\d+a\\d+"))
                .hasSize(100)
                .isSortedAccordingTo(TwoHubsTest::byOffset);
        assertThat(byName.get(200)).startsWith("201");
        assertThat(get(a.hub.topic("open.news").subscribers())).isEqualTo(1);
    }

    private static int byOffset(String one, String other) {
        return Integer.compare(
                Integer.parseInt(one.replaceAll("[ab].*", "")), Integer.parseInt(other.replaceAll("[ab].*", "")));
    }

    @Test
    void directMessagesFindTheirSessionAndSayWhenTheyCame() {
        SessionClient ada = client(a, "ada", events);
        events.expect("open new");
        Delivery delivery = b.hub.session(id(ada)).send("greeting", "hello");
        get(delivery.stored());
        events.expect("message greeting hello");
        get(delivery.received());
        assertThatThrownBy(() -> get(b.hub.session("none").send("greeting", "x").stored()))
                .hasMessageContaining("no session");
    }

    @Test
    void mailboxesAreOneWhereverTheDevicesAre() {
        Recorder<String> offline = new Recorder<>();
        a.hub.onStoredOffline((user, offset, payload) -> offline.record(user + " " + offset));
        b.hub.onStoredOffline((user, offset, payload) -> offline.record(user + " " + offset));
        Delivery early = a.hub.user("42").send("early");
        assertThat(get(early.stored())).isEqualTo(1);
        offline.expect("42 1");
        assertThat(early.received().toCompletableFuture()).isNotDone();
        Recorder<String> laptop = new Recorder<>();
        Recorder<String> phone = new Recorder<>();
        SubscribeOptions all = SubscribeOptions.DEFAULT.last(100);
        get(client(a, "42")
                .subscribe("$mailbox", all, (topic, offset, payload) -> laptop.record(payload.asText()))
                .ready());
        get(client(b, "42")
                .subscribe("$mailbox", all, (topic, offset, payload) -> phone.record(payload.asText()))
                .ready());
        get(early.received());
        get(b.hub.user("42").send("live").received());
        for (Recorder<String> device : List.of(laptop, phone)) {
            device.expect("early");
            device.expect("live");
        }
        offline.assertEmpty();
    }

    @Test
    void usersAreKnownToBothWithTheirConnections() {
        SessionClient ada = client(a, "ada");
        id(ada);
        id(client(b, "bob"));
        for (HubNode node : List.of(a, b)) {
            assertThat(get(node.hub.users())).containsExactlyInAnyOrder("ada", "bob");
            assertThat(get(node.hub.user("ada").isConnected())).isTrue();
            assertThat(get(node.hub.user("eve").isConnected())).isFalse();
        }
        get(ada.bye());
        for (HubNode node : List.of(a, b)) {
            Await.until("she has gone", () -> get(node.hub.users()).equals(List.of("bob")));
            assertThat(get(node.hub.user("ada").isConnected())).isFalse();
        }
    }

    @Test
    void revokingEndsSessionsAtBoth() {
        Recorder<String> others = new Recorder<>();
        List<SessionClient> devices = List.of(client(a, "mallory", events), client(b, "mallory", others));
        devices.forEach(TwoHubsTestBase::id);
        a.hub.user("mallory").revoke("enough");
        for (Recorder<String> device : List.of(events, others)) {
            device.expect("open new");
            device.expect("ended 4502 enough");
        }
        assertThat(devices).allMatch(device -> device.state() == SessionState.ENDED);
    }

    @Test
    void subscriptionsEndAtBothAndOnlyThose() {
        Recorder<String> told = new Recorder<>();
        List<SessionClient> devices = List.of(client(a, "ada"), client(b, "ada"));
        for (SessionClient device : devices) {
            for (String pattern : List.of("open.*", "open.room")) {
                get(device.subscribe(pattern, new TopicListener() {
                            @Override
                            public void onMessage(String topic, long offset, Payload payload) {
                                told.record(pattern + " " + payload.asText());
                            }

                            @Override
                            public void onEnded(String ended, String code) {
                                told.record(ended + " ended " + code);
                            }
                        })
                        .ready());
            }
        }
        a.hub.user("ada").unsubscribe("open.*", "forbidden");
        told.expect("open.* ended forbidden");
        told.expect("open.* ended forbidden");
        get(b.hub.topic("open.other").publish("unheard"));
        get(b.hub.topic("open.room").publish("still here"));
        told.expect("open.room still here");
        told.expect("open.room still here");
        assertThat(get(a.hub.session(id(devices.get(1))).unsubscribe("open.room", "forbidden")))
                .isTrue();
        told.expect("open.room ended forbidden");
        assertThat(get(a.hub.session(id(devices.get(1))).unsubscribe("open.room", "forbidden")))
                .isFalse();
        told.assertEmpty();
    }

    @Test
    void presenceIsOne() {
        PresenceRecorder told = new PresenceRecorder();
        get(client(a, "ada")
                .subscribe("open.room", SubscribeOptions.DEFAULT.withPresence(), told)
                .ready());
        told.expectAlone("ada");
        SessionClient page = client(b, "bob");
        SessionClient phone = client(a, "bob");
        get(page.subscribe("open.room", (topic, offset, payload) -> {}).ready());
        told.expect("joined bob");
        get(phone.subscribe("open.room", (topic, offset, payload) -> {}).ready());
        for (HubNode node : List.of(a, b)) {
            assertThat(get(node.hub.topic("open.room").users())).containsExactlyInAnyOrder("ada", "bob");
        }
        get(page.bye());
        get(phone.bye());
        told.expect("left bob");
        told.assertEmpty();
    }

    @Test
    @DisplayName("a session is ended by the hub that does not have it")
    void sessionsAreEndedFromAnywhere() {
        SessionClient ada = client(a, "ada", events);
        events.expect("open new");
        assertThat(get(b.hub.session(id(ada)).end(4555, "go"))).isTrue();
        events.expect("ended 4555 go");
        Await.until("it is gone", () -> !get(b.hub.session(id(ada)).end(4555, "go")));
    }
}
