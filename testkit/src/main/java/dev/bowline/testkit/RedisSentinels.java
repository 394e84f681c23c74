package dev.bowline.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis server, its replica, and a Sentinel that makes the replica the master when the master is gone. One Sentinel, and not three: who
 * asks it sees the same, and nobody has to wait until three have found each other.
 *
 * <p>Used by one thread. Without the program {@code redis-server} the test is skipped.
 */
public final class RedisSentinels implements AutoCloseable {
    private static final String NAME = "main";
    private static final int DOWN_MILLIS = 500;
    private static final Duration FAIL_OVER = Duration.ofSeconds(30);

    private final RedisProcess sentinel;
    private final int downMillis;
    private RedisProcess master;
    private RedisProcess replica;

    /** Starts them, with such settings of both servers. */
    public static RedisSentinels start(String... settings) {
        return start(DOWN_MILLIS, settings);
    }

    /**
     * As {@link #start(String...)}.
     *
     * @param downMillis for so long the master is silent when Sentinel takes it for gone; 500 where nothing else is said
     */
    public static RedisSentinels start(int downMillis, String... settings) {
        List<RedisProcess> begun = new ArrayList<>();
        try {
            RedisProcess master = RedisProcess.launch(settings);
            begun.add(master);
            RedisProcess replica = RedisProcess.startReplicaOf(master, settings);
            begun.add(replica);
            RedisProcess sentinel = RedisProcess.startSentinel(String.join(
                    "\n",
                    "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 1",
                    "sentinel down-after-milliseconds " + NAME + " " + downMillis,
                    "sentinel failover-timeout " + NAME + " 1000",
                    ""));
            begun.add(sentinel);
            RedisSentinels all = new RedisSentinels(downMillis, sentinel, master, replica);
            all.awaitReplicaKnown();
            return all;
        } catch (RuntimeException | AssertionError e) {
            RedisProcess.closeAll(begun);
            throw e;
        }
    }

    private RedisSentinels(int downMillis, RedisProcess sentinel, RedisProcess master, RedisProcess replica) {
        this.downMillis = downMillis;
        this.sentinel = sentinel;
        this.master = master;
        this.replica = replica;
    }

    private void awaitReplicaKnown() {
        Await.until("Sentinel knows master and replica", FAIL_OVER, () -> {
            String state = sentinel.info("sentinel", "master0");
            return state.contains("status=ok,address=127.0.0.1:" + master.port() + ",") && state.contains("slaves=1");
        });
    }

    public String uri() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "#" + NAME;
    }

    /** The server that is the master now. */
    public RedisProcess master() {
        return master;
    }

    /** The other one; it does not run between {@link #failOver} and {@link #restoreReplica}. */
    public RedisProcess replica() {
        return replica;
    }

    /**
     * Sees whether Sentinel has taken a master that was silent for too long for gone, as on a busy machine: then the replica is the master
     * by now, and the other one the replica. Both must run.
     *
     * @return whether that was so
     */
    public boolean hasFailedOver() {
        if (sentinel.info("sentinel", "master0").contains("address=127.0.0.1:" + master.port() + ",")) {
            return false;
        }
        RedisProcess old = master;
        master = replica;
        replica = old;
        Await.until("the replica is the master", FAIL_OVER, () -> master.info("replication", "role")
                .equals("master"));
        replica.follow(master);
        awaitReplicaKnown();
        return true;
    }

    /** Waits until the replica has all that was written up to now. */
    public void awaitReplica() {
        long written = Long.parseLong(master.info("replication", "master_repl_offset"));
        Await.until("the replica has what the master has", () -> {
            String there = replica.info("replication", "slave_repl_offset");
            return !there.isEmpty() && Long.parseLong(there) >= written;
        });
    }

    /** Cuts the replica off: what is written from now on does not come to it, and is lost by {@link #failOver}. */
    public void detachReplica() {
        replica.pause();
        master.ask("CLIENT KILL TYPE replica");
        Await.untilEquals("the master has no replica", () -> master.info("replication", "connected_slaves"), "0");
    }

    /** Kills the master, and waits until the replica is master in its place, and Sentinel says so. */
    public void failOver() {
        RedisProcess old = master;
        old.kill();
        replica.resume();
        master = replica;
        replica = old;
        Await.until(
                "the replica is the master",
                FAIL_OVER,
                () -> master.info("replication", "role").equals("master")
                        && sentinel.info("sentinel", "master0").contains("address=127.0.0.1:" + master.port() + ","));
    }

    /**
     * Kills the master and starts it again, with what it kept. Sentinel is told to wait, and the replica has all again when this returns.
     *
     * @param meanwhile runs while there is no master
     */
    public void restartMaster(Runnable meanwhile) {
        sentinel.ask("SENTINEL SET " + NAME + " down-after-milliseconds " + FAIL_OVER.toMillis());
        master.kill();
        meanwhile.run();
        master.start();
        replica.awaitReplication();
        sentinel.ask("SENTINEL SET " + NAME + " down-after-milliseconds " + downMillis);
        awaitReplicaKnown();
    }

    /** Starts the server that does not run again, as the replica. */
    public void restoreReplica() {
        replica.start();
        replica.follow(master);
        awaitReplicaKnown();
    }

    @Override
    public void close() {
        RedisProcess.closeAll(List.of(sentinel, master, replica));
    }
}
