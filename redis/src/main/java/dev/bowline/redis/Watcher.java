package dev.bowline.redis;

/** A node of this process, for those who know of presence: what is to be done, or to be told it, goes into its queue. */
interface Watcher {
    /** Runs a task on the node's thread, behind those that were given before; not at all once the node has left. From any thread. */
    void execute(Runnable task);

    /** A user has come to a topic that the node watches, or has left it. On the node's thread. */
    void onPresence(String topic, String user, boolean present);
}
