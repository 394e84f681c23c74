package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class RedisSetupsTest {
    private static final String[] SETTINGS = {"--maxmemory", "50mb"};

    @Test
    void aReplicaHasWhatItsMasterHas() {
        try (RedisProcess master = RedisProcess.launch(SETTINGS)) {
            master.ask("SET a 1");
            try (RedisProcess replica = RedisProcess.startReplicaOf(master)) {
                assertThat(replica.ask("GET a")).isEqualTo("1");
                assertThat(replica.ask("SET a 2")).startsWith("-READONLY");
            }
        }
    }

    @Test
    void aPausedServerAnswersWhenItGoesOn() throws InterruptedException {
        try (RedisProcess server = RedisProcess.launch(SETTINGS)) {
            server.pause();
            Recorder<String> answers = new Recorder<>();
            Thread asking = new Thread(() -> answers.record(String.valueOf(server.ask("PING"))));
            asking.start();
            asking.join(100);
            assertThat(asking.isAlive()).isTrue();
            server.resume();
            answers.expect("+PONG");
            answers.close();
        }
    }

    @Test
    void whatCannotStartLeavesNothingAndSaysWhy() {
        assertThatThrownBy(() -> RedisProcess.launch("--no-such-setting", "1"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-setting");
    }

    @Test
    void sentinelMakesTheReplicaTheMasterAndAgain() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            RedisProcess first = sentinels.master();
            first.ask("SET kept 1");
            sentinels.awaitReplica();
            sentinels.detachReplica();
            first.ask("SET lost 1");
            sentinels.failOver();
            assertThat(sentinels.master()).isNotSameAs(first);
            assertThat(sentinels.master().ask("GET kept")).isEqualTo("1");
            assertThat(sentinels.master().ask("GET lost")).isEqualTo("$-1");
            sentinels.restoreReplica();
            sentinels.failOver();
            assertThat(sentinels.master()).isSameAs(first);
        }
    }

    @Test
    void aClusterHasEachKeyOnOneNode() {
        RedisCluster cluster = RedisCluster.start();
        RedisProcess node = cluster.nodeOf("a");
        try (cluster) {
            assertThat(cluster.uris()).hasSize(3).doesNotHaveDuplicates();
            assertThat(node.ask("SET a 1")).isEqualTo("+OK");
            assertThat(cluster.nodes())
                    .filteredOn(other -> other != node)
                    .allSatisfy(other -> assertThat(other.ask("GET a")).startsWith("-MOVED"));
        }
        assertThat(node.ask("PING")).isNull();
        assertThat(Files.exists(node.directory())).isFalse();
    }
}
