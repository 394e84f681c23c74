package dev.bowline.realtime.internal.client;

import dev.bowline.realtime.TokenSource;
import dev.bowline.session.wire.Grammar;
import dev.bowline.websocket.internal.loop.EventLoop;
import dev.bowline.websocket.internal.loop.TimingWheel;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question for a token, with a deadline. Touched by the event loop alone. */
final class TokenRequest {
    private static final long TIMEOUT_SECONDS = 10;

    private final EventLoop loop;
    private final Consumer<String> got;
    private final Consumer<IOException> failed;
    private final TimingWheel.Timer timer =
            TimingWheel.Timer.of(() -> answered(null, new IOException("within " + TIMEOUT_SECONDS + " s")));
    private boolean over;

    /**
     * @param got called on the event loop, with a token that can be sent; or else:
     * @param failed called there
     */
    TokenRequest(EventLoop loop, Consumer<String> got, Consumer<IOException> failed) {
        this.loop = loop;
        this.got = got;
        this.failed = failed;
    }

    void ask(TokenSource source, Callbacks callbacks) {
        loop.timers().set(timer, loop.nowNanos() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
        callbacks.tell(source, "token", 0, () -> {
            CompletionStage<String> stage;
            try {
                stage = Objects.requireNonNull(source.token(), "the stage of a token");
            } catch (RuntimeException e) { // the application's code; told as a failed stage is
                stage = CompletableFuture.failedFuture(e);
            }
            stage.whenComplete((token, error) -> loop.execute(() -> answered(token, error)));
        });
    }

    /** Nobody wants to know any longer. */
    void cancel() {
        over = true;
        loop.timers().cancel(timer);
    }

    private void answered(@Nullable String token, @Nullable Throwable error) {
        if (over) {
            return;
        }
        cancel();
        if (token != null && Grammar.isField(token)) {
            got.accept(token);
        } else if (error != null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            failed.accept(new IOException("the token source has given no token: " + cause.getMessage(), cause));
        } else {
            failed.accept(new IOException("the token source has given no token of visible ASCII"));
        }
    }
}
