package dev.bowline.session.engine;

import java.util.function.Consumer;

/**
 * Whom to tell the outcome of something that may take a while: exactly one call, on the thread of the node that asked, perhaps
 * before the method that was given it returns.
 */
public interface Callback<T> {
    void done(T value);

    void failed(Failure failure);

    /** A callback of two functions. */
    static <T> Callback<T> of(Consumer<? super T> done, Consumer<? super Failure> failed) {
        return new Callback<>() {
            @Override
            public void done(T value) {
                done.accept(value);
            }

            @Override
            public void failed(Failure failure) {
                failed.accept(failure);
            }
        };
    }
}
