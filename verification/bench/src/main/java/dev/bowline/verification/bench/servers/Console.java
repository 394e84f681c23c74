package dev.bowline.verification.bench.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;

/** How a server talks with whoever measures it, by lines on stdin and stdout. */
final class Console {
    private static final int COLLECTIONS = 3; // what a collection finds to clean is free after the next

    private Console() {}

    /** Tells the port, and obeys until stdin ends; then the process ends. */
    static void serve(int port) throws IOException {
        System.out.println("listening " + port);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(
                    switch (line) {
                        case "memory" -> memory();
                        case "allocated" -> "allocated " + allocated();
                        default -> "unknown command " + line;
                    });
        }
        Runtime.getRuntime().halt(0); // no orphan, whatever threads the server has
    }

    /** Known from Java 21 on, whose method is not there for the compiler. */
    private static long allocated() {
        try {
            return (long) com.sun.management.ThreadMXBean.class
                    .getMethod("getTotalThreadAllocatedBytes")
                    .invoke(ManagementFactory.getThreadMXBean());
        } catch (NoSuchMethodException e) {
            return -1;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String memory() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        // As the collection left it: since then each thread that allocates has taken a piece of megabytes for itself.
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return "memory heap=" + heap + " direct=" + direct;
    }
}
