package dev.bowline.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.Compression;
import dev.bowline.codec.PreparedMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import dev.bowline.websocket.MessageSender;
import dev.bowline.websocket.ReadyState;
import dev.bowline.websocket.SendResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person at a terminal, which is made of two pipes here. */
class TerminalPromptTest {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String UP = "\u001bOA";
    private static final String LEFT = "\u001bOD";

    @RegisterExtension
    final Recorder<String> sent = new Recorder<>();

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private final TerminalPrompt prompt = prompt();
    private final Conversation conversation = new Conversation(prompt);
    private final Thread reading = new Thread(() -> prompt.run(conversation, false), "prompt");

    private TerminalPrompt prompt() {
        try {
            Terminal terminal = new ExternalTerminal(
                    "test", "xterm", new PipedInputStream(keyboard), shown, StandardCharsets.UTF_8);
            terminal.setSize(Size.of(80, 24));
            return new TerminalPrompt(terminal, false);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void start() {
        conversation.begin(new MessageSender() {
            @Override
            public SendResult send(String text, Compression compression) {
                sent.record(text);
                return SendResult.ACCEPTED;
            }

            @Override
            public SendResult send(ByteBuffer data, Compression compression) {
                sent.record("binary " + StandardCharsets.UTF_8.decode(data));
                return SendResult.ACCEPTED;
            }

            @Override
            public SendResult send(PreparedMessage message) {
                throw new UnsupportedOperationException("a conversation sends lines");
            }

            @Override
            public ReadyState readyState() {
                return ReadyState.OPEN;
            }

            @Override
            public long bufferedAmount() {
                return 0;
            }

            @Override
            public void close(int code, String reason) {
                sent.record("close " + code);
            }
        });
        reading.start();
        Await.until("a prompt", () -> screen().contains("> "));
    }

    private void type(String keys) {
        try {
            keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String screen() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    private void expectEnd() throws InterruptedException {
        reading.join(Duration.ofSeconds(10).toMillis());
        assertThat(reading.isAlive()).isFalse();
    }

    @AfterEach
    void close() throws IOException {
        prompt.close();
    }

    @Test
    void saysTheLinesThatAreTypedAndEdited() throws Exception {
        start();
        type("hello!!\r");
        sent.expect("hello!!");
        type("hélo" + LEFT + "l 你\r");
        sent.expect("héll 你o");
        type("\r" + UP + UP + "\r");
        sent.expect("hello!!");
        type(CTRL_D);
        expectEnd();
    }

    @Test
    void ctrlCGivesUpTheLineAndOnAnEmptyOneEnds() throws Exception {
        start();
        type("not this");
        Await.until("it is typed", () -> screen().contains("not this"));
        type(CTRL_C);
        type("but this\r");
        sent.expect("but this");
        Await.until("the end", () -> {
            type(CTRL_C); // again, as between two lines nobody listens to it
            return !reading.isAlive();
        });
    }

    @Test
    void endsWithTheConversation() throws Exception {
        start();
        type("half a li");
        conversation.end(new CloseEvent(1001, "", true, Origin.REMOTE, null));
        expectEnd();
    }

    @Test
    void showsMessagesAboveTheLineAndLetsThemSteerNothing() throws Exception {
        start();
        type("half a li");
        Await.until("it is typed", () -> screen().contains("half a li"));
        prompt.message("two\nlines \u001b[31m");
        prompt.message("x".repeat(5_000));
        prompt.status("ping");
        Await.until("all is shown", () -> screen().contains("* ping"));
        assertThat(screen()).contains("< two", "  lines ␛[31m", "x… (5000 characters)");
        type("ne\r");
        sent.expect("half a line");
        type(CTRL_D);
        expectEnd();
    }
}
