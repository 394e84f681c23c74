package dev.bowline.verification.nodes;

import dev.bowline.realtime.Bowline;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.realtime.TopicListener;
import dev.bowline.session.wire.Payload;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The proof's own client: it says something in every log, and reads them from their beginning. Used by one thread. */
final class Reader implements AutoCloseable {
    private static final long ALL = 1_000_000_000;

    private final Crowd crowd;
    private final Ledger ledger;
    private final URI uri;
    private final SessionClient client;
    private final List<SessionClient> devices = new ArrayList<>(); // to read mailboxes
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Segment> logs = new ConcurrentHashMap<>(); // each touched under its own lock

    Reader(Crowd crowd, Ledger ledger, int port) {
        this.crowd = crowd;
        this.ledger = ledger;
        uri = URI.create("ws://127.0.0.1:" + port + "/");
        client = Bowline.connect(uri, crowd.sessionOptions().build());
    }

    /** Says something in every log; returns what, by log. It is there when nothing is open in the ledger any more. */
    Map<String, Label> sayEverywhere() {
        Map<String, Label> said = new HashMap<>();
        for (String topic : Part.topics(crowd.parts())) {
            Label label = label(said, topic, Command.Kind.PUBLISH);
            client.publish(topic, label.toString())
                    .whenComplete((nothing, failure) -> ledger.told(label, Actor.outcome(failure)));
        }
        for (String user : crowd.users()) {
            Label label = label(said, View.mailbox(user), Command.Kind.MAIL);
            client.request("mail", label + " " + user)
                    .whenComplete((nothing, failure) -> ledger.told(label, Actor.outcome(failure)));
        }
        return said;
    }

    private Label label(Map<String, Label> said, String log, Command.Kind kind) {
        Label label = new Label(0, numbers.incrementAndGet());
        said.put(log, label);
        ledger.given(label, kind, log);
        return label;
    }

    /** Begins to read all logs. */
    void read() {
        for (String topic : Part.topics(crowd.parts())) {
            read(client, topic, topic);
        }
        for (String user : crowd.users()) {
            SessionClient device =
                    Bowline.connect(uri, crowd.sessionOptions().token(user).build());
            devices.add(device);
            read(device, "$mailbox", View.mailbox(user));
        }
    }

    private void read(SessionClient reader, String topic, String log) {
        Segment segment = new Segment(1);
        logs.put(log, segment);
        reader.subscribe(topic, SubscribeOptions.DEFAULT.last(ALL), new TopicListener() {
            @Override
            public void onMessage(String from, long offset, Payload payload) {
                synchronized (segment) {
                    if (offset != segment.next()) {
                        ledger.wrong(log + " has " + Label.of(payload) + " at " + offset + " behind "
                                + (segment.next() - 1));
                        return;
                    }
                    segment.add(Label.of(payload).packed());
                }
            }

            @Override
            public void onGap(String from, long first, long last, String code) {
                ledger.wrong(log + " has no messages from " + first + " to " + last + ": " + code);
            }

            @Override
            public void onReset(String from, String code) {
                ledger.wrong(log + " is another one while it is read: " + code);
            }
        });
    }

    /** Which logs were not read up to these messages. */
    List<String> unread(Map<String, Label> ends) {
        List<String> all = new ArrayList<>();
        ends.forEach((log, label) -> {
            Segment segment = logs.get(log);
            if (segment == null) {
                all.add(log);
                return;
            }
            synchronized (segment) {
                if (!segment.endsWith(label.packed())) {
                    all.add(log);
                }
            }
        });
        return all;
    }

    /** All logs; complete when nothing is unread. */
    Map<String, Segment> logs() {
        return Map.copyOf(logs);
    }

    @Override
    public void close() {
        client.close();
        devices.forEach(SessionClient::close);
    }
}
