package dev.bowline.session.simulation;

import dev.bowline.session.engine.Entry;
import dev.bowline.session.server.Link;
import dev.bowline.session.server.ServerConnection;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Seeded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection over a network that delays, stalls and cuts. What is sent one way arrives in order, each message whole or not at all; of
 * what is on its way when the connection breaks nothing arrives.
 */
final class SimulatedConnection implements Link {
    /** The end of whoever made the connection. */
    interface Peer {
        void received(SimulatedConnection connection, Payload message);

        void closed(SimulatedConnection connection, int code, String reason);
    }

    /** A message, or the end. */
    private record Item(@Nullable Payload message, int code, String reason, long readyMillis) {
        int size() {
            return message == null ? 0 : message.size();
        }
    }

    private static final int ABNORMAL = 1006;

    private final World world;
    private final SimulatedNode node;
    private final Peer peer;
    private final Defect defect;
    private final ServerConnection end;
    private final Pipe up;
    private final Pipe down;
    private final long roomBytes;
    private boolean wantsRoom; // the node was told that there is none
    private boolean broken;

    SimulatedConnection(World world, SimulatedNode node, Peer peer, Defect defect, boolean slow) {
        this.world = world;
        this.node = node;
        this.peer = peer;
        this.defect = defect;
        Seeded random = world.random();
        int latency = random.oneOf(0, 1, 5, 40);
        this.roomBytes = random.oneOf(200, 1_000, 20_000);
        this.up = new Pipe(latency, 0, this::arrivesAtNode);
        this.down = new Pipe(latency, slow ? random.oneOf(1, 5, 20) : 0, this::arrivesAtPeer);
        ServerConnection[] made = new ServerConnection[1];
        if (node.isPaused()) {
            made[0] = node.node().connect(this, world.now()); // it is accepted before the process takes notice
        } else {
            node.enter(() -> made[0] = node.node().connect(this, world.now()));
        }
        this.end = made[0];
    }

    boolean isOver() {
        return broken;
    }

    boolean isOf(SimulatedNode one) {
        return node == one;
    }

    // ---- Both ways ----

    /** One way. */
    private final class Pipe {
        private final int latencyMillis;
        private final int millisPerTenBytes; // 0: as fast as can be
        private final Consumer<Item> receiver;
        private final Deque<Item> items = new ArrayDeque<>();
        private long bytes;
        private long lastMillis; // when the last one is there
        private boolean stopped; // nothing arrives for now
        private boolean awaited;

        Pipe(int latencyMillis, int millisPerTenBytes, Consumer<Item> receiver) {
            this.latencyMillis = latencyMillis;
            this.millisPerTenBytes = millisPerTenBytes;
            this.receiver = receiver;
        }

        void send(@Nullable Payload message, int code, String reason) {
            int size = message == null ? 0 : message.size();
            lastMillis = Math.max(
                            lastMillis,
                            world.now() + latencyMillis + world.random().intBetween(0, 3))
                    + (long) size * millisPerTenBytes / 10;
            items.addLast(new Item(message, code, reason, lastMillis));
            bytes += size;
            await();
        }

        private void await() {
            if (!awaited && !stopped && !items.isEmpty()) {
                awaited = true;
                world.at(items.getFirst().readyMillis, this::arrive);
            }
        }

        private void arrive() {
            awaited = false;
            if (stopped || broken || items.isEmpty()) {
                return;
            }
            Item item = items.removeFirst();
            bytes -= item.size();
            receiver.accept(item);
            await();
        }

        void stop(boolean now) {
            stopped = now;
            await();
        }
    }

    private void arrivesAtNode(Item item) {
        if (item.message == null) {
            broken = true;
            node.enter(() -> end.closed(ABNORMAL, world.now()));
        } else {
            for (Payload message : defect.up(item.message)) {
                node.enter(() -> end.received(message, world.now()));
            }
        }
    }

    private void arrivesAtPeer(Item item) {
        if (item.message == null) {
            broken = true;
            peer.closed(this, item.code, item.reason);
            return;
        }
        for (Payload message : defect.down(item.message)) {
            peer.received(this, message);
        }
        if (wantsRoom && down.bytes < roomBytes / 2) {
            wantsRoom = false;
            node.enter(() -> end.drained(world.now()));
        }
    }

    // ---- The peer's end ----

    void sendUp(Payload message) {
        if (!broken) {
            up.send(message, 0, "");
        }
    }

    /** The peer closes: what it has sent arrives before that. */
    void closeUp() {
        if (!broken) {
            up.send(null, ABNORMAL, "");
        }
    }

    /** The peer does not read. */
    void asleep(boolean now) {
        down.stop(now);
    }

    // ---- The node's end ----

    @Override
    public void send(Payload message) {
        if (!broken) {
            down.send(message, 0, "");
        }
    }

    @Override
    public void send(List<Entry> entries) {
        entries.forEach(entry -> send(entry.message()));
    }

    @Override
    public boolean hasRoom() {
        boolean room = broken || down.bytes < roomBytes;
        wantsRoom |= !room;
        return room;
    }

    @Override
    public void close(int code, String reason) {
        if (!broken) {
            down.send(null, code, reason);
        }
    }

    // ---- Faults ----

    /** Breaks, and tells each end, or not: who is not told must find out. */
    void cut(boolean tellPeer, boolean tellNode) {
        if (broken) {
            return;
        }
        broken = true;
        if (tellPeer) {
            world.in(world.random().intBetween(0, 50), () -> peer.closed(this, ABNORMAL, ""));
        }
        if (tellNode) {
            world.in(world.random().intBetween(0, 50), () -> node.enter(() -> end.closed(ABNORMAL, world.now())));
        }
    }

    /** Breaks, and the peer is told; what it has sent is on its way for so long, and then arrives. */
    void straggle(long millis) {
        up.send(null, ABNORMAL, "");
        stall(true, true);
        world.in(world.random().intBetween(0, 50), () -> peer.closed(this, ABNORMAL, ""));
        world.in(millis, () -> up.stop(false));
    }

    /** Nothing arrives at the node, or at the peer, or at either, for now. */
    void stall(boolean atNode, boolean atPeer) {
        up.stop(atNode);
        down.stop(atPeer);
    }

    SimulatedNode node() {
        return node;
    }
}
