package dev.bowline.verification.bench.nodes;

import dev.bowline.testkit.RedisProcess;
import dev.bowline.verification.bench.restart.Child;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Nodes, in a process each, and the Redis that they share. Used by one thread. */
final class Installation implements AutoCloseable {
    private static final double MICROS_PER_SECOND = 1e6;

    private final Mode mode;
    private final @Nullable RedisProcess redis;
    private final List<Child> nodes = new ArrayList<>();
    private Usage look = new Usage(0, 0, 0, 0, 0, 0, 0, 0); // what it takes to look at the counters
    private Usage idle = new Usage(0, 0, 0, 0, 0, 0, 0, 0); // in a second

    private Installation(Mode mode) {
        this.mode = mode;
        this.redis = mode == Mode.MEMORY ? null : RedisProcess.launch("--maxmemory-policy", "noeviction");
    }

    /** Starts so many nodes. */
    static Installation start(Mode mode, int nodes) throws IOException {
        Installation installation = new Installation(mode);
        try {
            for (int i = 0; i < nodes; i++) {
                installation.nodes.add(new Child(
                        NodeMain.class, mode.name(), installation.redis == null ? "" : installation.redis.uri()));
            }
            return installation;
        } catch (IOException | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    Mode mode() {
        return mode;
    }

    /** @param node from 0 */
    int port(int node) {
        return Math.toIntExact(nodes.get(node).greeting()[0]);
    }

    URI uri(int node) {
        return URI.create("ws://127.0.0.1:" + port(node) + "/");
    }

    /** Has a node do something ({@link NodeMain}), and waits for that. */
    void tell(int node, String what) throws IOException {
        long[] unused = nodes.get(node).ask(what);
    }

    /** Ends one as SIGKILL does. It must not be told anything any more, and nothing must be measured. */
    void kill(int node) {
        nodes.get(node).close();
    }

    // ---- What it uses

    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Learns what goes on while nothing is asked of it: that is taken off from what is measured. */
    void learnIdle(long seconds) throws IOException, InterruptedException {
        Usage before = now();
        look = now().minus(before);
        Usage begin = now();
        TimeUnit.SECONDS.sleep(seconds);
        Usage whole = now().minus(begin);
        double slept = whole.seconds();
        idle = whole.minus(look).per(slept).at(0); // it takes no time of its own
    }

    /** What all nodes and Redis use in a second while nothing is asked of them. */
    Usage idle() {
        return idle;
    }

    /** What some work used, without what goes on anyway. */
    Usage measure(Work work) throws IOException, InterruptedException {
        Usage before = now();
        work.run();
        Usage used = now().minus(before);
        return used.minus(look).plus(idle, -used.seconds());
    }

    private Usage now() throws IOException {
        double nodeMicros = 0;
        for (Child node : nodes) {
            nodeMicros += node.ask("cpu")[0] / 1e3;
        }
        double seconds = System.nanoTime() / 1e9;
        if (redis == null) {
            return new Usage(0, 0, 0, 0, 0, 0, nodeMicros, seconds);
        }
        Map<String, String> info = info(redis);
        return new Usage(
                calls(info, "evalsha") + calls(info, "eval"),
                calls(info, "publish"),
                number(info, "total_commands_processed"),
                number(info, "total_net_input_bytes"),
                number(info, "total_net_output_bytes"),
                (number(info, "used_cpu_user") + number(info, "used_cpu_sys")) * MICROS_PER_SECOND,
                nodeMicros,
                seconds);
    }

    /** What Redis has in its memory, in bytes. */
    double redisBytes() throws IOException {
        return redis == null ? 0 : number(info(redis), "used_memory");
    }

    private static Map<String, String> info(RedisProcess redis) throws IOException {
        String all = redis.ask("INFO all");
        if (all == null) {
            throw new IOException("Redis does not answer");
        }
        Map<String, String> info = new HashMap<>();
        all.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return info;
    }

    private static double number(Map<String, String> info, String name) throws IOException {
        String value = info.get(name);
        if (value == null) {
            throw new IOException("Redis does not say " + name);
        }
        return Double.parseDouble(value);
    }

    /** Of a command that was never given, 0. */
    private static double calls(Map<String, String> info, String command) {
        String stats = info.getOrDefault("cmdstat_" + command, "calls=0,");
        return Double.parseDouble(stats.substring(stats.indexOf('=') + 1, stats.indexOf(',')));
    }

    @Override
    public void close() {
        nodes.forEach(Child::close);
        if (redis != null) {
            redis.close();
        }
    }
}
