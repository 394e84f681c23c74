package dev.bowline.cli.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what somebody may have meant. */
final class Nearest {
    private Nearest() {}

    /** {@code ; did you mean "port"?}, or nothing if nothing is near. */
    static String suggestion(String written, Collection<String> known) {
        String nearest = of(written, known);
        return nearest == null ? "" : "; did you mean \"" + nearest + "\"?";
    }

    /** The one that takes the fewest changes; null if that would be another word. */
    static @Nullable String of(String written, Collection<String> known) {
        String best = null;
        int fewest = Math.max(2, written.length() / 3) + 1;
        for (String one : known) {
            int distance = distance(written.toLowerCase(Locale.ROOT), one.toLowerCase(Locale.ROOT));
            if (distance < fewest) {
                fewest = distance;
                best = one;
            }
        }
        return best;
    }

    /** How many letters must be added, left out or changed. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(changed, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[to.length()];
    }
}
