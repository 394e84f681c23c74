package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bowline.session.wire.ClientMessage;
import dev.bowline.session.wire.ClientMessage.Request;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Fault;
import dev.bowline.testkit.FaultProxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Commands and what becomes of them (bowline-v1.md, section 4). */
class SessionCommandsTest extends SessionTestBase {
    @Test
    void eachHasItsResultInAnyOrder() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("publish", client.publish("news", "a"));
        note("request", client.request("place", ByteBuffer.wrap(new byte[] {1, 2, 3})));
        note("send", client.send("hi", "b"));
        note("read", client.read(7));
        note("bare", client.request("bare", Payload.NONE));
        connection
                .expectPublish(1, "a")
                .expect(new Request(
                        2, "place", Request.NO_STREAM, Payload.binary(ByteBuffer.wrap(new byte[] {1, 2, 3}))))
                .expect(new ClientMessage.Send(3, "hi", Payload.text("b")))
                .expect(new ClientMessage.Read(4, 7))
                .expect(new Request(5, "bare", Request.NO_STREAM, Payload.NONE));
        connection.ok(3).refuse(1, "forbidden");
        connection.say(
                new ServerMessage.Response(connection.n(), 2, Payload.binary(ByteBuffer.wrap(new byte[] {4, 5}))));
        connection.say(new ServerMessage.Err(connection.n(), 4, "bad-request", Payload.text("there is no 7")));
        connection.ok(5);
        expect(
                "send done",
                "publish REFUSED forbidden",
                "request binary 2",
                "read REFUSED bad-request: there is no 7",
                "bare ");
    }

    @Test
    void aRefusalHasItsCode() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        var stage = client.publish("news", "a").toCompletableFuture();
        connection.expectPublish(1, "a").refuse(1, "orders.sold-out");
        expectOpened();
        CommandException refused = (CommandException) get(stage.handle((done, error) -> error));
        assertThat(refused.outcome()).isEqualTo(CommandException.Outcome.REFUSED);
        assertThat(refused.code()).isEqualTo("orders.sold-out");
    }

    @Test
    void whatTheServerHasNotHandledIsSentAgain() {
        SessionClient client = connect();
        ScriptedConnection first = server.open();
        expectOpened();
        note("a", client.publish("news", "a"));
        note("b", client.publish("news", "b"));
        first.expectPublish(1, "a").expectPublish(2, "b").cut();
        ScriptedConnection second = server.accept();
        assertThat(second.hello().resume())
                .extracting("session", "token", "seen")
                .containsExactly("s1", "secret", 0L);
        note("c", client.publish("news", "c"));
        second.resumed(1).expectPublish(2, "b").expectPublish(3, "c");
        expect("disconnect 1006");
        expectReopened("open resumed");
        second.ok(1).ok(2).ok(3);
        expect("a done", "b done", "c done");
    }

    @Test
    void aLinkThatIsResetLosesAndDoublesNothing() {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            SessionClient client = connect(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), options());
            ScriptedConnection first = server.open();
            expectOpened();
            note("a", client.publish("news", "a"));
            note("b", client.publish("news", "b"));
            first.expectPublish(1, "a").expectPublish(2, "b").ok(1);
            expect("a done");
            proxy.resetAll();
            ScriptedConnection second = server.accept();
            assertThat(second.hello().resume()).extracting("seen").isEqualTo(1L);
            second.resumed(1).expectPublish(2, "b").ok(2);
            expect("disconnect 1006");
            expectReopened("open resumed");
            expect("b done");
            get(client.bye());
        }
    }

    @Test
    void aLinkThatDiesInSilenceIsNoticedAndReplaced() {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
            SessionClient client = connect(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), options());
            ScriptedConnection first = server.accept();
            first.welcome("s1", null, new ServerMessage.Terms(60_000, 150, 150, 1 << 20, 256, 1 << 20));
            expectOpened();
            proxy.links().get(0).apply(Fault.blackHole());
            note("a", client.publish("news", "a"));
            expect("disconnect 4001 nothing heard");
            ScriptedConnection second = server.accept();
            second.resumed(0).expectPublish(1, "a").ok(1);
            expectReopened("open resumed");
            expect("a done");
            get(client.bye());
        }
    }

    @Test
    void aNewSessionLeavesUnknownWhatWasSentAndSendsTheRest() {
        SessionClient client = connect();
        ScriptedConnection first = server.open();
        expectOpened();
        note("a", client.publish("news", "a"));
        first.expectPublish(1, "a").cut();
        ScriptedConnection second = server.accept();
        note("b", client.publish("news", "b"));
        second.welcome("s2", "expired").expectPublish(1, "b").ok(1);
        expect(
                "disconnect 1006",
                "WAITING",
                "CONNECTING",
                "OPEN",
                "open new expired",
                "a UNKNOWN the session is new: expired",
                "b done");
        assertThat(client.id()).contains("s2");
    }

    @Test
    void theyWaitForASession() {
        server.refuse(503);
        SessionClient client =
                connect(options().random(() -> Long.MAX_VALUE - 1)); // the first wait is a second, almost
        note("a", client.publish("news", "a"));
        note("b", client.request("place", "b"));
        expect("CONNECTING");
        events.expect(event -> event.startsWith("failed") && event.contains("503"), "a failed attempt");
        expect("WAITING");
        assertThat(client.bufferedAmount()).isEqualTo(64 + 5 + 64 + 6);
        server.refuse(0);
        client.check();
        ScriptedConnection connection = server.open();
        connection.expectPublish(1, "a").expect(new Request(2, "place", Request.NO_STREAM, Payload.text("b")));
        connection.ok(1).ok(2);
        expect("CONNECTING", "OPEN", "open new", "a done", "b ");
    }

    @Test
    void aSubscriptionCanBeEndedHoweverMuchIsOnItsWay() {
        CountDownLatch done = new CountDownLatch(1);
        SessionClient client =
                Bowline.connect(server.uri(), options().maxOutboxBytes(1_024).build(), new Listener(events) {
                    @Override
                    public void onMessage(SessionClient told, String name, Payload payload) {
                        super.onMessage(told, name, payload);
                        try {
                            done.await(); // the event loop does nothing meanwhile
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
        ScriptedConnection connection = server.open();
        expectOpened();
        Subscription subscription = client.subscribe("news", noting("n"));
        connection
                .expect(new ClientMessage.Subscribe(1, "news", new ClientMessage.Start.Now(), false))
                .ok(1);
        get(subscription.ready());
        connection.say(new ServerMessage.DirectMessage(connection.n(), "hi", Payload.text("x")));
        expect("message hi x");
        note("a", client.publish("news", "a".repeat(900)));
        note("b", client.publish("news", "b"));
        expect("b NOT_SENT the outbox is full: there is no room for another 69 of 1024 bytes");
        note("ended", subscription.unsubscribe());
        done.countDown();
        connection.expectPublish(2, "a".repeat(900)).expect(new ClientMessage.Unsubscribe(3, "news"));
        connection.ok(2).ok(3);
        expect("a done", "ended done");
    }

    @Test
    void theOutboxIsBounded() {
        SessionClient client = connect(options().maxOutboxBytes(1_024));
        ScriptedConnection connection = server.accept();
        expect("CONNECTING");
        note("first", client.publish("news", "x".repeat(900)));
        note("second", client.publish("news", "y".repeat(100)));
        events.expect(event -> event.startsWith("second NOT_SENT the outbox is full"), "a refusal");
        note("large", client.publish("news", "z".repeat(1_000)));
        expect("large NOT_SENT the outbox is full: there is no room for another 1068 of 1024 bytes");
        connection.welcome("s1", null).expectPublish(1, "x".repeat(900)).ok(1);
        expect("OPEN", "open new", "first done");
        Await.untilEquals("bytes without a result", client::bufferedAmount, 0L);
    }

    @Test
    void aRequestCanBeGivenUp() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        var stage = client.request("slow", "x").toCompletableFuture();
        connection.expect(new Request(1, "slow", Request.NO_STREAM, Payload.text("x")));
        assertThat(stage.cancel(false)).isTrue();
        connection.expect(new ClientMessage.Cancel(1)).refuse(1, "cancelled");
        note("next", client.send("hi", "y"));
        connection.expect(new ClientMessage.Send(2, "hi", Payload.text("y"))).ok(2);
        expect("next done");
        Await.untilEquals("bytes without a result", client::bufferedAmount, 0L);
    }

    @Test
    void directMessagesComeOnceAndAreAcknowledged() {
        connect();
        ScriptedConnection first = server.open();
        expectOpened();
        first.say(new ServerMessage.DirectMessage(1, "hi", Payload.text("a")));
        expect("message hi a");
        first.cut();
        ScriptedConnection second = server.accept();
        assertThat(second.hello().resume()).extracting("seen").isEqualTo(1L);
        second.resumed(0);
        second.say(new ServerMessage.DirectMessage(1, "hi", Payload.text("a")));
        second.say(new ServerMessage.DirectMessage(2, "hi", Payload.text("b")));
        expect("disconnect 1006");
        expectReopened("open resumed");
        expect("message hi b");
        second.awaitAcknowledged(2);
    }

    @Test
    void whatCannotBeSentIsTheCallersMistake() {
        SessionClient client = connect();
        server.open();
        expectOpened();
        assertThatIllegalArgumentException().isThrownBy(() -> client.publish("a b", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.request("", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.send("é", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.stream("*", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.read(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> client.authenticate("a b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.subscribe("a.*", SubscribeOptions.DEFAULT.last(3), noting("x")));
    }
}
