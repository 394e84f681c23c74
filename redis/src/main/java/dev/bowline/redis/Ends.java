package dev.bowline.redis;

import dev.bowline.session.engine.SessionRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the sessions that nobody has claimed in time: those of processes that are gone, and those that a node gave up or left behind. Each is
 * ended by one process. Safe from any thread.
 */
final class Ends {
    private static final Logger LOGGER = System.getLogger(Ends.class.getName());

    /** How many are looked at at a time. */
    private static final int PAGE = 500;

    private static final byte[] NOTHING = {};

    private final Site site;
    private final Users users;
    private final Consumer<SessionRecord> over;
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * @param over is told of each that this process has ended
     */
    Ends(Site site, Users users, Consumer<SessionRecord> over) {
        this.site = site;
        this.users = users;
        this.over = over;
    }

    // ---- Of processes that are gone ----

    /** Ends what a process still has; it was gone for longer than the window. */
    CompletionStage<Void> sweep(String process) {
        return page(process, List.of());
    }

    private CompletionStage<Void> page(String process, List<String> ended) {
        byte[][] arguments = new byte[1 + ended.size()][];
        arguments[0] = Keeping.number(PAGE);
        for (int i = 0; i < ended.size(); i++) {
            arguments[i + 1] = RedisLink.bytes(ended.get(i));
        }
        return site.link()
                .run(Script.PAGE, site.keys().sessionsOf(process), arguments)
                .thenCompose(found -> {
                    List<String> ids = Reply.texts(found, 0);
                    if (ids.isEmpty()) {
                        return CompletableFuture.completedFuture(null);
                    }
                    List<CompletableFuture<?>> ends = new ArrayList<>();
                    ids.forEach(id -> ends.add(end(id, process + "/")
                            .thenCompose(later -> later == null // else the process was gone before it could say so
                                    ? CompletableFuture.completedFuture(null)
                                    : settled(id, NOTHING, later))
                            .toCompletableFuture()));
                    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                            .thenCompose(nothing -> page(process, ids));
                });
    }

    // ---- Of nobody ----

    /** Ends those that are due. */
    void tick() {
        if (looking.compareAndSet(false, true)) {
            due().whenComplete((nothing, failure) -> {
                looking.set(false);
                if (failure != null) {
                    LOGGER.log(Level.DEBUG, "sessions that are due are ended later: {0}", failure);
                }
            });
        }
    }

    private CompletionStage<Void> due() {
        return site.link()
                .run(Script.DUE, site.keys().due(), Keeping.number(PAGE))
                .thenCompose(found -> {
                    byte[] now = RedisLink.bytes(Reply.text(found, 0));
                    List<String> ids = Reply.texts(found, 1);
                    List<CompletableFuture<?>> ends = new ArrayList<>();
                    ids.forEach(id -> ends.add(end(id, "")
                            .thenCompose(later -> settled(id, now, later))
                            .toCompletableFuture()));
                    CompletionStage<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
                    return ids.size() < PAGE ? all : all.thenCompose(nothing -> due());
                });
    }

    /**
     * Whether anybody is to look after a session that is nobody's.
     *
     * @param now up to when it was due
     * @param later when it is due; null for never
     */
    private CompletionStage<List<Object>> settled(String id, byte[] now, @Nullable String later) {
        return site.link()
                .run(
                        Script.DONE,
                        site.keys().due(),
                        now,
                        RedisLink.bytes(id),
                        later == null ? NOTHING : RedisLink.bytes(later));
    }

    // ---- One ----

    /**
     * Ends a session, unless somebody has it.
     *
     * @param ownersPrefix of a process that is gone; empty for a session that is nobody's
     * @return when it is due, if it is not yet; else null
     */
    private CompletionStage<@Nullable String> end(String id, String ownersPrefix) {
        return site.link()
                .run(Script.OVER, site.keys().session(id), RedisLink.bytes(ownersPrefix))
                .thenApply(found -> {
                    if (!Reply.isDone(found)) {
                        return found.size() > 1 ? Reply.text(found, 1) : null;
                    }
                    String user = Reply.text(found, 3);
                    SessionRecord record = new SessionRecord(
                            id,
                            Reply.text(found, 2),
                            user.isEmpty() ? null : user.substring(1),
                            Reply.map(found, 5),
                            Reply.number(found, 4));
                    if (record.user() != null) {
                        users.left(record.user(), id, "");
                    }
                    boolean wasKept = !Reply.text(found, 1).equals("1")
                            && (site.options().keepSessions() || ownersPrefix.isEmpty());
                    if (wasKept) {
                        over.accept(record);
                    }
                    return null;
                });
    }
}
