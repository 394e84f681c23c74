package dev.bowline.redis;

import dev.bowline.redis.NodeMessage.Answer;
import dev.bowline.session.engine.NodePort.Release;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claimant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks this process's nodes for sessions that others want: one at a time, in the order in which they came. Safe from any thread. */
final class Handover {
    private final Holdings holdings;
    private final Keeping keeping;

    Handover(Holdings holdings, Keeping keeping) {
        this.holdings = holdings;
        this.keeping = keeping;
    }

    /** Somebody wants a session. */
    void ask(Wish wish) {
        synchronized (holdings) {
            Held held = holdings.get(wish.claimant().session());
            if (held != null) {
                if (held.arriving) {
                    held.waiting.add(() -> ask(wish));
                    return;
                }
                held.wishes.addLast(wish);
                if (!held.asked) {
                    askNode(held);
                }
                return;
            }
        }
        wish.answered(new Answer.NotHere());
    }

    /** As {@link #ask}, for another process. */
    void ask(Claimant claimant, Consumer<Answer> answer) {
        ask(new Wish() {
            @Override
            public Claimant claimant() {
                return claimant;
            }

            @Override
            public boolean isWanted() {
                return true;
            }

            @Override
            public void given(Held held, SessionState state) {
                keeping.giveUp(held, state).whenComplete((generation, failure) -> {
                    gone(held);
                    answer.accept(
                            failure != null
                                    ? new Answer.Failed(Failures.of(failure))
                                    : generation == Keeping.NOT_OURS
                                            ? new Answer.NotHere()
                                            : new Answer.Given(generation));
                });
            }

            @Override
            public void answered(Answer what) {
                answer.accept(what);
            }
        });
    }

    /** Under the lock of the holdings. */
    private void askNode(Held held) {
        held.asked = true;
        held.member.execute(() -> {
            List<Wish> dropped = new ArrayList<>(0);
            Wish first = firstWanted(held, dropped);
            if (first != null) {
                held.member.port().release(first.claimant(), release -> released(held, first, release));
            } else {
                holdings.settled(held);
            }
            dropped.forEach(wish -> wish.answered(new Answer.NotHere()));
        });
    }

    /** Whose turn it is; null where nobody wants the session any more, or it has gone. On the node's thread. */
    private @Nullable Wish firstWanted(Held held, List<Wish> dropped) {
        synchronized (holdings) {
            if (!holdings.has(held)) {
                return null;
            }
            held.atAsk = held.told;
            while (!held.wishes.isEmpty() && !held.wishes.getFirst().isWanted()) {
                dropped.add(held.wishes.removeFirst());
            }
            held.asked = !held.wishes.isEmpty();
            return held.wishes.peekFirst();
        }
    }

    private void released(Held held, Wish wish, Release release) {
        if (!isHere(held, wish, release instanceof Release.Kept)) {
            if (release instanceof Release.Given given) {
                held.member.execute(() -> given.session().handedOn(false));
            }
            return;
        }
        if (release instanceof Release.Given given) {
            wish.given(held, given.session());
        } else if (release instanceof Release.Kept answer) {
            holdings.settled(held);
            wish.answered(new Answer.Kept(answer.answer()));
            synchronized (holdings) {
                if (!held.wishes.isEmpty() && holdings.has(held)) {
                    askNode(held);
                }
            }
        } else if (release instanceof Release.Left) {
            keeping.abandon(held).whenComplete((nothing, failure) -> {
                gone(held);
                wish.answered(new Answer.NotHere());
            });
        } else {
            keeping.remove(held, over -> {}).whenComplete((nothing, failure) -> {
                gone(held);
                wish.answered(new Answer.Over());
            });
        }
    }

    /** False for a session that was taken meanwhile, or whose node has left: who wants it was told so then. */
    private boolean isHere(Held held, Wish wish, boolean stays) {
        synchronized (holdings) {
            if (!holdings.has(held)) {
                return false;
            }
            held.wishes.remove(wish);
            held.asked = !stays;
            return true;
        }
    }

    /** A session is not here any more: who wants it, and what is for it, looks for it elsewhere. */
    void gone(Held held) {
        List<Wish> wishes;
        synchronized (holdings) {
            holdings.remove(held);
            wishes = List.copyOf(held.wishes);
            held.wishes.clear();
        }
        wishes.forEach(wish -> wish.answered(new Answer.NotHere()));
        holdings.settled(held);
    }
}
