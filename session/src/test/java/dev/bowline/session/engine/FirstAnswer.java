package dev.bowline.session.engine;

/** An answer that may come more than once: the first one counts. */
final class FirstAnswer implements Callback<Boolean> {
    private final Callback<Boolean> then;
    private boolean given;

    FirstAnswer(Callback<Boolean> then) {
        this.then = then;
    }

    @Override
    public void done(Boolean found) {
        if (!given) {
            given = true;
            then.done(found);
        }
    }

    @Override
    public void failed(Failure failure) {
        if (!given) {
            given = true;
            then.failed(failure);
        }
    }
}
