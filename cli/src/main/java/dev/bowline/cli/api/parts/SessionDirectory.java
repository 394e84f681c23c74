package dev.bowline.cli.api.parts;

import dev.bowline.session.server.SessionView;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The sessions of this node, such as {@link dev.bowline.realtime.Hub#sessions} tells them. From any thread. */
public interface SessionDirectory {
    /** All of them, in any order. */
    CompletionStage<List<SessionView>> sessions();
}
