package dev.bowline.cli.connect;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.InputLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Says each line of an input that is no terminal, and closes when the last answer has come: when it has been quiet for a
 * while after the last line.
 */
final class PipedInput implements Runnable {
    /** More than any server takes by default; so much, and once more, has room in the outgoing queue. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private final InputLines lines;
    private final Conversation conversation;
    private final Screen screen;
    private final boolean binary;
    private final Duration quiet;

    PipedInput(InputStream in, Conversation conversation, Screen screen, boolean binary, Duration quiet) {
        this.lines = new InputLines(in, MAX_LINE_BYTES);
        this.conversation = conversation;
        this.screen = screen;
        this.binary = binary;
        this.quiet = quiet;
    }

    @Override
    public void run() {
        try {
            sayAll();
            conversation.awaitQuiet(quiet);
        } catch (IOException | CommandFailure e) {
            screen.status("input failed: " + e.getMessage());
            conversation.fail();
        } catch (InterruptedException e) {
            conversation.fail();
        }
        conversation.bye();
    }

    private void sayAll() throws IOException, CommandFailure, InterruptedException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (!binary && !isUtf8(line)) {
                throw new CommandFailure(
                        "line " + lines.count() + " is not UTF-8, as a text message must be; send it with --binary.");
            }
            if (!conversation.say(line, binary)) {
                screen.status("not sent: line " + lines.count() + " and what follows it");
                conversation.fail();
                return;
            }
        }
    }

    private static boolean isUtf8(byte[] line) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
