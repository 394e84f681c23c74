package dev.bowline.session.server;

import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.SessionMessage;
import dev.bowline.session.engine.SessionMessage.Receipt;
import dev.bowline.session.wire.ServerMessage;

/** What the application says to a session, or to a command of its. On the thread of the node that has the session. */
final class SaidToSession {
    private static final Failure NOT_KNOWN = new Failure(
            Failure.TIMEOUT, "the session has gone to another node; whether it takes the message along is not known");

    private static final Failure TOO_EARLY =
            new Failure(Failure.UNAVAILABLE, "parts of the stream that come before its end are on their way");

    private SaidToSession() {}

    /**
     * Says it, and tells what came of it.
     *
     * @param taken false if the session is over, or has no such request or subscription; true when it is kept, where that is done
     */
    static void say(Session session, SessionMessage message, Callback<Boolean> taken) {
        if (session.started.isTooEarly(message)) {
            taken.failed(TOO_EARLY);
            return;
        }
        if (!session.take(message)) {
            taken.done(false);
            return;
        }
        session.keeper.afterKept(kept -> {
            if (kept || session.isOver()) {
                taken.done(true);
            } else {
                taken.failed(NOT_KNOWN);
            }
        });
    }

    /** Says it; false if there is no such request or subscription, or no room. */
    static boolean say(Session session, SessionMessage message) {
        if (message instanceof SessionMessage.Direct one) {
            Receipt receipt = one.receipt();
            Receipt told = receipt != null && receipt.address() == null && session.keeper.isOn()
                    ? session.node().engine().bus().addressed(session.id(), receipt)
                    : receipt;
            return session.tell(n -> new ServerMessage.DirectMessage(n, one.name(), one.payload()), told);
        }
        if (message instanceof SessionMessage.Respond response) {
            return session.started.hasRequest(response.seq())
                    && session.finish(
                            response.seq(), n -> new ServerMessage.Response(n, response.seq(), response.payload()));
        }
        if (message instanceof SessionMessage.Fail failure) {
            return session.fail(failure.seq(), failure.failure());
        }
        if (message instanceof SessionMessage.Part part) {
            return session.started.part(part);
        }
        if (message instanceof SessionMessage.Finish end) {
            return session.started.finish(end);
        }
        if (message instanceof SessionMessage.Unsubscribe end) {
            return session.unsubscribe(end.pattern(), end.code());
        }
        if (message instanceof SessionMessage.End end) {
            session.end(end.code(), end.reason());
        }
        return true;
    }
}
