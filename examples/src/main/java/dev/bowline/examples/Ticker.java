package dev.bowline.examples;

import dev.bowline.realtime.Hub;
import dev.bowline.realtime.TopicPolicy;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.Endpoint;
import dev.bowline.websocket.WebSocketListener;
import dev.bowline.websocket.WebSocketServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Twenty prices that change every millisecond, in the topic {@code prices} as {@code SYMBOL PRICE}. Who keeps up gets each change. Who
 * does not gets the latest price of each symbol as soon as there is room, and is told which changes were left out.
 */
public final class Ticker {
    private static final List<String> SYMBOLS =
            List.of(("ALFA BRAVO CHARLIE DELTA ECHO FOXTROT GOLF HOTEL INDIA JULIETT"
                            + " KILO LIMA MIKE NOVEMBER OSCAR PAPA QUEBEC ROMEO SIERRA TANGO")
                    .split(" "));

    private final Map<String, Double> prices = new TreeMap<>(); // touched by the thread that changes them
    private final Hub.Topic topic;

    private Ticker(Hub.Topic topic) {
        this.topic = topic;
        SYMBOLS.forEach(symbol -> prices.put(symbol, 100.0));
    }

    // snippet:server
    public static void main(String[] args) throws Exception {
        Hub hub = Hub.builder()
                .topic(TopicPolicy.of("prices")
                        .retain(100_000, 8 << 20, Duration.ofMinutes(1)) // five seconds
                        .conflate(Ticker::symbol))
                .build();
        WebSocketServer.builder()
                .port(Integer.getInteger("port", 3000))
                .endpoint(hub.serve(Endpoint.of("/", new WebSocketListener() {})))
                .start();
        // end:server
        Ticker ticker = new Ticker(hub.topic("prices"));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        clock.scheduleAtFixedRate(ticker::change, 0, 1, TimeUnit.MILLISECONDS)
                .get(); // for ever, or until something goes wrong
    }

    private static String symbol(Payload price) {
        String text = price.asText();
        return text.substring(0, text.indexOf(' '));
    }

    /** Publishing never waits for a subscriber, however slow. */
    private void change() {
        prices.replaceAll((symbol, price) ->
                Math.max(1, price + ThreadLocalRandom.current().nextInt(-5, 6) / 100.0));
        prices.forEach((symbol, price) -> topic.publish(String.format(Locale.ROOT, "%s %.2f", symbol, price)));
    }
}
