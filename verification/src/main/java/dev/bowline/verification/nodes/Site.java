package dev.bowline.verification.nodes;

import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import dev.bowline.testkit.FaultProxy.Admission;
import dev.bowline.testkit.RedisSentinels;
import dev.bowline.testkit.TcpBalancer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the clients come to: a balancer, {@value #NODES} nodes behind it, and Redis with a replica and Sentinel, which each node reaches
 * by proxies of its own. Used by one thread.
 */
final class Site implements AutoCloseable {
    static final int NODES = 3;

    /** For so long Redis is silent when Sentinel takes it for gone: a busy machine makes it silent too. */
    private static final int SILENT_MILLIS = 1_500;

    private final ProofOptions options;
    private final Ledger ledger;
    private final Path logs;
    private final RedisSentinels redis;
    private final TcpBalancer balancer = TcpBalancer.start();
    private final List<Place> places = new ArrayList<>();
    private int started; // how many nodes there were
    private long knownMillis = System.currentTimeMillis(); // when it was seen last which Redis is the master

    /** Where one node runs at a time, and its way to Redis. */
    private static final class Place implements AutoCloseable {
        private final List<FaultProxy> proxies = new ArrayList<>();
        private final SentinelView sentinel;
        private final String uri;
        private final String name;
        private NodeProcess node;

        Place(Site site, String name) throws IOException {
            this.name = name;
            URI sentinels = URI.create(site.redis.uri());
            FaultProxy toMaster = proxyTo(site.redis.master().port());
            FaultProxy toReplica = proxyTo(site.redis.replica().port());
            sentinel = new SentinelView(
                    sentinels.getPort(),
                    sentinels.getFragment(),
                    java.util.Map.of(
                            site.redis.master().port(), toMaster.port(),
                            site.redis.replica().port(), toReplica.port()));
            uri = "redis-sentinel://127.0.0.1:" + proxyTo(sentinel.port()).port() + "#" + sentinels.getFragment();
            node = site.startNode(name, uri);
        }

        private FaultProxy proxyTo(int port) {
            FaultProxy proxy = FaultProxy.to("127.0.0.1", port);
            proxies.add(proxy);
            return proxy;
        }

        @Override
        public void close() {
            try {
                node.close();
                sentinel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                proxies.forEach(FaultProxy::close);
            }
        }
    }

    /** How a node is cut off from Redis. */
    enum Cut {
        /** Nothing comes through, and nobody says so. */
        SWALLOW,
        /** Connections are reset, and new ones too. */
        RESET,
        /** All comes late. */
        DELAY
    }

    /** Starts all of it. */
    Site(ProofOptions options, Ledger ledger, Path logs) throws IOException {
        this.options = options;
        this.ledger = ledger;
        this.logs = logs;
        redis = RedisSentinels.start(SILENT_MILLIS, "--appendonly", "yes", "--appendfsync", "no");
        try {
            for (int i = 0; i < NODES; i++) {
                places.add(new Place(this, "node-" + (i + 1)));
                balancer.add(places.get(i).node.port());
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Where clients connect to. */
    int port() {
        return balancer.port();
    }

    private NodeProcess startNode(String name, String uri) {
        return NodeProcess.start(name + "." + ++started, uri, options, logs.resolve(name + ".txt"), ledger);
    }

    private void replace(Place place) {
        place.node = startNode(place.name, place.uri);
        balancer.add(place.node.port());
    }

    // ---- What happens ----

    /** A node ends without a word, and another one takes its place. */
    void kill(int index, Duration without) throws InterruptedException {
        Place place = places.get(index);
        place.node.close();
        balancer.remove(place.node.port());
        Thread.sleep(without.toMillis());
        replace(place);
    }

    /** A node is told to end, and does so when its clients have moved; then another one takes its place. */
    void drain(int index) {
        Place place = places.get(index);
        balancer.remove(place.node.port());
        place.node.drain();
        replace(place);
    }

    /** A node stands still. The balancer does not notice. */
    void pause(int index, Duration length) throws InterruptedException {
        NodeProcess node = places.get(index).node;
        node.signal("STOP");
        try {
            Thread.sleep(length.toMillis());
        } finally {
            node.signal("CONT");
        }
    }

    /** A node has no Redis for a while. */
    void cut(int index, Cut how, Duration length) throws InterruptedException {
        List<FaultProxy> proxies = places.get(index).proxies;
        proxies.forEach(proxy -> {
            switch (how) {
                case SWALLOW -> proxy.apply(Fault.blackHole());
                case DELAY -> proxy.apply(Fault.delay(Duration.ofMillis(700)));
                case RESET -> {
                    proxy.admit(Admission.RESET);
                    proxy.resetAll();
                }
            }
        });
        try {
            Thread.sleep(length.toMillis());
        } finally {
            proxies.forEach(proxy -> {
                proxy.apply(Fault.none());
                proxy.admit(Admission.OPEN);
                if (how == Cut.SWALLOW) {
                    proxy.resetAll(); // what was swallowed leaves a hole in the stream
                }
            });
        }
    }

    /** Sentinel may have made the replica the master, where nobody wanted that. */
    private void settle() {
        if (redis.hasFailedOver()) {
            ledger.counts().add("fail-overs that nobody wanted", 1);
            ledger.newEpochs();
            ledger.mayBeLost(knownMillis, System.currentTimeMillis());
        }
        knownMillis = System.currentTimeMillis();
    }

    /** Redis ends without a word, and comes back with all that it had. */
    void restartRedis(Duration without) {
        settle();
        ledger.newEpochs();
        redis.restartMaster(() -> sleep(without));
    }

    /**
     * The replica takes the place of Redis.
     *
     * @param losing whether it lacks what was written last
     */
    void failOver(boolean losing, Duration detached) {
        settle();
        ledger.newEpochs();
        long from = System.currentTimeMillis();
        redis.awaitReplica();
        if (losing) {
            redis.detachReplica();
            sleep(detached);
        }
        redis.failOver();
        ledger.mayBeLost(from, System.currentTimeMillis());
    }

    /** Redis has a replica again. */
    void restoreReplica() {
        redis.restoreReplica();
    }

    /** All clients lose their connections. */
    void cutClients() {
        balancer.resetAll();
    }

    private static void sleep(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a fault lasts", e);
        }
    }

    /** Each node still runs, and it is known which Redis is the master. */
    void checkAlive() {
        settle();
        for (Place place : places) {
            if (!place.node.isAlive()) {
                ledger.wrong(place.name + " has ended by itself");
            }
        }
    }

    @Override
    public void close() {
        try {
            places.forEach(Place::close);
        } finally {
            balancer.close();
            redis.close();
        }
    }

    /** Waits for something of the site. */
    static void await(String what, Duration length, java.util.function.BooleanSupplier condition) {
        Await.until(what, length, condition);
    }
}
