package dev.bowline.redis;

import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Credentials;
import dev.bowline.session.engine.SessionStore.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Redis knows of the sessions that this process has. All that an owner says counts only for as long as the session's generation is the one
 * that it knows: who was taken for gone, and is not, changes nothing. Safe from any thread.
 */
final class Keeping {
    /** The session has another owner, or is gone. */
    static final long NOT_OURS = -1;

    private static final byte[] YES = RedisLink.bytes("1");
    private static final byte[] NO = RedisLink.bytes("0");
    private static final byte[] NOTHING = {};

    private final Site site;
    private final Holdings holdings;
    private final Users users;
    private final Incarnation incarnation;

    Keeping(Site site, Holdings holdings, Users users, Incarnation incarnation) {
        this.site = site;
        this.holdings = holdings;
        this.users = users;
        this.incarnation = incarnation;
    }

    // ---- Coming ----

    /**
     * Makes a session. It is here before the stage ends, but still arriving.
     *
     * @param user null for none
     */
    CompletionStage<Held> create(@Nullable String user, RedisMember member) {
        Credentials made = new Credentials(
                incarnation.name() + "-" + site.secrets().get(), site.secrets().get());
        Held held = new Held(made.id(), made.token(), user, member, 1);
        holdings.put(held);
        String owner = site.owner(member);
        CompletionStage<?> listed = list(held.id, owner, true);
        CompletionStage<Users.Arrival> known = user == null
                ? CompletableFuture.completedFuture(Users.NOTHING_SAID)
                : users.has(user, held.id, owner, true, null);
        return listed.thenCombine(known, (nothing, arrival) -> arrival)
                .thenCompose(arrival -> {
                    synchronized (holdings) {
                        held.hears(arrival.latest());
                    }
                    return run(
                            Script.CREATE,
                            held.id,
                            RedisLink.bytes(held.token),
                            RedisLink.bytes(user == null ? "" : "u" + user),
                            RedisLink.bytes(owner),
                            number(arrival.latest()));
                })
                .handle((done, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(held);
                    }
                    remove(held, over -> {}); // nobody knows of it, but Redis may
                    return CompletableFuture.<Held>failedFuture(failure);
                })
                .thenCompose(outcome -> outcome);
    }

    /** Says that a session is, or is no more, one of those to look after when its owner's process is gone. */
    CompletionStage<?> list(String id, String owner, boolean there) {
        return site.link()
                .run(Script.SET, site.keys().sessionsOf(Site.nameOf(owner)), there ? YES : NO, RedisLink.bytes(id));
    }

    // ---- Being here ----

    /** As {@link dev.bowline.session.engine.SessionStore#keep}. */
    CompletionStage<Kept> keep(Held held, long attempt, boolean whole, Map<String, byte @Nullable []> changes) {
        List<byte[]> gone = new ArrayList<>();
        List<byte[]> kept = new ArrayList<>();
        changes.forEach((name, value) -> {
            if (value == null) {
                gone.add(RedisLink.bytes(name));
            } else {
                kept.add(RedisLink.bytes(name));
                kept.add(value);
            }
        });
        List<byte[]> arguments = new ArrayList<>(List.of(
                number(held.generation),
                RedisLink.bytes(site.ownersPrefix()),
                RedisLink.bytes(site.owner(held.member)),
                number(attempt),
                number(held.told),
                whole ? YES : NO,
                number(gone.size())));
        arguments.addAll(gone);
        arguments.addAll(kept);
        return run(Script.KEEP, held.id, arguments.toArray(byte[][]::new))
                .thenApply(found -> Kept.valueOf(Reply.text(found, 0)));
    }

    /** This process has another name, or Redis may have lost what it was told: says again whose the session is; whether it is still so. */
    CompletionStage<Boolean> sayAgain(Held held) {
        String owner = site.owner(held.member);
        return list(held.id, owner, true)
                .thenCompose(nothing -> run(
                        Script.REOWN,
                        held.id,
                        number(held.generation),
                        RedisLink.bytes(site.ownersPrefix()),
                        RedisLink.bytes(owner)))
                .thenApply(Reply::isDone);
    }

    // ---- Going ----

    /**
     * A session is over. It is not here any more then.
     *
     * @param outcome is told, when Redis knows, whether it was not another process's since
     * @return ends when Redis knows, or when the first try has failed: there are others
     */
    CompletionStage<?> remove(Held held, Consumer<Boolean> outcome) {
        String owner = site.owner(held.member);
        CompletableFuture<Object> tried = new CompletableFuture<>();
        site.retries().wish("session " + held.id, () -> {
            CompletionStage<List<Object>> removed = run(
                            Script.REMOVE, held.id, number(held.generation), RedisLink.bytes(site.ownersPrefix()))
                    .thenCompose(done -> {
                        if (Reply.isDone(done)) {
                            list(held.id, owner, false);
                            if (held.user != null) {
                                users.left(held.user, held.id, site.ownersPrefix());
                            }
                        }
                        outcome.accept(Reply.isDone(done));
                        return CompletableFuture.completedFuture(done);
                    });
            removed.whenComplete((done, failure) -> {
                holdings.remove(held);
                holdings.settled(held);
                tried.complete(held);
            });
            return removed;
        });
        return tried;
    }

    /**
     * A session's node has given it up: from now on it is nobody's, and this is all that is to be known of it. If that can't be said to Redis, it
     * is tried again.
     *
     * @return the new generation, or {@link #NOT_OURS}
     */
    CompletionStage<Long> giveUp(Held held, Map<String, byte[]> parts) {
        CompletionStage<Long> first = giveUp(held, held.generation, parts);
        first.whenComplete((generation, failure) -> {
            if (failure != null) {
                CompletionStage<?> unused = giveUpLater(held, parts);
            }
        });
        return first;
    }

    /** As {@link #giveUp(Held, Map)}, and the session's node is told what came of it. */
    CompletionStage<Long> giveUp(Held held, SessionState state) {
        CompletionStage<Long> done = giveUp(held, state.parts());
        done.whenComplete((generation, failure) ->
                held.member.execute(() -> state.handedOn(failure == null && generation != NOT_OURS)));
        return done;
    }

    /**
     * As {@link #giveUp(Held, Map)}, of one that may already be another member's of this process, which does not have it. Ends with the first
     * try.
     */
    CompletionStage<?> giveUpLater(Held held, Map<String, byte[]> parts) {
        return tried(held, () -> giveUp(held, held.generation, parts)
                .thenCompose(generation -> generation == NOT_OURS
                        ? giveUp(held, held.generation + 1, parts)
                        : CompletableFuture.completedFuture(generation)));
    }

    /** Has something become of a session, now or later; ends with the first try. */
    private CompletionStage<?> tried(Held held, Supplier<CompletionStage<Long>> action) {
        CompletableFuture<Object> tried = new CompletableFuture<>();
        site.retries().wish("session " + held.id, () -> {
            CompletionStage<Long> done = action.get();
            done.whenComplete((generation, failure) -> tried.complete(held));
            return done;
        });
        return tried;
    }

    private CompletionStage<Long> giveUp(Held held, long generation, Map<String, byte[]> parts) {
        List<byte[]> arguments = new ArrayList<>(
                List.of(number(generation), window(), number(held.atAsk), RedisLink.bytes(site.ownersPrefix())));
        parts.forEach((name, value) -> {
            arguments.add(RedisLink.bytes(name));
            arguments.add(value);
        });
        return nobodys(held, run(Script.RELEASE, held.id, arguments.toArray(byte[][]::new)));
    }

    /** A session's node has gone; what was kept of it is there for others, if anything was. Ends with the first try. */
    CompletionStage<?> abandon(Held held) {
        return abandon(held, !site.options().keepSessions());
    }

    /** It is not known whether a session has become this process's, and no node has it: if so, it is nobody's, as it was. */
    void giveBack(Held held) {
        CompletionStage<?> unused = abandon(held, false);
    }

    private CompletionStage<?> abandon(Held held, boolean lost) {
        return tried(
                held,
                () -> nobodys(
                        held,
                        run(
                                Script.ABANDON,
                                held.id,
                                number(held.generation),
                                window(),
                                number(held.told),
                                lost ? YES : NO,
                                RedisLink.bytes(site.ownersPrefix()))));
    }

    /** Has it looked after when nobody claims it. */
    private CompletionStage<Long> nobodys(Held held, CompletionStage<List<Object>> said) {
        return said.thenCompose(done -> {
            if (!Reply.isDone(done)) {
                return CompletableFuture.completedFuture(NOT_OURS);
            }
            long generation = Reply.number(done, 1);
            CompletionStage<?> due = site.link()
                    .run(
                            Script.DONE,
                            site.keys().due(),
                            NOTHING,
                            RedisLink.bytes(held.id),
                            RedisLink.bytes(Reply.text(done, 2)));
            return due.thenApply(nothing -> {
                list(held.id, site.owner(held.member), false);
                if (held.user != null) {
                    users.connected(held.user, held.id, site.ownersPrefix(), site.owner(held.member), false);
                }
                return generation;
            });
        });
    }

    private byte[] window() {
        return number(site.options().window().toMillis());
    }

    private CompletionStage<List<Object>> run(Script script, String id, byte[]... arguments) {
        return site.link().run(script, site.keys().session(id), arguments);
    }

    static byte[] number(long value) {
        return RedisLink.bytes(Long.toString(value));
    }
}
