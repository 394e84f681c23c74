package dev.bowline.verification.bench.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What connections and sessions take of a node's memory, as the pages about them have it.
 *
 * @param connection an idle one, of the process
 * @param session on it
 * @param subscription to a topic
 */
record DocumentedBytes(double connection, double session, double subscription) {
    private static final Pattern CONNECTION =
            Pattern.compile("### Idle connections\\R(?:.*\\R)*?\\| 19,500 \\| ([0-9,]+)");
    private static final Pattern SESSION = Pattern.compile("session on it, bytes of heap \\| – \\| ([0-9,]+)");
    private static final Pattern SUBSCRIPTION =
            Pattern.compile("its subscription to a topic, bytes of heap \\| – \\| ([0-9,]+)");

    /** @param docs where the pages are */
    static DocumentedBytes read(Path docs) throws IOException {
        return new DocumentedBytes(
                find(docs.resolve("scaling.md"), CONNECTION),
                find(docs.resolve("sessions.md"), SESSION),
                find(docs.resolve("sessions.md"), SUBSCRIPTION));
    }

    private static double find(Path page, Pattern what) throws IOException {
        Matcher matcher = what.matcher(Files.readString(page));
        return matcher.results()
                .findFirst()
                .map((MatchResult found) -> Double.parseDouble(found.group(1).replace(",", "")))
                .orElseThrow(() -> new IOException(page + " has not what is looked for: " + what));
    }
}
