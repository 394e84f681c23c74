package dev.bowline.verification.bench.restart;

import dev.bowline.session.client.ClientHandler;
import dev.bowline.session.client.ClientSession;
import dev.bowline.session.client.ClientSessionOptions;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.server.Link;
import dev.bowline.session.server.ServerConnection;
import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.Payload;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client on the timeline, with a way of its own length to the server. */
final class SimulatedClient implements ClientHandler {
    private static final int ABNORMAL = 1006;

    /** Whom clients tell what they do, and what comes of it. */
    interface Observer {
        /** It tries to connect. */
        void attempted();

        /** It has a session. */
        void opened(boolean resumed);
    }

    private final Timeline timeline;
    private final SimulatedServer server;
    private final Observer observer;
    private final long oneWayMillis;
    private final ClientSession session;
    private @Nullable Way way;
    private long awaitedMillis = Long.MAX_VALUE; // when it is told the time
    private @Nullable String id;
    private long offset;
    private int messages;
    private int directs;
    private int losses; // gaps, resets, and offsets out of turn

    SimulatedClient(Timeline timeline, SimulatedServer server, SplittableRandom random, Observer observer) {
        this.timeline = timeline;
        this.server = server;
        this.observer = observer;
        this.oneWayMillis = random.nextLong(2, 40);
        this.session = new ClientSession(ClientSessionOptions.DEFAULT, null, random::nextLong, this);
    }

    void start(String topic) {
        use(used -> {
            used.start(timeline.now());
            used.subscribe(topic, new ClientMessage.Start.Now(), false, result -> {});
        });
    }

    void bye() {
        use(used -> used.bye(timeline.now()));
    }

    private void use(Consumer<ClientSession> use) {
        use.accept(session);
        long deadline = session.deadlineMillis();
        if (deadline < awaitedMillis) {
            awaitedMillis = deadline;
            timeline.at(deadline, () -> onTime(deadline));
        }
    }

    private void onTime(long millis) {
        if (awaitedMillis == millis) { // else it asked for an earlier time since
            awaitedMillis = Long.MAX_VALUE;
            use(used -> {
                if (used.deadlineMillis() <= timeline.now()) {
                    used.onTime(timeline.now());
                }
            });
        }
    }

    // ---- What there is to tell ----

    @Nullable
    String id() {
        return id;
    }

    int messages() {
        return messages;
    }

    int directs() {
        return directs;
    }

    int losses() {
        return losses;
    }

    // ---- A connection ----

    /** A connection: what is sent arrives in order, after the time that the way takes. */
    private final class Way implements Link {
        private final SimulatedNode node = server.node();
        private final int incarnation = server.incarnation();
        private final ServerConnection end;
        private boolean over; // for both ends

        Way() {
            ServerConnection[] made = new ServerConnection[1];
            node.use(used -> made[0] = used.connect(this, timeline.now()));
            end = made[0];
        }

        private boolean isCut() {
            return over || incarnation != server.incarnation();
        }

        private void down(Runnable arrival) {
            timeline.in(oneWayMillis, () -> {
                if (!isCut() && way == this) {
                    arrival.run();
                }
            });
        }

        void up(Runnable arrival) {
            timeline.in(oneWayMillis, () -> {
                if (!isCut()) {
                    arrival.run();
                }
            });
        }

        @Override
        public void send(Payload message) {
            down(() -> use(used -> used.received(message, timeline.now())));
        }

        @Override
        public void send(List<Entry> entries) {
            entries.forEach(entry -> send(entry.message()));
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void close(int code, String reason) {
            down(() -> ended(code, reason));
        }

        private void ended(int code, String reason) {
            over = true;
            way = null;
            use(used -> used.disconnected(code, reason, timeline.now()));
        }
    }

    /** The server has died: its machine says so, as the streams are cut. */
    void cut() {
        Way last = way;
        if (last != null) {
            timeline.in(oneWayMillis, () -> {
                if (way == last) {
                    last.ended(ABNORMAL, "");
                }
            });
        }
    }

    @Override
    public void connect() {
        observer.attempted();
        timeline.in(oneWayMillis, () -> {
            if (server.isListening()) {
                timeline.in(2 * oneWayMillis, this::upgrade); // the TCP handshake ends, and the request is there
            } else {
                timeline.in(oneWayMillis, () -> use(used -> used.disconnected(ABNORMAL, "refused", timeline.now())));
            }
        });
    }

    private void upgrade() {
        if (!server.isListening()) {
            use(used -> used.disconnected(ABNORMAL, "cut", timeline.now()));
            return;
        }
        Way made = new Way();
        way = made;
        timeline.in(oneWayMillis, () -> use(used -> used.connected(timeline.now())));
    }

    @Override
    public void send(Payload message) {
        Way now = way;
        if (now != null) {
            now.up(() -> now.node.use(used -> now.end.received(message, timeline.now())));
        }
    }

    @Override
    public void close(int code, String reason) {
        Way last = way;
        way = null;
        if (last != null) {
            last.up(() -> {
                last.over = true;
                last.node.use(used -> last.end.closed(code, timeline.now()));
            });
        }
    }

    // ---- What comes ----

    @Override
    public void onState(ClientSession.State state) {}

    @Override
    public void onWelcome(String newId, @Nullable String user, boolean resumed, @Nullable String reason) {
        id = newId;
        observer.opened(resumed);
    }

    @Override
    public void onEnded(int code, String reason) {}

    @Override
    public void onDirect(String name, Payload payload) {
        directs++;
    }

    @Override
    public void onTopicMessage(String topic, long next, Payload payload) {
        if (offset != 0 && next != offset + 1) {
            losses++;
        }
        offset = next;
        messages++;
    }

    @Override
    public void onGap(String topic, long from, long to, String code) {
        losses++;
    }

    @Override
    public void onReset(String topic, String code) {
        losses++;
        offset = 0;
    }

    @Override
    public void onSubscriptionEnded(String pattern, String code) {
        losses++;
    }

    @Override
    public void onPresent(String topic, List<String> users) {}

    @Override
    public void onJoined(String topic, String user) {}

    @Override
    public void onLeft(String topic, String user) {}

    @Override
    public void onExpiring(long millis) {}
}
