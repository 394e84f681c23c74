package dev.bowline.cli.connect;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * For pipes and files: messages to stdout, one a line and nothing else, all other lines to stderr. Always in UTF-8, as that is
 * what a text message is made of, whatever the locale.
 */
final class PlainScreen implements Screen {
    private final PrintStream out;
    private final PrintStream err;

    PlainScreen(OutputStream out, OutputStream err) {
        this.out = new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.UTF_8);
        this.err = new PrintStream(new BufferedOutputStream(err), false, StandardCharsets.UTF_8);
    }

    static PlainScreen ofProcess() {
        return new PlainScreen(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    }

    @Override
    public boolean message(String text) {
        synchronized (out) {
            out.println(text);
            return !out.checkError(); // it flushes too
        }
    }

    @Override
    public void status(String line) {
        synchronized (err) {
            err.println(line);
            err.flush();
        }
    }
}
