package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.CommandException;
import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy.Direction;
import dev.bowline.testkit.Recorder;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class OrderDeskTest extends SessionExampleTestBase {
    OrderDeskTest() {
        super(OrderDesk.class);
    }

    private Recorder<String> desk() {
        Recorder<String> events = new Recorder<>();
        get(client("desk").subscribe("orders.*", recording(events)).ready());
        return events;
    }

    @Test
    void anOrderIsFollowedByItsCustomerAndByTheDesk() {
        Recorder<String> atDesk = desk();
        SessionClient ada = client("ada");
        assertThat(get(ada.request("orders.place", "tea 2")).asText()).isEqualTo("1");
        Recorder<String> atAda = new Recorder<>();
        get(ada.subscribe("orders.1", SubscribeOptions.DEFAULT.last(10), recording(atAda))
                .ready());
        for (Recorder<String> events : List.of(atAda, atDesk)) {
            events.expect("orders.1: placed tea 2");
            events.expect("orders.1: packed");
            events.expect("orders.1: shipped");
        }
        assertThatThrownBy(() -> get(client("bob")
                        .subscribe("orders.1", (topic, offset, payload) -> {})
                        .ready()))
                .hasMessageStartingWith("forbidden");
    }

    @Test
    void aRefusalSaysWhyAndOrdersNothing() {
        Recorder<String> atDesk = desk();
        SessionClient ada = client("ada");
        assertThatThrownBy(() -> get(ada.request("orders.place", "two teas")))
                .isInstanceOfSatisfying(CommandException.class, refusal -> {
                    assertThat(refusal.outcome()).isEqualTo(CommandException.Outcome.REFUSED);
                    assertThat(refusal.code()).isEqualTo("bad-request");
                });
        assertThatThrownBy(() -> get(ada.request("orders.place", "coffee 2")))
                .isInstanceOfSatisfying(CommandException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo("orders.sold-out"));
        assertThat(get(ada.request("orders.place", "coffee 1")).asText()).isEqualTo("1");
        atDesk.expect("orders.1: placed coffee 1");
    }

    @Test
    void aClientThatIsCutDuringARequestGetsOneResultAndOneOrder() {
        Recorder<String> atDesk = desk();
        SessionClient ada = clientThroughProxy("ada");
        get(ada.subscribe("orders.*", (topic, offset, payload) -> {}).ready());

        proxy().apply(Direction.TO_CLIENT, Fault.blackHole());
        AtomicInteger results = new AtomicInteger();
        CompletionStage<Payload> order = ada.request("orders.place", "coffee 1");
        order.whenComplete((number, failure) -> results.incrementAndGet());
        atDesk.expect("orders.1: placed coffee 1"); // it is placed, and its result has vanished
        assertThat(order.toCompletableFuture()).isNotDone();
        proxy().apply(Fault.none());
        proxy().resetAll();

        assertThat(get(order).asText()).isEqualTo("1");
        assertThat(get(ada.request("orders.place", "tea 1")).asText()).isEqualTo("2");
        atDesk.expect("orders.2: placed tea 1"); // nothing came between the two
        assertThat(results).hasValue(1);
    }
}
