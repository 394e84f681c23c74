package dev.bowline.verification.support;

import java.io.File;
import java.util.List;
import java.util.function.Consumer;

/** Runs the scripts in {@code browser} that drive Chromium, and installs their packages where that was not done yet. */
public final class Browser {
    private static final String PROGRAM = System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");

    private Browser() {}

    /** Starts a script; ends the test with the reason if there is no browser, no node or no packages. */
    public static LineProcess start(Consumer<String> lines, String script) {
        File directory = Scripts.directory("browser");
        if (!new File(PROGRAM).canExecute()) {
            throw Requirements.missing("there is no " + PROGRAM);
        }
        String reason = Node.examine(directory, "verification/browser");
        if (reason != null) {
            throw Requirements.missing(reason);
        }
        return LineProcess.start(directory, lines, List.of("node", script));
    }
}
