package dev.bowline.cli.hook;

import java.time.Duration;
import java.util.Set;

/**
 * A hook: who is told of what. Immutable.
 *
 * @param maxQueued how many events may wait to be delivered, with those that are under way; further ones are dropped
 * @param maxQueuedBytes the same in bytes, of their bodies
 * @param giveUpAfter so long after it happened an event is not tried again
 */
public record HookOptions(
        Target target, Set<EventType> events, int maxQueued, long maxQueuedBytes, Duration giveUpAfter) {
    public HookOptions {
        events = Set.copyOf(events);
    }
}
