package dev.bowline.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one thread of a {@link FaultProxy} or a {@link TcpBalancer}: sockets, timers and orders from the test, one after the other. */
final class ProxyLoop implements Runnable {
    /** Attached to every key. */
    @FunctionalInterface
    interface Handler {
        void ready(SelectionKey key);
    }

    private record Timer(long dueNanos, ProxyPipe pipe) {}

    /** For reading, by whoever is at work on the loop. */
    final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);

    private final long startNanos = System.nanoTime();
    private final Selector selector = Selector.open();
    private final Thread thread;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos));
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    ProxyLoop(String threadName) throws IOException {
        thread = new Thread(this, threadName);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Selector selector() {
        return selector;
    }

    /** Nanoseconds since the loop was made. */
    long now() {
        return System.nanoTime() - startNanos;
    }

    /** Loop thread only: pumps the pipe at that time. */
    void schedule(long dueNanos, ProxyPipe pipe) {
        timers.add(new Timer(dueNanos, pipe));
    }

    /** Runs the order on the loop and returns when it is done. */
    <T> T call(Supplier<T> order) {
        if (stopping) {
            throw new AssertionError("the proxy is closed");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        orders.add(() -> {
            try {
                result.complete(order.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        selector.wakeup();
        try {
            return result.get(Await.DEFAULT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the proxy failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the proxy does not answer", failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the proxy", e);
        }
    }

    /** How often the thread woke up. */
    long turns() {
        return turns.get();
    }

    boolean stopped() {
        return stopping;
    }

    /** Ends the thread. Fails if something went wrong on the loop, so that no test passes by a broken proxy. */
    void stop() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the proxy failed: " + failure, failure);
        }
    }

    /** Keeps the first failure for {@link #stop}. */
    void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    @Override
    public void run() {
        try (selector) {
            while (!stopping) {
                waitForWork();
                turns.incrementAndGet();
                for (SelectionKey key : selector.selectedKeys()) {
                    guarded(() -> ((Handler) key.attachment()).ready(key));
                }
                selector.selectedKeys().clear();
                for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
                    order.run();
                }
                runTimers();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void waitForWork() throws IOException {
        Timer next = timers.peek();
        if (next == null) {
            selector.select();
            return;
        }
        long waitNanos = next.dueNanos() - now();
        if (waitNanos <= 0) {
            selector.selectNow();
        } else {
            selector.select((waitNanos + 999_999) / 1_000_000);
        }
    }

    private void runTimers() {
        long now = now();
        for (Timer next = timers.peek(); next != null && next.dueNanos() <= now; next = timers.peek()) {
            ProxyPipe pipe = next.pipe();
            timers.remove();
            guarded(pipe::timer);
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }
}
