package dev.bowline.verification.support;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.opentest4j.TestAbortedException;

/** What a proof needs of the machine. Where it is missing the test is skipped with the reason; where CI=true it fails. */
public final class Requirements {
    private Requirements() {}

    /**
     * Ends the test, as something that it needs is missing.
     *
     * @return never; written as {@code throw missing(…)} it tells the compiler so
     */
    public static AssertionError missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason + "; where CI=true every test must run");
        }
        throw new TestAbortedException(reason);
    }

    /** Ends the test if this process cannot have so many files, sockets included, open at once. */
    public static void openFiles(long needed) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < needed) {
            throw missing("only " + system.getMaxFileDescriptorCount() + " files may be open at once, and this needs "
                    + needed + " (ulimit -n)");
        }
    }
}
