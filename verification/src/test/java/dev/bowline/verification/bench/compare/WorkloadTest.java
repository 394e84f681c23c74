package dev.bowline.verification.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void workloadsHaveNames() {
        for (Workload workload : Workload.values()) {
            assertThat(Workload.of(workload.id())).isSameAs(workload);
            assertThat(workload.options()).isNotEmpty();
        }
        assertThat(Workload.ECHO_20_100_X16.id()).isEqualTo("echo-20-100x16");
        assertThatThrownBy(() -> Workload.of("echo"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no workload \"echo\", only echo-20-100, ");
    }

    @Test
    void eachIsComparedByOneFigure() {
        assertThat(Workload.ECHO_1M.figure()).isEqualTo("cpu");
        assertThat(Workload.LATENCY.figure()).isEqualTo("p99");
        assertThat(Workload.IDLE.figure()).isEqualTo("sum");
        assertThat(Workload.STARTUP.figure()).isEqualTo("startup");
        assertThat(Workload.IDLE_JDK17.onJava17()).isTrue();
        assertThat(Workload.IDLE.onJava17()).isFalse();
    }
}
