package dev.bowline.realtime.internal.hub;

import dev.bowline.realtime.StreamSender;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A stream that is being answered. From any thread. */
final class OpenStream implements StreamSender {
    private final Shards shards;
    private final String session;
    private final long seq;
    private final Runnable forget;

    // Under this object's lock.
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>(1); // until there is credit again
    private @Nullable Runnable onCancel;
    private boolean over;

    /**
     * @param forget called when it is over
     */
    OpenStream(Shards shards, String session, long seq, Runnable forget) {
        this.shards = shards;
        this.session = session;
        this.seq = seq;
        this.forget = forget;
    }

    @Override
    public CompletionStage<Void> send(Payload part) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        synchronized (this) {
            if (over) {
                next.completeExceptionally(new CancellationException("the stream is over"));
                return next;
            }
            waiting.add(next);
        }
        shards.toSession(
                session,
                new SessionMessage.Part(seq, part),
                Callback.of(
                        taken -> {
                            if (!taken) {
                                refuse(next);
                            }
                        },
                        failure -> refuse(next)));
        return next;
    }

    private void refuse(CompletableFuture<Void> next) {
        boolean ended;
        synchronized (this) {
            waiting.removeIf(one -> one == next);
            ended = over;
        }
        next.completeExceptionally(
                ended
                        ? new CancellationException("the stream is over")
                        : new IllegalStateException(
                                "the part was not sent: 256 KiB of parts wait for the client's credit, or its session is over"));
    }

    /** All parts went out, and there is credit for more. */
    void ready() {
        List<CompletableFuture<Void>> due;
        synchronized (this) {
            due = List.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(next -> next.complete(null));
    }

    @Override
    public void finish() {
        end(new SessionMessage.Finish(seq));
    }

    @Override
    public void fail(String code, String message) {
        end(new SessionMessage.Fail(seq, new Failure(code, message)));
    }

    private void end(SessionMessage message) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            onCancel = null;
        }
        forget.run();
        shards.toSession(session, message, Callback.of(taken -> {}, failure -> {})); // else it is over anyway
        ready();
    }

    @Override
    public synchronized boolean isOver() {
        return over;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!over) {
                onCancel = action;
                return;
            }
        }
        action.run();
    }

    /** The client has given it up, or can't be answered any more. */
    void cancelled() {
        Runnable action;
        List<CompletableFuture<Void>> left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            action = onCancel;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(next -> next.completeExceptionally(new CancellationException("the stream is over")));
        if (action != null) {
            action.run();
        }
    }
}
