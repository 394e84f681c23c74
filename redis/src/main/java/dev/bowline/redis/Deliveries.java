package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What this process's members say to sessions, wherever they are: what one member says to one session goes one after the other, so that
 * nothing overtakes. Safe from any thread.
 */
final class Deliveries {
    /** How many bytes may wait, of all that is said. */
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;

    /** What a message takes besides its payload. */
    private static final int OVERHEAD_BYTES = 200;

    /** After how long it is looked again for a session that is on its way. */
    private static final long PAUSE_MILLIS = 20;

    /** Of how many sessions it is known where they were. */
    private static final int MAX_KNOWN = 10_000;

    private record Way(RedisMember from, String session) {}

    private static final class Said {
        private final Way way;
        private SessionMessage message; // touched by whoever settles it
        private final Callback<Boolean> taken;
        private long beganNanos; // set when its turn comes

        Said(Way way, SessionMessage message, Callback<Boolean> taken) {
            this.way = way;
            this.message = message;
            this.taken = taken;
        }

        int bytes() {
            int payload = 0;
            if (message instanceof SessionMessage.Direct direct) {
                payload = direct.payload().size();
            } else if (message instanceof SessionMessage.Respond respond) {
                payload = respond.payload().size();
            } else if (message instanceof SessionMessage.Part part) {
                payload = part.payload().size();
            }
            return OVERHEAD_BYTES + payload;
        }
    }

    private final Site site;
    private final Holdings holdings;
    private final Post post;
    private final Receipts receipts;

    // Under the lock.
    private final Map<Way, Deque<Said>> waiting = new HashMap<>(); // the first of each is on its way
    private long waitingBytes;
    private final Map<String, String> owners = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_KNOWN;
        }
    }; // the owner that a session had when one was last heard of

    Deliveries(Site site, Holdings holdings, Post post, Receipts receipts) {
        this.receipts = receipts;
        this.site = site;
        this.holdings = holdings;
        this.post = post;
    }

    void say(RedisMember from, String id, SessionMessage message, Callback<Boolean> taken) {
        Said said = new Said(new Way(from, id), message, taken);
        boolean first;
        synchronized (this) {
            if (waitingBytes + said.bytes() > MAX_WAITING_BYTES) {
                from.execute(() -> taken.failed(new Failure(Failure.UNAVAILABLE, "too much waits for sessions")));
                return;
            }
            waitingBytes += said.bytes();
            Deque<Said> all = waiting.computeIfAbsent(said.way, way -> new ArrayDeque<>(1));
            all.addLast(said);
            first = all.size() == 1;
        }
        if (first) {
            begin(said);
        }
    }

    private void settled(Said said, Runnable tell) {
        said.way.from.execute(tell);
        Said next;
        synchronized (this) {
            waitingBytes -= said.bytes();
            Deque<Said> all = Objects.requireNonNull(waiting.get(said.way), "it waits");
            all.removeFirst();
            next = all.peekFirst();
            if (next == null) {
                waiting.remove(said.way);
            }
        }
        if (next != null) {
            begin(next);
        }
    }

    private void done(Said said, boolean taken) {
        if (!taken && said.message instanceof SessionMessage.Direct direct) {
            receipts.forget(direct.receipt());
        }
        settled(said, () -> said.taken.done(taken));
    }

    private void failed(Said said, Failure failure) {
        settled(said, () -> said.taken.failed(failure));
    }

    private void begin(Said said) {
        said.beganNanos = System.nanoTime();
        attempt(said);
    }

    private void attempt(Said said) {
        holdings.deliver(said.way.session, said.message, answer -> {
            if (answer instanceof Answer.NotHere) {
                String known = ownerOf(said.way.session);
                if (known == null) {
                    look(said);
                } else {
                    sayTo(said, known);
                }
            } else {
                answered(said, answer);
            }
        });
    }

    private void answered(Said said, Answer answer) {
        if (answer instanceof Answer.Told told) {
            done(said, told.taken());
        } else if (answer instanceof Answer.Failed failed) {
            failed(said, failed.failure());
        } else {
            throw new IllegalStateException("a session was told something, and the answer is " + answer);
        }
    }

    private synchronized @Nullable String ownerOf(String id) {
        return owners.get(id);
    }

    private synchronized void owner(String id, @Nullable String owner) {
        if (owner == null) {
            owners.remove(id);
        } else {
            owners.put(id, owner);
        }
    }

    private void look(Said said) {
        site.link().run(Script.LOOK, site.keys().session(said.way.session)).whenComplete((found, failure) -> {
            if (failure != null) {
                failed(said, new Failure(Failure.UNAVAILABLE, "Redis does not say where the session is"));
            } else if (found.isEmpty() || Reply.text(found, 5).equals("1")) {
                done(said, false);
            } else {
                String owner = Reply.text(found, 2);
                if (owner.isEmpty() || site.isOwn(owner)) {
                    again(said); // it is on its way
                } else if (!site.processes().alive(Site.nameOf(owner))) { // it is gone, or has come since the last beat
                    site.processes().beat().whenComplete((nothing, unknown) -> again(said));
                } else {
                    owner(said.way.session, owner);
                    sayTo(said, owner);
                }
            }
        });
    }

    private void sayTo(Said said, String owner) {
        String id = said.way.session;
        if (said.message instanceof SessionMessage.Direct direct && direct.receipt() != null) {
            said.message = new SessionMessage.Direct(
                    direct.name(), direct.payload(), receipts.addressed(said.way.from, id, direct.receipt()));
        }
        post.ask(Site.idOf(owner), call -> new NodeMessage.Say(call, id, said.message))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        owner(id, null);
                        boolean silent = Failures.unwrapped(failure) instanceof TimeoutException;
                        failed(
                                said,
                                silent
                                        ? new Failure(
                                                Failure.TIMEOUT,
                                                "no answer from the session's node in time; whether it arrived is not known")
                                        : Failures.of(failure));
                    } else if (answer instanceof Answer.NotHere) {
                        owner(id, null);
                        again(said);
                    } else {
                        answered(said, answer);
                    }
                });
    }

    private void again(Said said) {
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - said.beganNanos);
        if (said.way.from.hasLeft()) {
            done(said, false); // nobody hears it
        } else if (waited > site.options().timeout().toMillis()) {
            failed(said, new Failure(Failure.UNAVAILABLE, "no node has the session now"));
        } else {
            site.pauses().later(() -> attempt(said), PAUSE_MILLIS);
        }
    }
}
