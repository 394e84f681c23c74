package dev.bowline.verification.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node: {@link NodeMain} as a process. Used by one thread. */
final class NodeProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final String name;
    private final Ledger ledger;
    private final CompletableFuture<Integer> ready = new CompletableFuture<>();
    private final Child child;

    private NodeProcess(String name, String redis, ProofOptions options, Path log, Ledger ledger) {
        this.name = name;
        this.ledger = ledger;
        child = Child.java(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                NodeMain.class,
                log,
                this::hear,
                List.of(
                        redis,
                        Long.toString(options.lease().toMillis()),
                        options.spoil().name()));
    }

    /** Starts it, and waits until it is there. */
    static NodeProcess start(String name, String redis, ProofOptions options, Path log, Ledger ledger) {
        NodeProcess node = new NodeProcess(name, redis, options, log, ledger);
        try {
            node.ready.get(START.toSeconds(), TimeUnit.SECONDS);
            return node;
        } catch (ExecutionException | TimeoutException e) {
            node.close();
            throw new IllegalStateException(name + " did not start: see " + log, e);
        } catch (InterruptedException e) {
            node.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " starts", e);
        }
    }

    private void hear(String line) {
        String rest = Label.rest(line);
        if (line.startsWith("ready ")) {
            ready.complete(Integer.parseInt(rest));
        } else if (line.startsWith("did ")) {
            ledger.handled(Label.of(rest), name);
        } else {
            ledger.wrong(name + " says " + line);
        }
    }

    int port() {
        return ready.join();
    }

    boolean isAlive() {
        return child.isAlive();
    }

    void signal(String signal) {
        child.signal(signal);
    }

    /** Has it move its clients away and end. */
    void drain() {
        child.signal("TERM");
        child.awaitEnd();
    }

    /** Kills it; all that it has said is in the ledger then. */
    @Override
    public void close() {
        child.kill();
    }
}
