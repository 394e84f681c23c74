package dev.bowline.cli.api.parts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What there is to tell to those who watch over nodes, as the OpenAPI document has it. From any thread; does not block. */
public interface NodeWatch {
    /** {@code Statistics}: of this node. */
    CompletionStage<ObjectNode> statistics();

    /** {@code Nodes}: of all nodes. */
    CompletionStage<ObjectNode> nodes();

    /** {@code Trace}: the life of a session, as far as this node has seen it; null if it knows nothing of it. */
    @Nullable
    ObjectNode trace(String session);
}
