package dev.bowline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bowline.realtime.SessionClient;
import dev.bowline.realtime.SessionListener;
import dev.bowline.realtime.SessionState;
import dev.bowline.realtime.SubscribeOptions;
import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Await;
import dev.bowline.testkit.Recorder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ChatServerTest extends SessionExampleTestBase {
    private static final SubscribeOptions HISTORY = SubscribeOptions.DEFAULT.last(20);

    ChatServerTest() {
        super(ChatServer.class);
    }

    @Test
    void aRoomHasAHistoryAndShowsWhoIsThere() {
        SessionClient ada = client("ada");
        Recorder<String> atAda = new Recorder<>();
        get(ada.subscribe("room.tea", HISTORY.withPresence(), recording(atAda)).ready());
        atAda.expect("present [ada]");
        assertThat(get(ada.request("say", "tea anyone here?")).asText()).isEqualTo("1");
        atAda.expect("room.tea: ada: anyone here?");

        SessionClient bob = client("bob");
        Recorder<String> atBob = new Recorder<>();
        get(bob.subscribe("room.tea", HISTORY, recording(atBob)).ready());
        atBob.expect("room.tea: ada: anyone here?");
        atAda.expect("joined bob");
        get(bob.request("say", "tea I am\nand thirsty"));
        atAda.expect("room.tea: bob: I am\nand thirsty");
        get(bob.bye());
        atAda.expect("left bob");
    }

    @Test
    void nobodySpeaksInAnothersName() {
        SessionClient mallory = client("mallory");
        assertThatThrownBy(() -> get(mallory.publish("room.tea", "ada: I am ada")))
                .hasMessageStartingWith("forbidden");
        assertThatThrownBy(() -> get(mallory.request("say", "tea"))).hasMessageStartingWith("bad-request");
        assertThatThrownBy(() -> get(mallory.request("say", "t.ea hello"))).hasMessageStartingWith("bad-request");
        SessionClient nobody = client(null);
        Await.until("who has no name is refused", () -> nobody.state() == SessionState.ENDED);
    }

    @Test
    void whoIsAwayGetsPrivateMessagesLaterAndReadsThemOnce() {
        SessionClient ada = client("ada");
        assertThat(get(ada.request("whisper", "bob the door is open")).asText()).isEqualTo("1");
        Await.until("a push", () -> server().output().contains("push to the phone of bob"));

        Recorder<String> phone = new Recorder<>();
        Recorder<String> laptop = new Recorder<>();
        Recorder<String> marks = new Recorder<>();
        SessionClient bobsPhone = client("bob");
        SessionClient bobsLaptop = client(server().port(), "bob", new SessionListener() {
            @Override
            public void onMessage(SessionClient client, String name, Payload payload) {
                marks.record(name + " " + payload.asText());
            }
        });
        get(bobsPhone.subscribe("$mailbox", HISTORY, recording(phone)).ready());
        get(bobsLaptop.subscribe("$mailbox", HISTORY, recording(laptop)).ready());
        phone.expect("$mailbox: ada: the door is open");
        laptop.expect("$mailbox: ada: the door is open");

        get(bobsPhone.read(1));
        marks.expect("$read 1");
    }

    @Test
    void theClientTalksFromATerminal() throws InterruptedException {
        SessionClient bob = client("bob");
        Recorder<String> atBob = new Recorder<>();
        get(bob.subscribe("room.tea", recording(atBob)).ready());
        get(bob.subscribe("$mailbox", recording(atBob)).ready());
        try (Program ada = Program.client(ChatClient.class, server().port(), "ada", "tea")) {
            ada.type("hello");
            atBob.expect("room.tea: ada: hello");
            ada.type("@bob come closer");
            atBob.expect("$mailbox: ada: come closer");
            get(bob.request("whisper", "ada why?"));
            Await.until("it came", () -> ada.output().contains("(private) bob: why?"));
            assertThat(ada.output()).contains("- here: ").contains("ada: hello");
            ada.endOfInput();
            assertThat(ada.exitCode()).isZero();
        }
    }
}
