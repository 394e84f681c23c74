package dev.bowline.websocket.internal.loop;

import dev.bowline.websocket.internal.log.Log;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Warns of callbacks that block an event loop for more than a second. One daemon thread watches all loops of the
 * program; a warning names the callback and the line at which it stands.
 */
final class LoopWatchdog {
    private static final Log LOG = Log.of(LoopWatchdog.class);

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofMillis(250);

    private static final Set<EventLoop> LOOPS = ConcurrentHashMap.newKeySet();
    private static final Object START_LOCK = new Object();
    private static boolean started; // guarded by START_LOCK

    private LoopWatchdog() {}

    static void watch(EventLoop loop) {
        LOOPS.add(loop);
        synchronized (START_LOCK) {
            if (!started) {
                Thread thread = new Thread(LoopWatchdog::run, "bowline-watchdog");
                thread.setDaemon(true);
                thread.start();
                started = true;
            }
        }
    }

    /** The loops that were started and have not ended. */
    static Set<EventLoop> watched() {
        Set<EventLoop> running = ConcurrentHashMap.newKeySet();
        LOOPS.stream().filter(loop -> !loop.hasEnded()).forEach(running::add);
        return running;
    }

    private static void run() {
        Set<EventLoop> warned = ConcurrentHashMap.newKeySet(); // those warned of in their present turn
        while (true) {
            try {
                Thread.sleep(PERIOD.toMillis());
            } catch (InterruptedException e) {
                return; // nobody but the platform interrupts this thread
            }
            LOOPS.removeIf(loop -> loop.isStopping() && !loop.thread().isAlive());
            warned.retainAll(LOOPS); // or a loop that ended in such a turn would be held for ever, with its buffers
            for (EventLoop loop : LOOPS) {
                check(loop, warned);
            }
        }
    }

    private static void check(EventLoop loop, Set<EventLoop> warned) {
        long began = loop.turnBeganNanos();
        if (began == 0 || System.nanoTime() - began < LIMIT.toNanos()) {
            warned.remove(loop);
        } else if (warned.add(loop)) {
            StackTraceElement[] stack = loop.thread().getStackTrace();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Event loop {0} has been blocked for more than {1} s by {2}, at {3}; all its connections wait. Do "
                            + "blocking work elsewhere: see ConnectionOptions.callbackExecutor",
                    loop.name(),
                    LIMIT.toSeconds(),
                    loop.activity(),
                    stack.length == 0 ? "an unknown place" : stack[0]);
        }
    }
}
