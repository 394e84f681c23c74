package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionState;
import dev.bowline.testkit.Await;
import org.junit.jupiter.api.Test;

class SessionEndpointsTest extends ApiTestBase {
    @Test
    void areListedPageByPage() {
        for (String id : new String[] {"c", "a", "e", "b", "d"}) {
            directory.put(
                    id, new SessionDirectory.Listed(id, id.equals("a") ? null : "user-" + id, null, id.equals("b")));
        }
        JsonNode first = get("/v1/sessions?limit=2").json();
        assertThat(first.get("sessions").findValuesAsText("id")).containsExactly("a", "b");
        assertThat(first.at("/sessions/0/user").isNull()).isTrue();
        assertThat(first.at("/sessions/1/connected").asBoolean()).isTrue();
        assertThat(first.get("next").asText()).isEqualTo("b");
        directory.remove("b");
        JsonNode second = get("/v1/sessions?limit=2&after=b").json();
        assertThat(second.get("sessions").findValuesAsText("id")).containsExactly("c", "d");
        JsonNode last = get("/v1/sessions?limit=2&after=d").json();
        assertThat(last.get("sessions").findValuesAsText("id")).containsExactly("e");
        assertThat(last.get("next").isNull()).isTrue();
        assertThat(get("/v1/sessions").json().get("sessions")).hasSize(4);
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
