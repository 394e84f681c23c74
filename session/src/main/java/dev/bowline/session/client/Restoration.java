package dev.bowline.session.client;

import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What a new session is told of subscriptions, and what becomes of the commands of the old one, or of none, that were to bring them
 * about: who subscribed and is still to be subscribed waits on; who unsubscribed has got that; everything else has no result.
 */
final class Restoration implements Subscriptions.Restoring {
    private final BiFunction<Subscriptions.Subscription, ResultListener, Pending> subscribing;
    private final Map<String, List<Pending>> subscribers = new HashMap<>();
    private final List<Pending> lost = new ArrayList<>();
    private final List<Pending> unsubscribers = new ArrayList<>();
    private final List<Pending> commands = new ArrayList<>();

    /**
     * @param subscribing makes the command that subscribes
     */
    Restoration(BiFunction<Subscriptions.Subscription, ResultListener, Pending> subscribing) {
        this.subscribing = subscribing;
    }

    /** A command of before that has no result. */
    void consider(Pending command) {
        String pattern = command.subscribes();
        if (pattern != null) {
            subscribers.computeIfAbsent(pattern, key -> new ArrayList<>()).add(command);
        } else if (command.isOfSubscriptions()) {
            unsubscribers.add(command);
        } else {
            lost.add(command);
        }
    }

    @Override
    public void subscribe(Subscriptions.Subscription subscription) {
        List<Pending> waiting = subscribers.getOrDefault(subscription.pattern().text(), List.of());
        subscribers.remove(subscription.pattern().text());
        commands.add(subscribing.apply(
                subscription,
                result -> waiting.forEach(command -> command.subscriber().onResult(result))));
    }

    @Override
    public void unsubscribe(TopicPattern pattern) {
        commands.add(Pending.ofUnsubscription(pattern.text(), result -> {}));
    }

    /** What is to be sent before everything else. */
    List<Pending> commands() {
        return commands;
    }

    /**
     * Tells those who are not to wait any longer.
     *
     * @param unknown what becomes of commands that the old session had
     */
    void end(Result unknown) {
        lost.forEach(command -> command.listener().onResult(unknown));
        subscribers
                .values()
                .forEach(all -> all.forEach(
                        command -> command.subscriber().onResult(new Result.NotSent("unsubscribed meanwhile"))));
        unsubscribers.forEach(command -> command.listener().onResult(new Result.Done()));
    }
}
