package dev.bowline.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processes that share the engine, each with a lease that it extends while it is alive. A process has an id for its life, and a
 * name, ID.GENERATION, for as long as it is not given up: one whose lease was over, because it stood still or could not reach Redis, or of
 * which Redis knows nothing any more, goes on under a new name. So a name that is gone never comes back, and what is kept under it can be
 * cleared away in peace.
 *
 * <p>Leases are counted by the server's clock, and only while Redis can be reached: after it was away, all begin anew.
 *
 * <p>Safe from any thread. Before anything is kept under its name, the first {@link #beat} must have ended well.
 */
final class Processes {
    /** Whom to tell. Called on any thread, without locks; must not block. */
    interface Listener {
        /**
         * A process has left, or is given up; under this name it does not come back. All processes are told; each may be told more than once,
         * and this one of its own former names too.
         */
        default void gone(String name) {}

        /**
         * What this process has told Redis may be gone: it was given up and has a new name now, or Redis has another history. Everything is to
         * be said again.
         */
        default void sayAgain() {}

        /**
         * The time has come to clear away what is kept under the name of a process that is gone. If this fails, or takes longer than three
         * leases, it is tried again, perhaps by another process.
         */
        default CompletionStage<Void> sweep(String name) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static final Logger LOGGER = System.getLogger(Processes.class.getName());

    /** How many leases a sweep may take. */
    private static final int SWEEP_LEASES = 3;

    private final RedisLink link;
    private final List<String> keys;
    private final String id;
    private final long leaseMillis;
    private final long windowMillis;

    // Under the lock.
    private final List<Listener> listeners = new ArrayList<>(2);
    private long generation = 1;
    private boolean isNew = true; // Redis has not yet confirmed the name
    private Set<String> alive = Set.of();
    private Set<String> gone = Set.of();
    private @Nullable String host; // the server's history; null at first
    private @Nullable CompletableFuture<Void> beating;
    private @Nullable ScheduledFuture<?> timer;
    private boolean failing;
    private boolean left;

    private volatile String name; // written under the lock
    private volatile long serverAheadMicros; // written under the lock

    /**
     * @param id base64url, which no other process has
     * @param leaseMillis how long it may be silent
     * @param windowMillis how long after a process is gone what it has kept is cleared away: as long as its sessions may resume elsewhere
     */
    Processes(RedisLink link, Keys keys, String id, long leaseMillis, long windowMillis) {
        this.link = link;
        this.keys = keys.processes();
        this.id = id;
        this.leaseMillis = leaseMillis;
        this.windowMillis = windowMillis;
        this.name = id + "." + generation;
    }

    String id() {
        return id;
    }

    /** The present name. */
    String name() {
        return name;
    }

    long windowMillis() {
        return windowMillis;
    }

    /** The server's clock, in microseconds, as estimated from the last beat: not behind it, and ahead by less than a beat took. */
    long serverMicros() {
        return serverAheadMicros + TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
    }

    synchronized void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Beats from now on, three times in a lease. */
    synchronized void start(ScheduledExecutorService scheduler) {
        long every = Math.max(1, leaseMillis / 3);
        timer = scheduler.scheduleAtFixedRate(this::beat, every, every, TimeUnit.MILLISECONDS);
    }

    /** Whether a process was alive at the last beat; of one that came since nothing is known before the next. */
    synchronized boolean alive(String process) {
        return alive.contains(process);
    }

    /** Whether any name of a process, by its id, was known at the last beat: as alive, or as gone and not yet cleared away. */
    synchronized boolean knows(String process) {
        String begin = process + ".";
        return Stream.concat(alive.stream(), gone.stream()).anyMatch(known -> known.startsWith(begin));
    }

    /** Whether a process was, under any of its names; by its id. */
    synchronized boolean isAlive(String process) {
        return alive.stream().anyMatch(one -> one.startsWith(process + "."));
    }

    /**
     * Extends the lease, and learns who is alive; if that is under way already, there is nothing more to do.
     *
     * @return ends when the process has its lease, under the old name or a new one, or with Redis's failure
     */
    CompletionStage<Void> beat() {
        CompletableFuture<Void> begun;
        synchronized (this) {
            if (left) {
                return CompletableFuture.completedFuture(null);
            }
            if (beating != null) {
                return beating;
            }
            begun = new CompletableFuture<>();
            beating = begun;
        }
        beat(name, isNew(), begun);
        return begun;
    }

    private synchronized boolean isNew() {
        return isNew;
    }

    private void beat(String as, boolean first, CompletableFuture<Void> done) {
        long sentNanos = System.nanoTime();
        link.run(
                        Script.BEAT,
                        keys,
                        RedisLink.bytes(as),
                        RedisLink.bytes(Long.toString(leaseMillis)),
                        RedisLink.bytes(Long.toString(windowMillis)),
                        RedisLink.bytes(first ? "1" : "0"),
                        RedisLink.bytes(Long.toString(SWEEP_LEASES * leaseMillis)))
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        failed(failure, done);
                    } else if (text(found, 0).equals("1")) {
                        beaten(found, as, first, sentNanos, done);
                    } else {
                        beat(nextName(), true, done);
                    }
                });
    }

    /** The next one; it is the process's when Redis knows it. */
    private synchronized String nextName() {
        return id + "." + ++generation;
    }

    private void failed(Throwable failure, CompletableFuture<Void> done) {
        boolean news;
        synchronized (this) {
            news = !failing && !left;
            failing = true;
            beating = null;
        }
        if (news) {
            LOGGER.log(
                    Level.WARNING,
                    "could not extend the lease of {0} and goes on trying: {1}",
                    name,
                    failure.toString());
        }
        done.completeExceptionally(failure);
    }

    private void beaten(List<Object> found, String as, boolean first, long sentNanos, CompletableFuture<Void> done) {
        String history = text(found, 1);
        long aheadMicros = Long.parseLong(text(found, 2)) - TimeUnit.NANOSECONDS.toMicros(sentNanos);
        Set<String> nowAlive = texts(found, 3);
        Set<String> nowGone = texts(found, 4);
        Set<String> lost = new HashSet<>();
        List<Listener> told;
        boolean again;
        boolean recovered;
        synchronized (this) {
            again = !as.equals(name) || (host != null && !host.equals(history));
            recovered = failing;
            alive.stream().filter(process -> !nowAlive.contains(process)).forEach(lost::add);
            nowGone.stream().filter(process -> !gone.contains(process)).forEach(lost::add);
            name = as;
            isNew = false;
            host = history;
            serverAheadMicros = aheadMicros;
            alive = nowAlive;
            gone = nowGone;
            failing = false;
            beating = null;
            told = List.copyOf(listeners);
        }
        if (recovered) {
            LOGGER.log(Level.INFO, "has the lease of {0} again", as);
        }
        if (first && again) {
            LOGGER.log(Level.WARNING, "was given up, or Redis has lost what it knew, and goes on as {0}", as);
        }
        if (again) {
            told.forEach(Listener::sayAgain);
        }
        lost.forEach(process -> told.forEach(listener -> listener.gone(process)));
        texts(found, 5).forEach(process -> sweep(process, told));
        done.complete(null);
    }

    private void sweep(String process, List<Listener> sweepers) {
        CompletableFuture<?>[] all = sweepers.stream()
                .map(sweeper -> sweeper.sweep(process).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletionStage<Void> cleared = CompletableFuture.allOf(all);
        cleared.thenCompose(nothing -> link.run(Script.SWEPT, List.of(keys.get(1)), RedisLink.bytes(process)))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        LOGGER.log(Level.INFO, "{0} is gone, and is cleared away later: {1}", process, failure);
                    }
                });
    }

    /** Goes at once: the others need not wait for the lease to end. Nothing beats any more. */
    CompletionStage<Void> leave() {
        CompletableFuture<Void> last;
        synchronized (this) {
            left = true;
            last = beating == null ? CompletableFuture.completedFuture(null) : beating;
            if (timer != null) {
                timer.cancel(false);
            }
        }
        return last.handle((nothing, failure) -> name)
                .thenCompose(as -> link.run(
                        Script.DEPART,
                        keys.subList(0, 2),
                        RedisLink.bytes(as),
                        RedisLink.bytes(Long.toString(windowMillis))))
                .thenApply(nothing -> null);
    }

    private static String text(List<Object> found, int index) {
        return RedisLink.text((byte[]) found.get(index));
    }

    private static Set<String> texts(List<Object> found, int index) {
        Set<String> texts = new HashSet<>();
        ((List<?>) found.get(index)).forEach(one -> texts.add(RedisLink.text((byte[]) one)));
        return Set.copyOf(texts);
    }
}
