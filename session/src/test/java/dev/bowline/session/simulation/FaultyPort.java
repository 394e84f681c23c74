package dev.bowline.session.simulation;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Entry;
import dev.bowline.session.engine.HandlerSignal;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionRecord;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A node that does not hear, or do, everything that an engine says. */
final class FaultyPort implements NodePort {
    private final NodePort node;
    private final Defect defect;
    private final boolean keeps; // the engine, so that sessions move in parts

    FaultyPort(NodePort node, Defect defect, boolean keeps) {
        this.node = node;
        this.keeps = keeps;
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
        node.release(claimant, answer -> {
            if (defect.leavesOwner()) {
                done.accept(new Release.Over());
            } else if (answer instanceof Release.Given given && keeps && defect.changesKept()) {
                done.accept(new Release.Given(new Changed(given.session())));
            } else {
                done.accept(answer);
            }
        });
    }

    /** A session on its way to another node, of which not everything arrives. */
    private final class Changed implements SessionState {
        private final SessionState session;

        Changed(SessionState session) {
            this.session = session;
        }

        @Override
        public String id() {
            return session.id();
        }

        @Override
        public List<TopicPattern> patterns() {
            return session.patterns();
        }

        @Override
        public Map<String, byte[]> parts() {
            Map<String, byte[]> parts = new LinkedHashMap<>();
            defect.kept(new LinkedHashMap<>(session.parts())).forEach((name, part) -> {
                if (part != null) {
                    parts.put(name, part);
                }
            });
            return parts;
        }
    }
}
