package dev.bowline.cli.connect;

import dev.bowline.cli.Shown;
import java.io.IOError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * A person at a terminal: reads lines with editing and a history, and shows what happens above the line being typed. The
 * history is kept in memory alone, as messages may hold secrets.
 */
final class TerminalPrompt implements Screen, AutoCloseable {
    private static final int SHOWN_CHARACTERS = 4_000;

    private static final AttributedStyle MESSAGE = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle STATUS = AttributedStyle.DEFAULT.faint();

    private final Terminal terminal;
    private final LineReader reader;
    private final boolean colour;

    /**
     * @param colour whether to use it
     */
    TerminalPrompt(Terminal terminal, boolean colour) {
        this.terminal = terminal;
        this.colour = colour;
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .option(Option.DISABLE_EVENT_EXPANSION, true) // an exclamation mark is one
                .option(Option.INSERT_TAB, true)
                .build();
    }

    /** The prompt at the terminal of this process; null if stdin or stdout is something else. */
    @SuppressWarnings("SystemConsoleNull") // where it is not null without a terminal, JLine finds that out
    static @Nullable TerminalPrompt ofProcess() {
        if (System.console() == null) {
            return null; // and JLine, which takes its time to find that out, is not even loaded
        }
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
            return new TerminalPrompt(terminal, System.getenv("NO_COLOR") == null);
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    /** Says the lines that are typed, until the end of input, Ctrl-C on an empty line, or the end of the conversation. */
    void run(Conversation conversation, boolean binary) {
        Thread reading = Thread.currentThread();
        Thread watch = new Thread(
                () -> {
                    try {
                        conversation.awaitEnd();
                        reading.interrupt(); // readLine ends
                    } catch (InterruptedException e) {
                        // The prompt has ended first.
                    }
                },
                "bowline-connect-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            for (String line = next(conversation); line != null; line = next(conversation)) {
                if (!line.isEmpty() && !conversation.say(line.getBytes(StandardCharsets.UTF_8), binary)) {
                    status("not sent");
                }
            }
        } catch (InterruptedException e) {
            // The conversation is over.
        } finally {
            watch.interrupt();
            Thread.interrupted();
        }
    }

    /** The next line; null if there is none. */
    private @Nullable String next(Conversation conversation) {
        while (!conversation.isOver()) {
            try {
                return reader.readLine("> ");
            } catch (UserInterruptException e) {
                if (e.getPartialLine().isEmpty()) {
                    return null;
                }
                // Ctrl-C gave up what was typed; or the conversation is over.
            } catch (EndOfFileException | IOError e) { // IOError: the terminal was closed, as the program ends
                return null;
            }
        }
        return null;
    }

    @Override
    public boolean message(String text) {
        String shown = text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + "… (" + text.length() + " characters)";
        print("< " + Shown.harmless(shown).replace("\n", "\n  "), MESSAGE);
        return true;
    }

    @Override
    public void status(String line) {
        print("* " + line, STATUS);
    }

    private void print(String text, AttributedStyle style) {
        reader.printAbove(
                colour
                        ? new AttributedStringBuilder().styled(style, text).toAttributedString()
                        : new AttributedString(text));
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
