package dev.bowline.redis;

import dev.bowline.session.engine.Entry;

/** A node of this process, for those who pass on what is published. Called on the connection's thread, and must not block. */
interface Follower {
    /**
     * A topic that it follows has grown.
     *
     * @param name what subscribers call it
     * @param before the offset behind which the node has not been told of anything
     */
    void onGrown(String topic, String name, String epoch, long before);

    /** A message of a topic without a log that it follows. */
    void onUnlogged(String topic, Entry entry);
}
