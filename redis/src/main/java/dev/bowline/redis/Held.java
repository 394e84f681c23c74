package dev.bowline.redis;

import dev.bowline.session.engine.UserMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session that a member of this process has. Its fields are under the lock of {@link Holdings}, unless they say otherwise. */
final class Held {
    final String id;
    final String token;
    final @Nullable String user;
    final RedisMember member;
    final long generation; // how often the session's owner has changed

    boolean connected = true;
    boolean arriving = true; // its node does not know yet that it has it
    boolean asked; // its node was asked to give it up
    long heard; // the number of the latest message to its user that is on its way to the node, or was there
    long atAsk; // the same, when the node was asked
    final Deque<Wish> wishes = new ArrayDeque<>(0); // who wants it, in order; the first was asked for
    final List<Runnable> waiting = new ArrayList<>(0); // what goes on when it is clear who has it
    final List<Said> said = new ArrayList<>(0); // to its user, while it arrives

    volatile long
            told; // the number of the latest such message that its node has dealt with; written on the node's thread

    /** Something that was said to all sessions of a user. */
    record Said(long number, UserMessage message) {}

    Held(String id, String token, @Nullable String user, RedisMember member, long generation) {
        this.id = id;
        this.token = token;
        this.user = user;
        this.member = member;
        this.generation = generation;
    }

    /** It comes, and its user's messages up to this one are nothing to it, or have been heard. */
    void hears(long latest) {
        heard = latest;
        atAsk = latest;
        told = latest;
    }
}
