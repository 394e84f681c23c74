package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleTest {
    private final Path directory;

    ScaleTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void eachSizeHasAServerOfItsOwnAndTheRoundsAreInterleaved() throws IOException {
        Path starts = directory.resolve("starts");
        Contender server = new Contender(
                "bowline",
                "Bowline",
                List.of(
                        "sh",
                        "-c",
                        "echo $3 >> " + starts + "; echo listening 471$3; while read line; do echo \"$line 42\"; done",
                        "sh"),
                List.of(),
                false,
                "");
        Path java = directory.resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nwhile read line; do echo \"$line\" >> " + directory.resolve("asked")
                        + "; echo '{\"event\":\"report\",\"serverCpuMicrosPerMessage\":4.5,\"errors\":{}}'"
                        + "; echo '{\"event\":\"ended\"}'; done\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Results results = new Results(directory.resolve("scale.jsonl"), notice -> {});
        Scale scale = new Scale(
                cores -> new Generator(java, "none", "0"),
                server,
                results,
                new Comparison.Plan(2, 4, 2),
                20_000,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        scale.run(Series.LOOPS);
        scale.run(Series.LOOPS); // which has nothing left to do
        assertThat(Files.readAllLines(starts)).containsExactly("1", "2");
        assertThat(Files.readAllLines(directory.resolve("asked")))
                .extracting(line -> line.replaceAll(".*:(471.)/.* --duration (.*)", "$1 $2"))
                .containsExactly("4711 4.0", "4711 2.0", "4712 4.0", "4712 2.0", "4711 2.0", "4712 2.0");
        assertThat(results.spread("loops", "2", "cpu").count()).isEqualTo(2);
        scale.run(Series.CONNECTIONS);
        assertThat(results.failures("connections", "50000", "cpu"))
                .containsExactly("a process may have 20000 files open here (ulimit -n)");
    }

    @Test
    void theLimitOfFilesIsTheHardOne() throws IOException {
        assertThat(ScaleMain.mostFiles(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max open files            1024                 20000                files     ")))
                .isEqualTo(20_000);
        assertThat(ScaleMain.mostFiles(List.of("Max open files            1024       unlimited      files")))
                .isEqualTo(Long.MAX_VALUE);
    }
}
