package dev.bowline.verification.bench.compare;

import java.util.List;

/**
 * A server that is measured.
 *
 * @param name as in the tables
 * @param command how to start it; the mode is put behind it, and then the arguments
 * @param arguments behind the mode
 * @param heap whether it is a Java process, whose heap can be fixed
 */
record Contender(String name, List<String> command, List<String> arguments, boolean heap) {
    static final String FLOOR = "floor (C)";
    static final String BOWLINE = "Bowline";
}
