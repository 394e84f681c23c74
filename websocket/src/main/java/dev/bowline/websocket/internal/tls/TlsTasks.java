package dev.bowline.websocket.internal.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the part of handshakes that takes long: signatures, key exchange, checking certificates. For all event loops of
 * the program, on as many daemon threads as there are processors, which end when they have nothing to do. A stream has
 * one task here at most, so the queue is no longer than there are streams.
 */
final class TlsTasks {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static final Executor EXECUTOR = create();

    private TlsTasks() {}

    private static Executor create() {
        int threads = Runtime.getRuntime().availableProcessors();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "bowline-tls-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
