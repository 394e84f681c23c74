package dev.bowline.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.session.server.SessionEvent;
import dev.bowline.session.server.SessionInfo;
import org.junit.jupiter.api.Test;

class TracesTest {
    private long now = 1_000;
    private final Traces traces = new Traces(() -> now);

    private static SessionInfo info(String id) {
        return new SessionInfo(id, "ada", "phone");
    }

    private void start(String id) {
        traces.add(new SessionEvent.Started(info(id)));
    }

    private void end(String id) {
        traces.add(new SessionEvent.Ended(info(id), 1000, "bye"));
    }

    @Test
    void tellALifeInOrder() {
        start("s");
        now = 2_000;
        traces.add(new SessionEvent.Suspended(info("s"), 1006));
        now = 5_000;
        traces.add(new SessionEvent.Resumed(info("s"), 3_000, 2));
        traces.add(new SessionEvent.CaughtUp(info("s"), 4, 17, 1, 3, 0));
        end("s");
        assertThat(traces.toJson("s"))
                .hasToString("{\"session\":\"s\",\"user\":\"ada\",\"agent\":\"phone\",\"forgotten\":0,\"events\":["
                        + "{\"atMillis\":1000,\"event\":\"started\"},"
                        + "{\"atMillis\":2000,\"event\":\"suspended\",\"code\":1006},"
                        + "{\"atMillis\":5000,\"event\":\"resumed\",\"awayMillis\":3000,\"replayed\":2},"
                        + "{\"atMillis\":5000,\"event\":\"caught-up\",\"afterMillis\":4,\"replayed\":17,\"gaps\":1,"
                        + "\"missed\":3,\"resets\":0},"
                        + "{\"atMillis\":5000,\"event\":\"ended\",\"code\":1000,\"reason\":\"bye\"}]}");
        assertThat(traces.toJson("other")).isNull();
    }

    @Test
    void keepTheLastEventsOfEach() {
        start("s");
        for (int code = 1; code <= Traces.MAX_EVENTS; code++) {
            traces.add(new SessionEvent.Suspended(info("s"), code));
        }
        ObjectNode trace = traces.toJson("s");
        assertThat(trace).isNotNull();
        assertThat(trace.get("events")).hasSize(Traces.MAX_EVENTS);
        assertThat(trace.at("/events/0/code").asInt()).isEqualTo(1);
        assertThat(trace.get("forgotten").asInt()).isEqualTo(1);
    }

    @Test
    void forgetThoseThatAreOverFirst() {
        start("first");
        start("over");
        end("over");
        for (int i = traces.size(); i < Traces.MAX_SESSIONS; i++) {
            start("s" + i);
        }
        assertThat(traces.toJson("over")).isNotNull();
        start("one more");
        assertThat(traces.size()).isEqualTo(Traces.MAX_SESSIONS);
        assertThat(traces.toJson("over")).isNull();
        assertThat(traces.toJson("first")).isNotNull();
    }

    @Test
    void thenThoseOfWhichNothingWasHeardForLongest() {
        start("quiet");
        start("busy");
        traces.add(new SessionEvent.Suspended(info("quiet"), 1006));
        for (int i = traces.size(); i <= Traces.MAX_SESSIONS; i++) {
            start("s" + i);
        }
        assertThat(traces.size()).isEqualTo(Traces.MAX_SESSIONS);
        assertThat(traces.toJson("busy")).isNull();
        assertThat(traces.toJson("quiet")).isNotNull();
    }
}
