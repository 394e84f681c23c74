package dev.bowline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.cli.CommandFailure;
import dev.bowline.cli.config.EngineChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class EnginesTest {
    private final Engines.Converter converter = new Engines.Converter();

    @Test
    void inMemoryThereIsNothingToShare() throws CommandFailure {
        EngineChoice choice = converter.convert("memory");
        assertThat(choice.isShared()).isFalse();
        try (Engines.Opened opened = Engines.open(choice)) {
            assertThat(opened.engine()).isNull();
            assertThat(opened.isShared()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "rediss://user:secret@localhost:6380/2",
                "redis-sentinel://one,two:26380#master",
                "redis-cluster://user:secret@one,two:7001",
                "rediss-cluster://one"
            })
    void theyAreReadByTheirSchemes(String uri) {
        assertThat(converter.convert(uri).redis()).isNotNull();
    }

    @Test
    void aClusterIsKnownAsOne() {
        assertThat(converter.convert("redis-cluster://one,two")).asString().contains("cluster");
        assertThat(converter.convert("redis://one")).asString().doesNotContain("cluster");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Memory", "localhost", "http://user:secret@localhost", "redis-cluster://", "redis://"})
    void otherWordsAreRefusedWithWhatIsAllowed(String value) {
        assertThatThrownBy(() -> converter.convert(value))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("memory")
                .hasMessageContaining("redis://")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aRedisThatIsNotThereIsNamedWithoutItsPassword() {
        assertThatThrownBy(() -> Engines.open(converter.convert("redis://user:secret@127.0.0.1:1")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("--engine")
                .hasMessageNotContaining("secret");
    }
}
