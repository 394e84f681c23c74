package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Start;

/** Makes the commands that subscribe and unsubscribe, and notes what becomes of them. Not thread-safe. */
final class SubscriptionCommands {
    private final Subscriptions subscriptions;
    private final ClientHandler handler;

    SubscriptionCommands(Subscriptions subscriptions, ClientHandler handler) {
        this.subscriptions = subscriptions;
        this.handler = handler;
    }

    Pending subscribe(Subscriptions.Subscription subscription, ResultListener listener) {
        return subscribe(subscription, subscription.start(), listener, listener);
    }

    /**
     * Subscribes in a new session to what the one before was subscribed to.
     *
     * @param subscribers are told how that went
     */
    Pending restore(Subscriptions.Subscription subscription, Start start, ResultListener subscribers) {
        String topic = subscription.pattern().text();
        return subscribe(
                subscription,
                start,
                result -> {
                    restored(topic, result);
                    subscribers.onResult(result);
                },
                subscribers);
    }

    private Pending subscribe(
            Subscriptions.Subscription subscription, Start start, ResultListener listener, ResultListener subscriber) {
        String pattern = subscription.pattern().text();
        return Pending.ofSubscription(
                pattern,
                (seq, credit) -> new ClientMessage.Subscribe(seq, pattern, start, subscription.presence()),
                result -> {
                    if (result instanceof Result.Refused refused && subscriptions.remove(subscription)) {
                        handler.onSubscriptionEnded(pattern, refused.code());
                    } else if (result instanceof Result.NotSent) {
                        subscriptions.remove(subscription);
                    } else if (result instanceof Result.Done) {
                        subscription.agreed();
                    }
                    listener.onResult(result);
                },
                subscriber);
    }

    Pending unsubscribe(Subscriptions.Subscription ending, ResultListener listener) {
        return Pending.ofUnsubscription(ending.pattern().text(), result -> {
            subscriptions.ended(ending);
            listener.onResult(result);
        });
    }

    /** Subscribes to a topic by name, from where it is, until the patterns that it was received by cover it. */
    Pending bridge(Subscriptions.Subscription bridge) {
        String topic = bridge.pattern().text();
        return Pending.ofSubscription(
                topic,
                (seq, credit) -> new ClientMessage.Subscribe(seq, topic, bridge.start(), false),
                result -> {
                    if (result instanceof Result.Done) {
                        bridge.agreed();
                    } else {
                        subscriptions.remove(bridge);
                    }
                    restored(topic, result);
                },
                result -> {});
    }

    Pending endBridge(Subscriptions.Subscription bridge) {
        return unsubscribe(bridge, result -> {});
    }

    void endedByServer(String pattern, String code) {
        Subscriptions.End end = subscriptions.endedByServer(pattern);
        if (end.wanted()) {
            handler.onSubscriptionEnded(pattern, code);
        }
        end.broken().forEach(topic -> handler.onReset(topic, code)); // of which nobody was to notice anything
    }

    /** Where a topic can't go on from its cursor, that is told; a pattern that covers it may still bring what comes. */
    private void restored(String topic, Result result) {
        if (result instanceof Result.Refused refused && subscriptions.forget(topic)) {
            handler.onReset(topic, refused.code());
        }
    }
}
