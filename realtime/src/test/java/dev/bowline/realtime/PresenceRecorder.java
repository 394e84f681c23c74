package dev.bowline.realtime;

import dev.bowline.session.wire.Payload;
import dev.bowline.testkit.Recorder;
import java.util.List;

/** Records what is told of who is in a topic. */
public final class PresenceRecorder implements TopicListener {
    private final Recorder<String> told = new Recorder<>();

    @Override
    public void onMessage(String topic, long offset, Payload payload) {}

    @Override
    public void onPresent(String topic, List<String> users) {
        told.record("present " + users);
    }

    @Override
    public void onJoined(String topic, String user) {
        told.record("joined " + user);
    }

    @Override
    public void onLeft(String topic, String user) {
        told.record("left " + user);
    }

    /** Expects that the one who listens is there and nobody else: at once, or when the engine knows of it. */
    public void expectAlone(String user) {
        String first = told.take();
        if (first.equals("present []")) {
            told.expect("joined " + user);
        } else if (!first.equals("present [" + user + "]")) {
            throw new AssertionError("expected that " + user + " is there, but came " + first);
        }
    }

    /** Expects this as the next. */
    public void expect(String what) {
        told.expect(what);
    }

    /** Expects nothing that was told up to now. */
    public void assertEmpty() {
        told.assertEmpty();
    }
}
