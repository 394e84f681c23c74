package dev.bowline.cli.hook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bowline.realtime.Hub;
import dev.bowline.session.server.SessionEvent;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Payload;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Webhooks: {@code docs/webhooks.md} tells what a back end is told and asked, and how. Each node tells of its own: an event is told by the
 * one that it happens on.
 *
 * <p><b>Threads.</b> A few of its own; the hub's never wait for a back end. All methods may be called from any thread.
 */
public final class Hooks implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Envelope envelope;
    private final SystemTimer timer = new SystemTimer();
    private final Poster poster = new Poster(timer);
    private final List<HookQueue> queues = new ArrayList<>();
    private final Map<String, Forwarder> forwarders = new LinkedHashMap<>(); // by the name or pattern of requests

    /** @param node what this node is called in what it tells */
    public Hooks(String node, List<HookOptions> hooks, List<ForwardOptions> requests) {
        envelope = new Envelope(node);
        for (HookOptions hook : hooks) {
            queues.add(new HookQueue(
                    hook, poster, timer, () -> ThreadLocalRandom.current().nextLong()));
        }
        for (ForwardOptions request : requests) {
            forwarders.put(request.name(), new Forwarder(request.target(), poster, envelope, timer));
        }
    }

    /**
     * Tells of what happens on a hub from now on, and answers its requests.
     *
     * @throws IllegalStateException if one of the requests has a handler
     */
    public void addTo(Hub hub) {
        forwarders.forEach(hub::onRequest);
        boolean sessions =
                Arrays.stream(EventType.values()).anyMatch(type -> type != EventType.STORED_OFFLINE && isWanted(type));
        if (sessions) {
            hub.onSessionEvent(this::onSession);
        }
        if (isWanted(EventType.STORED_OFFLINE)) {
            hub.onStoredOffline(this::onStoredOffline);
        }
    }

    private boolean isWanted(EventType type) {
        return queues.stream().anyMatch(queue -> queue.wants(type));
    }

    // ---- What happens ----

    private void onSession(SessionEvent event) {
        SessionInfo session = event.session();
        if (event instanceof SessionEvent.Started) {
            tell(EventType.SESSION_STARTED, session, data -> {});
        } else if (event instanceof SessionEvent.Suspended suspended) {
            tell(EventType.SESSION_SUSPENDED, session, data -> data.put("code", suspended.code()));
        } else if (event instanceof SessionEvent.Resumed resumed) {
            tell(EventType.SESSION_RESUMED, session, data -> data.put("awayMillis", resumed.awayMillis()));
        } else if (event instanceof SessionEvent.Ended ended) {
            tell(EventType.SESSION_ENDED, session, data -> data.put("code", ended.code())
                    .put("reason", ended.reason()));
        }
    }

    private void onStoredOffline(String user, long offset, Payload payload) {
        tell(EventType.STORED_OFFLINE, keyOf(user), data -> {
            data.put("user", user).put("offset", offset);
            Envelope.put(data, payload);
        });
    }

    private void tell(EventType type, SessionInfo session, Consumer<? super ObjectNode> more) {
        String user = session.user();
        tell(type, user == null ? "session " + session.id() : keyOf(user), data -> {
            Envelope.put(data, session);
            more.accept(data);
        });
    }

    private static String keyOf(String user) {
        return "user " + user;
    }

    /** Written once for all hooks that have room for it. */
    private void tell(EventType type, String key, Consumer<? super ObjectNode> data) {
        List<HookQueue> takers = queues.stream()
                .filter(queue -> queue.wants(type) && queue.hasRoom())
                .toList();
        if (!takers.isEmpty()) {
            String id = UUID.randomUUID().toString();
            byte[] body = envelope.write(id, type.word(), timer.now(), data);
            takers.forEach(queue -> queue.offer(key, id, type, body));
        }
    }

    // ---- Numbers ----

    /** Registers meters: what became of events and requests, and what waits. */
    public void bindTo(MeterRegistry registry) {
        for (int i = 0; i < queues.size(); i++) {
            HookQueue queue = queues.get(i);
            Tags tags =
                    Tags.of("hook", Integer.toString(i), "url", queue.target().toString());
            String events = "bowline.hooks.events";
            String what = "Events, by what became of them";
            counter(registry, events, what, tags.and("outcome", "delivered"), queue, HookQueue::delivered);
            counter(registry, events, what, tags.and("outcome", "given-up"), queue, HookQueue::givenUp);
            counter(registry, events, what, tags.and("outcome", "dropped"), queue, HookQueue::dropped);
            counter(
                    registry,
                    "bowline.hooks.retries",
                    "Attempts to deliver events after the first",
                    tags,
                    queue,
                    HookQueue::retries);
            Gauge.builder("bowline.hooks.queued", queue, HookQueue::queued)
                    .description("Events that are to be delivered")
                    .tags(tags)
                    .register(registry);
        }
        forwarders.forEach((name, forwarder) -> {
            String requests = "bowline.hooks.requests";
            String what = "Requests that were forwarded, by what became of them";
            Tags tags = Tags.of("name", name);
            counter(registry, requests, what, tags.and("outcome", "answered"), forwarder, Forwarder::answered);
            counter(registry, requests, what, tags.and("outcome", "refused"), forwarder, Forwarder::refused);
            counter(registry, requests, what, tags.and("outcome", "failed"), forwarder, Forwarder::failed);
        });
    }

    private static <T> void counter(
            MeterRegistry registry, String name, String what, Tags tags, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(what).tags(tags).register(registry);
    }

    // ---- The end ----

    /** Ends it, after the hub: waits, for 2 s at most, for what can be told at once; what is left then is lost, and the log says how much. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + STOP.toNanos();
        queues.forEach(HookQueue::stop);
        try {
            for (HookQueue queue : queues) {
                queue.close(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            timer.close();
            poster.close();
        }
    }
}
