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

/**
 * A stream that is being answered. From any thread.
 *
 * <p>Whoever waits between parts sends the next one from whatever thread tells it to, and so perhaps by another node: a part must be where
 * the session is before that. And a part that was lost on its way must be told to have been, though there was credit for it.
 */
final class OpenStream implements StreamSender {
    private final Shards shards;
    private final String session;
    private final long seq;
    private final Runnable forget;

    // Under this object's lock.
    private final List<Sent> waiting = new ArrayList<>(1); // in order
    private @Nullable Runnable onCancel;
    private boolean over;
    private long given; // how many parts

    /** A part; the next one may be sent when the session has taken it, and there is credit again. */
    private static final class Sent {
        private final long count;
        private final CompletableFuture<Void> next = new CompletableFuture<>();
        private boolean taken;
        private boolean ready;

        Sent(long count) {
            this.count = count;
        }
    }

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
        Sent sent;
        synchronized (this) {
            if (over) {
                return CompletableFuture.failedFuture(new CancellationException("the stream is over"));
            }
            given++;
            sent = new Sent(given);
            waiting.add(sent);
        }
        shards.assure(
                session,
                new SessionMessage.Part(seq, sent.count, part),
                Callback.of(
                        taken -> {
                            if (taken) {
                                wasTaken(sent);
                            } else {
                                refuse(sent);
                            }
                        },
                        failure -> refuse(sent)));
        return sent.next;
    }

    private void wasTaken(Sent sent) {
        synchronized (this) {
            sent.taken = true;
            if (!sent.ready || !waiting.remove(sent)) {
                return;
            }
        }
        sent.next.complete(null);
    }

    private void refuse(Sent sent) {
        boolean ended;
        synchronized (this) {
            waiting.remove(sent);
            given = Math.min(given, sent.count - 1); // those that were sent behind it will not be taken either
            ended = over;
        }
        sent.next.completeExceptionally(
                ended
                        ? new CancellationException("the stream is over")
                        : new IllegalStateException(
                                "the part was not sent: 256 KiB of parts wait for the client's credit, or its session is over"));
    }

    /** All parts went out that the session had, and there is credit for more. */
    void ready() {
        List<Sent> due = new ArrayList<>(1);
        synchronized (this) {
            waiting.forEach(sent -> sent.ready = true);
            waiting.removeIf(sent -> sent.taken && due.add(sent));
        }
        due.forEach(sent -> sent.next.complete(null));
    }

    @Override
    public void finish() {
        end(new SessionMessage.Finish(seq, given()));
    }

    private synchronized long given() {
        return given;
    }

    @Override
    public void fail(String code, String message) {
        end(new SessionMessage.Fail(seq, new Failure(code, message)));
    }

    private void end(SessionMessage message) {
        List<Sent> left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            onCancel = null;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        forget.run();
        shards.assure(session, message, Callback.of(taken -> {}, failure -> {})); // else it is over anyway
        left.forEach(sent -> sent.next.complete(null));
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
        List<Sent> left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            action = onCancel;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(sent -> sent.next.completeExceptionally(new CancellationException("the stream is over")));
        if (action != null) {
            action.run();
        }
    }
}
