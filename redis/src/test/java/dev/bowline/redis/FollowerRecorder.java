package dev.bowline.redis;

import dev.bowline.session.engine.Entry;
import dev.bowline.testkit.Recorder;

/** A follower that keeps what it is told. */
final class FollowerRecorder implements Follower {
    final Recorder<String> told = new Recorder<>();

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        told.record("grown " + topic + " behind " + before);
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        told.record("unlogged " + entry.message().asText().replace('\n', '|'));
    }
}
