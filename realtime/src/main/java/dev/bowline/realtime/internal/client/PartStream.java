package dev.bowline.realtime.internal.client;

import dev.bowline.realtime.CommandException;
import dev.bowline.session.client.ClientSession;
import dev.bowline.session.client.Pending;
import dev.bowline.session.client.Result;
import dev.bowline.session.client.ResultListener;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's request for a stream: what the subscriber requests becomes the server's credit. What is not marked otherwise is touched
 * by the event loop alone.
 */
final class PartStream implements Flow.Subscription, ResultListener {
    /** Runs a task with the session, on the event loop; called from any thread. */
    interface Lane {
        void execute(Consumer<ClientSession> task);
    }

    private final String name;
    private final Payload request;
    private final Flow.Subscriber<? super Payload> subscriber;
    private final Lane lane;
    private final Callbacks callbacks;
    private volatile boolean cancelled; // set by any thread: nothing is to be told any more

    private @Nullable Pending command;
    private boolean over; // the end was told, or is not wanted
    private long requested;
    private long delivered;
    private @Nullable Payload held; // an answer in one piece, for which there was no demand yet

    PartStream(
            String name, Payload request, Flow.Subscriber<? super Payload> subscriber, Lane lane, Callbacks callbacks) {
        this.name = name;
        this.request = request;
        this.subscriber = subscriber;
        this.lane = lane;
        this.callbacks = callbacks;
    }

    /** Tells the subscriber that it may request. */
    void begin() {
        callbacks.tell(subscriber, "onSubscribe", 0, () -> subscriber.onSubscribe(this));
    }

    // ---- From any thread ----

    @Override
    public void request(long parts) {
        lane.execute(session -> demand(session, parts));
    }

    @Override
    public void cancel() {
        cancelled = true;
        lane.execute(this::stop);
    }

    // ---- On the event loop ----

    private void demand(ClientSession session, long parts) {
        if (over) {
            return;
        }
        if (parts < 1) {
            stop(session);
            tell(
                    "onError",
                    0,
                    () -> subscriber.onError(
                            new IllegalArgumentException(parts + " parts were requested, must be at least 1")));
            return;
        }
        boolean first = requested == 0;
        requested = parts > Grammar.MAX_NUMBER - requested ? Grammar.MAX_NUMBER : requested + parts;
        Payload answer = held;
        if (answer != null) {
            held = null;
            complete(answer);
        } else if (first) {
            command = session.stream(name, request, requested, this);
        } else if (command != null) {
            session.grant(command, requested);
        }
    }

    private void stop(ClientSession session) {
        if (!over) {
            over = true;
            held = null;
            if (command != null) {
                session.cancel(command);
            }
        }
    }

    @Override
    public void onPart(Payload part) {
        if (!over) {
            delivered++;
            next(part);
        }
    }

    @Override
    public void onResult(Result result) {
        if (over) {
            return;
        }
        CommandException failure = Results.failure(result);
        if (failure != null) {
            over = true;
            tell("onError", 0, () -> subscriber.onError(failure));
        } else if (!(result instanceof Result.Answered answered)) {
            over = true;
            tell("onComplete", 0, subscriber::onComplete);
        } else if (delivered < requested) {
            complete(answered.payload());
        } else {
            held = answered.payload();
        }
    }

    private void complete(Payload answer) {
        next(answer);
        over = true;
        tell("onComplete", 0, subscriber::onComplete);
    }

    private void next(Payload part) {
        tell("onNext", part.size(), () -> {
            try {
                subscriber.onNext(part);
            } catch (RuntimeException | Error e) { // by its contract it is done with the stream
                cancel();
                throw e;
            }
        });
    }

    private void tell(String callback, int bytes, Runnable signal) {
        callbacks.tell(subscriber, callback, bytes, () -> {
            if (!cancelled) {
                signal.run();
            }
        });
    }
}
