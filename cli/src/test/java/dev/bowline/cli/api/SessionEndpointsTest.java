package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionState;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.server.SessionView;
import dev.bowline.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionEndpointsTest extends ApiTestBase {
    private static SessionView view(String id) {
        SessionInfo session = new SessionInfo(id, id.equals("a") ? null : "user-" + id, null);
        return new SessionView(session, id.equals("b"), 1_500, 2, 3, 400);
    }

    @Test
    void areListedPageByPage() {
        List<SessionView> views = new ArrayList<>(Stream.of("c", "a", "e", "b", "d")
                .map(SessionEndpointsTest::view)
                .toList());
        ApiParts parts = parts(hub());
        start(
                options(),
                new ApiParts(
                        parts.hub(),
                        () -> CompletableFuture.completedFuture(List.copyOf(views)),
                        null,
                        null,
                        parts.readiness()));
        JsonNode first = get("/v1/sessions?limit=2").json();
        assertThat(first.get("sessions").findValuesAsText("id")).containsExactly("a", "b");
        assertThat(first.at("/sessions/0/user").isNull()).isTrue();
        assertThat(first.at("/sessions/1"))
                .hasToString("{\"id\":\"b\",\"user\":\"user-b\",\"agent\":null,\"connected\":true,\"forMillis\":1500,"
                        + "\"subscriptions\":2,\"unacknowledged\":3,\"unacknowledgedBytes\":400}");
        assertThat(first.get("next").asText()).isEqualTo("b");
        views.removeIf(view -> view.session().id().equals("b"));
        JsonNode second = get("/v1/sessions?limit=2&after=b").json();
        assertThat(second.get("sessions").findValuesAsText("id")).containsExactly("c", "d");
        JsonNode last = get("/v1/sessions?limit=2&after=d").json();
        assertThat(last.get("sessions").findValuesAsText("id")).containsExactly("e");
        assertThat(last.get("next").isNull()).isTrue();
        assertThat(get("/v1/sessions").json().get("sessions")).hasSize(4);
    }

    @Test
    void areThoseOfTheHub() {
        client("42");
        assertThat(get("/v1/sessions").json().get("sessions").findValuesAsText("user"))
                .containsExactly("42");
    }

    @Test
    void end() {
        SessionClient client = client("42");
        String id = get("/v1/sessions").json().at("/sessions/0/id").asText();
        Got ended = delete("/v1/sessions/" + id + "?code=4555&reason=go");
        assertThat(ended.status()).isEqualTo(204);
        assertThat(ended.body()).isEmpty();
        Await.until("ended", () -> client.state() == SessionState.ENDED);
        assertThat(delete("/v1/sessions/" + id).problem()).isEqualTo("404 not-found: There is no session " + id + ".");
    }

    @Test
    void endWithACodeThatClientsDoNotComeBackFrom() {
        assertThat(delete("/v1/sessions/any?code=4000").problem())
                .isEqualTo("400 bad-request: The parameter code is \"4000\", but must be a number from 4500 to 4999.");
    }
}
