package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** A node that watches presence, and checks what it is told: on its own thread, and never the same twice. Used by one thread. */
final class TestNode implements Watcher, AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    final int index;
    private final Presence presence;
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();
    private final Map<String, Set<String>> seen = new TreeMap<>(); // touched on the node's thread
    private volatile Thread own = Thread.currentThread();

    TestNode(int index, Function<Watcher, Presence> access) {
        this.index = index;
        presence = access.apply(this);
        on(() -> {
            own = Thread.currentThread();
            return true;
        });
    }

    private <T> T on(Callable<T> work) {
        return RedisTestBase.get(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                thread));
    }

    // ---- What it says ----

    /** Ends when it is in effect, or that is given up. */
    CompletableFuture<Void> entering(String topic, String user, String session) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        on(() -> {
            presence.enter(topic, user, session, () -> {
                check(!done.isDone(), "an enter is done once");
                done.complete(null);
            });
            return true;
        });
        return done;
    }

    void enter(String topic, String user, String session) {
        RedisTestBase.get(entering(topic, user, session));
    }

    void leave(String topic, String user, String session) {
        on(() -> {
            presence.leave(topic, user, session);
            return true;
        });
    }

    /** Who is there now, sorted. */
    List<String> list(String topic) {
        CompletableFuture<List<String>> users = new CompletableFuture<>();
        on(() -> {
            presence.list(topic, callback(users));
            return true;
        });
        return RedisTestBase.get(users).stream().sorted().toList();
    }

    private Callback<List<String>> callback(CompletableFuture<List<String>> users) {
        return Callback.of(
                found -> {
                    check(!users.isDone(), "a callback is called once");
                    users.complete(found);
                },
                failure -> users.completeExceptionally(new Failed(failure)));
    }

    /** What a callback was told. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(Failure failure) {
            super(failure.code());
        }
    }

    CompletableFuture<List<String>> watching(String topic) {
        CompletableFuture<List<String>> users = new CompletableFuture<>();
        on(() -> {
            presence.watch(
                    topic,
                    Callback.of(
                            found -> {
                                check(!users.isDone(), "a callback is called once");
                                seen.put(topic, new TreeSet<>(found));
                                users.complete(found);
                            },
                            failure -> users.completeExceptionally(new Failed(failure))));
            return true;
        });
        return users;
    }

    List<String> watch(String topic) {
        return RedisTestBase.get(watching(topic)).stream().sorted().toList();
    }

    void unwatch(String topic) {
        on(() -> {
            presence.unwatch(topic);
            return seen.remove(topic);
        });
    }

    // ---- What it has seen ----

    /** Who is there, by the list and the changes that it was told; sorted. */
    List<String> seen(String topic) {
        List<String> users = on(() -> List.copyOf(seen.getOrDefault(topic, Set.of())));
        if (!mistakes.isEmpty()) {
            throw new AssertionError("wrong: " + mistakes);
        }
        return users;
    }

    /** The changes that it was told since it was last asked. */
    List<String> drain() {
        seen("");
        List<String> drained = new ArrayList<>();
        for (String next = told.poll(); next != null; next = told.poll()) {
            drained.add(next);
        }
        return drained;
    }

    private void check(boolean holds, String what) {
        if (!holds || Thread.currentThread() != own) {
            mistakes.add(what + ", on the node's thread");
        }
    }

    // ---- Watcher ----

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        Set<String> users = seen.get(topic);
        check(users != null, "told of " + topic + ", which it watches");
        if (users != null) {
            check(present ? users.add(user) : users.remove(user), user + " comes or goes once");
        }
        told.add((present ? "join " : "leave ") + topic + " " + user);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
