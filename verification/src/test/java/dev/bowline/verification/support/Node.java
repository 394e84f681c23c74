package dev.bowline.verification.support;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the scripts in {@code src/test/node}, and installs their packages where that was not done yet. */
public final class Node {
    private static final int OLDEST_RELEASE = 20;

    /** Why node cannot be used; null if it can. Found out once. */
    private static @Nullable String missing;

    private static boolean examined;

    private Node() {}

    /** Starts a script; ends the test with the reason if there is no node or no packages. */
    public static LineProcess start(Consumer<String> lines, String script, String... arguments) {
        String reason = missing();
        if (reason != null) {
            throw Requirements.missing(reason);
        }
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return LineProcess.start(directory(), lines, command);
    }

    private static File directory() {
        return Scripts.directory("src/test/node");
    }

    private static synchronized @Nullable String missing() {
        if (!examined) {
            examined = true;
            missing = examine(directory(), "verification/src/test/node");
        }
        return missing;
    }

    /**
     * Why scripts in a directory cannot run; null if they can, as now their packages are there.
     *
     * @param name the directory's for people
     */
    static @Nullable String examine(File directory, String name) {
        String version = Scripts.output(directory, "node", "--version");
        if (version == null) {
            return "Node.js is missing";
        }
        if (Integer.parseInt(version.strip().substring(1).split("\\.", 2)[0]) < OLDEST_RELEASE) {
            return "Node.js is " + version.strip() + ", and the peers need " + OLDEST_RELEASE + " or later";
        }
        if (!new File(directory, "node_modules").isDirectory()
                && Scripts.output(directory, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
                        == null) {
            return "the node packages of " + name + " could not be installed";
        }
        return null;
    }
}
