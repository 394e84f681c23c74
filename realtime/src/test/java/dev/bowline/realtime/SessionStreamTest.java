package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.ClientMessage.Cancel;
import dev.bowline.session.wire.ClientMessage.More;
import dev.bowline.session.wire.ClientMessage.Request;
import dev.bowline.session.wire.Grammar;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.testkit.CapturedLog;
import dev.bowline.testkit.Recorder;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers in parts (bowline-v1.md, section 7) as {@link Flow}. */
class SessionStreamTest extends SessionTestBase {
    private final Noting subscriber = new Noting(events);

    private static class Noting implements Flow.Subscriber<Payload> {
        private final Recorder<String> events;
        private volatile Flow.@Nullable Subscription subscription;

        Noting(Recorder<String> events) {
            this.events = events;
        }

        Flow.Subscription subscription() {
            return Objects.requireNonNull(subscription, "subscription");
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            events.record("subscribed");
        }

        @Override
        public void onNext(Payload part) {
            events.record("part " + text(part));
        }

        @Override
        public void onError(Throwable error) {
            events.record("error " + error.getMessage());
        }

        @Override
        public void onComplete() {
            events.record("complete");
        }
    }

    private static Request request(long seq, long credit) {
        return new Request(seq, "ai", credit, Payload.text("Once"));
    }

    private ScriptedConnection open() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        client.stream("ai", "Once").subscribe(subscriber);
        expect("subscribed");
        return connection;
    }

    @Test
    void demandBecomesCredit() {
        ScriptedConnection connection = open();
        subscriber.subscription().request(2);
        connection.expect(request(1, 2)).part(1, "a").part(1, "b");
        expect("part a", "part b");
        subscriber.subscription().request(3);
        connection.expect(new More(1, 5)).part(1, "c");
        connection.say(new ServerMessage.End(connection.n(), 1));
        expect("part c", "complete");
        subscriber.subscription().request(1);
        subscriber.subscription().cancel();
    }

    @Test
    void demandWithoutBoundIsTheMostThatThereIs() {
        ScriptedConnection connection = open();
        subscriber.subscription().request(Long.MAX_VALUE);
        connection.expect(request(1, Grammar.MAX_NUMBER));
        subscriber.subscription().request(Long.MAX_VALUE);
        connection.part(1, "a").say(new ServerMessage.End(connection.n(), 1));
        expect("part a", "complete");
    }

    @Test
    void itGoesOnAfterACut() {
        ScriptedConnection first = open();
        subscriber.subscription().request(2);
        first.expect(request(1, 2)).part(1, "a");
        expect("part a");
        subscriber.subscription().request(1);
        first.expect(new More(1, 3)).cut();
        ScriptedConnection second = server.accept();
        second.resumed(1).expect(new More(1, 3)).part(1, "b").part(1, "c");
        second.say(new ServerMessage.End(second.n(), 1));
        expect("disconnect 1006");
        expectReopened("open resumed");
        expect("part b", "part c", "complete");
    }

    @Test
    void itEndsAsUnknownWithItsSession() {
        ScriptedConnection first = open();
        subscriber.subscription().request(2);
        first.expect(request(1, 2)).part(1, "a");
        expect("part a");
        first.cut();
        server.accept().welcome("s2", "expired");
        expect(
                "disconnect 1006",
                "WAITING",
                "CONNECTING",
                "OPEN",
                "open new expired",
                "error the session is new: expired");
    }

    @Test
    void cancellingGivesItUp() {
        ScriptedConnection connection = open();
        subscriber.subscription().request(2);
        connection.expect(request(1, 2)).part(1, "a");
        expect("part a");
        subscriber.subscription().cancel();
        connection.expect(new Cancel(1)).part(1, "late").refuse(1, "cancelled");
        connection.say(new ServerMessage.DirectMessage(connection.n(), "after", Payload.NONE));
        expect("message after ");
    }

    @Test
    void anAnswerInOnePieceWaitsForDemand() {
        ScriptedConnection connection = open();
        subscriber.subscription().request(1);
        connection.expect(request(1, 1)).part(1, "a");
        connection.say(new ServerMessage.Response(connection.n(), 1, Payload.text("b")));
        connection.say(new ServerMessage.DirectMessage(connection.n(), "after", Payload.NONE));
        expect("part a", "message after ");
        subscriber.subscription().request(1);
        expect("part b", "complete");
    }

    @Test
    void aDemandOfNothingIsAMistake() {
        ScriptedConnection connection = open();
        subscriber.subscription().request(1);
        connection.expect(request(1, 1));
        subscriber.subscription().request(0);
        expect("error 0 parts were requested, must be at least 1");
        connection.expect(new Cancel(1));
    }

    @Test
    void aSubscriberThatThrowsIsDoneWithIt() {
        try (CapturedLog log = CapturedLog.of("dev.bowline.realtime.internal.client.Callbacks")) {
            SessionClient client = connect();
            ScriptedConnection connection = server.open();
            expectOpened();
            client.stream("ai", "Once").subscribe(new Noting(events) {
                @Override
                public void onSubscribe(Flow.Subscription begun) {
                    begun.request(5);
                }

                @Override
                public void onNext(Payload part) {
                    super.onNext(part);
                    throw new IllegalStateException("on purpose");
                }
            });
            connection.expect(request(1, 5)).part(1, "a").part(1, "b");
            connection.expect(new Cancel(1));
            expect("part a");
            assertThat(log.lines()).anyMatch(line -> line.startsWith("SEVERE onNext of "));
        }
    }

    @Test
    void eachSubscriberAsksAnew() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        Flow.Publisher<Payload> stream = client.stream("ai", "Once");
        Noting other = new Noting(events);
        stream.subscribe(subscriber);
        stream.subscribe(other);
        expect("subscribed", "subscribed");
        subscriber.subscription().request(1);
        other.subscription().request(2);
        connection.expect(request(1, 1)).expect(request(2, 2)).refuse(2, "not-found");
        expect("error not-found");
        subscriber.subscription().cancel();
    }
}
