package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claim;
import dev.bowline.session.engine.SessionStore.Claimant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Claims of this process's members: each asks whoever has the session, and takes it where nobody has it, or whoever has it is gone or silent.
 * Between those who try at once, its generation decides. Of this process, claims of one session are settled one after the other.
 *
 * <p>Safe from any thread.
 */
final class Claims {
    /** How often a claim looks again because others were quicker, or the session is on its way. */
    private static final int MAX_LOOKS = 64;

    /** How often an owner may say that it does not have the session, which is its own. */
    private static final int MAX_DENIALS = 3;

    private static final long PAUSE_MILLIS = 5;

    /** A claim under way. */
    private static final class Attempt {
        private final Claimant claimant;
        private final RedisMember member;
        private final Callback<Claim> done;
        private int looks;
        private int denials;
        private @Nullable Found silent; // it was asked for in this state, without an answer

        Attempt(Claimant claimant, RedisMember member, Callback<Claim> done) {
            this.claimant = claimant;
            this.member = member;
            this.done = done;
        }

        String id() {
            return claimant.session();
        }
    }

    /** What is known of a session before it is claimed. */
    private record Found(
            String token,
            @Nullable String user,
            String owner,
            long generation,
            long attempt,
            boolean lost,
            boolean stale) {}

    private final Site site;
    private final Holdings holdings;
    private final Handover handover;
    private final Keeping keeping;
    private final Users users;
    private final Post post;
    private final Incarnation incarnation;
    private final Map<String, Deque<Attempt>> underWay =
            new HashMap<>(); // the first of each is being settled; under the lock
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null); // under the lock

    Claims(
            Site site,
            Holdings holdings,
            Handover handover,
            Keeping keeping,
            Users users,
            Post post,
            Incarnation incarnation) {
        this.site = site;
        this.holdings = holdings;
        this.handover = handover;
        this.keeping = keeping;
        this.users = users;
        this.post = post;
        this.incarnation = incarnation;
    }

    /** Ends when none is under way. */
    synchronized CompletionStage<Void> whenIdle() {
        return idle;
    }

    void claim(Claimant claimant, RedisMember member, Callback<Claim> done) {
        Attempt attempt = new Attempt(claimant, member, done);
        synchronized (this) {
            if (underWay.isEmpty()) {
                idle = new CompletableFuture<>();
            }
            Deque<Attempt> all = underWay.computeIfAbsent(claimant.session(), id -> new ArrayDeque<>(1));
            all.addLast(attempt);
            if (all.size() > 1) {
                return;
            }
        }
        settle(attempt);
    }

    private void next(Attempt settled) {
        Attempt next;
        CompletableFuture<Void> over = null;
        synchronized (this) {
            Deque<Attempt> all = Objects.requireNonNull(underWay.get(settled.id()), "it is under way");
            all.removeFirst();
            next = all.peekFirst();
            if (next == null) {
                underWay.remove(settled.id());
            }
            if (underWay.isEmpty()) {
                over = idle;
            }
        }
        if (over != null) {
            over.complete(null);
        }
        if (next != null) {
            settle(next);
        }
    }

    private void answer(Attempt attempt, Claim claim) {
        attempt.member.execute(() -> attempt.done.done(claim));
        next(attempt);
    }

    private void refuse(Attempt attempt, String reason) {
        answer(attempt, new Claim.Refused(reason));
    }

    private void fail(Attempt attempt, Failure failure) {
        attempt.member.execute(() -> attempt.done.failed(failure));
        next(attempt);
    }

    // ---- Where it is ----

    private void settle(Attempt attempt) {
        if (attempt.member.hasLeft()) {
            next(attempt);
            return;
        }
        if (++attempt.looks > MAX_LOOKS) {
            fail(attempt, new Failure(Failure.UNAVAILABLE, "the session is on its way to another node"));
            return;
        }
        Held held = holdings.get(attempt.id());
        if (held == null) {
            look(attempt);
        } else if (!attempt.claimant.knows(held.token)) {
            refuse(attempt, "token");
        } else {
            handover.ask(new LocalWish(attempt));
        }
    }

    private void again(Attempt attempt) {
        site.pauses().later(() -> settle(attempt), PAUSE_MILLIS);
    }

    private void look(Attempt attempt) {
        site.link().run(Script.LOOK, site.keys().session(attempt.id())).whenComplete((found, failure) -> {
            if (failure != null) {
                fail(attempt, Failures.of(failure));
            } else if (found.isEmpty()) {
                refuseUnknown(attempt);
            } else {
                String user = Reply.text(found, 1);
                found(
                        attempt,
                        new Found(
                                Reply.text(found, 0),
                                user.isEmpty() ? null : user.substring(1),
                                Reply.text(found, 2),
                                Reply.number(found, 3),
                                Reply.number(found, 4),
                                Reply.text(found, 5).equals("1"),
                                Reply.text(found, 6).equals("1")));
            }
        });
    }

    private void refuseUnknown(Attempt attempt) {
        incarnation.learn().whenComplete((name, failure) -> {
            if (failure != null) {
                fail(attempt, Failures.of(failure));
            } else {
                refuse(attempt, attempt.id().startsWith(name + "-") ? "expired" : "lost");
            }
        });
    }

    private void found(Attempt attempt, Found found) {
        if (!attempt.claimant.knows(found.token)) {
            refuse(attempt, "token");
        } else if (found.lost) {
            refuse(attempt, "lost");
        } else if (found.owner.isEmpty()) {
            takeIfMay(attempt, found);
        } else if (site.isOwn(found.owner)) {
            if (holdings.get(attempt.id()) != null) {
                settle(attempt); // it has come back meanwhile
            } else {
                takeUnkept(attempt, found);
            }
        } else if (site.processes().alive(Site.nameOf(found.owner))) {
            askOwner(attempt, found);
        } else {
            askIfAlive(attempt, found);
        }
    }

    /** A process that is not known may have come since the last beat: two more, and the second has certainly begun after this. */
    private void askIfAlive(Attempt attempt, Found found) {
        site.processes().beat().thenCompose(nothing -> site.processes().beat()).whenComplete((nothing, failure) -> {
            if (failure != null) {
                fail(attempt, Failures.of(failure));
            } else if (site.processes().alive(Site.nameOf(found.owner))) {
                askOwner(attempt, found);
            } else {
                takeUnkept(attempt, found);
            }
        });
    }

    // ---- Whoever has it ----

    private void askOwner(Attempt attempt, Found found) {
        String process = Site.idOf(found.owner);
        if (found.equals(attempt.silent)) {
            takeByForce(attempt, found);
            return;
        }
        post.ask(process, call -> new NodeMessage.Ask(call, attempt.claimant)).whenComplete((answer, failure) -> {
            if (failure != null && Failures.unwrapped(failure) instanceof TimeoutException) {
                attempt.silent = found;
                settle(attempt);
            } else if (failure != null) {
                fail(attempt, Failures.of(failure));
            } else if (answer instanceof Answer.Given given) {
                take(attempt, found, given.generation());
            } else if (answer instanceof Answer.Kept kept) {
                answer(attempt, kept.claim());
            } else if (answer instanceof Answer.Over) {
                refuse(attempt, "expired");
            } else if (answer instanceof Answer.Failed failed) {
                fail(attempt, failed.failure());
            } else if (++attempt.denials > MAX_DENIALS) {
                takeUnkept(attempt, found);
            } else {
                again(attempt);
            }
        });
    }

    /** For a session of this process's own members. */
    private final class LocalWish implements Wish {
        private final Attempt attempt;

        LocalWish(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public Claimant claimant() {
            return attempt.claimant;
        }

        @Override
        public boolean isWanted() {
            return !attempt.member.hasLeft();
        }

        @Override
        public void given(Held held, SessionState state) {
            if (site.options().keepSessions()) { // as from another process: it goes on with what Redis knows
                keeping.giveUp(held, state).whenComplete((generation, failure) -> {
                    handover.gone(held);
                    if (failure != null) {
                        fail(attempt, Failures.of(failure));
                    } else {
                        settle(attempt);
                    }
                });
            } else {
                pass(attempt, held, state);
            }
        }

        @Override
        public void answered(Answer answer) {
            if (answer instanceof Answer.Kept kept) {
                answer(attempt, kept.claim());
            } else if (answer instanceof Answer.Over) {
                refuse(attempt, "expired");
            } else {
                settle(attempt);
            }
        }

        private void answer(Attempt settled, Claim claim) {
            Claims.this.answer(settled, claim);
        }
    }

    /** From one member of this process to another one: the object itself goes. */
    private void pass(Attempt attempt, Held held, SessionState state) {
        Map<String, byte[]> parts = state.parts();
        if (attempt.member.hasLeft()) {
            keeping.giveUp(held, parts).whenComplete((generation, failure) -> {
                handover.gone(held);
                next(attempt);
            });
            return;
        }
        claim(attempt, held.generation, false).whenComplete((found, failure) -> {
            if (failure != null) {
                CompletionStage<?> unused = keeping.giveUpLater(held, parts);
                handover.gone(held);
                fail(attempt, Failures.of(failure));
            } else if (!Reply.isDone(found)) { // another process has taken it, without a question
                handover.gone(held);
                settle(attempt);
            } else {
                Held here = new Held(held.id, held.token, held.user, attempt.member, Reply.number(found, 1));
                here.hears(held.atAsk);
                holdings.put(here);
                arrive(attempt, here, new Claim.Granted(state), parts, () -> handover.gone(held));
            }
        });
    }

    // ---- Taking it ----

    /** Nobody has it. */
    private void takeIfMay(Attempt attempt, Found found) {
        Claimant claimant = attempt.claimant;
        if (found.stale) {
            refuse(attempt, "lost"); // what was kept of it may be gone, in part
        } else if (claimant.attempt() <= found.attempt) {
            answer(attempt, new Claim.Superseded());
        } else if (claimant.identified() && !Objects.equals(claimant.user(), found.user)) {
            refuse(attempt, "user");
        } else {
            take(attempt, found, found.generation);
        }
    }

    /** Its owner is gone, and has not said what was to be known of it; what was kept may do. */
    private void takeUnkept(Attempt attempt, Found found) {
        if (site.options().keepSessions()) {
            takeIfMay(attempt, found);
        } else {
            refuse(attempt, "lost");
        }
    }

    /** Its owner is said to be alive, but does not answer. */
    private void takeByForce(Attempt attempt, Found found) {
        if (site.options().keepSessions() && !found.stale) {
            takeIfMay(attempt, found);
        } else {
            fail(attempt, new Failure(Failure.TIMEOUT, "the node that has the session does not answer"));
        }
    }

    private CompletionStage<List<Object>> claim(Attempt attempt, long generation, boolean kept) {
        String owner = site.owner(attempt.member);
        CompletionStage<?> listed = keeping.list(attempt.id(), owner, true);
        return site.link()
                .run(
                        Script.CLAIM,
                        site.keys().session(attempt.id()),
                        Keeping.number(generation),
                        RedisLink.bytes(owner),
                        Keeping.number(attempt.claimant.attempt()),
                        Keeping.number(kept ? 1 : 0))
                .thenCombine(listed, (found, nothing) -> found);
    }

    private void take(Attempt attempt, Found found, long generation) {
        if (attempt.member.hasLeft()) {
            next(attempt);
            return;
        }
        CompletionStage<Void> processesKnown =
                site.processes().beat().exceptionally(failure -> null); // whose handlers the node asks about
        claim(attempt, generation, true)
                .thenCombine(processesKnown, (taken, nothing) -> taken)
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        keeping.giveBack(
                                new Held(attempt.id(), found.token, found.user, attempt.member, generation + 1));
                        fail(attempt, Failures.of(failure));
                    } else if (!Reply.isDone(taken)) {
                        again(attempt);
                    } else {
                        Held here =
                                new Held(attempt.id(), found.token, found.user, attempt.member, Reply.number(taken, 1));
                        here.hears(Reply.number(taken, 3));
                        holdings.put(here);
                        if (found.equals(attempt.silent)) {
                            post.send(Site.idOf(found.owner), new NodeMessage.Taken(here.id, generation));
                        }
                        SessionRecord record = new SessionRecord(
                                here.id, here.token, here.user, Reply.map(taken, 4), Reply.number(taken, 2));
                        arrive(attempt, here, new Claim.Restored(record), record.parts(), () -> {});
                    }
                });
    }

    /**
     * A session is this process's, and its node is told so when all is known that was said to its user meanwhile.
     *
     * @param parts all that is to be known of it, should the node have left
     * @param then what goes on then
     */
    private void arrive(Attempt attempt, Held here, Claim claim, Map<String, byte[]> parts, Runnable then) {
        CompletionStage<Users.Arrival> known = here.user == null
                ? CompletableFuture.completedFuture(Users.NOTHING_SAID)
                : users.has(here.user, here.id, site.owner(here.member), true, here.atAsk);
        known.whenComplete((arrival, failure) -> {
            CompletionStage<?> settled = CompletableFuture.completedFuture(here);
            if (failure == null && !here.member.hasLeft()) {
                holdings.arrived(here, () -> attempt.done.done(claim), arrival.missed());
            } else {
                settled = keeping.giveUpLater(here, parts);
                handover.gone(here);
                attempt.member.execute(() -> attempt.done.failed(
                        Failures.of(failure == null ? new IllegalStateException("the node has left") : failure)));
            }
            then.run();
            settled.whenComplete((nothing, unknown) -> next(attempt));
        });
    }
}
