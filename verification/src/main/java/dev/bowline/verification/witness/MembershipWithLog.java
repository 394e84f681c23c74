package dev.bowline.verification.witness;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.SessionStore;

/** A node's access to an engine, with another log than the engine's. */
public record MembershipWithLog(Membership membership, Log log) implements Membership {
    @Override
    public SessionStore sessions() {
        return membership.sessions();
    }

    @Override
    public Presence presence() {
        return membership.presence();
    }

    @Override
    public Bus bus() {
        return membership.bus();
    }

    @Override
    public String process() {
        return membership.process();
    }

    @Override
    public boolean isAlive(String process) {
        return membership.isAlive(process);
    }

    @Override
    public void leave() {
        membership.leave();
    }
}
