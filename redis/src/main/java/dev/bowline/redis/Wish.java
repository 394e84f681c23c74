package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claimant;

/** Somebody's wish for a session that this process has. */
interface Wish {
    Claimant claimant();

    /** Whether anybody is there who would take it. */
    boolean isWanted();

    /** The node has given the session up. It stays {@link Held#asked} until whoever is told this says what becomes of it. */
    void given(Held held, SessionState state);

    /** The wish is settled in another way. */
    void answered(Answer answer);
}
