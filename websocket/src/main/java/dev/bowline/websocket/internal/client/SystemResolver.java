package dev.bowline.websocket.internal.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The JDK's own look-up, with its cache and its settings. It blocks, so it runs on daemon threads of its own: as many as
 * are needed up to eight, for the whole program, each gone after 5 s without work.
 */
final class SystemResolver implements AddressResolver {
    static final SystemResolver INSTANCE = new SystemResolver();

    private static final int MAX_THREADS = 8;
    private static final long IDLE_SECONDS = 5;

    /** What the JDK turns into an address without asking anybody. */
    private static final Pattern LITERAL = Pattern.compile("\\[.*]|\\d+\\.\\d+\\.\\d+\\.\\d+");

    private final ThreadPoolExecutor threads;

    private SystemResolver() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "bowline-resolver-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        if (LITERAL.matcher(host).matches()) {
            try {
                return CompletableFuture.completedStage(lookUp(host));
            } catch (CompletionException e) {
                return CompletableFuture.failedStage(e);
            }
        }
        return CompletableFuture.supplyAsync(() -> lookUp(host), threads);
    }

    private static List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }
}
