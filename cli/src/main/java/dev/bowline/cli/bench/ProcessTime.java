package dev.bowline.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The processor time that a process has used, as Linux counts it. */
public final class ProcessTime {
    /** Of {@code /proc}, on every Linux that Java runs on (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    private final long pid;
    private final Path stat;

    /**
     * @throws IOException if there is no such process, or the system has no {@code /proc}; the message says so
     */
    public ProcessTime(long pid) throws IOException {
        this.pid = pid;
        stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.isReadable(stat)) {
            throw new IOException(
                    Files.isDirectory(Path.of("/proc/self"))
                            ? "there is no process " + pid
                            : "processor time is read from /proc, which this system has not");
        }
    }

    /**
     * User and system time of all its threads, also of those that have ended, in seconds; in steps of 0.01 s.
     *
     * @throws IOException if the process has ended; the message says so
     */
    public double seconds() throws IOException {
        String line;
        try {
            line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("process " + pid + " has ended", e);
        }
        // The name in parentheses may hold anything; behind it, the 12th and 13th fields are the user and system time.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
