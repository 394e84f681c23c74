package dev.bowline.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.cli.api.parts.ApiParts;
import dev.bowline.cli.api.parts.Tickets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketEndpointTest extends ApiTestBase {
    private void startWith(Tickets tickets) {
        ApiParts parts = parts(hub());
        start(options(), new ApiParts(parts.hub(), parts.sessions(), tickets, parts.metrics(), parts.readiness()));
    }

    @Test
    void saysWhatTheTicketIsToSay() {
        List<Tickets.Order> orders = new ArrayList<>();
        startWith(order -> {
            orders.add(order);
            return new Tickets.Ticket("abc", Duration.ofSeconds(45));
        });
        Got got = postJson("/v1/tickets", """
                {"user": "42", "rights": {"subscribe": ["chat.>", "news"], "publish": []}, "attributes": {"plan": "pro"},
                 "ttlSeconds": 45, "sessionTtlSeconds": 3600}
                """);
        assertThat(got.status()).isEqualTo(201);
        assertThat(got.body()).isEqualTo("{\"ticket\":\"abc\",\"ttlSeconds\":45}");
        postJson("/v1/tickets", "{\"user\": \"43\"}");
        assertThat(orders)
                .containsExactly(
                        new Tickets.Order(
                                "42",
                                Map.of("subscribe", List.of("chat.>", "news"), "publish", List.of()),
                                Map.of("plan", "pro"),
                                Duration.ofSeconds(45),
                                Duration.ofHours(1)),
                        new Tickets.Order("43", Map.of(), Map.of(), null, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                              | "user" of the body must be there.
                    {"user": 42}                                    | "user" of the body must be a string.
                    {"user": "42", "ttl": 1}                        | The body has a member "ttl", but may have only user, rights, attributes, ttlSeconds, sessionTtlSeconds.
                    {"user": "42", "ttlSeconds": 0}                 | "ttlSeconds" of the body must be a number of seconds, at least 1.
                    {"user": "42", "ttlSeconds": 1.5}               | "ttlSeconds" of the body must be a number of seconds, at least 1.
                    {"user": "42", "rights": {"subscribe": "news"}} | "rights" of the body must be an object of arrays of strings.
                    {"user": "42", "rights": {"subscribe": [1]}}    | "rights" of the body must be an object of arrays of strings.
                    {"user": "42", "rights": {"read": []}}          | "rights" has a member "read", but may have only subscribe, publish, presence, request, send.
                    {"user": "42", "attributes": {"a": 1}}          | "attributes" of the body must be an object of strings.
                    {"user": "42", "attributes": []}                | "attributes" of the body must be an object of strings.
                    """)
    void takesNothingElse(String order, String detail) {
        assertThat(postJson("/v1/tickets", order).problem()).isEqualTo("400 bad-request: " + detail);
    }

    @Test
    void tellsWhyATicketCanNotBeIssued() {
        startWith(order -> {
            throw new IllegalArgumentException("ttl is PT1H, must be at most PT5M");
        });
        assertThat(postJson("/v1/tickets", "{\"user\": \"42\"}").problem())
                .isEqualTo("400 bad-request: ttl is PT1H, must be at most PT5M.");
    }

    @Test
    void isNotThereWithoutAKeyToSignWith() {
        ApiParts parts = parts(hub());
        start(options(), new ApiParts(parts.hub(), parts.sessions(), null, parts.metrics(), parts.readiness()));
        assertThat(postJson("/v1/tickets", "{\"user\": \"42\"}").problem())
                .isEqualTo("501 not-configured: This server has no key to sign tickets with.");
    }
}
