package dev.bowline.verification.bench.nodes;

import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.TopicListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What each thing that clients and the application do asks of Redis. One at a time: under load, some of it comes together. */
final class Prices {
    static final String RESUMED = "resume on another node";

    private static final TopicListener NOBODY = (topic, offset, payload) -> {};

    private final Installation on;
    private final int times;
    private final List<Price> prices = new ArrayList<>();
    private final AtomicInteger number = new AtomicInteger();

    private Prices(Installation on, int times) {
        this.on = on;
        this.times = times;
    }

    /** What one of them used. */
    record Price(String what, Usage usage) {}

    /** @param on with two nodes at least */
    static List<Price> measure(Installation on, int times) throws IOException, InterruptedException {
        Prices all = new Prices(on, times);
        try (Clients clients = new Clients()) {
            all.measure(clients);
        }
        return all.prices;
    }

    private void measure(Clients clients) throws IOException, InterruptedException {
        SessionClient here = clients.connect(on.uri(0), "here");
        SessionClient there = clients.connect(on.uri(1), "there");
        String topic = "bench.price";
        Clients.await(here.subscribe(topic, NOBODY).ready());
        Clients.await(there.subscribe(topic, NOBODY).ready());
        Clients.await(there.subscribe("$mailbox", NOBODY).ready());
        on.learnIdle(5);
        price("publish, by a client", () -> Clients.await(here.publish(topic, NodeMain.TEXT)));
        price("publish, by the application", times, () -> on.tell(0, "publish " + topic + " " + times));
        price("request and its answer", () -> Clients.await(here.request(NodeMain.ECHO, NodeMain.TEXT)));
        String hereId = here.id().orElseThrow();
        String thereId = there.id().orElseThrow();
        price("direct message and its receipt, same node", times, () -> on.tell(0, "direct " + hereId + " " + times));
        price("direct message and its receipt, other node", times, () -> on.tell(0, "direct " + thereId + " " + times));
        price("into a mailbox, a device on another node", times, () -> on.tell(0, "mail there " + times));
        price(
                "subscribe to a topic",
                () -> Clients.await(here.subscribe("bench.price." + number.incrementAndGet(), NOBODY)
                        .ready()));
        price("a new session", () -> clients.openRaw(on.uri(0)).cut());
        resume(clients, "resume on the same node", 0);
        resume(clients, RESUMED, 1);
    }

    /** @param step how much further the next node is, of two */
    private void resume(Clients clients, String what, int step) throws IOException, InterruptedException {
        RawSession[] session = {clients.openRaw(on.uri(0))};
        Clients.await(session[0].subscribe("bench.price"));
        int[] node = {0};
        price(what, () -> {
            session[0].cut();
            node[0] = (node[0] + step) % 2;
            session[0] = Clients.await(session[0].resume(on.uri(node[0])));
            if (!session[0].isResumed()) {
                throw new IOException("a session was lost");
            }
        });
    }

    private void price(String what, Installation.Work one) throws IOException, InterruptedException {
        price(what, times, () -> {
            for (int i = 0; i < times; i++) {
                one.run();
            }
        });
    }

    private void price(String what, int units, Installation.Work work) throws IOException, InterruptedException {
        prices.add(new Price(what, on.measure(work).per(units)));
    }
}
