package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

class RecorderExtensionTest {
    @Test
    void aTestThatPassedFailsForWhatItLeft() {
        Recorder<String> events = new Recorder<>();
        events.record("left");
        assertThatThrownBy(() -> events.afterEach(context(Optional.empty())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("left");
    }

    @Test
    void aTestThatFailedKeepsItsOwnFailure() {
        Recorder<String> events = new Recorder<>();
        events.record("left");
        events.afterEach(context(Optional.of(new AssertionError("its own"))));
    }

    private static ExtensionContext context(Optional<Throwable> failure) {
        return (ExtensionContext) Proxy.newProxyInstance(
                RecorderExtensionTest.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> failure);
    }
}
