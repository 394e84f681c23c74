package dev.bowline.verification.bench.compare;

import java.util.List;

/**
 * A server that is measured.
 *
 * @param id as it is named on the command line
 * @param name as in the tables
 * @param command how to start it; the mode is put behind it, and then the arguments
 * @param arguments behind the mode
 * @param heap whether it is a Java process, whose heap can be fixed
 * @param cannot why it can't be started here; empty if it can
 */
record Contender(String id, String name, List<String> command, List<String> arguments, boolean heap, String cannot) {
    static final String FLOOR = "floor (C)";
    static final String FLOOR_NIO = "floor (NIO)";
    static final String BOWLINE = "Bowline";

    /** The command with options for the Java that it begins with; as it is where it begins with none. */
    List<String> command(List<String> javaOptions) {
        if (!heap) {
            return command;
        }
        List<String> all = new java.util.ArrayList<>(command);
        all.addAll(1, javaOptions);
        return all;
    }
}
