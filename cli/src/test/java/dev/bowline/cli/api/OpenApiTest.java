package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bowline.cli.api.Router.Body;
import dev.bowline.cli.api.Router.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document says what there is, and no more. */
class OpenApiTest extends ApiTestBase {
    private static final OpenApi DOCUMENT = OpenApi.load();

    private List<Route> routes() {
        return ApiServer.router(options(), parts(hub()), Runnable::run, Runnable::run)
                .routes();
    }

    @Test
    void namesEveryEndpointAndNoOther() {
        assertThat(routes())
                .extracting(route -> route.method() + " " + route.path())
                .containsExactlyInAnyOrderElementsOf(DOCUMENT.operations());
    }

    @Test
    void namesWhatEachTakes() {
        for (Route route : routes()) {
            String name = route.method() + " " + route.path();
            List<JsonNode> parameters = DOCUMENT.parameters(route.method(), route.path());
            assertThat(names(parameters, "query"))
                    .as(name)
                    .isEqualTo(route.queries() == null ? Set.of() : new TreeSet<>(route.queries()));
            assertThat(names(parameters, "path").stream()
                            .map(variable -> "{" + variable + "}")
                            .collect(Collectors.joining()))
                    .as(name)
                    .isEqualTo(route.path().replaceAll("[^{}]*(\\{[a-z]+})?[^{}]*", "$1"));
            assertThat(names(parameters, "header"))
                    .as(name)
                    .isEqualTo(route.body() == Body.PAYLOAD ? Set.of("Idempotency-Key") : Set.of());
            JsonNode operation = DOCUMENT.operation(route.method(), route.path());
            assertThat(types(operation))
                    .as(name)
                    .isEqualTo(
                            switch (route.body()) {
                                case NONE -> Set.of();
                                case JSON -> Set.of("application/json");
                                case PAYLOAD -> Set.of("text/plain", "application/json", "application/octet-stream");
                            });
            assertThat(operation.path("security").isArray()).as(name).isEqualTo(route.open());
        }
    }

    private static Set<String> names(List<JsonNode> parameters, String in) {
        return parameters.stream()
                .filter(parameter -> parameter.path("in").asText().equals(in))
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> types(JsonNode operation) {
        Set<String> types = new HashSet<>();
        DOCUMENT.resolved(operation.path("requestBody"))
                .path("content")
                .fieldNames()
                .forEachRemaining(types::add);
        return types;
    }

    @Test
    void itsExamplesAreAsItsSchemasSay() {
        for (JsonNode content : DOCUMENT.document().findValues("application/json")) {
            if (content.has("example")) {
                String reference = content.at("/schema/$ref").asText();
                DOCUMENT.check(
                        reference.substring(reference.lastIndexOf('/') + 1),
                        content.get("example").toString());
            }
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (String reference : DOCUMENT.document().findValuesAsText("$ref")) {
            assertThat(DOCUMENT.document().at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    /** Each is called once as it should be; {@link ApiTestBase} holds the answers against the document. */
    @Test
    void everyEndpointAnswersAsItSays() {
        client("42");
        String session = get("/v1/sessions").json().at("/sessions/0/id").asText();
        List<Got> all = List.of(
                postText("/v1/topics/news/messages", "x"),
                get("/v1/topics/news/messages"),
                get("/v1/topics/news/presence"),
                postText("/v1/users/42/messages", "x"),
                get("/v1/users/42"),
                postJson("/v1/messages", "{\"messages\": [{\"topic\": \"news\", \"text\": \"x\"}, {}]}"),
                get("/v1/sessions"),
                get("/v1/sessions/" + session + "/trace"),
                get("/v1/statistics"),
                get("/v1/nodes"),
                delete("/v1/sessions/" + session),
                delete("/v1/users/42/sessions"),
                postJson("/v1/tickets", "{\"user\": \"42\"}"),
                get("/v1/openapi.json"),
                get("/healthz"),
                get("/readyz"),
                get("/metrics"));
        assertThat(all).extracting(Got::status).allMatch(status -> status < 300);
        assertThat(all).hasSameSizeAs(DOCUMENT.operations());
    }
}
