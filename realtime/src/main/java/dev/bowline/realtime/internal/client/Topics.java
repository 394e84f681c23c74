package dev.bowline.realtime.internal.client;

import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.client.ClientSession;
import dev.bowline.session.client.Result;
import dev.bowline.session.client.ResultListener;
import dev.bowline.session.wire.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what. To the server a pattern is subscribed to once, whatever the number of listeners. Touched by the event loop
 * alone.
 */
final class Topics {
    /** One listener's part in the subscription to a pattern. */
    static final class Member {
        private final String pattern;
        private final TopicListener listener;
        private final CompletableFuture<Void> ready = new CompletableFuture<>(); // any thread's

        Member(String pattern, TopicListener listener) {
            this.pattern = pattern;
            this.listener = listener;
        }

        String pattern() {
            return pattern;
        }

        CompletableFuture<Void> ready() {
            return ready;
        }
    }

    private static final class Entry {
        final TopicPattern pattern;
        final List<Member> members = new ArrayList<>();
        boolean agreed; // the server has

        Entry(TopicPattern pattern) {
            this.pattern = pattern;
        }
    }

    private final ClientSession session;
    private final Callbacks callbacks;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Entry> patterns = new ArrayList<>(); // of the entries, those that are more than one topic

    Topics(ClientSession session, Callbacks callbacks) {
        this.session = session;
        this.callbacks = callbacks;
    }

    void subscribe(Member member, SubscribeOptions options) {
        Entry present = entries.get(member.pattern);
        if (present != null) {
            present.members.add(member);
            if (present.agreed) {
                settle(member, null);
            }
            return;
        }
        Entry entry = new Entry(new TopicPattern(member.pattern));
        entry.members.add(member);
        entries.put(member.pattern, entry);
        if (!entry.pattern.isTopic()) {
            patterns.add(entry);
        }
        session.subscribe(
                member.pattern, options.start(), options.presence(), (ResultListener) result -> settled(entry, result));
    }

    private void settled(Entry entry, Result result) {
        CommandException failure = Results.failure(result);
        if (failure == null) {
            entry.agreed = true;
        } else {
            remove(entry);
        }
        entry.members.forEach(member -> settle(member, failure));
    }

    private void settle(Member member, @Nullable CommandException failure) {
        callbacks.tell(member.listener, "what depends on a subscription", 0, () -> {
            if (failure == null) {
                member.ready.complete(null);
            } else {
                member.ready.completeExceptionally(failure);
            }
        });
    }

    /** Takes a listener out; with the last one the subscription ends. */
    void unsubscribe(Member member, ResultListener result) {
        Entry entry = entries.get(member.pattern);
        if (entry == null || !entry.members.remove(member)) {
            result.onResult(new Result.Done()); // it has ended before
            return;
        }
        if (!entry.agreed) {
            settle(member, CommandException.notSent("given up before the server had agreed"));
        }
        if (entry.members.isEmpty()) {
            remove(entry);
            session.unsubscribe(member.pattern, result);
        } else {
            result.onResult(new Result.Done());
        }
    }

    private void remove(Entry entry) {
        if (entries.remove(entry.pattern.text(), entry)) {
            patterns.remove(entry);
        }
    }

    /** The server has ended, or refused, a subscription. */
    void ended(String pattern, String code) {
        Entry entry = entries.get(pattern);
        if (entry != null) {
            remove(entry);
            tell(entry, "onEnded", 0, listener -> listener.onEnded(pattern, code));
        }
    }

    /** Tells all listeners whose subscriptions cover a topic. */
    void tell(String topic, String name, int bytes, Consumer<TopicListener> event) {
        Entry exact = entries.get(topic);
        if (exact != null) {
            tell(exact, name, bytes, event);
        }
        for (Entry entry : patterns) {
            if (entry.pattern.matches(topic)) {
                tell(entry, name, bytes, event);
            }
        }
    }

    private void tell(Entry entry, String name, int bytes, Consumer<TopicListener> event) {
        for (Member member : entry.members) {
            callbacks.tell(member.listener, name, bytes, () -> event.accept(member.listener));
        }
    }
}
