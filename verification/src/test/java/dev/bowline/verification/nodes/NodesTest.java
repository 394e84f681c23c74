package dev.bowline.verification.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.testkit.Seeded;
import dev.bowline.verification.support.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The proof of many nodes ({@code scripts/prove nodes}), in short; and that its checker finds what is wrong. */
@Tag("once")
class NodesTest {
    private static final int CLIENTS = 150;
    private static final int FEW = 60;

    @BeforeAll
    static void need() throws InterruptedException {
        if (!runs("redis-server", "--version")) {
            throw Requirements.missing("redis-server is missing");
        }
        if (!runs("node", "--experimental-websocket", "-e", "new WebSocket('ws://127.0.0.1:1').onerror = () => 0")) {
            throw Requirements.missing("Node.js with a WebSocket, 20.10 or later, is missing");
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** Of the repository, whether Maven or an editor runs the test. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("verification"))
                ? here
                : here.resolve("..").normalize();
    }

    /** What is wrong, and before it all that the proof said. */
    private static List<String> wrongs(ProofOptions options) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        List<String> wrongs = new Proof(options, said::add).run();
        if (!wrongs.isEmpty()) {
            said.forEach(System.out::println);
        }
        return wrongs;
    }

    @Test
    @DisplayName("three nodes, each kind of fault: nothing is lost, nothing doubled, but what is told")
    void holds() {
        Seeded.run(1, random -> assertThat(wrongs(ProofOptions.quick(root(), random.seed(), CLIENTS, Spoil.NOTHING)))
                .isEmpty());
    }

    @Test
    @DisplayName("an engine that doubles and loses a message now and then does not pass")
    void catchesWhatIsWrong() throws IOException, InterruptedException {
        ProofOptions options = ProofOptions.quick(root(), 1, FEW, Spoil.DOUBLES_AND_LOSES)
                .with(List.of(Trouble.CUT_CLIENTS), Duration.ofSeconds(3));
        assertThat(new Proof(options, line -> {}).run())
                .anySatisfy(wrong -> assertThat(wrong).contains("in a log twice"))
                .anySatisfy(wrong -> assertThat(wrong).contains("is not in the log"));
    }
}
