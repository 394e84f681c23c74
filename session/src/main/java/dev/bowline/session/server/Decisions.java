package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks the application, and waits no longer than it may take. Touched on the node's thread alone. */
final class Decisions {
    private final Node node;

    Decisions(Node node) {
        this.node = node;
    }

    /**
     * Asks whether a session may do something.
     *
     * @param then is told why not, or null
     */
    void ask(Session session, Action action, String name, Consumer<@Nullable Failure> then) {
        Answer<Boolean> answer = answer(Callback.of(
                allowed -> then.accept(
                        allowed ? null : new Failure(Failure.FORBIDDEN, "not allowed: " + action + " " + name)),
                then));
        node.application().authorize(session.info(), action, name, answer);
        answer.await();
    }

    /** A callback that fails by itself when its time is over. After it was given away, {@link Answer#await} is to be called. */
    <T> Answer<T> answer(Callback<T> then) {
        return new Answer<>(then);
    }

    /** The first answer counts. */
    final class Answer<T> extends Timed implements Callback<T> {
        private final Callback<T> then;
        private final long deadlineMillis = node.now() + node.options().handlerMillis();
        private boolean given;

        private Answer(Callback<T> then) {
            this.then = then;
        }

        /** Begins to watch the time, where there is no answer yet. */
        void await() {
            if (!given) {
                node.timers().update(this);
            }
        }

        @Override
        public void done(T value) {
            if (!given) {
                give();
                then.done(value);
            }
        }

        @Override
        public void failed(Failure failure) {
            if (!given) {
                give();
                then.failed(failure);
            }
        }

        private void give() {
            given = true;
            node.timers().remove(this);
        }

        @Override
        long deadlineMillis() {
            return given ? NEVER : deadlineMillis;
        }

        @Override
        void onTime(long nowMillis) {
            failed(new Failure(Failure.TIMEOUT, "no answer in " + node.options().handlerMillis() + " ms"));
        }
    }
}
