package dev.bowline.session.engine;

import dev.bowline.session.wire.TopicPattern;
import java.util.List;
import java.util.Map;

/** A session between two nodes: whoever holds this object has it alone. What is in it is the nodes' affair. */
public interface SessionState {
    String id();

    /** The patterns that it is subscribed to: whoever gets the session must be told of what comes to them meanwhile. */
    List<TopicPattern> patterns();

    /** All that is to be kept of it ({@link SessionRecord#parts}), for an engine that hands it on in that form. */
    Map<String, byte[]> parts();

    /**
     * What has become of those parts, where the engine handed them on; told on the node's thread, once. What was said to the session last counts
     * as taken no sooner: whoever asked for it may have given up to wait, and have it without them.
     *
     * @param known whether whoever gets the session has them; false also where that is not known
     */
    void handedOn(boolean known);
}
