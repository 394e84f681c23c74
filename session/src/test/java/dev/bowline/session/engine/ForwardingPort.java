package dev.bowline.session.engine;

import dev.bowline.session.engine.SessionStore.Claimant;
import java.util.function.Consumer;

/** A node that is told all that another one is to be told; who wants something else overrides it. */
public class ForwardingPort implements NodePort {
    protected final NodePort node;

    protected ForwardingPort(NodePort node) {
        this.node = node;
    }

    @Override
    public void execute(Runnable task) {
        node.execute(task);
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        node.onGrown(topic, name, epoch, before);
    }

    @Override
    public void onUnlogged(String topic, Entry entry) {
        node.onUnlogged(topic, entry);
    }

    @Override
    public void onPresence(String topic, String user, boolean present) {
        node.onPresence(topic, user, present);
    }

    @Override
    public void onMessage(String session, SessionMessage message, Callback<Boolean> taken) {
        node.onMessage(session, message, taken);
    }

    @Override
    public void onUserMessage(String user, UserMessage message) {
        node.onUserMessage(user, message);
    }

    @Override
    public void onSignal(HandlerSignal signal) {
        node.onSignal(signal);
    }

    @Override
    public void onGone(String process) {
        node.onGone(process);
    }

    @Override
    public void onTaken(String session) {
        node.onTaken(session);
    }

    @Override
    public void onStoreChanged() {
        node.onStoreChanged();
    }

    @Override
    public void onOver(SessionRecord session) {
        node.onOver(session);
    }

    @Override
    public void release(Claimant claimant, Consumer<Release> done) {
        node.release(claimant, done);
    }
}
