package dev.bowline.verification.hostile;

import com.sun.management.ThreadMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the JVM uses. Those threads do not count that TLS has for its handshakes: they come and go, and are no more than
 * there are processors.
 *
 * @param heapBytes after a collection
 * @param directBytes of direct byte buffers
 * @param serverThreads the names of the server's
 */
record Resources(long heapBytes, long directBytes, Set<String> serverThreads) {
    static final Resources NONE = new Resources(0, 0, Set.of());

    private static final int COLLECTIONS = 3;

    /** Collects garbage first; direct buffers are freed by a thread that follows the collector, hence several times. */
    static Resources now() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(50);
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("bowline") && !name.startsWith("bowline-tls-"))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Resources(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), direct, threads);
    }

    /** How many bytes the server's threads have allocated on the heap since they began, garbage included. */
    static long allocatedByServer() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bowline"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }

    @Override
    public String toString() {
        return "heap " + (heapBytes >> 10) + " KiB, direct " + (directBytes >> 10) + " KiB, " + serverThreads.size()
                + " threads";
    }
}
