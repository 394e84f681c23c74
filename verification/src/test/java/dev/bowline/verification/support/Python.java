package dev.bowline.verification.support;

import java.io.File;
import java.util.List;
import java.util.function.Consumer;

/** Runs the scripts in {@code src/test/python} with the system's Python, for which Debian packages libraries. */
public final class Python {
    private static final String PROGRAM = "/usr/bin/python3";

    private Python() {}

    /** Starts a script; ends the test with the reason if there is no Python or not the library. */
    public static LineProcess start(Consumer<String> lines, String script) {
        File directory = Scripts.directory("src/test/python");
        if (!new File(PROGRAM).canExecute()
                || Scripts.output(
                                directory,
                                PROGRAM,
                                "-c",
                                "import importlib.util, sys; sys.exit(importlib.util.find_spec('websockets') is None)")
                        == null) {
            throw Requirements.missing("Python with websockets is missing (Debian's package: python3-websockets)");
        }
        return LineProcess.start(directory, lines, List.of(PROGRAM, "-B", script));
    }
}
