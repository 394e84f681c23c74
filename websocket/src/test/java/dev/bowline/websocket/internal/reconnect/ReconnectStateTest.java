package dev.bowline.websocket.internal.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.codec.CloseEvent;
import dev.bowline.codec.CloseEvent.Origin;
import dev.bowline.codec.handshake.HttpHeaders;
import dev.bowline.testkit.ManualClock;
import dev.bowline.websocket.ReconnectOptions;
import dev.bowline.websocket.WebSocketHandshakeException;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Connect;
import dev.bowline.websocket.internal.reconnect.ReconnectState.End;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Stay;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Step;
import dev.bowline.websocket.internal.reconnect.ReconnectState.Wait;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectStateTest {
    final ManualClock clock = new ManualClock();

    /** Jitter always draws the middle. */
    private static ReconnectOptions.Builder options() {
        return ReconnectOptions.builder().random(() -> Long.MIN_VALUE);
    }

    private static CloseEvent closed(int code) {
        return new CloseEvent(code, "", true, Origin.REMOTE, null);
    }

    private Step failed(ReconnectState state) {
        return state.failed(new ConnectException("refused"), clock.nanoTime());
    }

    private Step lost(ReconnectState state) {
        return state.closed(closed(1006), clock.nanoTime());
    }

    private Wait waits(int attempt, Duration delay) {
        return new Wait(attempt, delay, clock.nanoTime() + delay.toNanos());
    }

    @Test
    void waitsLongerWithEachFailure() {
        ReconnectState state = new ReconnectState(options().build());
        assertThat(state.start()).isEqualTo(new Connect(0));
        long[] halves = {500, 1000, 2000, 4000, 8000, 15_000, 15_000};
        for (int i = 0; i < halves.length; i++) {
            assertThat(failed(state)).isEqualTo(waits(i + 1, Duration.ofMillis(halves[i])));
            clock.advance(Duration.ofMillis(halves[i]));
            assertThat(state.due()).isEqualTo(new Connect(i + 1));
        }
    }

    @Test
    void aConnectionThatStoodBeginsTheBackoffAnew() {
        ReconnectState state = new ReconnectState(options().build());
        state.start();
        failed(state);
        state.due();
        state.opened(clock.nanoTime());
        clock.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(lost(state)).isEqualTo(waits(2, Duration.ofSeconds(1)));
        state.due();
        state.opened(clock.nanoTime());
        clock.advance(Duration.ofSeconds(5));
        assertThat(lost(state)).isEqualTo(waits(1, Duration.ofMillis(500)));
    }

    @Test
    void givesUpAfterMaxAttempts() {
        ReconnectState state = new ReconnectState(options().maxAttempts(2).build());
        state.start();
        assertThat(failed(state)).isInstanceOf(Wait.class);
        state.due();
        assertThat(failed(state)).isInstanceOf(Wait.class);
        state.due();
        assertThat(failed(state)).isEqualTo(new End(new CloseEvent(1006, "refused", false, Origin.NETWORK, null)));
        assertThat(state.due()).isInstanceOf(Stay.class);
        assertThat(state.close()).isInstanceOf(Stay.class);
    }

    @Test
    void givesUpWhereTheRuleSaysSo() {
        ReconnectState state = new ReconnectState(options().build());
        state.start();
        state.opened(clock.nanoTime());
        assertThat(state.closed(closed(4500), clock.nanoTime())).isEqualTo(new End(closed(4500)));

        ReconnectState refused = new ReconnectState(options().build());
        refused.start();
        assertThat(refused.failed(
                        new WebSocketHandshakeException("no", 403, HttpHeaders.EMPTY, null), clock.nanoTime()))
                .isInstanceOf(End.class);

        ReconnectState own = new ReconnectState(
                options().rule((end, failure) -> end.code() == 1000).build());
        own.start();
        own.opened(clock.nanoTime());
        assertThat(own.closed(closed(1000), clock.nanoTime())).isInstanceOf(Wait.class);
    }

    @Test
    void aRuleThatThrowsLosesNothing() {
        ReconnectState state = new ReconnectState(options()
                .rule((end, failure) -> {
                    throw new IllegalStateException("on purpose");
                })
                .build());
        state.start();
        assertThat(failed(state)).isInstanceOf(Wait.class);
    }

    @Test
    void closeEndsWaitingAndConnectingAtOnce() {
        ReconnectState waiting = new ReconnectState(options().build());
        waiting.start();
        failed(waiting);
        assertThat(waiting.close())
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.event().closedBy()).isEqualTo(Origin.LOCAL));
        assertThat(waiting.due()).isInstanceOf(Stay.class);

        ReconnectState connecting = new ReconnectState(options().build());
        connecting.start();
        assertThat(connecting.close()).isInstanceOf(End.class);
        assertThat(failed(connecting)).isInstanceOf(Stay.class);
        assertThat(connecting.isConnecting()).isFalse();
    }

    @Test
    void closeOfAConnectionEndsWhenItIsGone() {
        ReconnectState state = new ReconnectState(options().build());
        state.start();
        state.opened(clock.nanoTime());
        assertThat(state.close()).isInstanceOf(Stay.class);
        assertThat(state.closed(closed(1001), clock.nanoTime())).isEqualTo(new End(closed(1001)));
        assertThat(state.start()).isInstanceOf(Stay.class);
    }
}
