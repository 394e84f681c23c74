package dev.bowline.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Redis cluster of three masters without replicas. If one of them is gone, the slots of the others go on.
 *
 * <p>Used by one thread. Without the program {@code redis-server} the test is skipped.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final int SLOTS = 16_384;
    private static final Duration MEETING = Duration.ofSeconds(30);

    private final List<RedisProcess> nodes;

    private RedisCluster(List<RedisProcess> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** Starts it, with such settings of each server. */
    public static RedisCluster start(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no"));
        all.addAll(Arrays.asList(settings));
        List<RedisProcess> begun = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                begun.add(RedisProcess.launch(all.toArray(String[]::new)));
            }
            meet(begun);
            RedisCluster cluster = new RedisCluster(begun);
            cluster.awaitComplete();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            RedisProcess.closeAll(begun);
            throw e;
        }
    }

    private static void meet(List<RedisProcess> nodes) {
        for (int i = 0; i < NODES; i++) {
            String slots = IntStream.range(SLOTS * i / NODES, SLOTS * (i + 1) / NODES)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            order(nodes.get(i), "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            order(nodes.get(i), "CLUSTER ADDSLOTS " + slots);
            if (i > 0) {
                order(nodes.get(i), "CLUSTER MEET 127.0.0.1 " + nodes.get(0).port());
            }
        }
    }

    /** Waits until all nodes are there, and know it of each other. */
    public void awaitComplete() {
        for (RedisProcess node : nodes) {
            Await.until("the cluster is complete for " + node.uri(), MEETING, () -> {
                String info = String.valueOf(node.ask("CLUSTER INFO"));
                return info.contains("cluster_state:ok")
                        && info.contains("cluster_slots_ok:" + SLOTS)
                        && info.contains("cluster_size:" + NODES);
            });
        }
    }

    private static void order(RedisProcess node, String command) {
        String answer = node.ask(command);
        if (!"+OK".equals(answer)) {
            throw new AssertionError(command + ": " + answer);
        }
    }

    public List<RedisProcess> nodes() {
        return nodes;
    }

    /** The node that a key belongs to. */
    public RedisProcess nodeOf(String key) {
        String slot = nodes.stream()
                .map(node -> String.valueOf(node.ask("CLUSTER KEYSLOT " + key))) // some may be gone
                .filter(answer -> answer.startsWith(":"))
                .findFirst()
                .orElseThrow();
        int number = Integer.parseInt(slot.substring(1));
        return IntStream.range(0, NODES)
                .filter(i -> number < SLOTS * (i + 1) / NODES)
                .mapToObj(nodes::get)
                .findFirst()
                .orElseThrow();
    }

    public List<String> uris() {
        return nodes.stream().map(RedisProcess::uri).toList();
    }

    @Override
    public void close() {
        RedisProcess.closeAll(nodes);
    }
}
