package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Delivery;
import dev.bowline.realtime.HubOptions;
import dev.bowline.session.wire.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 5: messages to one session. */
@Tag("once")
class DirectLogTest extends OwnServerClauses {
    private Delivery send(SpecClient client, String text) {
        Delivery delivery = hub().session(client.session().id()).send("note", text);
        HubUnderTest.get(delivery.stored());
        return delivery;
    }

    @Test
    void messagesAreNumberedWithTheResults() {
        SpecClient client = begin();
        send(client, "one");
        client.does("send # note\nx");
        send(client, "two");
        assertThat(client.next("msg 1 note").text()).isEqualTo("one");
        assertThat(client.next("msg 3 note").text()).isEqualTo("two");
        server().told.expect("x");
    }

    @Test
    void bytesStayBytes() {
        SpecClient client = begin();
        byte[] bytes = {0, '\n', (byte) 0xff};
        hub().session(client.session().id()).send("note", Payload.binary(ByteBuffer.wrap(bytes)));
        SpecMessage message = client.next("msg 1 note");
        assertThat(message.isBinary()).isTrue();
        assertThat(message.payload()).isEqualTo(bytes);
    }

    @Test
    void whatWasSentWhileNobodyWasThereComesInOrder() {
        SpecClient client = begin();
        send(client, "one");
        client.next("msg 1 note");
        client.cut();
        send(client, "two");
        send(client, "three");
        SpecClient back = comeBack(client);
        assertThat(back.next("msg 2 note").text()).isEqualTo("two");
        assertThat(back.next("msg 3 note").text()).isEqualTo("three");
        back.expectNothingElse();
    }

    @Test
    @DisplayName("the sender hears of it when the client has acknowledged, by ack or by what it saw before it resumed")
    void acknowledges() {
        SpecClient client = begin();
        Delivery one = send(client, "one");
        Delivery two = send(client, "two");
        client.next("msg 1 note");
        client.next("msg 2 note");
        client.expectNothingElse();
        assertThat(one.received().toCompletableFuture()).isNotDone();
        client.say("ack 1");
        HubUnderTest.get(one.received());
        assertThat(two.received().toCompletableFuture()).isNotDone();
        comeBack(client).expectNothingElse();
        HubUnderTest.get(two.received());
    }

    @Test
    void nothingIsAcknowledgedToBeginWith() {
        SpecClient client = begin();
        client.say("ack 0");
        client.expectNothingElse();
    }

    @Test
    void aFullLogEndsTheSession() {
        serve(HubOptions.builder().maxDirectBytes(1_000));
        SpecClient client = begin();
        hub().session(client.session().id()).send("note", "x".repeat(600));
        hub().session(client.session().id()).send("note", "x".repeat(600));
        client.expectClose(4007);
        assertThat(also(client.reconnect()).resume().outcome()).startsWith("new ");
    }

    @Test
    void aLogThatIsAcknowledgedNeverIsFull() {
        serve(HubOptions.builder().maxDirectBytes(1_000));
        SpecClient client = begin();
        for (int i = 1; i <= 10; i++) {
            Delivery delivery = send(client, "x".repeat(600));
            assertThat(client.next("msg " + i + " note").payload())
                    .isEqualTo("x".repeat(600).getBytes(StandardCharsets.US_ASCII));
            client.say("ack " + i);
            HubUnderTest.get(delivery.received());
        }
    }
}
