package dev.bowline.session.simulation;

import dev.bowline.session.server.Node;
import dev.bowline.session.server.NodeOptions;
import dev.bowline.session.server.TopicRules;
import java.util.ArrayDeque;
import java.util.Deque;

/** A node and its event loop: tasks wait in a queue, timers fire when they are due or a little later. */
final class SimulatedNode {
    private static final long NEVER = Long.MAX_VALUE;

    private final World world;
    private final String name;
    private final Node node;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Deque<Runnable> paused = new ArrayDeque<>(); // what came meanwhile
    private boolean isPaused;
    private boolean turnAwaited;
    private boolean gone;
    private long armedMillis = NEVER;

    SimulatedNode(
            World world,
            String name,
            SimulatedEngine engine,
            NodeOptions options,
            TopicRules rules,
            SimulatedApplication application) {
        this.world = world;
        this.name = name;
        this.node = new Node(engine, options, rules, application.onNode(this), this::post, world.now());
    }

    String name() {
        return name;
    }

    Node node() {
        return node;
    }

    /** Whether its process has died. */
    boolean isGone() {
        return gone;
    }

    /** Nothing happens on it any more. */
    void die() {
        gone = true;
        tasks.clear();
        paused.clear();
    }

    /** Nothing happens on it until {@link #goOn}; what comes meanwhile waits. */
    void pause() {
        isPaused = true;
    }

    void goOn() {
        isPaused = false;
        while (!isPaused && !gone && !paused.isEmpty()) {
            enter(paused.removeFirst());
        }
        awaitTurn();
    }

    boolean isPaused() {
        return isPaused;
    }

    private void post(Runnable task) {
        if (!gone) {
            tasks.addLast(task);
            awaitTurn();
        }
    }

    private void awaitTurn() {
        if (!turnAwaited && !isPaused && !tasks.isEmpty()) {
            turnAwaited = true;
            world.in(
                    world.random().chance(90)
                            ? world.random().intBetween(0, 2)
                            : world.random().intBetween(3, 60),
                    this::turn);
        }
    }

    private void turn() {
        turnAwaited = false;
        if (isPaused) {
            return;
        }
        int most = world.random().intBetween(1, 4);
        for (int i = 0; i < most && !tasks.isEmpty(); i++) {
            Runnable task = tasks.removeFirst();
            node.run(task, world.now());
        }
        awaitTurn();
        arm();
    }

    /** Does something on the node's thread, now. */
    void enter(Runnable action) {
        if (isPaused && !gone) {
            paused.addLast(action);
        } else if (!gone) {
            action.run();
            arm();
        }
    }

    /** Does something on the node's thread, later. */
    void later(long millis, Runnable action) {
        world.in(millis, () -> enter(() -> node.run(action, world.now())));
    }

    private void arm() {
        long deadline = node.deadlineMillis();
        if (deadline < armedMillis) {
            armedMillis = deadline;
            world.at(deadline, () -> fire(deadline));
        }
    }

    private void fire(long deadline) {
        if (armedMillis == deadline) {
            armedMillis = NEVER;
            enter(() -> node.onTime(world.now()));
        }
    }
}
