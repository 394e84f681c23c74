package dev.bowline.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.session.wire.ClientMessage.Start;
import dev.bowline.session.wire.ClientMessage.Subscribe;
import dev.bowline.session.wire.ClientMessage.Unsubscribe;
import dev.bowline.session.wire.Cursor;
import dev.bowline.session.wire.Payload;
import dev.bowline.session.wire.ServerMessage;
import dev.bowline.session.wire.ServerMessage.At;
import dev.bowline.session.wire.ServerMessage.Gap;
import dev.bowline.session.wire.ServerMessage.Reset;
import dev.bowline.session.wire.ServerMessage.TopicMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics, as the application sees them (bowline-v1.md, section 6). */
class SubscriptionTest extends SessionTestBase {
    private static final Start NOW = new Start.Now();

    private static TopicMessage message(String topic, long offset, String text) {
        return new TopicMessage(topic, offset, Payload.text(text));
    }

    @Test
    void messagesComeInOrderWithWhatIsMissed() {
        SessionClient client = connect();
        ScriptedConnection first = server.open();
        expectOpened();
        note("ready", client.subscribe("news", noting("n")).ready());
        first.expect(new Subscribe(1, "news", NOW, false)).ok(1);
        first.say(new At("news", new Cursor("e", 4))).say(message("news", 5, "five"));
        expect("ready done", "n news 5 five");
        first.say(new Gap("news", 6, 8, "dropped")).say(message("news", 9, "nine"));
        expect("n gap news 6-8 dropped", "n news 9 nine");
        first.say(message("news", 0, "passing"));
        expect("n news 0 passing");
        first.cut();
        ScriptedConnection second = server.accept();
        assertThat(second.hello().resume()).extracting("topics").isEqualTo(Map.of("news", new Cursor("e", 9)));
        second.resumed(1).say(new Reset("news", new Cursor("f", 100), "lost")).say(message("news", 101, "x"));
        expect("disconnect 1006");
        expectReopened("open resumed");
        expect("n reset news lost", "n news 101 x");
    }

    @Test
    void optionsSayWhereToBegin() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        client.subscribe("a", SubscribeOptions.DEFAULT.from("e", 7).withPresence(), noting("a"));
        client.subscribe("b", SubscribeOptions.DEFAULT.last(3), noting("b"));
        connection
                .expect(new Subscribe(1, "a", new Start.From(new Cursor("e", 7)), true))
                .expect(new Subscribe(2, "b", new Start.Last(3), false));
        connection.ok(1).ok(2);
        connection.say(new ServerMessage.Here("a", List.of("ada", "bob")));
        connection.say(new ServerMessage.Join("a", "eve")).say(new ServerMessage.Leave("a", "bob"));
        expect("a present a [ada, bob]", "a joined a eve", "a left a bob");
    }

    @Test
    void everyListenerThatCoversATopicIsTold() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        client.subscribe("orders.*", noting("any"));
        client.subscribe("orders.1", noting("one"));
        Subscription again = client.subscribe("orders.1", noting("again"));
        connection.expect(new Subscribe(1, "orders.*", NOW, false)).expect(new Subscribe(2, "orders.1", NOW, false));
        connection.ok(1);
        note("again ready", again.ready());
        connection.ok(2);
        connection.say(new At("orders.1", new Cursor("e", 0))).say(message("orders.1", 1, "x"));
        expect("again ready done", "one orders.1 1 x", "again orders.1 1 x", "any orders.1 1 x");
        // A later one of the same pattern is ready at once, and the server learns nothing of it.
        Subscription late = client.subscribe("orders.1", noting("late"));
        note("late ready", late.ready());
        expect("late ready done");
        note("again ended", again.unsubscribe());
        expect("again ended done");
        connection.say(message("orders.1", 2, "y"));
        expect("one orders.1 2 y", "late orders.1 2 y", "any orders.1 2 y");
    }

    @Test
    void theLastListenerEndsIt() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        Subscription subscription = client.subscribe("news", noting("n"));
        connection.expect(new Subscribe(1, "news", NOW, false)).ok(1);
        get(subscription.ready());
        note("ended", subscription.unsubscribe());
        connection.expect(new Unsubscribe(2, "news"));
        connection.say(new At("news", new Cursor("e", 0))).say(message("news", 1, "on its way"));
        connection.ok(2);
        expect("ended done");
        note("again", subscription.unsubscribe());
        expect("again done");
    }

    @Test
    void oneThatIsGivenUpBeforeItIsReadyIsNeverReady() {
        SessionClient client = connect();
        ScriptedConnection connection = server.accept();
        expect("CONNECTING");
        Subscription subscription = client.subscribe("news", noting("n"));
        note("ready", subscription.ready());
        note("ended", subscription.unsubscribe());
        expect("ready NOT_SENT given up before the server had agreed");
        connection.welcome("s1", null);
        expect("OPEN", "open new", "ended done");
        note("a", client.publish("news", "a"));
        connection.expectPublish(1, "a").ok(1);
        expect("a done");
    }

    @Test
    void aRefusalEndsIt() {
        SessionClient client = connect();
        ScriptedConnection connection = server.open();
        expectOpened();
        note("ready", client.subscribe("secret", noting("s")).ready());
        connection.expect(new Subscribe(1, "secret", NOW, false)).refuse(1, "forbidden");
        expect("s ended secret forbidden", "ready REFUSED forbidden");
        note("again", client.subscribe("secret", noting("s")).ready());
        connection.expect(new Subscribe(2, "secret", NOW, false)).ok(2);
        expect("again done");
        connection.say(new ServerMessage.Out(3, "secret", "forbidden"));
        expect("s ended secret forbidden");
    }

    @Test
    void aNewSessionGoesOnWithThem() {
        SessionClient client = connect();
        ScriptedConnection first = server.open();
        expectOpened();
        client.subscribe("news", noting("n"));
        first.expect(new Subscribe(1, "news", NOW, false)).ok(1);
        first.say(new At("news", new Cursor("e", 4))).say(message("news", 5, "five"));
        expect("n news 5 five");
        note("late", client.subscribe("late", noting("l")).ready());
        first.expect(new Subscribe(2, "late", NOW, false)).cut();
        ScriptedConnection second = server.accept();
        second.welcome("s2", "expired");
        second.expect(new Subscribe(1, "news", new Start.From(new Cursor("e", 5)), false))
                .expect(new Subscribe(2, "late", NOW, false));
        second.say(new At("news", new Cursor("e", 5))).say(message("news", 6, "six"));
        second.ok(1).ok(2);
        expect("disconnect 1006");
        expectReopened("open new expired");
        expect("n news 6 six", "late done");
    }
}
