package dev.bowline.redis;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import java.util.function.Consumer;

/** A member's node, which gets nothing to do any more once it has left. */
record OpenPort(RedisMember member) implements NodePort {
    @Override
    public void execute(Runnable task) {
        member.execute(task);
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        member.port().onGrown(topic, name, epoch, before);
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        member.port().onUnlogged(topic, entry);
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        member.port().onPresence(topic, user, present);
    }

    @Override
    public void onMessage(String session, SessionMessage message, Callback<Boolean> taken) {
        member.port().onMessage(session, message, taken);
    }

    @Override
    public void onUserMessage(String user, UserMessage message) {
        member.port().onUserMessage(user, message);
    }

    @Override
    public void onSignal(HandlerSignal signal) {
        member.port().onSignal(signal);
    }

    @Override
    public void onGone(String process) {
        member.port().onGone(process);
    }

    @Override
    public void onTaken(String session) {
        member.port().onTaken(session);
    }

    @Override
    public void onStoreChanged() {
        member.port().onStoreChanged();
    }

    @Override
    public void onOver(SessionRecord session) {
        member.port().onOver(session);
    }

    @Override
    public void release(Claimant claimant, Consumer<Release> done) {
        member.port().release(claimant, done);
    }
}
