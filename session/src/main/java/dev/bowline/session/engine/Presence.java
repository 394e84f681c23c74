package dev.bowline.session.engine;

import java.util.List;

/** Which users are in which topics: those who have a session that is. */
public interface Presence {
    /**
     * A session of the node's is in a topic.
     *
     * @param done called once, on the node's thread, perhaps before this returns: when that is in effect, or when the engine has given up
     *     to wait for it and goes on trying by itself. A session that moves must not leave before it: its next node says the same
     */
    void enter(String topic, String user, String session, Runnable done);

    /** It no longer is, as far as this node has said it: what another one says of a session that it has since stays. */
    void leave(String topic, String user, String session);

    /**
     * Has the node told who comes and goes ({@link NodePort#onPresence}).
     *
     * @param done is told who is there; all that comes after that is told
     */
    void watch(String topic, Callback<List<String>> done);

    /** Has the node told nothing more: not even, when it watches again, what came before this. */
    void unwatch(String topic);

    /** Who is there now. */
    void list(String topic, Callback<List<String>> done);
}
