package dev.bowline.session.client;

import dev.bowline.session.wire.ClientMessage.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a new session is told of subscriptions, and what becomes of the commands of the old one, or of none, that were to bring them
 * about: who subscribed and is still to be subscribed waits on; who unsubscribed has got that; everything else has no result.
 */
final class Restoration implements Subscriptions.Restoring {
    private final SubscriptionCommands make;
    private final Map<String, List<Pending>> subscribers = new HashMap<>();
    private final List<Pending> lost = new ArrayList<>();
    private final List<Pending> unsubscribers = new ArrayList<>();
    private final List<Pending> commands = new ArrayList<>();

    Restoration(SubscriptionCommands make) {
        this.make = make;
    }

    /** A command of before that has no result. */
    void consider(Pending command) {
        switch (command.kind()) {
            case SUBSCRIBE ->
                subscribers
                        .computeIfAbsent(command.pattern(), key -> new ArrayList<>())
                        .add(command);
            case UNSUBSCRIBE -> unsubscribers.add(command);
            case OTHER -> lost.add(command);
        }
    }

    @Override
    public void subscribe(Subscriptions.Subscription subscription, Start start) {
        List<Pending> waiting = subscribers.remove(subscription.pattern().text());
        List<Pending> told = waiting == null ? List.of() : waiting;
        commands.add(make.restore(
                subscription,
                start,
                result -> told.forEach(command -> command.subscriber().onResult(result))));
    }

    @Override
    public void bridge(Subscriptions.Subscription bridge) {
        commands.add(make.bridge(bridge));
    }

    @Override
    public void endBridge(Subscriptions.Subscription bridge) {
        commands.add(make.endBridge(bridge));
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
