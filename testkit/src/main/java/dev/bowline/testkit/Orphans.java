package dev.bowline.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Ends the processes of tests whose JVM was killed, and could not do so itself: a shell keeps their ids, and waits for the end of its input,
 * which is the JVM's end. Safe from any thread.
 */
public final class Orphans {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            alive=' '
            while read -r what id; do
                if [ "$what" = begun ]; then
                    alive="$alive$id "
                else
                    alive="${alive%% $id *} ${alive#* $id }"
                fi
            done
            for id in $alive; do kill -9 "$id"; done
            """;

    private static final Orphans ORPHANS = new Orphans();

    private final Writer shell;

    private Orphans() {
        try {
            shell = new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .outputWriter(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process has begun, which must not outlive this JVM, be it stopped. */
    public static void begun(Process process) {
        ORPHANS.tell("begun " + process.pid());
    }

    /** It has ended: its id may be another's from now on. */
    public static void ended(Process process) {
        ORPHANS.tell("ended " + process.pid());
    }

    private synchronized void tell(String line) {
        try {
            shell.write(line + "\n");
            shell.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell that ends orphans has gone", e);
        }
    }
}
