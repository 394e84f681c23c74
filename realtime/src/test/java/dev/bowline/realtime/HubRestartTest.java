package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Engine;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that is closed and followed by another one, with the same hub. */
public class HubRestartTest extends HubTestBase {
    @Test
    @DisplayName("sessions go on, with what came to their topics meanwhile, and what is said to them")
    void sessionsOutliveTheServer() {
        Hub hub = start(hub());
        List<Recorder<String>> events = new ArrayList<>();
        List<SessionClient> clients = new ArrayList<>();
        Map<String, List<Long>> offsets = new ConcurrentHashMap<>();
        for (String user : List.of("ada", "bob", "cy", "dee")) { // on both event loops
            Recorder<String> recorder = new Recorder<>();
            SessionClient client = client(user, recorder);
            List<Long> seen = Collections.synchronizedList(new ArrayList<>());
            offsets.put(user, seen);
            get(client.subscribe("open.ticks", (topic, offset, payload) -> seen.add(offset))
                    .ready());
            events.add(recorder);
            clients.add(client);
        }
        for (int restart = 1; restart <= 3; restart++) {
            hub.topic("open.ticks").publish("before");
            restartServer();
            hub.topic("open.ticks").publish("after");
            long expected = 2L * restart;
            Await.until("all have what was published", () -> offsets.values().stream()
                    .allMatch(seen -> seen.size() == expected));
        }
        assertThat(offsets.values()).allMatch(List.of(1L, 2L, 3L, 4L, 5L, 6L)::equals);
        assertThat(get(hub.sessionCount())).isEqualTo(4);
        for (int i = 0; i < clients.size(); i++) {
            String id = clients.get(i).id().orElseThrow();
            get(hub.session(id).send("greeting", "hello").received());
            assertThat(events.get(i).drain())
                    .filteredOn(event -> event.startsWith("open "))
                    .containsExactly("open new", "open resumed", "open resumed", "open resumed");
        }
    }

    @Test
    @DisplayName("another hub on the same engine goes on with its topics; with its sessions, if the engine kept them")
    void topicsOutliveTheHub() {
        Engine engine = engine();
        Hub hub = start(hub(), engine);
        Recorder<String> events = new Recorder<>();
        SessionClient client = client("ada", events);
        List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
        get(client.subscribe("open.ticks", (topic, offset, payload) -> offsets.add(offset))
                .ready());
        get(hub.topic("open.ticks").publish("first"));
        Await.until("it came", () -> offsets.size() == 1);
        Hub.Builder next = hub().engine(engine);
        restart(next)
                .onRequest(
                        "who",
                        request -> CompletableFuture.completedFuture(
                                Payload.text(request.session().attributes().toString())));
        // What is asked of a session before it is known to be lost is lost with it, or not known.
        List<String> opened = new ArrayList<>();
        Await.until("the client is there again", () -> {
            events.drain().stream().filter(event -> event.startsWith("open ")).forEach(opened::add);
            return opened.size() == 2;
        });
        assertThat(opened).containsExactly("open new", outlivesHubs() ? "open resumed" : "open new lost");
        get(client.publish("open.ticks", Payload.text("second")));
        Await.until("it goes on", () -> offsets.equals(List.of(1L, 2L)));
        assertThat(text(get(client.request("who", "")))).isEqualTo("{token=ada}");
    }

    @Test
    @DisplayName("a session whose client does not come back ends in time, though its server is gone")
    void sessionsOfAClosedServerExpire() {
        Recorder<String> changes = new Recorder<>();
        Hub hub = start(hub().options(HubOptions.builder()
                .resumeWindow(Duration.ofMillis(300))
                .build()));
        hub.onSession((session, change) -> changes.record(session.user() + " " + change));
        get(client("ada").request("none", "").handle((answer, refused) -> answer));
        proxy().close();
        restartServer();
        Await.until("ended", () -> changes.drain().contains("ada ENDED"));
        assertThat(get(hub.sessionCount())).isZero();
    }
}
