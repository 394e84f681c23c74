package dev.bowline.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.cli.api.parts.NodeWatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** For whoever watches over nodes: their numbers, and the life of a session. */
final class WatchEndpoints {
    private final @Nullable NodeWatch watch;

    /** @param watch null where there is none */
    WatchEndpoints(@Nullable NodeWatch watch) {
        this.watch = watch;
    }

    void addTo(Router router) {
        router.add("GET", "/v1/statistics", List.of(), call -> ok(watch().statistics()))
                .add("GET", "/v1/nodes", List.of(), call -> ok(watch().nodes()))
                .add("GET", "/v1/sessions/{session}/trace", List.of(), this::trace);
    }

    private NodeWatch watch() {
        NodeWatch there = watch;
        if (there == null) {
            throw new Problem(501, "not-configured", "This server has no statistics.");
        }
        return there;
    }

    private static CompletionStage<Answer> ok(CompletionStage<ObjectNode> json) {
        return json.thenApply(told -> Answer.json(200, told));
    }

    private CompletionStage<Answer> trace(Call call) {
        String session = call.variable("session");
        ObjectNode trace = watch().trace(session);
        if (trace == null) {
            throw Problem.notFound("This node knows nothing of a session " + session + ".");
        }
        return ok(CompletableFuture.completedFuture(trace));
    }
}
