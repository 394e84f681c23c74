package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
    private static ServerProcess start(String script) throws IOException {
        Contender contender = new Contender("script", "script", List.of("sh", "-c", script), List.of(), false, "");
        return new ServerProcess(contender, "echo", List.of(), "0");
    }

    private static final String ANSWERING = "echo listening 4711; while read line; do echo ";

    @Test
    void aServerIsAskedOnItsStdin() throws IOException {
        try (ServerProcess server = start(ANSWERING + "\"$line 42\"; done")) {
            assertThat(server.port()).isEqualTo(4711);
            assertThat(server.allocated()).isEqualTo(42);
            assertThat(ProcessHandle.of(server.pid())).isPresent();
        }
    }

    @Test
    void itsMemoryIsWhatItSaysAndWhatTheSystemSays() throws IOException {
        try (ServerProcess server = start(ANSWERING + "memory heap=7 direct=-1; done")) {
            ServerProcess.Memory memory = server.memory();
            assertThat(memory.heap()).isEqualTo(7);
            assertThat(memory.direct()).isEqualTo(-1);
            assertThat(memory.resident()).isPositive();
        }
    }

    @Test
    void aMalformedAnswerIsTold() throws IOException {
        try (ServerProcess server = start(ANSWERING + "memory heap=1 direct=many; done")) {
            assertThatThrownBy(server::memory)
                    .isInstanceOf(IOException.class)
                    .hasMessage("\"memory\" was answered with \"memory heap=1 direct=many\"");
            assertThatThrownBy(server::allocated)
                    .isInstanceOf(IOException.class)
                    .hasMessage("\"allocated\" was answered with \"memory heap=1 direct=many\"");
        }
    }

    @Test
    void anEndInsteadOfAnAnswerIsTold() throws IOException {
        try (ServerProcess server = start("echo listening 4711; read line")) {
            assertThatThrownBy(server::allocated)
                    .isInstanceOf(IOException.class)
                    .hasMessage("\"allocated\" was answered with nothing");
        }
    }

    @Test
    void aServerThatHasEndedIsTold() throws Exception {
        try (ServerProcess server = start("echo listening 4711")) {
            ProcessHandle.of(server.pid()).ifPresent(process -> process.onExit().join());
            assertThatThrownBy(server::allocated)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the server has ended");
        }
    }

    @Test
    void aServerThatDoesNotStartIsTold() {
        assertThatThrownBy(() -> start("echo no luck >&2; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessage("it does not start: no luck");
        for (String line : List.of("hello", "listening", "listening many")) {
            assertThatThrownBy(() -> start("echo " + line))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it does not start: " + line);
        }
    }

    @Test
    void optionsForJavaComeBehindItsProgram() {
        Contender java = new Contender("x", "X", List.of("java", "Main"), List.of(), true, "");
        assertThat(java.command(List.of("-Xone", "-Xtwo"))).containsExactly("java", "-Xone", "-Xtwo", "Main");
        Contender other = new Contender("x", "X", List.of("node", "main.js"), List.of(), false, "");
        assertThat(other.command(List.of("-Xone"))).containsExactly("node", "main.js");
    }
}
