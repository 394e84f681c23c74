package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.cli.api.parts.SessionDirectory;
import dev.bowline.realtime.Hub;
import dev.bowline.session.server.CloseCodes;
import dev.bowline.session.server.SessionView;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Sessions: list those of this node, end one wherever it is. */
final class SessionEndpoints {
    private static final int MAX_LIMIT = 1_000;
    private static final int DEFAULT_LIMIT = 100;
    private static final Comparator<SessionView> BY_ID =
            Comparator.comparing(view -> view.session().id());

    private final Hub hub;
    private final SessionDirectory directory;
    private final Executor executor;

    /** @param executor for what takes too long for an event loop */
    SessionEndpoints(Hub hub, SessionDirectory directory, Executor executor) {
        this.hub = hub;
        this.directory = directory;
        this.executor = executor;
    }

    void addTo(Router router) {
        router.add("GET", "/v1/sessions", List.of("after", "limit"), this::list)
                .add("DELETE", "/v1/sessions/{session}", List.of("code", "reason"), this::end);
    }

    private CompletionStage<Answer> list(Call call) {
        int limit = (int) call.query("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        String given = call.query("after");
        String after = given == null ? "" : given;
        return directory
                .sessions()
                .thenApplyAsync(sessions -> Answer.json(200, page(sessions, after, limit)), executor);
    }

    /** By id, so that a page goes on behind the one before whatever has ended or come in between. */
    private static ObjectNode page(List<SessionView> sessions, String after, int limit) {
        List<SessionView> next = firstBehind(sessions, after, limit + 1);
        ObjectNode json = Json.object();
        ArrayNode page = json.putArray("sessions");
        for (SessionView view : next.subList(0, Math.min(limit, next.size()))) {
            page.addObject()
                    .put("id", view.session().id())
                    .put("user", view.session().user())
                    .put("agent", view.session().agent())
                    .put("connected", view.connected())
                    .put("forMillis", view.forMillis())
                    .put("subscriptions", view.subscriptions())
                    .put("unacknowledged", view.unacknowledged())
                    .put("unacknowledgedBytes", view.unacknowledgedBytes());
        }
        json.put("next", next.size() > limit ? next.get(limit - 1).session().id() : null);
        return json;
    }

    /** In order; there may be a million, of which all but a few are not sorted. */
    private static List<SessionView> firstBehind(List<SessionView> sessions, String after, int count) {
        PriorityQueue<SessionView> first = new PriorityQueue<>(BY_ID.reversed());
        for (SessionView view : sessions) {
            if (view.session().id().compareTo(after) > 0) {
                first.add(view);
                if (first.size() > count) {
                    first.remove();
                }
            }
        }
        return first.stream().sorted(BY_ID).toList();
    }

    private CompletionStage<Answer> end(Call call) {
        String id = call.variable("session");
        int code = (int) call.query("code", CloseCodes.REVOKED, 4500, 4999);
        return hub.session(id).end(code, call.reason("ended")).thenApply(ended -> {
            if (!ended) {
                throw Problem.notFound("There is no session " + id + ".");
            }
            return Answer.empty(204);
        });
    }
}
