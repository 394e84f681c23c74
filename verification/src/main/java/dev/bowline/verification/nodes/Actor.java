package dev.bowline.verification.nodes;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.Subscription;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Seeded;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client in Java: it does what its part is whenever it is told to act, and writes down all that it is told. */
final class Actor implements SessionListener {
    private final Part part;
    private final View view;
    private final Ledger ledger;
    private final Crowd crowd;
    private final Seeded random; // by the one who tells it to act
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger(); // how many of its commands have no result
    private final SessionClient client;
    private final CompletableFuture<?> ready;

    Actor(
            Part part,
            View view,
            Ledger ledger,
            Crowd crowd,
            URI uri,
            SessionClientOptions.Builder options,
            Seeded random) {
        this.part = part;
        this.view = view;
        this.ledger = ledger;
        this.crowd = crowd;
        this.random = random;
        if (!part.user().isEmpty()) {
            options.token(part.user());
        }
        client = Bowline.connect(uri, options.build(), this);
        List<CompletableFuture<?>> subscribed = new ArrayList<>();
        for (String pattern : part.patterns()) {
            subscribed.add(subscribe(pattern).ready().toCompletableFuture());
        }
        ready = CompletableFuture.allOf(subscribed.toArray(CompletableFuture<?>[]::new));
    }

    private Subscription subscribe(String pattern) {
        SubscribeOptions how =
                pattern.startsWith("room.") ? SubscribeOptions.DEFAULT.withPresence() : SubscribeOptions.DEFAULT;
        return client.subscribe(pattern, how, new Listener());
    }

    /** Whether all its subscriptions are in effect. */
    boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    boolean isOpen() {
        return client.state() == SessionState.OPEN;
    }

    SessionClient client() {
        return client;
    }

    /** Does something, unless too much that it did has no result yet. By one thread at a time. */
    void act() {
        if (open.get() >= Part.MOST_OPEN) {
            return;
        }
        Act act = Act.any(random, part, crowd);
        if (act != null) {
            perform(act);
        }
    }

    private void perform(Act act) {
        Label label = new Label(part.client(), numbers.incrementAndGet());
        ledger.given(label, act.kind(), act.place());
        open.incrementAndGet();
        String text = act.text(label);
        switch (act.kind()) {
            case PUBLISH -> told(label, client.publish(act.place(), text));
            case NOTE -> told(label, client.send("note", text));
            case WORK, MAIL, RELAY ->
                told(label, client.request(act.name(), text).thenAccept(answer -> {
                    if (!Label.of(answer).equals(label)) {
                        ledger.wrong(label + " is answered by " + answer.asText());
                    }
                }));
            case COUNT -> client.stream("count", text).subscribe(new Counting(label));
        }
    }

    private void told(Label label, CompletionStage<Void> stage) {
        stage.whenComplete((nothing, failure) -> told(label, failure));
    }

    private void told(Label label, @Nullable Throwable failure) {
        open.decrementAndGet();
        ledger.told(label, outcome(failure));
    }

    /** As {@link Command#result} has it. */
    static String outcome(@Nullable Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return "done";
        }
        if (!(cause instanceof CommandException why)) {
            return "failed:" + cause;
        }
        return switch (why.outcome()) {
            case UNKNOWN -> "unknown";
            case NOT_SENT -> "not-sent";
            case REFUSED -> "refused:" + why.code();
        };
    }

    // ---- What it is told ----

    @Override
    public void onState(SessionClient session, SessionState state) {
        view.open(state == SessionState.OPEN);
    }

    @Override
    public void onOpen(SessionClient session, boolean resumed, @Nullable String reason) {
        view.opened(session.id().orElse(""), resumed, reason == null ? "" : reason);
    }

    @Override
    public void onMessage(SessionClient session, String name, Payload payload) {
        if (name.equals(NodeApplication.DIRECT)) {
            view.direct(Label.of(payload));
        }
    }

    @Override
    public void onEnded(SessionClient session, int code, String reason) {
        if (code != 1000) {
            ledger.wrong(view + " was ended by " + code + " " + reason);
        }
    }

    private final class Listener implements TopicListener {
        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            view.message(topic, offset, Label.of(payload));
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            view.gap(topic, from, to, code);
        }

        @Override
        public void onReset(String topic, String code) {
            view.reset(topic, code);
        }

        @Override
        public void onPresent(String topic, List<String> users) {
            view.here(topic, users);
        }

        @Override
        public void onJoined(String topic, String user) {
            view.joined(topic, user);
        }

        @Override
        public void onLeft(String topic, String user) {
            view.left(topic, user);
        }

        @Override
        public void onEnded(String pattern, String code) {
            if (view.ended(pattern, code)) {
                Subscription unused = subscribe(pattern);
            }
        }
    }

    /** The parts of a stream come in order, and all of them if it ends well. */
    private final class Counting implements Flow.Subscriber<Payload> {
        private static final int CREDIT = 4;
        private final Label label;
        private int parts;
        private Flow.@Nullable Subscription subscription;

        Counting(Label label) {
            this.label = label;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(CREDIT);
        }

        @Override
        public void onNext(Payload payload) {
            parts++;
            if (!payload.asText().equals(label + " " + parts)) {
                ledger.wrong("part " + parts + " of stream " + label + " is " + payload.asText());
            }
            if (subscription != null) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            told(label, failure);
        }

        @Override
        public void onComplete() {
            if (parts != NodeApplication.PARTS) {
                ledger.wrong("stream " + label + " ended with " + parts + " parts");
            }
            told(label, (Throwable) null);
        }
    }
}
