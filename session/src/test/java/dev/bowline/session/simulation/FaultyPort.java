package dev.bowline.session.simulation;

import dev.bowline.session.engine.ForwardingPort;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.SessionState;
import dev.bowline.session.engine.SessionStore.Claimant;
import dev.bowline.session.engine.UserMessage;
import dev.bowline.session.wire.TopicPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A node that does not hear, or do, everything that an engine says. */
final class FaultyPort extends ForwardingPort {
    private final Defect defect;
    private final boolean keeps; // the engine, so that sessions move in parts

    FaultyPort(NodePort node, Defect defect, boolean keeps) {
        super(node);
        this.keeps = keeps;
        this.defect = defect;
    }

    @Override
    public void onGrown(String topic, String name, String epoch, long before) {
        if (!defect.losesGrowth()) {
            node.onGrown(topic, name, epoch, before);
        }
    }

    @Override
    public void onUserMessage(String user, UserMessage message) {
        if (!(message instanceof UserMessage.Revoke) || !defect.losesRevocations()) {
            node.onUserMessage(user, message);
        }
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

        @Override
        public void handedOn(boolean known) {
            session.handedOn(known);
        }
    }
}
