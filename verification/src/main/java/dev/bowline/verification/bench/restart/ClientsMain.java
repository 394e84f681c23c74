package dev.bowline.verification.bench.restart;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionClientOptions;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import dev.bowline.websocket.WebSocketClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many session clients on one event loop, in a process of their own, each subscribed to {@link ServerMain#TOPIC}. Arguments: the port, and
 * how many. It says how many there are when all are open. Each line that it hears is answered by one line of numbers:
 *
 * <ul>
 *   <li>{@code mark}: 0; from now on is counted
 *   <li>{@code open}: how many sessions are open
 *   <li>{@code attempts}: to connect since the mark, in each tenth of a second
 *   <li>{@code openings}: of sessions since the mark, in each tenth of a second
 *   <li>{@code outcome}: how many openings were resumed and how many new, messages of the topic that came, and losses
 *   <li>{@code bye}: how many have said it
 * </ul>
 */
public final class ClientsMain {
    /** From one address to another, Linux finds free ports fast for some 10,000 connections. */
    private static final int CLIENTS_PER_ADDRESS = 10_000;

    private static final int AT_A_TIME = 200;

    private final List<SessionClient> clients = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final Semaphore opening = new Semaphore(AT_A_TIME);
    private final AtomicLong resumed = new AtomicLong();
    private final AtomicLong fresh = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();

    // Under this object's lock.
    private final Curve attempts = new Curve();
    private final Curve openings = new Curve();
    private long markNanos = Long.MAX_VALUE;

    private ClientsMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ClientsMain all = new ClientsMain();
        all.open(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(all.clients.size());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(all.answer(line));
        }
        System.exit(0);
    }

    private void open(int port, int count) throws InterruptedException {
        SessionClientOptions options = SessionClientOptions.builder()
                .webSocketClient(WebSocketClient.builder().eventLoops(1).build())
                .build();
        for (int i = 0; i < count; i++) {
            opening.acquire();
            URI uri = URI.create("ws://127.0.0." + (1 + i / CLIENTS_PER_ADDRESS) + ":" + port + "/");
            SessionClient client = Bowline.connect(uri, options, new Watching());
            client.subscribe(ServerMain.TOPIC, SubscribeOptions.DEFAULT, new Reading())
                    .ready()
                    .thenRun(opening::release);
            clients.add(client);
        }
        opening.acquire(AT_A_TIME);
    }

    private String answer(String question) {
        return switch (question) {
            case "mark" -> mark();
            case "open" -> Integer.toString(open.get());
            case "attempts" -> line(attempts);
            case "openings" -> line(openings);
            case "outcome" -> resumed + " " + fresh + " " + messages + " " + losses;
            case "bye" -> bye();
            default -> throw new IllegalArgumentException("what is " + question + "?");
        };
    }

    private synchronized String line(Curve curve) {
        return curve.toLine();
    }

    private synchronized String mark() {
        attempts.clear();
        openings.clear();
        resumed.set(0);
        fresh.set(0);
        messages.set(0);
        losses.set(0);
        markNanos = System.nanoTime();
        return "0";
    }

    private synchronized void count(Curve curve) {
        if (markNanos != Long.MAX_VALUE) {
            curve.add((System.nanoTime() - markNanos) / 1_000_000);
        }
    }

    private String bye() {
        clients.stream()
                .map(client -> client.bye().toCompletableFuture())
                .toList()
                .forEach(CompletableFuture::join);
        return Integer.toString(clients.size());
    }

    private final class Watching implements SessionListener {
        private boolean wasOpen; // touched by the event loop alone

        @Override
        public void onState(SessionClient client, SessionState state) {
            if (state == SessionState.CONNECTING) {
                count(attempts);
            }
            boolean isOpen = state == SessionState.OPEN;
            if (isOpen != wasOpen) {
                wasOpen = isOpen;
                open.addAndGet(isOpen ? 1 : -1);
            }
        }

        @Override
        public void onOpen(SessionClient client, boolean goesOn, @Nullable String reason) {
            count(openings);
            (goesOn ? resumed : fresh).incrementAndGet();
        }
    }

    private final class Reading implements TopicListener {
        private long last; // touched by the event loop alone

        @Override
        public void onMessage(String topic, long offset, Payload payload) {
            if (last != 0 && offset != last + 1) {
                losses.incrementAndGet();
            }
            last = offset;
            messages.incrementAndGet();
        }

        @Override
        public void onGap(String topic, long from, long to, String code) {
            losses.incrementAndGet();
        }

        @Override
        public void onReset(String topic, String code) {
            losses.incrementAndGet();
            last = 0;
        }
    }
}
