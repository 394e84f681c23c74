package dev.bowline.realtime.internal.client;

import dev.bowline.realtime.CommandException;
import dev.bowline.session.client.Pending;
import dev.bowline.session.client.Result;
import dev.bowline.session.client.ResultListener;
import dev.bowline.session.wire.Payload;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command's result as a stage, which completes where callbacks run. What is not marked otherwise is the event loop's. */
abstract class ResultStage<T> implements ResultListener {
    private final CompletableFuture<T> stage = new CompletableFuture<>(); // any thread's
    private final Callbacks callbacks;
    private @Nullable Pending command;

    ResultStage(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    /** A stage for a command that brings no more than that it was done. */
    static ResultStage<Void> ofDone(Callbacks callbacks) {
        return new ResultStage<>(callbacks) {
            @Override
            void complete(CompletableFuture<Void> stage, Payload answer) {
                stage.complete(null);
            }
        };
    }

    /** A stage for a request. */
    static ResultStage<Payload> ofAnswer(Callbacks callbacks) {
        return new ResultStage<>(callbacks) {
            @Override
            void complete(CompletableFuture<Payload> stage, Payload answer) {
                stage.complete(answer);
            }
        };
    }

    /** Completes the stage with what the command has brought. */
    abstract void complete(CompletableFuture<T> stage, Payload answer);

    CompletableFuture<T> stage() {
        return stage;
    }

    void belongsTo(Pending pending) {
        command = pending;
    }

    /** The command, once it was given to the session. */
    @Nullable
    Pending command() {
        return command;
    }

    /** Ends it from any thread, at once. */
    void fail(CommandException failure) {
        stage.completeExceptionally(failure);
    }

    @Override
    public void onResult(Result result) {
        CommandException failure = Results.failure(result);
        Payload answer = Results.answer(result);
        callbacks.tell(this, "what depends on a result", answer.size(), () -> {
            if (failure != null) {
                stage.completeExceptionally(failure);
            } else {
                complete(stage, answer);
            }
        });
    }
}
