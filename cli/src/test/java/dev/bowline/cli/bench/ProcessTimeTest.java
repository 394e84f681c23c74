package dev.bowline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessTimeTest {
    @Test
    void countsWhatAProcessUses() throws IOException {
        ProcessTime own = new ProcessTime(ProcessHandle.current().pid());
        double before = own.seconds();
        assertThat(before).isPositive(); // the JVM has started
        double after = before;
        while (after == before) { // works, and so uses time
            after = own.seconds();
        }
        assertThat(after).isGreaterThan(before);
    }

    @Test
    void saysThatThereIsNoSuchProcess() {
        assertThatThrownBy(() -> new ProcessTime(999_999_999))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no process 999999999");
    }

    @Test
    void saysThatAProcessHasEnded() throws IOException {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessTime time = new ProcessTime(process.pid());
        assertThat(time.seconds()).isNotNegative();
        process.destroyForcibly().onExit().join();
        assertThatThrownBy(time::seconds)
                .isInstanceOf(IOException.class)
                .hasMessage("process " + process.pid() + " has ended");
    }
}
