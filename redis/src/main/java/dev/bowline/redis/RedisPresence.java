package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Presence;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Which users are in which topics, among all processes. A session has one seat in a topic, however it moves; a user is there with the first
 * seat and until the last. What could not be told to Redis is tried again until it is; what a process has said that is gone, is taken
 * back when its sessions had the time to resume elsewhere.
 *
 * <p>Safe from any thread.
 */
final class RedisPresence implements Processes.Listener {
    private static final long TICK_MILLIS = 1_000;

    private final RedisLink link;
    private final Keys keys;
    private final Processes processes;
    private final LongSupplier nanos;
    private final Seats seats;
    private final Watches watches;
    private final Sweeper sweeper;
    private final AtomicBoolean subscribed = new AtomicBoolean(); // to the process's channel, or that is under way
    private final Deque<Departure> departures = new ArrayDeque<>(0); // guarded by itself

    /** A member that has gone while its process goes on. */
    private record Departure(int index, long nanos) {}

    /**
     * @param epochs gives names that nothing else has: 1 to 32 characters of base64url
     * @param nanos a clock of no particular beginning
     */
    RedisPresence(RedisLink link, Keys keys, Processes processes, Supplier<String> epochs, LongSupplier nanos) {
        this.link = link;
        this.keys = keys;
        this.processes = processes;
        this.nanos = nanos;
        this.seats = new Seats(link, keys, processes, epochs, nanos);
        this.sweeper = new Sweeper(link, keys, processes, epochs);
        this.watches = new Watches(link, keys);
        processes.listen(this);
    }

    /**
     * Begins: learns from now on which sessions other processes have said to have, and tries again what failed. Before that nothing that is
     * told is wrong, but some is told later.
     *
     * @return the {@link #tick}s, which end when they are cancelled
     */
    ScheduledFuture<?> start(ScheduledExecutorService scheduler) {
        subscribe();
        return scheduler.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void subscribe() {
        if (subscribed.compareAndSet(false, true)) {
            link.subscribe(keys.processChannel(processes.id())).whenComplete((nothing, failure) -> {
                if (failure != null) {
                    subscribed.set(false); // the next tick tries again
                }
            });
        }
    }

    /** The access of a member: of a node of this process. To be used on the node's thread. */
    Presence member(int index, Watcher watcher) {
        return new Presence() {
            @Override
            public void enter(String topic, String user, String session, Runnable done) {
                seats.enter(topic, user, session, index, watcher, done);
            }

            @Override
            public void leave(String topic, String user, String session) {
                seats.leave(topic, session, index);
            }

            @Override
            public void watch(String topic, Callback<List<String>> done) {
                watches.watch(topic, watcher, done);
            }

            @Override
            public void unwatch(String topic) {
                watches.unwatch(topic, watcher);
            }

            @Override
            public void list(String topic, Callback<List<String>> done) {
                watches.list(topic, watcher, done);
            }
        };
    }

    /**
     * A node of this process gives a session up to another node, here or elsewhere, which will say of each of its topics that it is there. To
     * be called before that one has it: otherwise, if Redis loses everything just then, this process brings back what that one has ended.
     *
     * @param topics those that it is subscribed to by name
     */
    void released(int index, String session, Collection<String> topics) {
        topics.forEach(topic -> seats.released(topic, session, index));
    }

    /** A member goes, on its node's thread. Its sessions have the window to resume elsewhere; this index must not be used again before. */
    void left(int index, Watcher watcher) {
        watches.left(watcher);
        synchronized (departures) {
            departures.addLast(new Departure(index, nanos.getAsLong()));
        }
    }

    /** What was published on a channel that ends with {@link Keys#PRESENCE_END}. */
    void published(String channel, byte[] message) {
        if (channel.equals(keys.processChannel(processes.id()))) {
            String[] fields = RedisLink.text(message).split(" ", 3);
            seats.moved(fields[2], fields[1], Long.parseLong(fields[0]));
        } else {
            watches.published(keys.topicOfPresence(channel), message);
        }
    }

    /** Subscriptions were not in effect for a while, and are again. */
    void subscribedAgain() {
        watches.subscribedAgain();
    }

    /** Tries again what failed, and repeats what was said long ago. To be called about once in a second. */
    void tick() {
        subscribe();
        while (true) {
            Departure over;
            synchronized (departures) {
                over = departures.peekFirst();
                if (over == null
                        || nanos.getAsLong() - over.nanos < TimeUnit.MILLISECONDS.toNanos(processes.windowMillis())) {
                    break;
                }
                departures.removeFirst();
            }
            seats.leaveAll(over.index);
        }
        seats.tick().forEach(sweeper::audit);
        watches.tick();
    }

    // ---- Processes ----

    @Override
    public void sayAgain() {
        seats.sayAgain();
        watches.subscribedAgain(); // what others have said may be gone too, and nobody tells that
    }

    @Override
    public CompletionStage<Void> sweep(String name) {
        return sweeper.sweep(name);
    }
}
