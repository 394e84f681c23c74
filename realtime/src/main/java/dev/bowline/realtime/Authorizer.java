package dev.bowline.realtime;

import dev.bowline.session.server.Action;
import dev.bowline.session.server.SessionInfo;
import java.util.concurrent.CompletionStage;

/**
 * Says what a session may do, beyond the rules of topics. It is asked when a client wants something; and about all subscriptions again when
 * the client shows a token by which the session has other attributes: those that are refused then end.
 */
@FunctionalInterface
public interface Authorizer {
    /**
     * Decides, now or later.
     *
     * @param name the topic, the pattern, or the name of a request or message
     * @return completed by any thread; exceptionally as {@link RequestHandler#answer}
     */
    CompletionStage<Boolean> mayDo(SessionInfo session, Action action, String name) throws Exception;
}
