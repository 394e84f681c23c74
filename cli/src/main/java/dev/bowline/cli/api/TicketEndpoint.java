package dev.bowline.cli.api;

import dev.bowline.cli.api.parts.Tickets;
import dev.bowline.cli.api.parts.Tickets.Ticket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tickets, for pages that can't keep a token. */
final class TicketEndpoint {
    private static final List<String> MEMBERS =
            List.of("user", "rights", "attributes", "ttlSeconds", "sessionTtlSeconds");
    private static final List<String> RIGHTS = List.of("subscribe", "publish", "presence", "request", "send");

    private final @Nullable Tickets tickets;

    /** @param tickets null where none are issued */
    TicketEndpoint(@Nullable Tickets tickets) {
        this.tickets = tickets;
    }

    void addTo(Router router) {
        router.add("POST", "/v1/tickets", Router.Body.JSON, List.of(), this::issue);
    }

    private CompletionStage<Answer> issue(Call call) {
        if (tickets == null) {
            throw new Problem(501, "not-configured", "This server has no key to sign tickets with.");
        }
        JsonMembers order = JsonMembers.of(call.json(), "the body", MEMBERS);
        try {
            Ticket ticket = tickets.issue(new Tickets.Order(
                    order.requiredText("user"),
                    order.lists("rights", RIGHTS),
                    order.texts("attributes"),
                    order.seconds("ttlSeconds"),
                    order.seconds("sessionTtlSeconds")));
            return CompletableFuture.completedFuture(Answer.json(
                    201,
                    Json.object()
                            .put("ticket", ticket.text())
                            .put("ttlSeconds", ticket.ttl().toSeconds())));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage() + ".");
        }
    }
}
