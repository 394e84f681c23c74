package dev.bowline.redis;

import dev.bowline.redis.Held.Said;
import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.UserMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that the members of this process have. Safe from any thread; its lock is this object, and nobody is called under it but a
 * member's queue.
 */
final class Holdings {
    private final Map<String, Held> sessions = new HashMap<>();
    private final Map<String, Set<Held>> ofUsers = new HashMap<>();

    synchronized @Nullable Held get(String id) {
        return sessions.get(id);
    }

    synchronized boolean has(Held held) {
        return sessions.get(held.id) == held;
    }

    synchronized List<Held> all() {
        return List.copyOf(sessions.values());
    }

    synchronized List<Held> of(RedisMember member) {
        return sessions.values().stream().filter(held -> held.member == member).toList();
    }

    /** A session comes; the one that was there under this id goes. */
    synchronized void put(Held held) {
        Held before = sessions.put(held.id, held);
        if (before != null) {
            forgetOfUser(before);
        }
        if (held.user != null) {
            ofUsers.computeIfAbsent(held.user, user -> new LinkedHashSet<>(2)).add(held);
        }
    }

    /**
     * A session goes.
     *
     * @return whether it was there
     */
    synchronized boolean remove(Held held) {
        boolean removed = sessions.remove(held.id, held);
        if (removed) {
            forgetOfUser(held);
        }
        return removed;
    }

    private void forgetOfUser(Held held) {
        Set<Held> all = held.user == null ? null : ofUsers.get(held.user);
        if (all != null && all.remove(held) && all.isEmpty()) {
            ofUsers.remove(held.user);
        }
    }

    /**
     * A session's node gets to hear that it has it, then of what was said to the user meanwhile, then of all else.
     *
     * @param first tells the node
     * @param missed what was said to the user while nobody had the session
     */
    void arrived(Held held, Runnable first, List<Said> missed) {
        List<Runnable> waiting;
        synchronized (this) {
            held.member.execute(first);
            List<Said> said = new ArrayList<>(missed);
            said.addAll(held.said);
            held.said.clear();
            said.sort(Comparator.comparingLong(Said::number));
            said.forEach(one -> tell(List.of(held), one));
            held.arriving = false;
            waiting = List.copyOf(held.waiting);
            held.waiting.clear();
        }
        waiting.forEach(Runnable::run);
    }

    /** What waits for a session goes on, as it is clear now who has it. */
    void settled(Held held) {
        List<Runnable> waiting;
        synchronized (this) {
            waiting = List.copyOf(held.waiting);
            held.waiting.clear();
        }
        waiting.forEach(Runnable::run);
    }

    /** Says something to the sessions of a user that are here. */
    synchronized void tell(String user, long number, UserMessage message) {
        Said said = new Said(number, message);
        Map<RedisMember, List<Held>> here = new LinkedHashMap<>();
        ofUsers.getOrDefault(user, Set.of()).forEach(held -> {
            if (held.arriving) {
                held.said.add(said);
            } else {
                here.computeIfAbsent(held.member, member -> new ArrayList<>(2)).add(held);
            }
        });
        here.values().forEach(of -> tell(of, said));
    }

    /** Under the lock; all of one member and one user. */
    private static void tell(List<Held> all, Said said) {
        List<Held> unaware =
                all.stream().filter(held -> held.heard < said.number()).toList();
        if (unaware.isEmpty()) {
            return;
        }
        RedisMember member = unaware.get(0).member;
        String user = unaware.get(0).user;
        unaware.forEach(held -> held.heard = said.number());
        member.execute(() -> {
            unaware.forEach(held -> held.told = said.number());
            if (user != null) {
                member.port().onUserMessage(user, said.message());
            }
        });
    }

    /** Says something to a session, if it is here; while it comes or goes, that waits. */
    void deliver(String id, SessionMessage message, Consumer<Answer> answer) {
        synchronized (this) {
            Held held = sessions.get(id);
            if (held != null) {
                if (held.arriving || held.asked) {
                    held.waiting.add(() -> deliver(id, message, answer));
                } else {
                    held.member.execute(() -> held.member
                            .port()
                            .onMessage(
                                    id,
                                    message,
                                    Callback.of(
                                            taken -> answer.accept(new Answer.Told(taken)),
                                            failure -> answer.accept(new Answer.Failed(failure)))));
                }
                return;
            }
        }
        answer.accept(new Answer.NotHere());
    }
}
