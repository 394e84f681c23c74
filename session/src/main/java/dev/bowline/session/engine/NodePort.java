package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import java.util.function.Consumer;

/** A node, as an engine sees it. All but {@link #execute} is called on the node's thread. */
public interface NodePort {
    /** Runs a task on the node's thread, behind those that were given before. From any thread. */
    void execute(Runnable task);

    /**
     * A topic that the node follows has grown.
     *
     * @param before the offset behind which the node has not been told of anything
     */
    void onGrown(String topic, String name, String epoch, long before);

    /** A message of a topic without a log that the node follows. */
    void onUnlogged(String topic, Entry entry);

    /** A user has come to a topic that the node watches, or has left it. */
    void onPresence(String topic, String user, boolean present);

    /** Something for a session that this node has, or had. */
    void onMessage(String session, SessionMessage message, Callback<Boolean> taken);

    /** Something for all sessions of a user. */
    void onUserMessage(String user, UserMessage message);

    /** What the node that has a session says to a claim. */
    sealed interface Release {
        /**
         * It gives the session up: from now on it handles nothing more for it. Where the engine keeps sessions it is over with this object then:
         * what goes on are its {@linkplain SessionState#parts() parts}, to be asked for at once.
         */
        record Given(SessionState session) implements Release {}

        /** It keeps it; the claimant is told this. */
        record Kept(Claim answer) implements Release {}

        /** The session is over. */
        record Over() implements Release {}

        /** The node leaves, and does nothing more for it: what was kept of it counts. */
        record Left() implements Release {}
    }

    /** The handler of a request that runs in this node's process is told something. One node of the process is told. */
    void onSignal(HandlerSignal signal);

    /** Nothing more comes of a process: of the handlers that ran there, neither. */
    void onGone(String process);

    /**
     * A session of the node's has been given to another one without a question, as this one's process was taken to have gone. What is still
     * said to it goes there.
     */
    void onTaken(String session);

    /** What was kept of sessions may be gone in part: the node keeps all of its own again. */
    void onStoreChanged();

    /** A session is over that no node had. One node is told. */
    void onOver(SessionRecord session);

    /** A session is claimed: this node gives it up, if the claim is good. */
    void release(Claimant claimant, Consumer<Release> done);
}
