package dev.bowline.cli.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The sessions of this node. From any thread. */
public interface SessionDirectory {
    /**
     * A session.
     *
     * @param user null for none
     * @param agent who the client says it is; null for nobody
     * @param connected whether it has a connection; else its client is expected back
     */
    record Listed(
            String id, @Nullable String user, @Nullable String agent, boolean connected) {}

    /** All of them, in any order. */
    CompletionStage<List<Listed>> sessions();
}
