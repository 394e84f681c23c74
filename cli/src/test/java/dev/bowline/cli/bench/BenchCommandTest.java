package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.bowline.cli.Main;
import dev.bowline.cli.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program {@code bowline bench}. */
@Tag("once")
class BenchCommandTest {
    private static final List<String> QUICK = List.of("--warm-up", "0.1", "--duration", "0.3", "--connections", "3");

    private static Program bench(int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of("bench", "ws://127.0.0.1:" + port + "/"));
        arguments.addAll(QUICK);
        arguments.addAll(List.of(more));
        return Program.start(arguments.toArray(String[]::new));
    }

    /** The flat fields of one line. */
    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue()) {
                    fields.put(String.valueOf(json.currentName()), json.getText());
                }
            }
        }
        return fields;
    }

    @Test
    void reportsOnTheProgramsOwnServer() {
        try (Program server = Program.serve();
                Program bench = bench(server.port(), "--size", "1k")) {
            assertThat(bench.exitCode()).isZero();
            assertThat(bench.out().get(0)).isEqualTo("Echo of 1,024 B binary, 3 connections, 1 in flight");
            assertThat(bench.out()).anyMatch(line -> line.matches(" {2}throughput .* messages a second .*"));
            assertThat(bench.out()).contains("  errors       none");
            assertThat(bench.err()).contains("measuring");
        }
    }

    @Test
    void writesJsonForPrograms() throws IOException {
        try (Program server = Program.serve();
                Program bench = bench(
                        server.port(),
                        "--json",
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()))) {
            assertThat(bench.exitCode()).isZero();
            List<String> events = new ArrayList<>();
            for (String line : bench.out()) {
                events.add(fields(line).get("event"));
            }
            assertThat(events).startsWith("connected", "measuring").endsWith("measured", "report");
            Map<String, String> report = fields(bench.out().get(bench.out().size() - 1));
            assertThat(report)
                    .containsKeys(
                            "mode", "messages", "messagesPerSecond", "p50", "p99", "p999", "serverCpuMicrosPerMessage")
                    .containsEntry("mode", "echo")
                    .containsEntry("connections", "3")
                    .containsEntry("size", "20");
            assertThat(Long.parseLong(report.get("messages"))).isPositive();
        }
    }

    @Test
    void aServerThatIsNotThereIsAnError() {
        int port;
        try (Program server = Program.serve()) {
            port = server.port();
        }
        try (Program bench = bench(port)) {
            assertThat(bench.exitCode()).isEqualTo(1);
            assertThat(bench.out()).anyMatch(line -> line.contains("Connection refused"));
        }
    }

    @Test
    void interruptedItReportsWhatItHas() {
        try (Program server = Program.serve();
                Program bench = Program.start(
                        "bench", "ws://127.0.0.1:" + server.port() + "/", "--warm-up", "0", "--duration", "3600")) {
            bench.errLine("measuring");
            bench.signal("INT");
            bench.exitCode();
            assertThat(bench.out()).contains("  errors       none");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--connections 0 | --connections is 0, but must be at least 1",
                "--size 65m | the size is \"65m\", but must be 1 to 64m, such as 20, 16k or 1m",
                "--duration x | the time is \"x\", but must be a number of seconds, 0 to 86400",
                "--rate -1 | --rate is -1, but must not be negative",
                "--idle --broadcast | --broadcast, --handshakes and --idle exclude each other",
                "--idle --rate 5 | --rate is for echoes, not for --idle",
                "--pid 999999999 | --pid: there is no process 999999999",
                "--insecure | --insecure is for wss:// addresses, but the URL is ws://a",
            })
    void saysWhatWasWrong(String options, String complaint) {
        List<String> arguments = new ArrayList<>(List.of("bench", "ws://a"));
        arguments.addAll(List.of(options.split(" ")));
        java.io.StringWriter err = new java.io.StringWriter();
        int code =
                Main.commandLine().setErr(new java.io.PrintWriter(err, true)).execute(arguments.toArray(String[]::new));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).startsWith("bowline bench: " + complaint);
    }
}
