package dev.bowline.verification.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What the figures were measured on. */
public final class Machine {
    private Machine() {}

    /** Lines for a list. */
    public static List<String> describe(Path java) throws IOException {
        String memory = line(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
        return List.of(
                "Date: " + LocalDate.now(ZoneOffset.UTC),
                "Processor: " + line(Path.of("/proc/cpuinfo"), "model name").replaceAll(".*: *", "") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, a virtual machine",
                "Memory: " + Long.parseLong(memory) / (1024 * 1024) + " GiB",
                "System: Linux " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"),
                "Java: " + says(java.toString(), "-version"));
    }

    /**
     * More lines, about what others than Bowline need.
     *
     * @param versions of the servers
     */
    static List<String> describeOthers(List<String> versions) {
        return List.of(
                "Node.js: " + says("node", "--version"),
                "C compiler: " + says("cc", "--version"),
                "Servers: " + String.join(", ", versions));
    }

    private static String line(Path file, String start) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElse("unknown");
    }

    /** The first line of what a program says. */
    private static String says(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return all.lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            return "none";
        }
    }
}
