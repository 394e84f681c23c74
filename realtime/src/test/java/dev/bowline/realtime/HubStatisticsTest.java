package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.session.server.SessionEvent;
import dev.bowline.session.server.SessionStatistics;
import dev.bowline.session.server.SessionView;
import dev.bowline.session.server.TopicView;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.Recorder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a hub tells of its sessions, over real connections. Of each engine there is a subclass. */
public class HubStatisticsTest extends HubTestBase {
    private static void await(Hub hub, String what, Predicate<SessionStatistics> condition) {
        Await.until(what, () -> condition.test(get(hub.statistics())));
    }

    /** Cuts the client off, and publishes before it is back. */
    private void cutAndPublish(Hub hub, String... texts) {
        proxy().admit(FaultProxy.Admission.REFUSED);
        proxy().resetAll();
        await(hub, "cut", statistics -> statistics.connected() == 0);
        for (String text : texts) {
            get(hub.topic("open.news").publish(text));
        }
        proxy().admit(FaultProxy.Admission.OPEN);
    }

    @Test
    void allEventLoopsAreCountedTogether() {
        Hub hub = start(hub()).onRequest("echo", request -> CompletableFuture.completedFuture(request.payload()));
        SessionClient ada = client("ada");
        SessionClient bob = client("bob");
        get(ada.request("echo", "hello"));
        get(bob.request("echo", "hello"));
        SessionStatistics statistics = get(hub.statistics());
        assertThat(statistics.sessions()).isEqualTo(2);
        assertThat(statistics.connected()).isEqualTo(2);
        assertThat(statistics.started()).isEqualTo(2);
        assertThat(statistics.commands()).containsEntry("req", 2L).containsEntry("pub", 0L);
        assertThat(statistics.results()).containsEntry("ok", 2L);
        assertThat(statistics.engine()).hasEntrySatisfying("create", create -> {
            assertThat(create.latency().count()).isEqualTo(2);
            assertThat(create.latency().sumNanos()).isPositive();
        });
    }

    @Test
    void aClientThatComesBackIsCountedAndCanBeFollowed() {
        Recorder<SessionEvent> told = new Recorder<>();
        Hub hub = start(hub()).onSessionEvent(told::record);
        SessionClient client = client("ada");
        Recorder<String> messages = new Recorder<>();
        get(client.subscribe("open.news", (topic, offset, payload) -> messages.record(text(payload)))
                .ready());
        hub.topic("open.news").publish("live");
        messages.expect("live");

        cutAndPublish(hub, "one", "two");
        messages.expect("one");
        messages.expect("two");

        await(hub, "resumed", statistics -> statistics.connected() == 1);
        SessionStatistics statistics = get(hub.statistics());
        assertThat(statistics.resumes()).containsEntry("resumed", 1L);
        assertThat(statistics.suspended()).containsEntry("1006", 1L);
        assertThat(statistics.replayed()).containsEntry("topic", 2L);
        assertThat(statistics.topicMessages()).isEqualTo(3);
        assertThat(statistics.deliveries().count()).isEqualTo(1);

        SessionEvent.Started started = told.expect(SessionEvent.Started.class);
        assertThat(started.session().user()).isEqualTo("ada");
        assertThat(told.expect(SessionEvent.Suspended.class).code()).isEqualTo(1006);
        SessionEvent.Resumed resumed = told.expect(SessionEvent.Resumed.class);
        assertThat(resumed.session()).isEqualTo(started.session());
        assertThat(resumed.awayMillis()).isNotNegative();
        SessionEvent.CaughtUp caughtUp = told.expect(SessionEvent.CaughtUp.class);
        assertThat(caughtUp.replayed()).isEqualTo(2);
        assertThat(caughtUp.gaps()).isZero();
        get(client.bye());
        assertThat(told.expect(SessionEvent.Ended.class).code()).isEqualTo(1000);
        told.assertEmpty();
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheOthersFromHearing() {
        Recorder<SessionEvent> told = new Recorder<>();
        start(hub())
                .onSessionEvent(event -> {
                    throw new IllegalStateException("of a test");
                })
                .onSessionEvent(told::record);
        client("ada");
        told.expect(SessionEvent.Started.class);
    }

    @Test
    void theTopicsOfAllEventLoopsAreTakenTogether() {
        Hub hub = start(hub());
        for (String user : List.of("ada", "bob", "eve")) {
            Recorder<String> messages = new Recorder<>();
            get(client(user)
                    .subscribe("open.news", (topic, offset, payload) -> messages.record(text(payload)))
                    .ready());
        }
        get(hub.topic("open.news").publish("live"));
        Await.until("delivered", () -> get(hub.topics(10)).equals(List.of(new TopicView("open.news", 3, 3))));
        assertThatThrownBy(() -> hub.topics(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sessionsCanBeLookedAt() {
        Hub hub = start(hub());
        Recorder<String> events = new Recorder<>();
        SessionClient ada = client("ada", events);
        get(ada.subscribe("open.news", (topic, offset, payload) -> {}).ready());
        SessionView view = get(hub.sessions()).get(0);
        assertThat(view.session().user()).isEqualTo("ada");
        assertThat(view.connected()).isTrue();
        assertThat(view.subscriptions()).isEqualTo(1);
        proxy().admit(FaultProxy.Admission.REFUSED);
        proxy().resetAll();
        await(hub, "cut", statistics -> statistics.connected() == 0);
        get(hub.session(view.session().id()).send("note", Payload.text("waits")).stored());
        List<SessionView> away = get(hub.sessions());
        assertThat(away).hasSize(1);
        assertThat(away.get(0).connected()).isFalse();
        assertThat(away.get(0).unacknowledged()).isPositive();
        proxy().admit(FaultProxy.Admission.OPEN);
        await(hub, "back", statistics -> statistics.connected() == 1);
    }

    @Test
    void aClosedHubHasNone() {
        Hub hub = start(hub());
        hub.close();
        assertThat(get(hub.sessions())).isEmpty();
        assertThatThrownBy(() -> hub.statistics().toCompletableFuture().get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("the hub is closed");
    }
}
