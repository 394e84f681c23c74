package dev.bowline.verification.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Recorder;
import dev.bowline.verification.interop.JdkEnd;
import dev.bowline.verification.interop.Message;
import dev.bowline.verification.support.LineProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code bowline serve} promises, kept for a client that has nothing to do with Bowline: the JDK's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeTest {
    private static final Pattern READY =
            Pattern.compile("Bowline ready on (ws://127\\.0\\.0\\.1:[0-9]+/) and http://127\\.0\\.0\\.1:[0-9]+/");
    private static final Duration START = Duration.ofSeconds(60);
    private static final String GREETING = Message.text("message").event();

    private final Recorder<String> output = new Recorder<>();
    private final LineProcess program = serve(output);
    private String address = "";
    private final List<JdkEnd> clients = new ArrayList<>();

    @BeforeAll
    void start() {
        address = ready(output);
    }

    private static LineProcess serve(Recorder<String> output) {
        return LineProcess.java(output::record, List.of(), "dev.bowline.cli.Main", "serve", "--port", "0", "--quiet");
    }

    private static String ready(Recorder<String> output) {
        String line = output.take(START);
        Matcher matcher = READY.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return matcher.group(1);
    }

    @AfterAll
    void stop() {
        program.process().destroyForcibly();
        program.close();
        output.assertEmpty(); // one line was promised, and no more
    }

    @AfterEach
    void nothingElseHappened() {
        clients.forEach(client -> client.events().assertEmpty());
        clients.forEach(JdkEnd::terminate);
        clients.clear();
    }

    private JdkEnd connect(String pathAndQuery, String... subprotocols) {
        JdkEnd client = open(address, pathAndQuery, subprotocols);
        clients.add(client);
        return client;
    }

    private static JdkEnd open(String address, String pathAndQuery, String... subprotocols) {
        JdkEnd client = JdkEnd.open(URI.create(address + pathAndQuery), subprotocols);
        client.events().expect("open " + (subprotocols.length == 0 ? "-" : subprotocols[0]));
        client.events().expect(GREETING);
        return client;
    }

    @Test
    void greetsAndEchoesOnEveryPath() {
        for (String path : List.of("", "some/path?and=query")) {
            JdkEnd client = connect(path);
            Message.all().forEach(message -> {
                client.send(message);
                client.events().expect(message.event());
            });
        }
    }

    @Test
    void speaksTheSubprotocolThatIsOffered() {
        JdkEnd client = connect("", "anything");
        Message message = Message.text("hello");
        client.send(message);
        client.events().expect(message.event());
    }

    @Test
    void deliversToEveryConnectionOfAUser() {
        JdkEnd ann = connect("?user=ann");
        List<JdkEnd> bob = List.of(connect("?user=bob"), connect("?user=bob"));
        ann.send(Message.text("@bob are you there?"));
        bob.forEach(
                device -> device.events().expect(Message.text("are you there?").event()));
        ann.send(Message.text("@nobody hello"));
        ann.events().expect(Message.text("nobody is not connected").event());
    }

    @Test
    void closesWithWhatTheClientSaid() {
        JdkEnd client = connect("");
        client.close(4001, "enough");
        client.events().expect(event -> event.startsWith("close 4001"), "the code sent back");
    }

    @Test
    void refusesWhatIsTooBigWith1009() {
        JdkEnd client = connect("");
        client.send(Message.binary((1 << 20) + 1));
        client.events().expect(event -> event.startsWith("close 1009 "), "a close with 1009");
    }

    @Test
    void saysGoodbyeWhenItIsTerminated() throws InterruptedException {
        Recorder<String> said = new Recorder<>();
        try (LineProcess another = serve(said)) {
            JdkEnd client = open(ready(said), "");
            another.process().destroy();
            client.events().expect(event -> event.startsWith("close 1001 "), "a close with 1001");
            assertThat(another.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(another.process().exitValue()).isZero();
            client.events().assertEmpty();
        }
        said.assertEmpty();
    }
}
