package dev.bowline.session.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.KeepingEngine;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.memory.MemoryEngine;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two nodes, {@code a} and {@code b}, that share an engine, and clients that speak the wire: what comes to clients and to the
 * application is noted, in one order, and must all be expected.
 *
 * <p>Sessions are {@code memory-s1}, {@code memory-s2} … with the tokens {@code t1}, {@code t2} …; logs have the epochs
 * {@code memory-1}, {@code memory-2} … in the order in which they were first asked for.
 */
final class ServerHarness implements AfterEachCallback {
    static final NodeOptions OPTIONS = new NodeOptions(
            new ServerMessage.Terms(60_000, 20_000, 10_000, 1_000, 3, 500),
            2_000,
            10_000,
            2_000,
            5_000,
            4,
            6,
            5,
            1,
            100,
            30_000,
            5_000,
            15_000);

    /** The end of each welcome. */
    static final String TERMS = "|window 60000|ping 20000|grace 10000|max-message 1000|max-pending 3 500";

    static final TopicRules RULES = TopicRules.DEFAULT
            .and(TopicRule.of("few.*").retention(new Retention(2, 10_000, 1_000_000)))
            .and(TopicRule.of("typing.*").unlogged())
            .and(TopicRule.of("drop.*").dropOldest(2))
            .and(TopicRule.of("price.*")
                    .retention(new Retention(1_000, 100_000_000, 1_000_000))
                    .conflate(payload -> payload.asText().substring(0, 1)));

    private final List<String> noted = new ArrayList<>();
    private final Engine engine;
    private final List<TestNode> nodes = new ArrayList<>();
    private final Map<String, Long> parts = new HashMap<>(); // how many of each stream were taken
    private long nowMillis = 1_000_000;
    private int secrets;
    private int peers;

    final TestNode a;
    final TestNode b;

    ServerHarness() {
        this(MemoryEngine::new);
    }

    /** One whose engine keeps sessions outside their nodes ({@link #keeping}). */
    static ServerHarness ofKeeping() {
        return new ServerHarness(KeepingEngine::new);
    }

    private ServerHarness(BiFunction<Supplier<String>, LongSupplier, Engine> engines) {
        this.engine = engines.apply(this::secret, this::now);
        a = new TestNode("a");
        b = new TestNode("b");
    }

    KeepingEngine keeping() {
        return (KeepingEngine) engine;
    }

    /**
     * @param engines makes the engine of a source of secrets
     */
    ServerHarness(Function<Supplier<String>, Engine> engines) {
        this.engine = engines.apply(this::secret);
        a = new TestNode("a");
        b = new TestNode("b");
    }

    private String secret() {
        int count = secrets++;
        return count == 0 ? "memory" : (count % 2 == 1 ? "s" : "t") + (count + 1) / 2;
    }

    long now() {
        return nowMillis;
    }

    /** A node, its application, and what waits to be run on its thread. */
    final class TestNode {
        private final String name;
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean held;
        private boolean stopped;
        final ScriptedApplication application;
        final Node node;

        private TestNode(String name) {
            this.name = name;
            this.application = new ScriptedApplication(name, ServerHarness.this::note);
            this.node = new Node(
                    engine, OPTIONS, RULES, application, tasks::addLast, nowMillis, () -> nowMillis * 1_000_000);
            nodes.add(this);
        }

        /** Runs none of its tasks until {@link #goOn}. */
        void hold() {
            held = true;
        }

        /** Runs none of its tasks, and does not notice how time passes either. */
        void stop() {
            held = true;
            stopped = true;
        }

        /** Runs the first of its tasks. */
        void step() {
            node.run(tasks.removeFirst(), nowMillis);
        }

        void goOn() {
            held = false;
            settle();
        }

        int waiting() {
            return tasks.size();
        }

        Peer connect() {
            return new Peer(this);
        }

        /** Publishes as the application. */
        void publish(String topic, String... texts) {
            for (String text : texts) {
                node.publish(
                        topic, Payload.text(text), nowMillis, Callback.of(cursor -> {}, ServerHarness::unexpected));
                settle();
            }
        }

        void sendToUser(String user, String text) {
            node.sendToUser(
                    user,
                    Payload.text(text),
                    nowMillis,
                    Callback.of(cursor -> note(name + " stored " + cursor), ServerHarness::unexpected));
            settle();
        }

        /** Says something to a session; notes if it was not taken. */
        void tell(String session, SessionMessage message) {
            tell(session, message, () -> {});
        }

        private void tell(String session, SessionMessage message, Runnable wasTaken) {
            node.toSession(
                    session,
                    message,
                    nowMillis,
                    Callback.of(
                            taken -> {
                                if (taken) {
                                    wasTaken.run();
                                } else {
                                    note(name + " not taken");
                                }
                            },
                            ServerHarness::unexpected));
            settle();
        }

        /** Says something to a session for as long as it is not known whether it came; notes what came of it. */
        void assure(String session, SessionMessage message) {
            node.assure(
                    session,
                    message,
                    nowMillis,
                    Callback.of(
                            taken -> note(name + (taken ? " taken" : " not taken")),
                            failure -> note(name + " does not know")));
            settle();
        }

        void direct(String session, String text) {
            tell(session, new SessionMessage.Direct("note", Payload.text(text), null));
        }

        void directWithReceipt(String session, String text) {
            tell(session, new SessionMessage.Direct("note", Payload.text(text), new Receipt() {
                @Override
                public void received() {
                    note(text + " received");
                }

                @Override
                public void lost() {
                    note(text + " lost");
                }
            }));
        }

        void respond(String session, long seq, String text) {
            tell(session, new SessionMessage.Respond(seq, Payload.text(text)));
        }

        void part(String session, long seq, String... texts) {
            for (String text : texts) {
                String stream = session + " " + seq;
                long count = parts.getOrDefault(stream, 0L) + 1;
                tell(
                        session,
                        new SessionMessage.Part(seq, count, Payload.text(text)),
                        () -> parts.merge(stream, count, Math::max));
            }
        }

        void finish(String session, long seq) {
            tell(session, new SessionMessage.Finish(seq, parts.getOrDefault(session + " " + seq, 0L)));
        }
    }

    /** A client: the other end of a connection. */
    final class Peer implements Link {
        private final String name = Integer.toString(++peers);
        private final ServerConnection connection;
        private int room = Integer.MAX_VALUE;

        private Peer(TestNode server) {
            this.connection = server.node.connect(this, nowMillis);
        }

        /** Says each, and lets everything happen that comes of it. */
        Peer says(String... wires) {
            for (String wire : wires) {
                connection.received(Payload.text(wire), nowMillis);
                settle();
            }
            return this;
        }

        void saysBinary(byte[] wire) {
            connection.received(Payload.binary(ByteBuffer.wrap(wire)), nowMillis);
            settle();
        }

        /** Its connection breaks. */
        void breaks() {
            connection.closed(1006, nowMillis);
            settle();
        }

        /** From now on there is room for so many messages of topics. */
        void hasRoomFor(int messages) {
            boolean was = hasRoom();
            room = messages;
            if (!was && hasRoom()) {
                connection.drained(nowMillis);
                settle();
            }
        }

        @Override
        public void send(Payload message) {
            note(name + "> " + message.asText().replace('\n', '|'));
        }

        @Override
        public void send(List<Entry> entries) {
            entries.forEach(entry -> send(entry.message()));
            room -= room == Integer.MAX_VALUE ? 0 : entries.size();
        }

        @Override
        public boolean hasRoom() {
            return room > 0;
        }

        @Override
        public void close(int code, String reason) {
            note(name + " closed " + code + " " + reason);
        }
    }

    /** A client with a new session of nobody's, on node {@code a}; what that took is forgotten. */
    Peer open() {
        return open(a, "hello");
    }

    Peer openAs(String user) {
        return open(a, "hello\nauth " + user);
    }

    Peer open(TestNode server, String hello) {
        Peer peer = server.connect().says(hello);
        noted.clear();
        return peer;
    }

    /** Lets time pass; nodes are woken when they want to be. */
    void pass(long millis) {
        long until = nowMillis + millis;
        while (true) {
            TestNode next = null;
            for (TestNode one : nodes) {
                if (!one.stopped && (next == null || one.node.deadlineMillis() < next.node.deadlineMillis())) {
                    next = one;
                }
            }
            if (next == null || next.node.deadlineMillis() > until) {
                break;
            }
            nowMillis = Math.max(nowMillis, next.node.deadlineMillis());
            next.node.onTime(nowMillis);
            settle();
        }
        nowMillis = until;
    }

    /** Lets time pass, while a client answers pings: those are not noted. */
    void passAlive(Peer client, long millis) {
        List<String> before = notes();
        for (long left = millis; left > 0; left -= 5_000) {
            pass(Math.min(left, 5_000));
            client.says("pong");
        }
        List<String> after = new ArrayList<>(notes());
        after.removeIf(line -> line.equals(client.name + "> ping"));
        noted.addAll(before);
        noted.addAll(after);
    }

    /** Runs what nodes have to do, but for those that are held. */
    void settle() {
        boolean ran = true;
        while (ran) {
            ran = false;
            for (TestNode one : nodes) {
                if (!one.held && !one.tasks.isEmpty()) {
                    one.step();
                    ran = true;
                }
            }
        }
    }

    private static void unexpected(Failure failure) {
        throw new AssertionError(failure);
    }

    void note(String line) {
        noted.add(line);
    }

    void forget() {
        noted.clear();
    }

    /** What was noted since, all of it. */
    void expect(String... lines) {
        List<String> was = List.copyOf(noted);
        noted.clear();
        assertThat(was).containsExactly(lines);
    }

    /** What was noted since, for a test that looks for something in it. */
    List<String> notes() {
        List<String> was = List.copyOf(noted);
        noted.clear();
        return was;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        @Nullable Throwable failed = context.getExecutionException().orElse(null);
        if (failed == null) {
            assertThat(noted).as("nothing else").isEmpty();
        }
    }
}
