package dev.bowline.session.simulation;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import java.util.function.Consumer;

/** A node that does not hear, or do, everything that an engine says. */
final class FaultyPort implements NodePort {
    private final NodePort node;
    private final Defect defect;

    FaultyPort(NodePort node, Defect defect) {
        this.node = node;
        this.defect = defect;
    }

    @Override
    public void execute(Runnable task) {
        node.execute(task);
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        if (!defect.losesGrowth()) {
            node.onGrown(topic, name, epoch, before);
        }
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
        if (!(message instanceof UserMessage.Revoke) || !defect.losesRevocations()) {
            node.onUserMessage(user, message);
        }
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
        node.release(claimant, answer -> done.accept(defect.leavesOwner() ? new Release.Over() : answer));
    }
}
