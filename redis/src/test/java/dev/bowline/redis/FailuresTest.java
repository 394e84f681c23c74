package dev.bowline.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.engine.Failure;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "OOM command not allowed when used memory > 'maxmemory'. script: 6b1b, on @user_script:98.",
                "ERR Error running script (call to f_6b1b): @user_script:98: @user_script: 98: -OOM command not allowed when used memory > 'maxmemory'.",
                "OOM"
            })
    void whatRedisRefusedHadNoEffect(String said) {
        assertThat(Failures.of(new RedisCommandExecutionException(said)))
                .isEqualTo(new Failure(Failure.UNAVAILABLE, "Redis refused: OOM"));
    }

    @Test
    void aReplicaIsKnownByItsRefusal() {
        assertThat(Failures.isReadOnly(new CompletionException(
                        new RedisCommandExecutionException("READONLY You can't write against a read only replica."))))
                .isTrue();
        assertThat(Failures.isReadOnly(new RedisCommandExecutionException("OOM command not allowed")))
                .isFalse();
        assertThat(Failures.isReadOnly(new RedisException("READONLY"))).isFalse();
    }

    @Test
    void anErrorOfAnotherKindIsAFault() {
        assertThat(Failures.of(new RedisCommandExecutionException("WRONGTYPE of the key secret")))
                .isEqualTo(new Failure(Failure.INTERNAL, "Redis failed: WRONGTYPE"));
    }

    @Test
    void whatWasNeverSentHadNoEffect() {
        assertThat(Failures.of(new Failures.NotSent(new RedisCommandTimeoutException("late")))
                        .code())
                .isEqualTo(Failure.UNAVAILABLE);
        assertThat(Failures.of(new RedisConnectionException("Unable to connect"))
                        .code())
                .isEqualTo(Failure.UNAVAILABLE);
        assertThat(Failures.of(new RedisException("Request queue size exceeded: 100000. Commands are not accepted"))
                        .code())
                .isEqualTo(Failure.UNAVAILABLE);
    }

    @Test
    void ofAllElseTheEffectIsNotKnown() {
        for (Throwable thrown : new Throwable[] {
            new CompletionException(new RedisCommandTimeoutException("Command timed out")),
            new RedisException("Connection disconnected"),
            new IOException("Connection reset by peer")
        }) {
            assertThat(Failures.of(thrown).code()).isEqualTo(Failure.TIMEOUT);
        }
    }
}
