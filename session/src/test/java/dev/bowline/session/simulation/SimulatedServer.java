package dev.bowline.session.simulation;

import static dev.bowline.session.simulation.Truth.wrong;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Retention;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRule;
import dev.bowline.session.server.TopicRules;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A server of a few nodes, over one engine. */
final class SimulatedServer {
    static final long WINDOW_MILLIS = 40_000;
    static final long PING_MILLIS = 4_000;
    static final long GRACE_MILLIS = 3_000;
    static final int MAX_PENDING = 6;
    static final int MAX_PENDING_BYTES = 1_500;
    static final long MAX_DIRECT_BYTES = 6_000;
    static final long MAX_LOG_BYTES = 3_000;

    private static final NodeOptions OPTIONS = new NodeOptions(
            new ServerMessage.Terms(WINDOW_MILLIS, PING_MILLIS, GRACE_MILLIS, 4_096, MAX_PENDING, MAX_PENDING_BYTES),
            4_096,
            5_000,
            MAX_DIRECT_BYTES,
            4 * MAX_DIRECT_BYTES,
            20,
            8,
            1_000,
            1_000,
            20,
            5_000,
            8_000,
            10_000);

    private static final TopicRules RULES = TopicRules.DEFAULT
            .and(TopicRule.of("short.*").retention(new Retention(5, 100_000, 1_000_000)))
            .and(TopicRule.of("brief.*").retention(new Retention(1_000, 100_000, 3_000)))
            .and(TopicRule.of("drop.*").dropOldest(3))
            .and(TopicRule.of("latest.*").conflate(payload -> keyOf(Truth.idOf(payload))))
            .and(TopicRule.of("typing.*").unlogged());

    private final World world;
    private final Profile profile;
    private final Truth truth;
    private final Defect defect;
    private final SimulatedApplication application;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final Set<String> goneNodes = new HashSet<>();
    private SimulatedEngine engine;
    private boolean slow;
    private int made;
    private boolean restarted;
    private long restartedMillis = Long.MIN_VALUE;

    SimulatedServer(World world, Profile profile, Truth truth, Defect defect) {
        this.world = world;
        this.profile = profile;
        this.truth = truth;
        this.defect = defect;
        this.slow = profile.slowApplication();
        this.application = new SimulatedApplication(world, this, truth);
        this.engine = newEngine();
        int count = world.random().intBetween(1, 3);
        for (int i = 0; i < count; i++) {
            nodes.add(newNode());
        }
    }

    /** What a message of a topic that keeps the latest of each says something about. */
    static String keyOf(String id) {
        return "key" + id.charAt(id.length() - 1) % 3;
    }

    private SimulatedEngine newEngine() {
        return new SimulatedEngine(
                world,
                truth,
                defect,
                profile.remoteEngine(),
                profile.keeps(),
                () -> Long.toHexString(world.random().nextLong() | Long.MIN_VALUE),
                profile.smallLogs() ? MAX_LOG_BYTES : 1_000_000,
                profile.smallLogs() ? 6 : 1_000);
    }

    private SimulatedNode newNode() {
        return new SimulatedNode(world, "node" + ++made, engine, OPTIONS, RULES, application);
    }

    SimulatedEngine engine() {
        return engine;
    }

    SimulatedApplication application() {
        return application;
    }

    /** A node that works, where there is one. */
    SimulatedNode someNode() {
        SimulatedNode chosen = world.random().oneOf(nodes);
        for (SimulatedNode other : nodes) {
            chosen = chosen.isPaused() ? other : chosen;
        }
        return chosen;
    }

    boolean isSlow() {
        return slow;
    }

    /** Whether a server has gone with all that it had. */
    boolean wasRestarted() {
        return restarted;
    }

    /** When a node, or all, ended last. */
    long restartedMillis() {
        return restartedMillis;
    }

    SimulatedConnection connect(SimulatedConnection.Peer peer, boolean slowly) {
        SimulatedConnection made = new SimulatedConnection(world, someNode(), peer, defect, slowly);
        connections.removeIf(SimulatedConnection::isOver);
        connections.add(made);
        return made;
    }

    /** The application publishes. */
    void publish(String topic) {
        SimulatedNode node = someNode();
        Payload payload = Payload.text(application.nextId());
        node.enter(() -> node.node().publish(topic, payload, world.now(), Callback.of(cursor -> {}, failure -> {})));
    }

    /** The application has something for a user. */
    void sendToUser(String user) {
        SimulatedNode node = someNode();
        Payload payload = Payload.text(application.nextId());
        node.enter(() -> node.node()
                .sendToUser(
                        user,
                        payload,
                        world.now(),
                        Callback.of(
                                cursor -> node.node()
                                        .engine()
                                        .sessions()
                                        .whenReceived(user, cursor, () -> application.checkReceived(user, cursor)),
                                failure -> {})));
    }

    /** The rights of a user are withdrawn. */
    void revoke(String user) {
        SimulatedNode node = someNode();
        world.trace(node.name(), "revokes " + user);
        node.enter(() -> {
            application.revoked(user);
            node.node().engine().bus().toUser(user, new UserMessage.Revoke("revoked"));
        });
    }

    // ---- Faults ----

    /** A node sends its clients away, and goes on. */
    void dismiss(long retryMillis) {
        SimulatedNode node = someNode();
        world.trace(node.name(), "sends its clients away for " + retryMillis);
        node.enter(() -> node.node().dismissAll(retryMillis, world.now()));
    }

    void restartNode() {
        int which = world.random().intBetween(0, nodes.size() - 1);
        SimulatedNode ended = nodes.get(which);
        world.trace(ended.name(), "ends");
        restartedMillis = world.now();
        ended.enter(() -> ended.node().stop(world.now()));
        if (profile.keeps()) {
            goneNodes.add(ended.name());
        }
        world.in(10_000, ended::die); // until then its thread does what it was asked
        nodes.set(which, newNode());
    }

    /** A node's process dies; after a while the others take notice of that. */
    void crashNode() {
        int which = world.random().intBetween(0, nodes.size() - 1);
        SimulatedNode dead = nodes.get(which);
        world.trace(dead.name(), "dies");
        dead.die();
        goneNodes.add(dead.name());
        connections.stream()
                .filter(connection -> connection.isOf(dead))
                .forEach(connection -> connection.cut(world.random().chance(80), false));
        SimulatedEngine now = engine;
        world.in(world.random().oneOf(10, 500, 5_000), () -> now.giveUp(dead));
        nodes.set(which, newNode());
    }

    /** A node does nothing for a while, and may be taken for dead. */
    void pauseNode() {
        SimulatedNode node = someNode();
        if (node.isPaused()) {
            return; // all are
        }
        long millis = world.random().oneOf(100, 1_000, 5_000, 12_000);
        world.trace(node.name(), "pauses for " + millis);
        node.pause();
        SimulatedEngine now = engine;
        if (millis >= 5_000) {
            goneNodes.add(node.name()); // its receipts may not reach it
            world.in(4_000, () -> {
                if (node.isPaused() && !node.isGone()) {
                    world.trace(node.name(), "is taken for dead");
                    now.giveUp(node);
                }
            });
        }
        world.in(millis, () -> {
            world.trace(node.name(), "goes on");
            if (!node.isGone()) {
                now.takeBack(node);
            }
            node.goOn();
        });
    }

    /** Whether a session is over, though nobody may know it: a node has died when it had ended it. */
    boolean isOver(String session) {
        return truth.isOver(session) || (!goneNodes.isEmpty() && !engine.isKept(session));
    }

    /** Whether a node has died, or was taken to have. */
    boolean hasGone(String node) {
        return goneNodes.contains(node);
    }

    void restart() {
        world.trace("server", "restarts");
        restarted = true;
        restartedMillis = world.now();
        nodes.forEach(SimulatedNode::die);
        engine.die();
        application.lostAll();
        truth.forgetLogs();
        connections.forEach(connection -> connection.cut(world.random().nextBoolean(), false));
        engine = newEngine();
        nodes.replaceAll(node -> newNode());
    }

    void outage() {
        world.trace("engine", "is out of reach");
        engine.reachable(false);
        SimulatedEngine now = engine;
        world.in(world.random().intBetween(50, 6_000), () -> {
            world.trace("engine", "is back");
            now.reachable(true);
        });
    }

    /** The logs go on in other epochs, with all that they had, or not. */
    void restartLogs() {
        boolean loses = world.random().chance(40);
        world.trace("logs", "restart" + (loses ? ", and lose something" : ""));
        if (world.random().chance(40)) {
            engine.restartLogs(false); // so that epochs come of which nobody gets to hear
        }
        engine.restartLogs(loses);
    }

    List<SimulatedConnection> connections() {
        connections.removeIf(SimulatedConnection::isOver);
        return connections;
    }

    /** From now on all is well. */
    void calm() {
        slow = false;
        connections.forEach(connection -> connection.stall(false, false));
        nodes.forEach(node -> {
            engine.takeBack(node);
            node.goOn();
        });
        engine.reachable(true);
    }

    // ---- Checks ----

    void check() {
        if (profile.smallLogs() && engine.logBytes() > MAX_LOG_BYTES) {
            throw wrong("the logs have " + engine.logBytes() + " bytes, more than " + MAX_LOG_BYTES);
        }
    }

    /** All clients have gone, and the last windows have passed. */
    void checkEmpty() {
        for (SimulatedNode node : nodes) {
            if (node.node().sessionCount() != 0
                    || node.node().topicCount() != 0
                    || node.node().deadlineMillis() != Long.MAX_VALUE) {
                throw wrong(node.name() + " has " + node.node().sessionCount() + " sessions, "
                        + node.node().topicCount() + " topics, and a deadline in "
                        + (node.node().deadlineMillis() - world.now()) + " ms");
            }
        }
    }
}
