package dev.bowline.examples;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.RefusedException;
import dev.bowline.realtime.Request;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.server.Identity;
import dev.bowline.session.server.SessionInfo;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders: each is placed once, and its customer is told so once, though the line is cut in between.
 *
 * <ul>
 *   <li>request {@code orders.place} with {@code ITEM COUNT}: the order's number; or {@code orders.sold-out}
 *   <li>topics {@code orders.NUMBER}: what becomes of an order, for its customer and the user {@code desk}. By the pattern
 *       {@code orders.*} the desk sees them all, and a customer their own
 * </ul>
 */
public final class OrderDesk {
    private static final Pattern ORDER = Pattern.compile("([a-z]{1,32}) ([1-9][0-9]{0,3})");

    private final Map<String, Integer> stock = new HashMap<>(Map.of("tea", 100, "coffee", 1)); // guarded by this
    private final Map<String, String> customers = new ConcurrentHashMap<>(); // by the topic of their order
    private final AtomicLong orders = new AtomicLong();

    private final Hub hub = Hub.builder()
            .authenticator(OrderDesk::authenticate)
            .topic(TopicPolicy.of("orders.*")
                    .retain(10, 4_096, Duration.ofDays(1))
                    .subscribers(this::maySee))
            .build();

    public static void main(String[] args) throws IOException {
        OrderDesk desk = new OrderDesk();
        desk.hub.onRequest("orders.place", desk::place);
        WebSocketServer.builder()
                .port(Integer.getInteger("port", 3000))
                .endpoint(desk.hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                .start();
    }

    // snippet:server
    private CompletionStage<Payload> place(Request request) {
        Matcher order = ORDER.matcher(request.text());
        if (!order.matches()) {
            throw new RefusedException("bad-request", "an order is an item and a count, such as: tea 2");
        }
        take(order.group(1), Integer.parseInt(order.group(2)));
        String number = Long.toString(orders.incrementAndGet());
        Hub.Topic status = hub.topic("orders." + number);
        customers.put(
                "orders." + number, Objects.requireNonNull(request.session().user()));
        return status.publish("placed " + request.text()).thenApply(offset -> {
            later(1, () -> status.publish("packed"));
            later(2, () -> status.publish("shipped"));
            return Payload.text(number);
        });
    }

    private synchronized void take(String item, int count) {
        int left = stock.getOrDefault(item, 0) - count;
        if (left < 0) {
            throw new RefusedException("orders.sold-out", "not so much left of " + item);
        }
        stock.put(item, left);
    }

    private boolean maySee(SessionInfo session, String topic) {
        return "desk".equals(session.user()) || Objects.equals(customers.get(topic), session.user());
    }
    // end:server

    private static void later(int seconds, Runnable step) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(step);
    }

    /** Here the token is the name, and anybody may claim it. Yours is signed, and you check the signature. */
    private static CompletionStage<Identity> authenticate(@Nullable String token) {
        return token != null
                ? CompletableFuture.completedFuture(new Identity(token, Long.MAX_VALUE))
                : CompletableFuture.failedFuture(new RefusedException("unauthorized", "who orders?"));
    }
}
