package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareMainTest {
    private final Path root;
    private final StringWriter told = new StringWriter();

    CompareMainTest(@TempDir Path root) {
        this.root = root;
    }

    private int call(String... arguments) {
        Place place = new Place(root, Path.of("no", "java"), null, "", "");
        CommandLine program = Complaint.commandLine(new CompareMain(place));
        program.setErr(new PrintWriter(told, true));
        return program.execute(arguments);
    }

    private void complains(String sentence, String... arguments) {
        assertThat(call(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(told.toString()).startsWith("scripts/bench compare: ").contains(sentence);
        told.getBuffer().setLength(0);
    }

    @Test
    void wrongCallsAreToldWithWhatIsAllowed() {
        complains("--rounds is 0, but must be 1 to 1000;", "--rounds=0");
        complains("--seconds is 0.01, but must be 0.1 to 3600;", "--seconds", "0.01");
        complains("--warm-up is -1.0, but must be 0 to 3600;", "--warm-up", "-1");
        complains("Invalid value for option '--rounds': 'many' is not an int;", "--rounds=many");
        complains("there is no workload \"echo\", only echo-20-100, ", "--workloads=echo-16k,echo");
        complains("there is no contender \"nobody\" here, only floor-nio, bowline, ", "--contenders=netty,nobody");
        complains("the argument is \"now\", but can only be \"report\";", "now");
        complains("Unknown option: '--round=3';", "--round=3");
    }

    private void measured(Workload workload) throws IOException {
        new Results(root.resolve("target/bench/results.jsonl"), notice -> {})
                .add(new Measurement(workload.id(), "Bowline", 1, null, Map.of("cpu", 4.0)));
    }

    @Test
    void withoutResultsThereIsNoPage() {
        assertThat(call("report")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(told.toString()).contains("nothing was measured so far");
        assertThat(root.resolve("docs")).doesNotExist();
    }

    @Test
    void aPageThatShowsMoreIsNotOverwrittenUnlessAsked() throws IOException {
        measured(Workload.ECHO_16K);
        assertThat(call("report")).isZero();
        Path page = root.resolve("docs/benchmarks.md");
        String before = Files.readString(page);
        assertThat(before).contains("## Echo of 16 KiB");
        Files.delete(root.resolve("target/bench/results.jsonl"));
        measured(Workload.ECHO_1M);
        assertThat(call("report")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(told.toString()).contains("it shows what these results have not: Echo of 16 KiB, 100 connections.");
        assertThat(page).hasContent(before);
        assertThat(call("report", "--write=" + root.resolve("elsewhere"))).isZero();
        assertThat(root.resolve("elsewhere/benchmarks.md")).content().contains("## Echo of 1 MiB");
        assertThat(page).hasContent(before);
        assertThat(call("report", "--overwrite")).isZero();
        assertThat(page).content().contains("## Echo of 1 MiB").doesNotContain("## Echo of 16 KiB");
    }

    @Test
    void aQuickTryLeavesPageAndResultsAlone() throws IOException {
        measured(Workload.ECHO_16K);
        assertThat(call("report", "--quick")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(told.toString()).contains("nothing was measured so far");
        assertThat(root.resolve("docs")).doesNotExist();
    }
}
