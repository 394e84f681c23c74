package dev.bowline.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that a benchmark fills in, between two comments: {@code <!-- NAME -->} and {@code <!-- /NAME -->}. The prose around it
 * stays.
 */
public record MeasuredPart(Path page, String begin, String end) {
    public static MeasuredPart of(Path page, String name) {
        return new MeasuredPart(page, "<!-- " + name + " -->", "<!-- /" + name + " -->");
    }

    /** Fills it in; a page without such a part, or none at all, gets it at its end. */
    public void fill(String text) throws IOException {
        String old = Files.exists(page) ? Files.readString(page) : "";
        if (!old.contains(begin)) {
            old += begin + "\n" + end + "\n";
        }
        int from = old.indexOf(begin) + begin.length();
        int to = old.indexOf(end, from);
        if (to < 0) {
            throw new IOException(page + " has " + begin + " but not " + end + " behind it");
        }
        Files.writeString(page, old.substring(0, from) + "\n\n" + text.strip() + "\n\n" + old.substring(to));
    }
}
